// SPDX-License-Identifier: GPL-2.0-or-later
// Opens, fills and places the files that users ask for. Entry: output_file_begin().
//
// A rename makes a new file, so it suits only a regular file with one name, in a folder that we may
// write, whose owner we can give to the new one. Else the bytes wait in a file without a name and
// go into the old one at the end, when their number is known and the disk has room for them.
#include "output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "memory.h"

enum {
	LINKS_MAX = 40, // the kernel follows as many
	CHUNK_BYTES = 1 << 16,
	FIFO_WAIT_MS = 5000, // for a reader that is about to come
	FIFO_PAUSE_MS = 20,
};

static bool failed(const struct output_file *file, int error, struct problem *problem)
{
	bool is_standard = strcmp(file->path, "-") == 0;
	struct stat status;

	if (error == ENXIO && stat(file->path, &status) == 0 && S_ISFIFO(status.st_mode))
		return problem_set(problem, EXIT_NOT_MEASURED,
			"%s: could not write it: nobody reads from this FIFO", file->path);
	return problem_set(problem, EXIT_NOT_MEASURED, "%s: could not write it: %s",
		is_standard ? "standard output" : file->path, strerror(error));
}

// ---- the stream

static int write_whole(int descriptor, const char *bytes, size_t count)
{
	while (count > 0) {
		ssize_t written = write(descriptor, bytes, count);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return errno;
		bytes += written;
		count -= (size_t)written;
	}
	return 0;
}

// stdio forgets why a write failed before the caller can ask.
static ssize_t stream_write(void *cookie, const char *bytes, size_t count)
{
	struct output_file *file = cookie;

	if (!file->error)
		file->error = write_whole(file->descriptor, bytes, count);
	errno = file->error;
	return file->error ? 0 : (ssize_t)count;
}

static bool stream_open(struct output_file *file)
{
	static const cookie_io_functions_t WRITE = {.write = stream_write};

	file->stream = fopencookie(file, "w", WRITE);
	if (file->stream)
		return true;
	file->error = errno;
	return false;
}

// ---- straight

// The number of a descriptor of ours that the path names; -1: it names none.
static int descriptor_named(const char *path)
{
	static const char *const FOLDERS[] = {"/dev/fd/", "/proc/self/fd/"};

	if (strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0)
		return STDOUT_FILENO;
	if (strcmp(path, "/dev/stderr") == 0)
		return STDERR_FILENO;
	for (size_t i = 0; i < sizeof(FOLDERS) / sizeof(FOLDERS[0]); i++) {
		size_t length = strlen(FOLDERS[i]);
		const char *number = path + length;

		if (strncmp(path, FOLDERS[i], length) == 0 && *number && strlen(number) < 6 &&
			!number[strspn(number, "0123456789")])
			return (int)strtol(number, NULL, 10);
	}
	return -1;
}

// The same file, by whatever name: `--out=x >x` must not leave us a standard output without a name.
static int descriptor_same(const struct stat *status)
{
	for (int descriptor = STDOUT_FILENO; descriptor <= STDERR_FILENO; descriptor++) {
		struct stat ours;

		if (fstat(descriptor, &ours) == 0 && ours.st_dev == status->st_dev &&
			ours.st_ino == status->st_ino)
			return descriptor;
	}
	return -1;
}

// errno tells, where it is negative.
static int socket_open(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int descriptor;

	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(address.sun_path, path, strlen(path) + 1);
	descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (descriptor >= 0 &&
		connect(descriptor, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return descriptor;
	if (descriptor >= 0) {
		int reason = errno;

		close(descriptor);
		errno = reason;
	}
	return -1;
}

// A FIFO has a place for us as soon as somebody reads from it. Who forgot the reader is told, and
// does not wait for ever.
static int fifo_open(const char *path)
{
	const struct timespec pause = {.tv_nsec = FIFO_PAUSE_MS * 1000000L};
	int descriptor = -1;

	for (int i = 0; descriptor < 0 && i <= FIFO_WAIT_MS / FIFO_PAUSE_MS; i++) {
		if (i > 0)
			(void)nanosleep(&pause, NULL);
		descriptor = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
		if (descriptor < 0 && errno != ENXIO)
			return -1;
	}
	if (descriptor < 0)
		return -1;
	(void)fcntl(descriptor, F_SETFL, O_WRONLY); // a full FIFO waits for its reader
	return descriptor;
}

static int special_open(const char *path, mode_t mode)
{
	if (S_ISSOCK(mode))
		return socket_open(path);
	return S_ISFIFO(mode) ? fifo_open(path) : open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
}

// Who reads from us may go away: an error, not our death.
static void pipe_ignore(struct output_file *file)
{
	const struct sigaction ignore = {.sa_handler = SIG_IGN};

	(void)sigaction(SIGPIPE, &ignore, &file->pipe_action);
}

static bool straight_open(struct output_file *file, int ours, mode_t mode)
{
	file->way = OUTPUT_STRAIGHT;
	file->is_ours = ours >= 0;
	if (ours >= 0) {
		(void)fflush(ours == STDOUT_FILENO ? stdout : stderr);
		file->descriptor = fcntl(ours, F_DUPFD_CLOEXEC, 0);
	} else {
		file->descriptor = special_open(file->path, mode);
	}
	file->error = file->descriptor < 0 ? errno : 0;
	if (file->error)
		return false;
	// Standard output is a pipe as any program's: `slabmark … | head` ends quietly.
	if (ours < 0)
		pipe_ignore(file);
	return true;
}

// ---- beside

// Where a link leads that may lead to nothing yet; the caller's, NULL with errno.
static char *link_target(const char *link)
{
	const char *slash = strrchr(link, '/');
	char target[PATH_MAX];
	ssize_t length = readlink(link, target, sizeof(target) - 1);
	char *joined = NULL;

	if (length < 0)
		return NULL;
	target[length] = '\0';
	if (*target == '/' || !slash)
		return strdup(target);
	return asprintf(&joined, "%.*s/%s", (int)(slash - link), link, target) < 0 ? NULL : joined;
}

// The place of a file that is not there: itself, or where its links lead.
static char *place_to_make(const char *path)
{
	char *place = strdup(path);
	struct stat status;

	for (int i = 0; place && lstat(place, &status) == 0 && S_ISLNK(status.st_mode); i++) {
		char *next = i < LINKS_MAX ? link_target(place) : NULL;

		if (i == LINKS_MAX)
			errno = ELOOP;
		free(place);
		place = next;
	}
	return place;
}

// The mode comes last: a change of owner takes bits of it away.
static bool owner_keep(int descriptor, const struct stat *old)
{
	struct stat fresh;

	if (fstat(descriptor, &fresh) != 0)
		return false;
	if ((fresh.st_uid != old->st_uid || fresh.st_gid != old->st_gid) &&
		fchown(descriptor, old->st_uid, old->st_gid) != 0)
		return false;
	return fchmod(descriptor, old->st_mode & 07777) == 0;
}

// mkstemp() makes files that only their owner reads; a new one is as the umask says.
static bool mode_by_umask(int descriptor)
{
	mode_t mask = umask(0);

	umask(mask);
	return fchmod(descriptor, 0666 & ~mask) == 0;
}

// `old`: the file that is there, NULL: none is.
static bool beside_open(struct output_file *file, const struct stat *old)
{
	int reason;

	if (asprintf(&file->beside, "%s.XXXXXX", file->place) < 0) {
		file->beside = NULL;
		file->error = ENOMEM;
		return false;
	}
	file->way = OUTPUT_BESIDE;
	file->descriptor = mkostemp(file->beside, O_CLOEXEC);
	if (file->descriptor >= 0 &&
		(old ? owner_keep(file->descriptor, old) : mode_by_umask(file->descriptor)))
		return true;
	reason = errno;
	if (file->descriptor >= 0) {
		close(file->descriptor);
		unlink(file->beside);
	}
	free(file->beside);
	file->beside = NULL;
	file->error = reason;
	return false;
}

// ---- into

static bool into_open(struct output_file *file)
{
	FILE *waiting = tmpfile();

	file->way = OUTPUT_INTO;
	file->descriptor = waiting ? fcntl(fileno(waiting), F_DUPFD_CLOEXEC, 0) : -1;
	file->error = file->descriptor < 0 ? errno : 0;
	if (waiting)
		(void)fclose(waiting);
	return file->descriptor >= 0;
}

static int bytes_copy(int from, int to)
{
	char chunk[CHUNK_BYTES];
	ssize_t count;

	while ((count = read(from, chunk, sizeof(chunk))) > 0) {
		int error = write_whole(to, chunk, (size_t)count);

		if (error)
			return error;
	}
	return count < 0 ? errno : 0;
}

// Room first: the old bytes are overwritten only when the new ones will fit.
static int room_make(int descriptor, off_t length)
{
	int error = length > 0 ? posix_fallocate(descriptor, 0, length) : 0;

	return error == EOPNOTSUPP || error == EINVAL ? 0 : error;
}

static int into_copy(const struct output_file *file)
{
	off_t length = lseek(file->descriptor, 0, SEEK_END);
	int to = open(file->place, O_WRONLY | O_CLOEXEC);
	int error = length < 0 || to < 0 || lseek(file->descriptor, 0, SEEK_SET) < 0 ? errno : 0;

	error = error ? error : room_make(to, length);
	error = error ? error : bytes_copy(file->descriptor, to);
	if (!error && ftruncate(to, length) != 0)
		error = errno;
	if (to >= 0 && close(to) != 0 && !error)
		error = errno;
	return error;
}

// ---- the file

// A regular file that is there.
static bool regular_open(struct output_file *file, const struct stat *status)
{
	file->place = realpath(file->path, NULL);
	if (!file->place || access(file->place, W_OK) != 0) {
		file->error = errno;
		return false;
	}
	return (status->st_nlink == 1 && beside_open(file, status)) || into_open(file);
}

static bool new_open(struct output_file *file)
{
	file->place = place_to_make(file->path);
	file->error = file->place ? 0 : errno;
	return file->place && beside_open(file, NULL);
}

static bool open_as_it_is(struct output_file *file)
{
	int ours = descriptor_named(file->path);
	struct stat status;

	if (ours >= 0)
		return straight_open(file, ours, 0);
	if (stat(file->path, &status) != 0 && errno == ENOENT)
		return new_open(file);
	if (stat(file->path, &status) != 0) {
		file->error = errno;
		return false;
	}
	if (S_ISDIR(status.st_mode)) {
		file->error = EISDIR;
		return false;
	}
	ours = descriptor_same(&status);
	if (ours >= 0 || !S_ISREG(status.st_mode))
		return straight_open(file, ours, status.st_mode);
	return regular_open(file, &status);
}

static void names_free(struct output_file *file)
{
	free(file->place);
	free(file->beside);
	file->place = NULL;
	file->beside = NULL;
}

bool output_file_begin(struct output_file *file, const char *path, struct problem *problem)
{
	*file = (struct output_file){.path = path, .descriptor = -1};
	if (!*path)
		return problem_set(problem, EXIT_WRONG_USE,
			"the name of the file to write is empty; a file is expected");
	if (!open_as_it_is(file)) {
		names_free(file);
		if (file->error == EISDIR)
			return problem_set(problem, EXIT_WRONG_USE,
				"%s: is a folder; a file is expected, to be made or replaced",
				path);
		return failed(file, file->error, problem);
	}
	file->error = 0;
	if (stream_open(file))
		return true;
	output_file_end(file, false, NULL);
	return no_memory(problem, "the output");
}

bool output_file_written(struct output_file *file, struct problem *problem)
{
	if (!file->stream)
		return !file->error;
	(void)fclose(file->stream); // what fails is in file->error
	file->stream = NULL;
	// A network file system may report a full disk only here. What waits is read once more.
	if (file->way != OUTPUT_INTO) {
		if (file->descriptor >= 0 && close(file->descriptor) != 0 && !file->error)
			file->error = errno;
		file->descriptor = -1;
	}
	return !file->error || failed(file, file->error, problem);
}

static int put_in_place(const struct output_file *file)
{
	if (file->way == OUTPUT_INTO)
		return into_copy(file);
	return file->way == OUTPUT_BESIDE && rename(file->beside, file->place) != 0 ? errno : 0;
}

bool output_file_end(struct output_file *file, bool is_good, struct problem *problem)
{
	int error;

	// What could not be written is why the caller's work failed, too.
	is_good = output_file_written(file, problem) && is_good;
	error = is_good ? put_in_place(file) : 0;
	if (file->beside && (!is_good || error))
		unlink(file->beside);
	if (file->descriptor >= 0)
		close(file->descriptor);
	file->descriptor = -1;
	if (file->way == OUTPUT_STRAIGHT && !file->is_ours)
		(void)sigaction(SIGPIPE, &file->pipe_action, NULL);
	names_free(file);
	if (error)
		return failed(file, error, problem);
	return is_good;
}
