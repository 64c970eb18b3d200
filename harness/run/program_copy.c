// SPDX-License-Identifier: GPL-2.0-or-later
// Copies a program and removes the copy. Entry: program_copy_make().
#include "program_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

// Copies all bytes; errno says why not.
static bool bytes_copy(int from, int to)
{
	struct stat facts;

	if (fstat(from, &facts) != 0)
		return false;
	for (off_t left = facts.st_size; left > 0;) {
		ssize_t copied = sendfile(to, from, NULL, (size_t)left);

		if (copied <= 0)
			return false;
		left -= copied;
	}
	return true;
}

static bool file_copy(const char *from_path, const char *to_path)
{
	int from = open(from_path, O_RDONLY | O_CLOEXEC);
	int to = open(to_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
	bool is_good = from >= 0 && to >= 0 && bytes_copy(from, to);
	int error = errno;

	if (from >= 0)
		close(from);
	if (to >= 0)
		is_good = close(to) == 0 && is_good;
	errno = error;
	return is_good;
}

bool program_copy_make(struct program_copy *copy, const char *program, struct problem *problem)
{
	const char *parent = getenv("TMPDIR");
	const char *slash = strrchr(program, '/');
	const char *name = slash ? slash + 1 : program;
	size_t size = sizeof(copy->folder);
	int length = snprintf(
		copy->folder, size, "%s/slabmark-XXXXXX", parent && *parent ? parent : "/tmp");

	if (length >= (int)size || !mkdtemp(copy->folder))
		return problem_set(problem, EXIT_NOT_MEASURED,
			"no folder for a copy of %s below %s: %s", program,
			parent && *parent ? parent : "/tmp", strerror(errno));
	length = snprintf(copy->path, sizeof(copy->path), "%s/%s", copy->folder, name);
	if (length < (int)sizeof(copy->path) && file_copy(program, copy->path))
		return true;
	problem_set(problem, EXIT_NOT_MEASURED, "cannot copy %s to %s: %s", program, copy->folder,
		strerror(errno));
	program_copy_remove(copy);
	return false;
}

void program_copy_remove(const struct program_copy *copy)
{
	unlink(copy->path);
	rmdir(copy->folder);
}
