// SPDX-License-Identifier: GPL-2.0-or-later
// Children that behave and children that don't. Time limits are either far off (nothing depends on
// them) or certain to pass (the child waits for ever).
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include <cmocka.h>

#include "process.h"

enum { BYTES_MAX = 8 << 20 };

static struct process_outcome run_request(struct process_request *request, const char *script)
{
	const char *arguments[] = {"/bin/sh", "-c", script, NULL};
	struct process_outcome outcome;
	struct problem problem = {0};

	request->arguments = arguments;
	assert_true(process_run(request, &outcome, &problem));
	request->arguments = NULL;
	return outcome;
}

static struct process_outcome run(const char *script)
{
	struct process_request request = {.output_bytes_max = BYTES_MAX, .timeout_s = 600};

	return run_request(&request, script);
}

static void output_messages_and_status_come_back(void **state)
{
	struct process_outcome outcome = run("echo out; echo err >&2; exit 7");

	(void)state;
	assert_int_equal(outcome.end, PROCESS_EXITED);
	assert_int_equal(outcome.code, 7);
	assert_string_equal(outcome.output, "out\n");
	assert_int_equal(outcome.output_size, 4);
	assert_string_equal(outcome.errors, "err\n");
	process_outcome_free(&outcome);
}

static void a_whole_environment_replaces_ours(void **state)
{
	static const char *const environment[] = {"ONE=1", NULL};
	struct process_request request = {
		.output_bytes_max = BYTES_MAX, .timeout_s = 600, .environment = environment};
	static const char script[] = "echo \"$ONE$SLABMARK_OURS\"";
	struct process_outcome outcome;

	(void)state;
	setenv("SLABMARK_OURS", "2", 1);
	outcome = run_request(&request, script);
	assert_string_equal(outcome.output, "12\n");
	process_outcome_free(&outcome);
	request.is_environment_whole = true;
	outcome = run_request(&request, script);
	assert_string_equal(outcome.output, "1\n");
	process_outcome_free(&outcome);
	unsetenv("SLABMARK_OURS");
}

static void a_child_that_is_silent_has_an_empty_output(void **state)
{
	struct process_outcome outcome = run(":");

	(void)state;
	assert_int_equal(outcome.code, 0);
	assert_string_equal(outcome.output, "");
	process_outcome_free(&outcome);
}

static void a_long_output_comes_whole(void **state)
{
	struct process_outcome outcome = run("head -c 3000000 /dev/zero | tr '\\0' x");

	(void)state;
	assert_int_equal(outcome.end, PROCESS_EXITED);
	assert_int_equal(outcome.output_size, 3000000);
	assert_int_equal(strspn(outcome.output, "x"), 3000000);
	process_outcome_free(&outcome);
}

static void an_endless_output_is_ended(void **state)
{
	struct process_request request = {.output_bytes_max = 1 << 20, .timeout_s = 600};
	struct process_outcome outcome = run_request(&request, "exec cat /dev/zero");
	char text[128];

	(void)state;
	assert_int_equal(outcome.end, PROCESS_TOO_LARGE);
	assert_true(outcome.output_size <= 1 << 20);
	assert_string_equal(process_describe(&request, &outcome, text, sizeof(text)),
		"wrote more than 1 MiB and was stopped");
	process_outcome_free(&outcome);
}

static void of_many_messages_the_last_are_kept(void **state)
{
	struct process_outcome outcome = run("i=0; while [ $i -lt 2000 ]; do echo line $i; "
					     "i=$((i+1)); done >&2; echo the end >&2");

	(void)state;
	size_t length = strlen(outcome.errors);
	assert_int_equal(length, PROCESS_ERRORS_SIZE - 1);
	assert_string_equal(
		outcome.errors + length - strlen("line 1999\nthe end\n"), "line 1999\nthe end\n");
	process_outcome_free(&outcome);
}

static void a_crash_is_told_by_its_signal(void **state)
{
	struct process_request request = {.output_bytes_max = BYTES_MAX, .timeout_s = 600};
	struct process_outcome outcome = run_request(&request, "kill -SEGV $$");
	char text[128];

	(void)state;
	assert_int_equal(outcome.end, PROCESS_SIGNALLED);
	assert_int_equal(outcome.code, SIGSEGV);
	assert_string_equal(process_describe(&request, &outcome, text, sizeof(text)),
		"was killed by SIGSEGV (Segmentation fault)");
	process_outcome_free(&outcome);
}

static void a_hang_ends_at_the_time_limit(void **state)
{
	struct process_request request = {.output_bytes_max = BYTES_MAX, .timeout_s = 0.2};
	struct process_outcome outcome =
		run_request(&request, "trap '' TERM INT; while :; do sleep 1000; done");
	char text[128];

	(void)state;
	assert_int_equal(outcome.end, PROCESS_TIMED_OUT);
	assert_string_equal(process_describe(&request, &outcome, text, sizeof(text)),
		"had not ended after 0.2 s and was stopped");
	process_outcome_free(&outcome);
}

static void a_grandchild_that_stays_holds_nobody(void **state)
{
	struct process_outcome outcome = run("sleep 1000 & echo $!");

	(void)state;
	assert_int_equal(outcome.end, PROCESS_EXITED);
	pid_t grandchild = (pid_t)strtol(outcome.output, NULL, 10);
	assert_true(grandchild > 1);
	// It was killed with its group: waiting for its end returns, unless it is gone altogether.
	struct pollfd ended = {.fd = pidfd_open(grandchild, 0), .events = POLLIN};
	assert_true(ended.fd >= 0 ? poll(&ended, 1, -1) == 1 : errno == ESRCH);
	if (ended.fd >= 0)
		close(ended.fd);
	process_outcome_free(&outcome);
}

static void a_missing_program_is_told(void **state)
{
	const char *arguments[] = {"/nonexistent/program", NULL};
	struct process_request request = {
		.arguments = arguments, .output_bytes_max = BYTES_MAX, .timeout_s = 600};
	struct process_outcome outcome;
	struct problem problem = {0};

	(void)state;
	assert_true(process_run(&request, &outcome, &problem));
	assert_int_equal(outcome.end, PROCESS_EXITED);
	assert_int_equal(outcome.code, 127);
	assert_string_equal(
		outcome.errors, "cannot execute /nonexistent/program: No such file or directory\n");
	process_outcome_free(&outcome);
}

static void the_environment_is_ours_and_what_is_added(void **state)
{
	const char *environment[] = {"SLABMARK_TEST_ADDED=more", NULL};
	struct process_request request = {
		.environment = environment, .output_bytes_max = BYTES_MAX, .timeout_s = 600};

	(void)state;
	setenv("SLABMARK_TEST_OURS", "here", 1);
	struct process_outcome outcome =
		run_request(&request, "echo $SLABMARK_TEST_OURS $SLABMARK_TEST_ADDED; cat");
	assert_string_equal(outcome.output, "here more\n");
	assert_null(getenv("SLABMARK_TEST_ADDED"));
	process_outcome_free(&outcome);
}

static void raise_twice(void *context)
{
	struct interruption *interruption = context;

	// The next only when the one before was seen: two pending signals of a kind are one.
	if (interruption->count < 2)
		raise(SIGINT);
}

static void the_second_signal_ends_the_child(void **state)
{
	struct interruption interruption;
	struct problem problem = {0};

	(void)state;
	assert_true(interruption_open(&interruption, &problem));
	struct process_request request = {.output_bytes_max = BYTES_MAX,
		.timeout_s = 600,
		.interruption = &interruption,
		.tick = raise_twice,
		.tick_context = &interruption};
	struct process_outcome outcome = run_request(&request, "exec sleep 1000");
	assert_int_equal(outcome.end, PROCESS_STOPPED);
	assert_int_equal(interruption.count, 2);
	process_outcome_free(&outcome);
	interruption_close(&interruption);
}

static void the_first_signal_lets_the_child_finish(void **state)
{
	struct interruption interruption;
	struct problem problem = {0};

	(void)state;
	assert_true(interruption_open(&interruption, &problem));
	raise(SIGTERM);
	struct process_request request = {
		.output_bytes_max = BYTES_MAX, .timeout_s = 600, .interruption = &interruption};
	struct process_outcome outcome = run_request(&request, "echo done");
	assert_int_equal(outcome.end, PROCESS_EXITED);
	assert_string_equal(outcome.output, "done\n");
	assert_int_equal(interruption_poll(&interruption), 1);
	process_outcome_free(&outcome);
	interruption_close(&interruption);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(output_messages_and_status_come_back),
		cmocka_unit_test(a_whole_environment_replaces_ours),
		cmocka_unit_test(a_child_that_is_silent_has_an_empty_output),
		cmocka_unit_test(a_long_output_comes_whole),
		cmocka_unit_test(an_endless_output_is_ended),
		cmocka_unit_test(of_many_messages_the_last_are_kept),
		cmocka_unit_test(a_crash_is_told_by_its_signal),
		cmocka_unit_test(a_hang_ends_at_the_time_limit),
		cmocka_unit_test(a_grandchild_that_stays_holds_nobody),
		cmocka_unit_test(a_missing_program_is_told),
		cmocka_unit_test(the_environment_is_ours_and_what_is_added),
		cmocka_unit_test(the_second_signal_ends_the_child),
		cmocka_unit_test(the_first_signal_lets_the_child_finish),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
