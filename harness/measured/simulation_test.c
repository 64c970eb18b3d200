// SPDX-License-Identifier: GPL-2.0-or-later
// Tests of reading callgrind's files. That real ones are read, and what is in them, is
// harness/command/simulate_test.sh's.
#include "simulation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char path[] = "/tmp/slabmark-callgrind-XXXXXX";

static void file_is(const char *text)
{
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

#define CACHES                                                                                     \
	"version: 1\ncmd: ./measured --benchmark_filter=totals: 9\npart: 2\n\n"                    \
	"desc: I1 cache: 32768 B, 64 B, 8-way associative\n"                                       \
	"desc: D1 cache: 49152 B, 64 B, 12-way associative\n"                                      \
	"desc: LL cache: 8388608 B, 64 B, direct-mapped\n\n"                                       \
	"desc: Timerange: Basic block 0 - 1104\ndesc: Trigger: Client Request\n\n"                 \
	"positions: line\n"

static void counts_are_sums_of_callgrinds_events(void **state)
{
	struct simulated_counts counts;
	struct problem problem;
	char words[SIMULATION_WORDS_SIZE];

	(void)state;
	file_is(CACHES "events: Ir Dr Dw I1mr D1mr D1mw ILmr DLmr DLmw\n"
		       "summary: 1 1 1 1 1 1 1 1 1\n\nfn=(0) main\n0 77 6\n\n"
		       "totals: 1000 200 30 4 50 6 7 80 9\n");
	assert_true(simulation_read(path, &counts, words, &problem));
	assert_true(counts.of[SIMULATED_INSTRUCTIONS] == 1000);
	assert_true(counts.of[SIMULATED_DATA_ACCESSES] == 230);
	assert_true(counts.of[SIMULATED_I1_MISSES] == 4);
	assert_true(counts.of[SIMULATED_D1_MISSES] == 56);
	assert_true(counts.of[SIMULATED_LL_MISSES] == 96);
	assert_string_equal(words, "callgrind I1 32768,8,64 D1 49152,12,64 LL 8388608,1,64");
}

static void zeros_that_callgrind_leaves_out_are_zeros(void **state)
{
	struct simulated_counts counts;
	struct problem problem;

	(void)state;
	file_is(CACHES "events: Ir Dr Dw I1mr D1mr D1mw ILmr DLmr DLmw\ntotals: 12 3\n");
	assert_true(simulation_read(path, &counts, NULL, &problem));
	assert_true(counts.of[SIMULATED_INSTRUCTIONS] == 12);
	assert_true(counts.of[SIMULATED_DATA_ACCESSES] == 3);
	assert_true(counts.of[SIMULATED_LL_MISSES] == 0);
}

static void refused(const char *text, const char *why)
{
	struct simulated_counts counts;
	struct problem problem;

	file_is(text);
	assert_false(simulation_read(path, &counts, NULL, &problem));
	assert_int_equal(problem.status, EXIT_NOT_MEASURED);
	if (!strstr(problem.text, why))
		fail_msg("'%s' lacks '%s'", problem.text, why);
}

static void what_was_not_counted_is_no_zero(void **state)
{
	(void)state;
	refused(CACHES "events: Ir\ntotals: 12\n", "needs --cache-sim=yes");
	refused(CACHES "events: Ir Dr Dw I1mr D1mr D1mw ILmr DLmr DLmw\n", "cut short");
	refused("", "cut short");
}

static void a_missing_file_and_no_valgrind_are_told_apart(void **state)
{
	struct simulation simulation;
	struct simulated_counts counts;
	struct problem problem;

	(void)state;
	assert_false(simulation_read("/nowhere/callgrind.1", &counts, NULL, &problem));
	assert_non_null(strstr(problem.text, "callgrind wrote no /nowhere/callgrind.1"));
	assert_true(simulation_open(&simulation, NULL, &problem));
	assert_null(simulation.file);
	assert_false(simulation_open(&simulation, "/nowhere/callgrind", &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	assert_non_null(strstr(problem.text, "needs valgrind"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_are_sums_of_callgrinds_events),
		cmocka_unit_test(zeros_that_callgrind_leaves_out_are_zeros),
		cmocka_unit_test(what_was_not_counted_is_no_zero),
		cmocka_unit_test(a_missing_file_and_no_valgrind_are_told_apart),
	};
	int file = mkstemp(path);

	if (file < 0)
		return 1;
	close(file);
	int status = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return status;
}
