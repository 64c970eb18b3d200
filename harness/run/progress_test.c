// SPDX-License-Identifier: GPL-2.0-or-later
// What the user sees of a run, on a terminal and in a log, by a clock that the test moves.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "progress.h"

static const struct progress_step STEP = {.round = 2, .workload = "pair", .side = "nocolour"};

// A progress that writes into memory.
struct screen {
	struct progress progress;
	char *text;
	size_t size;
};

static void screen_open(struct screen *screen, bool is_terminal)
{
	FILE *stream = open_memstream(&screen->text, &screen->size);

	assert_non_null(stream);
	progress_start(&screen->progress, stream, 10, 5);
	assert_false(screen->progress.is_terminal); // memory is none
	screen->progress.is_terminal = is_terminal;
	screen->progress.width = 80;
}

// What stands behind the last carriage return, without the sequence that clears the rest of the
// line.
static const char *screen_line(struct screen *screen)
{
	fflush(screen->progress.stream);
	char *line = strrchr(screen->text, '\r');
	assert_non_null(line);
	char *end = strstr(line, "\033[K");
	assert_non_null(end);
	*end = '\0';
	return line + 1;
}

static void screen_close(struct screen *screen)
{
	fclose(screen->progress.stream);
	free(screen->text);
}

static void before_the_first_process_ends_the_time_left_is_unknown(void **state)
{
	struct screen screen;

	(void)state;
	screen_open(&screen, true);
	progress_step_begin(&screen.progress, STEP, 100);
	assert_string_equal(screen_line(&screen),
		"0 of 10 processes, time left unknown, round 3/5: pair nocolour");
	screen_close(&screen);
}

static void the_time_left_is_the_mean_times_the_rest(void **state)
{
	struct screen screen;

	(void)state;
	screen_open(&screen, true);
	progress_step_begin(&screen.progress, STEP, 100);
	progress_step_end(&screen.progress, 104, true);
	progress_step_begin(&screen.progress, STEP, 110); // pauses between processes don't count
	progress_step_end(&screen.progress, 116, true);
	assert_true(progress_left_s(&screen.progress, 116) == 40);
	progress_step_begin(&screen.progress, STEP, 120);
	assert_true(progress_left_s(&screen.progress, 122) == 38);
	assert_true(
		progress_left_s(&screen.progress, 500) == 35); // a slow one is never more than one
	progress_draw(&screen.progress, 122);
	assert_string_equal(
		screen_line(&screen), "2 of 10 processes, 38 s left, round 3/5: pair nocolour");
	screen_close(&screen);
}

static void failures_are_counted_in_the_line(void **state)
{
	struct screen screen;

	(void)state;
	screen_open(&screen, true);
	progress_step_begin(&screen.progress, STEP, 0);
	progress_step_end(&screen.progress, 1, false);
	assert_string_equal(screen_line(&screen), "1 of 10 processes, 9 s left, 1 failed");
	screen_close(&screen);
}

static void the_line_fits_a_narrow_terminal(void **state)
{
	struct screen screen;

	(void)state;
	screen_open(&screen, true);
	screen.progress.width = 12;
	progress_step_begin(&screen.progress, STEP, 0);
	assert_string_equal(screen_line(&screen), "0 of 10 pro");
	screen_close(&screen);
}

static void a_line_that_is_said_stands_alone(void **state)
{
	struct screen screen;

	(void)state;
	screen_open(&screen, true);
	progress_step_begin(&screen.progress, STEP, 0);
	progress_say(&screen.progress, "a process %s", "failed");
	assert_non_null(strstr(screen.text, "\r\033[Ka process failed\n"));
	screen_close(&screen);
}

static void a_log_stays_quiet_for_a_while(void **state)
{
	struct screen screen;

	(void)state;
	screen_open(&screen, false);
	progress_say(&screen.progress, "start");
	progress_step_begin(&screen.progress, STEP, 0);
	progress_draw(&screen.progress, 1);
	progress_step_end(&screen.progress, 2, true);
	progress_clear(&screen.progress);
	progress_say(&screen.progress, "end");
	assert_string_equal(screen.text, "start\nend\n");
	screen_close(&screen);
}

static void a_log_gets_a_line_every_half_minute_at_least(void **state)
{
	struct screen screen;

	(void)state;
	screen_open(&screen, false);
	progress_step_begin(&screen.progress, STEP, 1000);
	for (int tenths = 10000; tenths <= 10600; tenths++)
		progress_draw(&screen.progress, tenths / 10.0);
	progress_step_end(&screen.progress, 1070, true);
	progress_step_begin(&screen.progress, STEP, 1090);
	fflush(screen.progress.stream);
	assert_string_equal(screen.text,
		"0 of 10 processes, time left unknown, round 3/5: pair nocolour\n"
		"0 of 10 processes, time left unknown, round 3/5: pair nocolour\n"
		"1 of 10 processes, 10 min 30 s left, round 3/5: pair nocolour\n");
	screen_close(&screen);
}

static void durations_read_well(void **state)
{
	static const struct {
		double seconds;
		const char *text;
	} cases[] = {
		{0, "0 s"},
		{59.4, "59 s"},
		{59.6, "1 min 00 s"},
		{200, "3 min 20 s"},
		{3600, "1 h 00 min"},
		{7500, "2 h 05 min"},
	};
	char text[32];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
			duration_text(text, sizeof(text), cases[i].seconds), cases[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(before_the_first_process_ends_the_time_left_is_unknown),
		cmocka_unit_test(the_time_left_is_the_mean_times_the_rest),
		cmocka_unit_test(failures_are_counted_in_the_line),
		cmocka_unit_test(the_line_fits_a_narrow_terminal),
		cmocka_unit_test(a_line_that_is_said_stands_alone),
		cmocka_unit_test(a_log_stays_quiet_for_a_while),
		cmocka_unit_test(a_log_gets_a_line_every_half_minute_at_least),
		cmocka_unit_test(durations_read_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
