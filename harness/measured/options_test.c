// SPDX-License-Identifier: GPL-2.0-or-later
// Tests of a measured program's command line: what is taken, what stays for Google Benchmark, and
// what every wrong argument is told.
#include "options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ARGUMENTS_MAX = 8 };

struct parsed {
	struct measured_options options;
	struct problem problem;
	int count;
	char *arguments[ARGUMENTS_MAX + 1];
	char text[ARGUMENTS_MAX][128];
};

// Parses "--one --two=x": words separated by blanks.
static bool parse(struct parsed *parsed, const char *line)
{
	*parsed = (struct parsed){.count = 1};
	parsed->arguments[0] = "slabmark-run-test";
	while (*line) {
		size_t length = strcspn(line, " ");

		memcpy(parsed->text[parsed->count], line, length);
		parsed->arguments[parsed->count] = parsed->text[parsed->count];
		parsed->count++;
		line += length + (line[length] == ' ');
	}
	return measured_options_parse(
		&parsed->options, &parsed->count, parsed->arguments, &parsed->problem);
}

static void expect_refused(const char *line, const char *message)
{
	struct parsed parsed;

	assert_false(parse(&parsed, line));
	assert_int_equal(parsed.problem.status, EXIT_WRONG_USE);
	if (!strstr(parsed.problem.text, message))
		fail_msg("'%s' is told '%s', which lacks '%s'", line, parsed.problem.text, message);
	assert_null(strchr(parsed.problem.text, '\n'));
	measured_options_free(&parsed.options);
}

static int64_t value_of(const struct parsed *parsed, const char *workload, const char *parameter)
{
	int64_t initial;

	for (size_t row = 0; workload_table[row]; row++)
		for (size_t i = 0; i < workload_parameters_count(workload_table[row]); i++)
			if (strcmp(workload_table[row]->name, workload) == 0 &&
				strcmp(workload_table[row]->parameters[i].name, parameter) == 0)
				return settings_values(&parsed->options.settings, row, i, &initial)
					.values[0];
	fail_msg("no parameter %s.%s", workload, parameter);
	return 0;
}

static void ours_are_taken_and_google_benchmark_s_stay_in_order(void **state)
{
	struct parsed parsed;

	(void)state;
	assert_true(parse(&parsed, "--benchmark_filter=pair --slabmark_seed=7 --slabmark_verify "
				   "--benchmark_min_time=0.01 --slabmark_list"));
	assert_int_equal(parsed.count, 3);
	assert_string_equal(parsed.arguments[1], "--benchmark_filter=pair");
	assert_string_equal(parsed.arguments[2], "--benchmark_min_time=0.01");
	assert_null(parsed.arguments[3]);
	assert_int_equal(parsed.options.seed, 7);
	assert_true(parsed.options.verifies);
	assert_true(parsed.options.wants_list);
	assert_string_equal(parsed.options.filter, "pair");
	measured_options_free(&parsed.options);
}

static void parameters_begin_at_their_defaults_and_the_last_setting_counts(void **state)
{
	struct parsed parsed;

	(void)state;
	assert_true(parse(&parsed, "--slabmark_set=pair.size=64 --slabmark_set=batch.order=fifo "
				   "--slabmark_set=pair.size=256"));
	assert_int_equal(value_of(&parsed, "pair", "size"), 256);
	assert_int_equal(value_of(&parsed, "batch", "size"), 192);
	assert_int_equal(value_of(&parsed, "batch", "order"), 1);
	measured_options_free(&parsed.options);
}

static void an_unknown_option_is_told_the_nearest(void **state)
{
	(void)state;
	expect_refused("--slabmark_sed=1", "'--slabmark_seed'");
	expect_refused("--benchmark_fliter=pair", "did you mean '--benchmark_filter'?");
	expect_refused("pair", "begin with --");
	expect_refused("-h", "begin with --");
}

static void an_unknown_workload_parameter_or_word_is_told_the_nearest(void **state)
{
	(void)state;
	expect_refused("--slabmark_set=piar.size=64", "'pair'");
	expect_refused("--slabmark_set=pair.sise=64", "'size'");
	expect_refused("--slabmark_set=batch.order=lfio", "'lifo'");
}

static void a_value_out_of_range_is_told_the_range(void **state)
{
	(void)state;
	expect_refused("--slabmark_set=pair.size=7", "from 8 to 65536");
	expect_refused("--slabmark_set=pair.size=65537", "from 8 to 65536");
	expect_refused("--slabmark_set=pair.size=99999999999999999999", "from 8 to 65536");
	expect_refused("--slabmark_set=pair.size=64k", "whole number of bytes");
	expect_refused("--slabmark_set=pair.size=", "whole number of bytes");
	expect_refused("--slabmark_set=pair.size", "WORKLOAD.PARAMETER=VALUE");
	expect_refused("--slabmark_set=", "must be a text");
	expect_refused("--slabmark_seed=-1", "from 0 to");
	expect_refused("--slabmark_seed=18446744073709551616", "from 0 to");
	expect_refused("--slabmark_seed=0x", "from 0 to");
}

static void values_that_contradict_each_other_are_refused(void **state)
{
	(void)state;
	expect_refused("--slabmark_set=kmalloc-mixed.min=100 --slabmark_set=kmalloc-mixed.max=50",
		"min must not be above max");
	expect_refused("--slabmark_set=handover.ring=1000", "power of two");
}

// Google Benchmark would exit with 0 on some of these, and measure in spite of others.
static void a_bad_value_of_google_benchmark_s_is_refused_too(void **state)
{
	(void)state;
	expect_refused("--benchmark_format=xml", "console|json|csv");
	expect_refused("--benchmark_format=", "console|json|csv");
	expect_refused("--benchmark_format=json|csv", "console|json|csv");
	expect_refused("--benchmark_min_time=long", "a number from 0");
	expect_refused("--benchmark_min_time=nan", "a number from 0");
	expect_refused("--benchmark_min_time=-1", "a number from 0");
	expect_refused("--benchmark_repetitions=1.5", "a whole number");
	expect_refused("--benchmark_list_tests=maybe", "true or false");
	expect_refused("--benchmark_context=key", "KEY=VALUE");
}

static void counters_are_looked_up_at_once(void **state)
{
	struct parsed parsed;

	(void)state;
	assert_true(parse(&parsed, "--slabmark_counters=core,r1a8"));
	assert_int_equal(parsed.options.counters.count, 6);
	expect_refused("--slabmark_counters=cahce", "'cache'");
	expect_refused("--slabmark_counters=", "must be a text");
	expect_refused("--benchmark_perf_counters=CYCLES", "--slabmark_counters=CYCLES");
	measured_options_free(&parsed.options);
}

static void every_option_of_google_benchmark_is_let_through(void **state)
{
	struct parsed parsed;

	(void)state;
	assert_true(parse(&parsed, "--benchmark_list_tests --benchmark_min_warmup_time=0.1 "
				   "--benchmark_repetitions=3 --benchmark_out=file "
				   "--benchmark_out_format=csv --benchmark_color=no --v=1"));
	assert_int_equal(parsed.count, 8);
	assert_string_equal(parsed.options.output, "file");
	assert_false(parsed.options.output_is_json);
	measured_options_free(&parsed.options);
}

static void help_names_every_option_of_ours_and_every_parameter(void **state)
{
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);

	(void)state;
	measured_options_print_help(file, "slabmark-run-test");
	fclose(file);
	assert_non_null(strstr(text, "--slabmark_list"));
	assert_non_null(strstr(text, "--slabmark_set=WORKLOAD.PARAMETER=VALUE"));
	assert_non_null(strstr(text, "--slabmark_seed=NUMBER"));
	assert_non_null(strstr(text, "--slabmark_verify"));
	assert_non_null(strstr(text, "batch.order=lifo|fifo"));
	assert_non_null(strstr(text, "kmalloc-mixed.live="));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ours_are_taken_and_google_benchmark_s_stay_in_order),
		cmocka_unit_test(parameters_begin_at_their_defaults_and_the_last_setting_counts),
		cmocka_unit_test(an_unknown_option_is_told_the_nearest),
		cmocka_unit_test(an_unknown_workload_parameter_or_word_is_told_the_nearest),
		cmocka_unit_test(a_value_out_of_range_is_told_the_range),
		cmocka_unit_test(values_that_contradict_each_other_are_refused),
		cmocka_unit_test(a_bad_value_of_google_benchmark_s_is_refused_too),
		cmocka_unit_test(counters_are_looked_up_at_once),
		cmocka_unit_test(every_option_of_google_benchmark_is_let_through),
		cmocka_unit_test(help_names_every_option_of_ours_and_every_parameter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
