// SPDX-License-Identifier: GPL-2.0-or-later
// What users name as an output stays what it is: devices, FIFOs, sockets, symlinks, modes, owners.
#include "output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { TEXT_SIZE = 256, MANY = 1 << 20 };

static char home[] = "/tmp/slabmark-output-XXXXXX";

static int folder_enter(void **state)
{
	(void)state;
	return mkdtemp(home) && chdir(home) == 0 ? 0 : -1;
}

static int entry_remove(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	return remove(path);
}

static int folder_leave(void **state)
{
	(void)state;
	return chdir("/") == 0 ? nftw(home, entry_remove, 8, FTW_DEPTH | FTW_PHYS) : -1;
}

static bool write_file(const char *path, const char *text, struct problem *problem)
{
	struct output_file file;

	if (!output_file_begin(&file, path, problem))
		return false;
	(void)fputs(text, file.stream);
	return output_file_end(&file, true, problem);
}

static void must_write(const char *path, const char *text)
{
	struct problem problem = {0};

	if (!write_file(path, text, &problem))
		fail_msg("%s", problem.text);
}

static void make(const char *path, const char *text, mode_t mode)
{
	int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(descriptor >= 0);
	assert_int_equal(write(descriptor, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(descriptor, mode), 0);
	assert_int_equal(close(descriptor), 0);
}

static void assert_holds(const char *path, const char *expected)
{
	char text[TEXT_SIZE] = "";
	int descriptor = open(path, O_RDONLY);

	assert_true(descriptor >= 0);
	assert_true(read(descriptor, text, sizeof(text) - 1) >= 0);
	(void)close(descriptor);
	assert_string_equal(text, expected);
}

static struct stat status_of(const char *path)
{
	struct stat status;

	assert_int_equal(lstat(path, &status), 0);
	return status;
}

static void assert_nothing_beside(const char *name)
{
	char pattern[128];
	glob_t found;

	(void)snprintf(pattern, sizeof(pattern), "%s.*", name);
	assert_int_equal(glob(pattern, 0, NULL, &found), GLOB_NOMATCH);
}

// ---- regular files

static void a_new_file_is_as_the_umask_says(void **state)
{
	mode_t mask = umask(027);

	(void)state;
	must_write("new", "text\n");
	umask(mask);
	assert_holds("new", "text\n");
	assert_int_equal(status_of("new").st_mode & 07777, 0640);
}

static void a_file_keeps_its_mode(void **state)
{
	(void)state;
	make("secret", "old, and longer than what comes", 0600);
	must_write("secret", "new");
	assert_holds("secret", "new");
	assert_int_equal(status_of("secret").st_mode & 07777, 0600);
}

static void a_file_keeps_its_owner(void **state)
{
	(void)state;
	make("theirs", "old", 0640);
	if (chown("theirs", 1234, 2345) != 0)
		skip();
	must_write("theirs", "new");
	assert_holds("theirs", "new");
	assert_int_equal(status_of("theirs").st_uid, 1234);
	assert_int_equal(status_of("theirs").st_gid, 2345);
	assert_int_equal(status_of("theirs").st_mode & 07777, 0640);
}

static void a_second_name_of_a_file_holds_the_same(void **state)
{
	(void)state;
	make("one", "old, and longer than what comes", 0644);
	assert_int_equal(link("one", "two"), 0);
	must_write("one", "new");
	assert_holds("two", "new");
	assert_int_equal(status_of("one").st_ino, status_of("two").st_ino);
}

static void an_output_that_failed_leaves_what_was_there(void **state)
{
	struct output_file file;
	struct problem problem = {0};

	(void)state;
	make("kept", "old", 0644);
	assert_true(output_file_begin(&file, "kept", &problem));
	(void)fputs("half of", file.stream);
	assert_false(output_file_end(&file, false, &problem));
	assert_holds("kept", "old");
	assert_nothing_beside("kept");
	assert_true(output_file_begin(&file, "never", &problem));
	assert_false(output_file_end(&file, false, &problem));
	assert_int_equal(access("never", F_OK), -1);
}

// ---- symlinks

static void a_link_stays_a_link_and_its_target_is_written(void **state)
{
	(void)state;
	assert_int_equal(mkdir("folder", 0777), 0);
	make("folder/target", "old", 0604);
	assert_int_equal(symlink("folder/target", "link"), 0);
	assert_int_equal(symlink("link", "link-to-link"), 0);
	must_write("link-to-link", "new");
	assert_true(S_ISLNK(status_of("link").st_mode));
	assert_true(S_ISLNK(status_of("link-to-link").st_mode));
	assert_true(S_ISREG(status_of("folder/target").st_mode));
	assert_holds("folder/target", "new");
	assert_int_equal(status_of("folder/target").st_mode & 07777, 0604);
}

static void a_link_to_nothing_gets_its_target(void **state)
{
	(void)state;
	assert_int_equal(mkdir("empty", 0777), 0);
	assert_int_equal(symlink("second", "empty/first"), 0);
	assert_int_equal(symlink("empty/first", "dangling"), 0);
	must_write("dangling", "new");
	assert_true(S_ISLNK(status_of("dangling").st_mode));
	assert_true(S_ISLNK(status_of("empty/first").st_mode));
	assert_holds("empty/second", "new");
}

static void links_in_a_circle_are_refused(void **state)
{
	struct problem problem = {0};

	(void)state;
	assert_int_equal(symlink("round", "circle"), 0);
	assert_int_equal(symlink("circle", "round"), 0);
	assert_false(write_file("round", "new", &problem));
	assert_int_equal(problem.status, EXIT_NOT_MEASURED);
	assert_non_null(strstr(problem.text, strerror(ELOOP)));
}

// ---- what is no regular file

// A child writes; what it wrote comes back through `descriptor`.
static void assert_child_writes(const char *path, const char *reading)
{
	pid_t child = fork();
	int exit_status;

	if (child == 0)
		_exit(write_file(path, "straight", NULL) ? 0 : 1);
	assert_holds(reading, "straight");
	assert_int_equal(waitpid(child, &exit_status, 0), child);
	assert_int_equal(exit_status, 0);
}

static void a_fifo_is_written_straight(void **state)
{
	(void)state;
	assert_int_equal(mkfifo("pipe", 0622), 0);
	assert_child_writes("pipe", "pipe");
	assert_true(S_ISFIFO(status_of("pipe").st_mode));
	assert_int_equal(symlink("pipe", "to-pipe"), 0);
	assert_child_writes("to-pipe", "pipe");
	assert_true(S_ISLNK(status_of("to-pipe").st_mode));
}

static void a_fifo_that_nobody_reads_is_an_error(void **state)
{
	struct problem problem = {0};

	(void)state;
	assert_int_equal(mkfifo("lonely", 0600), 0);
	assert_false(write_file("lonely", "text", &problem));
	assert_int_equal(problem.status, EXIT_NOT_MEASURED);
	assert_non_null(strstr(problem.text, "nobody reads"));
}

static void a_reader_that_goes_away_is_an_error(void **state)
{
	struct output_file file;
	struct problem problem = {0};
	int reader;

	(void)state;
	assert_int_equal(mkfifo("leaves", 0600), 0);
	reader = open("leaves", O_RDONLY | O_NONBLOCK);
	assert_true(output_file_begin(&file, "leaves", &problem));
	(void)close(reader);
	for (int i = 0; i < MANY; i++)
		(void)fputc('x', file.stream);
	assert_false(output_file_end(&file, true, &problem));
	assert_non_null(strstr(problem.text, strerror(EPIPE)));
}

static void a_socket_is_written_straight(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket"};
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);
	char text[TEXT_SIZE] = "";
	int reader;

	(void)state;
	assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(listener, 1), 0);
	must_write("socket", "straight");
	reader = accept(listener, NULL, NULL);
	assert_int_equal(read(reader, text, sizeof(text) - 1), strlen("straight"));
	assert_string_equal(text, "straight");
	(void)close(reader);
	(void)close(listener);
}

static void a_device_stays_a_device(void **state)
{
	struct stat status;

	(void)state;
	must_write("/dev/null", "nothing");
	assert_true(S_ISCHR(status_of("/dev/null").st_mode));
	if (mknod("null", S_IFCHR | 0666, makedev(1, 3)) != 0)
		skip();
	if (!write_file("null", "nothing", NULL))
		skip(); // a file system without devices
	status = status_of("null");
	assert_true(S_ISCHR(status.st_mode));
	assert_int_equal(status.st_rdev, makedev(1, 3));
	assert_nothing_beside("null");
}

static void a_full_device_is_said(void **state)
{
	struct problem problem = {0};

	(void)state;
	if (access("/dev/full", W_OK) != 0)
		skip();
	assert_false(write_file("/dev/full", "text", &problem));
	assert_int_equal(problem.status, EXIT_NOT_MEASURED);
	assert_string_equal(problem.text, "/dev/full: could not write it: No space left on device");
}

// Runs in a child, because it changes standard output.
static void standard_output_goes_on(const char *name)
{
	int output = open("stdout", O_WRONLY | O_CREAT | O_TRUNC, 0666);

	if (dup2(output, STDOUT_FILENO) < 0)
		_exit(1);
	(void)fputs("before ", stdout);
	if (!write_file(name, "between ", NULL))
		_exit(2);
	(void)fputs("behind", stdout);
	_exit(fflush(stdout) == 0 ? 0 : 3);
}

static void standard_output_by_any_name_stays_one_stream(void **state)
{
	static const char *const NAMES[] = {
		"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "stdout"};

	(void)state;
	for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
		pid_t child = fork();
		int exit_status;

		if (child == 0)
			standard_output_goes_on(NAMES[i]);
		assert_int_equal(waitpid(child, &exit_status, 0), child);
		assert_int_equal(exit_status, 0);
		assert_holds("stdout", "before between behind");
	}
	assert_int_equal(access("-", F_OK), -1);
}

// ---- what cannot be

static void a_folder_is_refused(void **state)
{
	struct problem problem = {0};

	(void)state;
	assert_int_equal(mkdir("there", 0777), 0);
	assert_false(write_file("there", "text", &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	assert_non_null(strstr(problem.text, "there: is a folder"));
	assert_false(write_file("", "text", &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	assert_false(write_file("no/such/folder", "text", &problem));
	assert_int_equal(problem.status, EXIT_NOT_MEASURED);
	assert_non_null(strstr(problem.text, strerror(ENOENT)));
}

// In a child, as somebody who may not write everywhere.
static int as_nobody(void (*act)(void))
{
	pid_t child = fork();
	int exit_status = -1;

	if (child == 0) {
		if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
			_exit(77);
		act();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &exit_status, 0), child);
	assert_true(WIFEXITED(exit_status));
	if (WEXITSTATUS(exit_status) == 77)
		skip();
	return WEXITSTATUS(exit_status);
}

static void write_in_locked_folder(void)
{
	struct problem problem = {0};

	if (write_file("locked/new", "text", &problem) ||
		!strstr(problem.text, "Permission denied"))
		_exit(1);
	if (!write_file("locked/open", "new", &problem)) // the file alone is enough
		_exit(2);
	if (write_file("locked/closed", "new", &problem) ||
		!strstr(problem.text, "Permission denied"))
		_exit(3);
}

static void a_folder_without_write_permission_needs_a_file_with_it(void **state)
{
	(void)state;
	assert_int_equal(mkdir("locked", 0777), 0);
	make("locked/open", "old, and longer than what comes", 0666);
	make("locked/closed", "old", 0444);
	assert_int_equal(chmod("locked", 0555), 0);
	assert_int_equal(chmod(home, 0755), 0);
	assert_int_equal(as_nobody(write_in_locked_folder), 0);
	assert_int_equal(chmod("locked", 0755), 0);
	assert_holds("locked/open", "new");
	assert_holds("locked/closed", "old");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_file_is_as_the_umask_says),
		cmocka_unit_test(a_file_keeps_its_mode),
		cmocka_unit_test(a_file_keeps_its_owner),
		cmocka_unit_test(a_second_name_of_a_file_holds_the_same),
		cmocka_unit_test(an_output_that_failed_leaves_what_was_there),
		cmocka_unit_test(a_link_stays_a_link_and_its_target_is_written),
		cmocka_unit_test(a_link_to_nothing_gets_its_target),
		cmocka_unit_test(links_in_a_circle_are_refused),
		cmocka_unit_test(a_fifo_is_written_straight),
		cmocka_unit_test(a_fifo_that_nobody_reads_is_an_error),
		cmocka_unit_test(a_reader_that_goes_away_is_an_error),
		cmocka_unit_test(a_socket_is_written_straight),
		cmocka_unit_test(a_device_stays_a_device),
		cmocka_unit_test(a_full_device_is_said),
		cmocka_unit_test(standard_output_by_any_name_stays_one_stream),
		cmocka_unit_test(a_folder_is_refused),
		cmocka_unit_test(a_folder_without_write_permission_needs_a_file_with_it),
	};

	return cmocka_run_group_tests(tests, folder_enter, folder_leave);
}
