// SPDX-License-Identifier: GPL-2.0-or-later
// Locks a file of the machine by flock(2). Entry: machine_lock_take().
#include "machine_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

// Both are writable for everybody and emptied when the machine starts.
static const char *const FILES[] = {"/run/lock/slabmark", "/tmp/slabmark.lock"};

// A file of another user in such a folder may be opened, but not with O_CREAT (fs.protected_regular).
static int file_open(const char *path)
{
	int file = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);

	if (file >= 0 || errno != ENOENT)
		return file;
	file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (file >= 0)
		(void)fchmod(file, 0666); // whatever the umask is
	return file;
}

static int any_open(void)
{
	const char *named = getenv(MACHINE_LOCK_VARIABLE);
	int file = -1;

	if (named && *named)
		return file_open(named);
	for (size_t i = 0; file < 0 && i < sizeof(FILES) / sizeof(FILES[0]); i++)
		file = file_open(FILES[i]);
	return file;
}

// Who holds it, as it wrote itself down; 0: unknown.
static long holder_read(int file)
{
	char text[32] = "";

	return pread(file, text, sizeof(text) - 1, 0) > 0 ? strtol(text, NULL, 10) : 0;
}

static void holder_write(int file)
{
	char text[32];
	int length = snprintf(text, sizeof(text), "%ld\n", (long)getpid());

	if (ftruncate(file, 0) == 0 && pwrite(file, text, (size_t)length, 0) != length)
		(void)ftruncate(file, 0); // nobody's name is better than half of one
}

static bool lock_wait(const char *command, bool refuses, int file, struct problem *problem)
{
	if (flock(file, LOCK_EX | LOCK_NB) == 0)
		return true;
	if (refuses)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"--if-busy=refuse: process %ld measures on this machine",
			holder_read(file));
	fprintf(stderr, "slabmark %s: process %ld measures on this machine; waiting for its end\n",
		command, holder_read(file));
	while (flock(file, LOCK_EX) != 0)
		if (errno != EINTR)
			return problem_set(problem, EXIT_NOT_MEASURED,
				"the lock of the machine: %s", strerror(errno));
	return true;
}

bool machine_lock_take(const char *command, bool refuses, int *lock, struct problem *problem)
{
	*lock = any_open();
	if (*lock < 0) {
		fprintf(stderr,
			"slabmark %s: the machine cannot be locked (%s): another session may "
			"disturb "
			"this one\n",
			command, strerror(errno));
		return true;
	}
	if (!lock_wait(command, refuses, *lock, problem)) {
		machine_lock_release(*lock);
		return false;
	}
	holder_write(*lock);
	return true;
}

void machine_lock_release(int lock)
{
	if (lock >= 0)
		close(lock);
}
