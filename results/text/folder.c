// SPDX-License-Identifier: GPL-2.0-or-later
// Writes a page's files as NAME.new and renames them when all are complete. Entry:
// site_folder_write(). Files that somebody added to the folder stay.
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_SIZE = 256 };

static bool is_empty(DIR *entries)
{
	const struct dirent *entry;

	while ((entry = readdir(entries))) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			return false;
	}
	return true;
}

static bool check_ours(const char *folder, int descriptor, struct problem *problem)
{
	int copy = dup(descriptor);
	DIR *entries = copy >= 0 ? fdopendir(copy) : NULL;
	bool is_ours;

	if (!entries) {
		if (copy >= 0)
			close(copy);
		return problem_set(problem, EXIT_NOT_MEASURED, "%s: could not read the folder: %s",
			folder, strerror(errno));
	}
	is_ours = faccessat(descriptor, SITE_MARKER, F_OK, 0) == 0 || is_empty(entries);
	closedir(entries);
	if (!is_ours)
		return problem_set(problem, EXIT_WRONG_USE,
			"%s: the folder is neither empty nor an earlier page or export (it has no "
			"%s); name "
			"another folder",
			folder, SITE_MARKER);
	return true;
}

static const char *temporary_name(const struct site_file *file, char name[NAME_SIZE])
{
	(void)snprintf(name, NAME_SIZE, "%s.new", file->name);
	return name;
}

static bool write_whole(int descriptor, const char *text, size_t length)
{
	while (length > 0) {
		ssize_t written = write(descriptor, text, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		text += written;
		length -= (size_t)written;
	}
	return true;
}

// Makes the folder that a file lies in, one level below ours.
static void make_parent(int descriptor, const char *name)
{
	const char *slash = strchr(name, '/');
	char parent[NAME_SIZE];

	if (!slash)
		return;
	(void)snprintf(parent, sizeof(parent), "%.*s", (int)(slash - name), name);
	(void)mkdirat(descriptor, parent, 0777); // opening the file says what went wrong
}

static bool write_temporary(
	const char *folder, int descriptor, const struct site_file *file, struct problem *problem)
{
	char name[NAME_SIZE];

	make_parent(descriptor, file->name);
	int output = openat(descriptor, temporary_name(file, name),
		O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	bool is_written = output >= 0 && write_whole(output, file->text, file->length);
	int reason = errno;

	// A network file system may report a full disk only here.
	if (output >= 0 && close(output) != 0 && is_written) {
		is_written = false;
		reason = errno;
	}
	return is_written || problem_set(problem, EXIT_NOT_MEASURED, "%s/%s: could not write: %s",
				     folder, file->name, strerror(reason));
}

static bool write_all(const char *folder, int descriptor, const struct site_file *files,
	size_t count, struct problem *problem)
{
	for (size_t i = 0; i < count; i++) {
		if (!write_temporary(folder, descriptor, &files[i], problem))
			return false;
	}
	return true;
}

static bool put_in_place(const char *folder, int descriptor, const struct site_file *files,
	size_t count, struct problem *problem)
{
	char name[NAME_SIZE];

	for (size_t i = 0; i < count; i++) {
		if (renameat(descriptor, temporary_name(&files[i], name), descriptor,
			    files[i].name) != 0)
			return problem_set(problem, EXIT_NOT_MEASURED,
				"%s/%s: could not replace: %s", folder, files[i].name,
				strerror(errno));
	}
	return true;
}

static void remove_temporaries(int descriptor, const struct site_file *files, size_t count)
{
	char name[NAME_SIZE];

	for (size_t i = 0; i < count; i++)
		unlinkat(descriptor, temporary_name(&files[i], name), 0);
}

bool site_folder_write(
	const char *folder, const struct site_file *files, size_t count, struct problem *problem)
{
	bool is_new = mkdir(folder, 0777) == 0;
	bool is_good;
	int descriptor;

	if (!is_new && errno != EEXIST)
		return problem_set(problem, EXIT_NOT_MEASURED, "%s: could not make the folder: %s",
			folder, strerror(errno));
	descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (descriptor < 0)
		return problem_set(problem, errno == ENOTDIR ? EXIT_WRONG_USE : EXIT_NOT_MEASURED,
			"%s: could not open the folder: %s", folder, strerror(errno));
	is_good = check_ours(folder, descriptor, problem);
	if (is_good) {
		is_good = write_all(folder, descriptor, files, count, problem) &&
			  put_in_place(folder, descriptor, files, count, problem);
		remove_temporaries(descriptor, files, count);
	}
	close(descriptor);
	if (!is_good && is_new)
		rmdir(folder);
	return is_good;
}
