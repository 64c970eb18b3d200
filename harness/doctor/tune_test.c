// SPDX-License-Identifier: GPL-2.0-or-later
// What is set and put back on made-up machines: a folder stands in for / .
#include "tune.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "results/text/first_line.h"

enum { PATH_SIZE = 512, TEXT_SIZE = 4096 };

#define GOVERNOR_0 "/sys/devices/system/cpu/cpufreq/policy0/scaling_governor"
#define GOVERNOR_1 "/sys/devices/system/cpu/cpufreq/policy1/scaling_governor"
#define BALANCING  "/proc/sys/kernel/numa_balancing"
#define PARANOID   "/proc/sys/kernel/perf_event_paranoid"
#define BOOT       "/proc/sys/kernel/random/boot_id"

static char root[] = "/tmp/slabmark-tune-XXXXXX";
static char state[PATH_SIZE];
static char said[TEXT_SIZE];

static int remove_one(const char *path, const struct stat *facts, int type, struct FTW *walk)
{
	(void)facts;
	(void)type;
	return walk->level == 0 ? 0 : remove(path);
}

static int empty_root(void **unused)
{
	(void)unused;
	return nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static int make_root(void **unused)
{
	(void)unused;
	if (!mkdtemp(root))
		return -1;
	snprintf(state, sizeof(state), "%s/state/tune.json", root);
	return 0;
}

static int remove_root(void **unused)
{
	(void)unused;
	return rmdir(root);
}

static void write_file(const char *path, const char *text)
{
	char full[PATH_SIZE];

	snprintf(full, sizeof(full), "%s%s", root, path);
	for (char *slash = strchr(full + sizeof(root), '/'); slash;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(full, 0700);
		*slash = '/';
	}
	FILE *file = fopen(full, "we");
	assert_non_null(file);
	fprintf(file, "%s\n", text);
	assert_int_equal(fclose(file), 0);
}

static void assert_value(const char *path, const char *value)
{
	char full[PATH_SIZE];
	char line[TEXT_SIZE];

	snprintf(full, sizeof(full), "%s%s", root, path);
	assert_true(first_line(full, line, sizeof(line)));
	assert_string_equal(line, value);
}

// Calls one of the two with what it says in `said`.
static bool called(
	bool (*call)(const char *, const char *, FILE *, struct problem *), struct problem *problem)
{
	FILE *output = fmemopen(said, sizeof(said), "w");

	assert_non_null(output);
	*problem = (struct problem){0};
	bool is_good = call(root, state, output, problem);
	assert_int_equal(fclose(output), 0);
	return is_good;
}

static void write_machine(void)
{
	write_file(BOOT, "first");
	write_file(GOVERNOR_0, "powersave");
	write_file(GOVERNOR_1, "schedutil");
	write_file(BALANCING, "1");
	write_file(PARANOID, "2");
}

static void every_setting_returns_as_it_was_found(void **unused)
{
	struct problem problem;

	(void)unused;
	write_machine();
	assert_true(called(tune_set, &problem));
	assert_value(GOVERNOR_0, "performance");
	assert_value(GOVERNOR_1, "performance");
	assert_value(BALANCING, "0");
	assert_value(PARANOID, "2");
	assert_non_null(strstr(said, GOVERNOR_1 ": schedutil -> performance"));
	assert_true(called(tune_restore, &problem));
	assert_value(GOVERNOR_0, "powersave");
	assert_value(GOVERNOR_1, "schedutil");
	assert_value(BALANCING, "1");
	assert_int_not_equal(access(state, F_OK), 0);
}

// A second --tune must not take what the first has set for what was found.
static void the_first_state_stays(void **unused)
{
	struct problem problem;

	(void)unused;
	write_machine();
	assert_true(called(tune_set, &problem));
	write_file(PARANOID, "3");
	assert_true(called(tune_set, &problem));
	assert_value(PARANOID, "2");
	assert_true(called(tune_restore, &problem));
	assert_value(GOVERNOR_0, "powersave");
	assert_value(PARANOID, "3");
}

// Killed after the state was written, and before or while the settings were.
static void a_killed_call_loses_nothing(void **unused)
{
	struct problem problem;

	(void)unused;
	write_machine();
	assert_true(called(tune_set, &problem));
	write_file(GOVERNOR_1, "schedutil");
	write_file(BALANCING, "1");
	assert_true(called(tune_restore, &problem));
	assert_value(GOVERNOR_0, "powersave");
	assert_value(GOVERNOR_1, "schedutil");
	assert_value(BALANCING, "1");
}

static void what_somebody_else_has_set_stays(void **unused)
{
	struct problem problem;

	(void)unused;
	write_machine();
	assert_true(called(tune_set, &problem));
	write_file(GOVERNOR_0, "userspace");
	assert_true(called(tune_restore, &problem));
	assert_value(GOVERNOR_0, "userspace");
	assert_value(GOVERNOR_1, "schedutil");
	assert_non_null(strstr(said, "stays userspace, which somebody else has set"));
}

static void a_new_start_of_the_machine_has_put_everything_back(void **unused)
{
	struct problem problem;

	(void)unused;
	write_machine();
	assert_true(called(tune_set, &problem));
	write_file(BOOT, "second");
	assert_true(called(tune_restore, &problem));
	assert_value(GOVERNOR_0, "performance"); // the new start's own
	assert_non_null(strstr(said, "started anew"));
	assert_int_not_equal(access(state, F_OK), 0);
}

static void a_setting_that_is_refused_is_said_and_the_others_are_set(void **unused)
{
	struct problem problem;
	char full[PATH_SIZE];

	(void)unused;
	write_machine();
	// Whoever writes a folder is refused, root too.
	snprintf(full, sizeof(full), "%s%s", root, GOVERNOR_0);
	write_file("/sys/devices/system/cpu/intel_pstate/no_turbo", "0");
	assert_true(called(tune_set, &problem));
	assert_int_equal(unlink(full), 0);
	assert_int_equal(mkdir(full, 0700), 0);
	assert_false(called(tune_restore, &problem));
	assert_int_equal(problem.status, EXIT_NOT_MEASURED);
	assert_non_null(strstr(problem.text, GOVERNOR_0));
	assert_value(GOVERNOR_1, "schedutil");
	assert_int_equal(access(state, F_OK), 0);
}

static void nothing_is_set_without_a_state(void **unused)
{
	struct problem problem;
	char full[PATH_SIZE];

	(void)unused;
	write_machine();
	snprintf(full, sizeof(full), "%s/state", root);
	write_file("/state", "a file where the folder should be");
	assert_false(called(tune_set, &problem));
	assert_int_equal(problem.status, EXIT_NOT_MEASURED);
	assert_value(GOVERNOR_0, "powersave");
}

static void a_file_that_is_no_state_is_refused(void **unused)
{
	static const char *const texts[] = {"", "{}", "[1, 2]",
		"{\"slabmark-tune\": 2, "
		"\"boot\": \"\", \"settings\": []}",
		"{\"slabmark-tune\": 1, \"boot\": \"\", \"settings\": [{\"name\": \"x\", \"path\": "
		"\"/etc/passwd\", \"before\": \"a\", \"after\": \"b\"}]}",
		"{\"slabmark-tune\": 1, \"boot\": \"\", \"settings\": [{\"name\": \"x\", \"path\": "
		"\"/sys/../etc/passwd\", \"before\": \"a\", \"after\": \"b\"}]}"};
	struct problem problem;

	(void)unused;
	write_machine();
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		write_file("/state/tune.json", texts[i]);
		assert_false(called(tune_restore, &problem));
		assert_int_equal(problem.status, EXIT_WRONG_USE);
		assert_false(called(tune_set, &problem));
		assert_int_equal(problem.status, EXIT_WRONG_USE);
		assert_value(GOVERNOR_0, "powersave");
	}
}

static void without_a_state_there_is_nothing_to_put_back(void **unused)
{
	struct problem problem;

	(void)unused;
	write_machine();
	assert_false(called(tune_restore, &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	assert_non_null(strstr(problem.text, "--tune"));
}

static void a_quiet_machine_is_left_alone(void **unused)
{
	struct problem problem;

	(void)unused;
	write_file(GOVERNOR_0, "performance");
	write_file("/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never");
	assert_true(called(tune_set, &problem));
	assert_non_null(strstr(said, "nothing to set"));
	assert_int_not_equal(access(state, F_OK), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(every_setting_returns_as_it_was_found, empty_root),
		cmocka_unit_test_teardown(the_first_state_stays, empty_root),
		cmocka_unit_test_teardown(a_killed_call_loses_nothing, empty_root),
		cmocka_unit_test_teardown(what_somebody_else_has_set_stays, empty_root),
		cmocka_unit_test_teardown(
			a_new_start_of_the_machine_has_put_everything_back, empty_root),
		cmocka_unit_test_teardown(
			a_setting_that_is_refused_is_said_and_the_others_are_set, empty_root),
		cmocka_unit_test_teardown(nothing_is_set_without_a_state, empty_root),
		cmocka_unit_test_teardown(a_file_that_is_no_state_is_refused, empty_root),
		cmocka_unit_test_teardown(without_a_state_there_is_nothing_to_put_back, empty_root),
		cmocka_unit_test_teardown(a_quiet_machine_is_left_alone, empty_root),
	};

	return cmocka_run_group_tests_name("tune", tests, make_root, remove_root);
}
