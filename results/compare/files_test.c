// SPDX-License-Identifier: GPL-2.0-or-later
// Two sides of files: what counts as a process, what is matched, what is refused, and what is shown
// of it.
#include "files.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "results/made/results.h"

#define assert_near(value, expected, tolerance)                                                    \
	assert_true(fabs((value) - (expected)) <= (tolerance))

enum { FILES_MAX = 12 };

// Documents of both sides; freed by sides_free().
struct sides {
	json_t *documents[2][FILES_MAX];
	struct compare_file files[2][FILES_MAX];
	size_t count[2];
};

static json_t *file_add(struct sides *sides, int side, json_t *document)
{
	static const char *const PATHS[2][FILES_MAX] = {
		{"a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", "a10", "a11"},
		{"b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7", "b8", "b9", "b10", "b11"}};
	size_t place = sides->count[side]++;

	sides->documents[side][place] = document;
	sides->files[side][place] =
		(struct compare_file){.path = PATHS[side][place], .document = document};
	return document;
}

static void sides_free(struct sides *sides)
{
	for (int side = 0; side < 2; side++) {
		for (size_t i = 0; i < sides->count[side]; i++)
			json_decref(sides->documents[side][i]);
	}
}

// A file with one sample each of "pair" and "batch/64".
static json_t *plain_file(struct sides *sides, int side, double pair_ns)
{
	json_t *document = file_add(sides, side, made_document("default"));

	made_sample(document, "pair", pair_ns);
	made_sample(document, "batch/64", 50 + 0.1 * (double)sides->count[side]);
	return document;
}

// `count` files a side; `pair` takes 10, 10.1, 10.2 … ns on one side and `ratio` times as long on
// the other.
static void fill(struct sides *sides, size_t count, double ratio)
{
	for (size_t i = 0; i < count; i++) {
		plain_file(sides, 0, 10 + 0.1 * (double)i);
		plain_file(sides, 1, (10 + 0.1 * (double)i) * ratio);
	}
}

static struct compare_files_options options_of(const struct sides *sides)
{
	return (struct compare_files_options){
		.input = sides->files[0],
		.against = sides->files[1],
		.input_count = sides->count[0],
		.against_count = sides->count[1],
		.margin = COMPARE_MARGIN_DEFAULT,
		.alpha = COMPARE_ALPHA_DEFAULT,
	};
}

static struct comparison *compare_with(const struct compare_files_options *options)
{
	struct comparison *comparison;
	struct problem problem;

	if (!compare_files(options, &comparison, &problem))
		fail_msg("%s", problem.text);
	return comparison;
}

static struct comparison *compare(const struct sides *sides)
{
	struct compare_files_options options = options_of(sides);

	return compare_with(&options);
}

static void assert_refused(
	const struct compare_files_options *options, enum exit_status status, const char *expected)
{
	struct comparison *comparison;
	struct problem problem = {0};

	assert_false(compare_files(options, &comparison, &problem));
	assert_null(comparison);
	assert_int_equal(problem.status, status);
	if (!strstr(problem.text, expected))
		fail_msg("'%s' lacks '%s'", problem.text, expected);
}

static const struct compare_row *row_of(const struct comparison *comparison, const char *name)
{
	for (size_t i = 0; i < comparison->rows_count; i++) {
		if (strcmp(comparison->rows[i].name, name) == 0)
			return &comparison->rows[i];
	}
	fail_msg("no row %s", name);
	return NULL;
}

static bool warns_of(const json_t *warnings, const char *words)
{
	for (size_t i = 0; i < json_array_size(warnings); i++) {
		if (strstr(json_string_value(json_array_get(warnings, i)), words))
			return true;
	}
	return false;
}

static void set(json_t *document, size_t index, const char *member, json_t *value)
{
	json_object_set_new(
		json_array_get(json_object_get(document, "benchmarks"), index), member, value);
}

static void a_clear_difference_of_five_processes_is_changed(void **state)
{
	struct sides sides = {0};
	struct comparison *comparison;
	const struct compare_row *row;

	(void)state;
	fill(&sides, 5, 1.2);
	comparison = compare(&sides);
	row = row_of(comparison, "pair");
	assert_int_equal(comparison->rows_count, 2);
	assert_near(row->ratio, 1.2, 0.02);
	assert_true(row->ratio_low > 1.1 && row->ratio_high < 1.3);
	assert_near(row->p, 2.0 / 252, 1e-12);
	assert_near(row->q, 4.0 / 252, 1e-12);
	assert_near(row->superiority, 1, 0);
	assert_int_equal(row->base_count, 5);
	assert_int_equal(row->other_count, 5);
	assert_int_equal(row->verdict, VERDICT_CHANGED);
	assert_string_equal(compare_direction(row), "slower");
	assert_int_equal(row_of(comparison, "batch/64")->verdict, VERDICT_EQUIVALENT);
	assert_string_equal(row->workload, "pair");
	comparison_free(comparison);
	sides_free(&sides);
}

static void repetitions_in_a_file_are_one_process(void **state)
{
	struct sides sides = {0};
	struct comparison *comparison;

	(void)state;
	fill(&sides, 5, 1.2);
	for (int i = 0; i < 50; i++)
		made_sample(sides.documents[0][0], "pair", 10);
	comparison = compare(&sides);
	assert_int_equal(row_of(comparison, "pair")->base_count, 5);
	assert_near(row_of(comparison, "pair")->p, 2.0 / 252, 1e-12);
	comparison_free(comparison);
	sides_free(&sides);
}

static void aggregates_are_no_samples(void **state)
{
	struct sides sides = {0};
	struct comparison *comparison;

	(void)state;
	fill(&sides, 4, 1);
	made_sample(sides.documents[0][0], "pair", 99999);
	set(sides.documents[0][0], 2, "run_type", json_string("aggregate"));
	set(sides.documents[0][0], 2, "aggregate_name", json_string("mean"));
	comparison = compare(&sides);
	assert_near(row_of(comparison, "pair")->ratio, 1, 1e-9);
	comparison_free(comparison);
	set(sides.documents[1][2], 0, "run_type", json_string("aggregate"));
	set(sides.documents[1][2], 1, "run_type", json_string("aggregate"));
	{
		struct compare_files_options options = options_of(&sides);

		assert_refused(&options, EXIT_WRONG_USE, "b2: only aggregates");
	}
	sides_free(&sides);
}

static void every_time_unit_means_the_same_time(void **state)
{
	static const struct {
		const char *unit;
		double ns;
	} UNITS[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};
	struct sides sides = {0};
	struct comparison *comparison;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		plain_file(&sides, 0, 5e6);
		set(plain_file(&sides, 1, 5e6 / UNITS[i].ns), 0, "time_unit",
			json_string(UNITS[i].unit));
	}
	comparison = compare(&sides);
	assert_near(row_of(comparison, "pair")->ratio_low, 1, 1e-9);
	assert_near(row_of(comparison, "pair")->ratio_high, 1, 1e-9);
	assert_near(row_of(comparison, "pair")->p, 1, 0);
	comparison_free(comparison);
	sides_free(&sides);
}

static void files_without_context_iterations_and_cpu_time_will_do(void **state)
{
	struct sides sides = {0};
	struct comparison *comparison;

	(void)state;
	for (int side = 0; side < 2; side++)
		file_add(&sides, side,
			json_pack("{s:[{s:s, s:f, s:s}]}", "benchmarks", "name", "x", "real_time",
				10.0 + side, "time_unit", "us"));
	comparison = compare(&sides);
	assert_near(row_of(comparison, "x")->ratio, 1.1, 1e-9);
	comparison_free(comparison);
	sides_free(&sides);
}

static void a_single_process_a_side_gives_a_ratio_and_no_verdict(void **state)
{
	struct sides sides = {0};
	struct comparison *comparison;
	const struct compare_row *row;

	(void)state;
	fill(&sides, 1, 3);
	comparison = compare(&sides);
	row = row_of(comparison, "pair");
	assert_near(row->ratio, 3, 1e-9);
	assert_true(isnan(row->ratio_low) && isnan(row->ratio_high));
	assert_int_equal(row->verdict, VERDICT_UNDECIDED);
	assert_near(row->p, 1, 0);
	assert_true(warns_of(row->warnings, "no honest verdict"));
	comparison_free(comparison);
	sides_free(&sides);
}

static void paired_files_cancel_what_a_round_does_to_both(void **state)
{
	struct sides sides = {0};
	struct compare_files_options options;
	struct comparison *comparison;

	(void)state;
	for (size_t i = 0; i < 8; i++) {
		double round = 10 * exp2((double)i); // much more than the difference

		plain_file(&sides, 0, round);
		plain_file(&sides, 1, round * (1.1 + 0.001 * (double)i));
	}
	comparison = compare(&sides);
	assert_int_equal(row_of(comparison, "pair")->verdict, VERDICT_UNDECIDED);
	comparison_free(comparison);
	options = options_of(&sides);
	options.is_paired = true;
	comparison = compare_with(&options);
	assert_int_equal(row_of(comparison, "pair")->verdict, VERDICT_CHANGED);
	assert_near(row_of(comparison, "pair")->p, 2.0 / 256, 1e-12);
	assert_int_equal(row_of(comparison, "pair")->rounds, 8);
	comparison_free(comparison);
	options.against_count--;
	assert_refused(&options, EXIT_WRONG_USE, "8 files on one side and 7 on the other");
	sides_free(&sides);
}

static void what_only_one_side_has_is_listed(void **state)
{
	struct sides sides = {0};
	struct comparison *comparison;
	json_t *json;

	(void)state;
	fill(&sides, 4, 1);
	made_sample(sides.documents[0][1], "gone", 5);
	made_sample(sides.documents[1][2], "new", 5);
	comparison = compare(&sides);
	assert_int_equal(comparison->rows_count, 2);
	assert_true(warns_of(comparison->warnings, "gone: measured for input only"));
	assert_true(warns_of(comparison->warnings, "new: measured for against only"));
	json = compare_json(comparison);
	assert_string_equal(
		json_string_value(json_array_get(json_object_get(json, "only_input"), 0)), "gone");
	assert_string_equal(
		json_string_value(json_array_get(json_object_get(json, "only_against"), 0)), "new");
	json_decref(json);
	comparison_free(comparison);
	sides_free(&sides);
}

static void the_json_has_what_programs_rely_on(void **state)
{
	static const char *const MEMBERS[] = {"name", "ratio", "ratio_low", "ratio_high", "p", "q",
		"superiority", "verdict", "direction", "n_a", "n_b", "warnings"};
	struct sides sides = {0};
	struct comparison *comparison;
	json_t *json;
	json_t *row;

	(void)state;
	fill(&sides, 5, 1.2);
	comparison = compare(&sides);
	json = compare_json(comparison);
	row = json_array_get(json_object_get(json, "rows"), 1);
	for (size_t i = 0; i < sizeof(MEMBERS) / sizeof(MEMBERS[0]); i++)
		assert_non_null(json_object_get(row, MEMBERS[i]));
	assert_string_equal(json_string_value(json_object_get(row, "name")), "pair");
	assert_string_equal(json_string_value(json_object_get(row, "verdict")), "changed");
	assert_string_equal(json_string_value(json_object_get(row, "direction")), "slower");
	assert_int_equal(json_integer_value(json_object_get(row, "n_b")), 5);
	assert_int_equal(json_array_size(json_object_get(json, "against")), 5);
	json_decref(json);
	comparison_free(comparison);
	sides_free(&sides);
}

static void files_that_share_no_benchmark_cannot_be_compared(void **state)
{
	struct sides sides = {0};
	struct compare_files_options options;

	(void)state;
	made_sample(file_add(&sides, 0, made_document("a")), "one", 1);
	made_sample(file_add(&sides, 1, made_document("b")), "two", 1);
	options = options_of(&sides);
	assert_refused(&options, EXIT_NOT_MEASURED, "nothing to compare");
	sides_free(&sides);
}

static void failed_samples_never_count(void **state)
{
	struct sides sides = {0};
	struct comparison *comparison;

	(void)state;
	fill(&sides, 5, 1);
	set(sides.documents[1][4], 0, "error_occurred", json_true());
	set(sides.documents[1][4], 0, "error_message", json_string("no memory"));
	set(sides.documents[1][4], 0, "real_time", json_real(0));
	comparison = compare(&sides);
	assert_int_equal(row_of(comparison, "pair")->other_count, 4);
	assert_true(warns_of(row_of(comparison, "pair")->warnings, "no memory"));
	comparison_free(comparison);
	sides_free(&sides);
}

// A row without a logarithm of its time is that row's loss, and said. A file of such rows alone is
// refused.
static void times_that_have_no_logarithm_are_left_out_and_said(void **state)
{
	static const double TIMES[] = {0, -1};
	struct sides sides = {0};
	struct compare_files_options options;
	struct comparison *comparison;

	(void)state;
	fill(&sides, 4, 1);
	for (size_t i = 0; i < 3; i++) {
		set(sides.documents[1][2], 1, "real_time",
			i < 2 ? json_real(TIMES[i]) : json_string("12"));
		comparison = compare(&sides);
		assert_int_equal(comparison->rows_count, 2);
		assert_true(warns_of(comparison->rows[0].warnings,
				    "samples of against failed: \"real_time\" is not") ||
			    warns_of(comparison->rows[1].warnings,
				    "samples of against failed: \"real_time\" is not"));
		comparison_free(comparison);
	}
	set(sides.documents[1][2], 0, "real_time", json_real(0));
	options = options_of(&sides);
	assert_refused(&options, EXIT_WRONG_USE,
		"b2: the benchmark document's \"benchmarks\"[0].\"real_time\"");
	sides_free(&sides);
}

// Its median, or its mean, is shown, and never judged, however many files there are.
static void aggregates_alone_are_shown_without_a_verdict(void **state)
{
	struct sides sides = {0};
	struct comparison *comparison;

	(void)state;
	fill(&sides, 8, 2);
	for (size_t i = 0; i < 8; i++) {
		set(sides.documents[1][i], 0, "name", json_string("pair_mean"));
		set(sides.documents[1][i], 0, "run_type", json_string("aggregate"));
		set(sides.documents[1][i], 0, "aggregate_name", json_string("mean"));
		set(sides.documents[1][i], 1, "name", json_string("pair_median"));
		set(sides.documents[1][i], 1, "run_type", json_string("aggregate"));
		set(sides.documents[1][i], 1, "aggregate_name", json_string("median"));
		set(sides.documents[1][i], 1, "real_time", json_real(40));
	}
	comparison = compare(&sides);
	assert_int_equal(row_of(comparison, "pair")->verdict, VERDICT_NONE);
	assert_near(row_of(comparison, "pair")->other_ns, 40, 1e-9);
	assert_true(warns_of(row_of(comparison, "pair")->warnings, "the median of repetitions"));
	comparison_free(comparison);
	sides_free(&sides);
}

static void a_file_given_twice_is_warned_of(void **state)
{
	struct sides sides = {0};
	struct comparison *comparison;

	(void)state;
	fill(&sides, 4, 1);
	sides.files[0][3].path = "a0";
	comparison = compare(&sides);
	assert_true(warns_of(comparison->warnings, "a0 is given twice"));
	comparison_free(comparison);
	sides_free(&sides);
}

// Both benchmarks of a process share its luck, which the interval of a mean over independent rows
// would not show.
static void the_interval_of_the_geometric_mean_rests_on_processes(void **state)
{
	static const double LUCK[] = {1, 1.02, 0.97, 1.05, 0.99};
	struct sides sides = {0};
	struct comparison *comparison;
	const struct compare_mean *mean_of;
	const struct compare_row *row;

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		for (int side = 0; side < 2; side++) {
			json_t *document = file_add(&sides, side, made_document("x"));

			made_sample(document, "one", 10 * LUCK[side ? 4 - i : i]);
			made_sample(
				document, "two", 70 * LUCK[side ? 4 - i : i] * (side ? 1.21 : 1));
		}
	}
	comparison = compare(&sides);
	mean_of = &comparison->means[0];
	row = row_of(comparison, "one");
	assert_near(mean_of->ratio, 1.1, 1e-9);
	assert_near(
		mean_of->ratio_high / mean_of->ratio_low, row->ratio_high / row->ratio_low, 1e-9);
	assert_near(mean_of->confidence, row->confidence, 0);
	comparison_free(comparison);
	sides_free(&sides);
}

// What `print` writes about the comparison, for the caller to free.
static char *printed(
	const struct comparison *comparison, void (*print)(const struct comparison *, FILE *))
{
	char *text = NULL;
	size_t size;
	FILE *output = open_memstream(&text, &size);

	print(comparison, output);
	assert_int_equal(fclose(output), 0);
	return text;
}

static void print_text(const struct comparison *comparison, FILE *output)
{
	compare_text(comparison, output, false);
}

static void assert_prints(const struct comparison *comparison,
	void (*print)(const struct comparison *, FILE *), const char *part)
{
	char *text = printed(comparison, print);

	if (!strstr(text, part))
		fail_msg("'%s' lacks in:\n%s", part, text);
	free(text);
}

static void names_break_out_of_no_format(void **state)
{
	struct sides sides = {0};
	struct comparison *comparison;

	(void)state;
	for (int side = 0; side < 2; side++) {
		json_t *document = file_add(&sides, side, made_document("x"));

		made_sample(document, "=HYPERLINK(\"x\"),1", 10);
		made_sample(document, "a|b<script>@x", 10);
		made_sample(document, "c\x1b[31m", 10);
	}
	comparison = compare(&sides);
	assert_prints(comparison, compare_csv, "\"'=HYPERLINK(\"\"x\"\"),1\",input,against,10");
	assert_prints(comparison, compare_markdown, "| a\\|b&lt;script&gt;&#64;x | 10 ns |");
	assert_prints(comparison, print_text, "c?[31m");
	comparison_free(comparison);
	sides_free(&sides);
}

static void the_text_names_the_files_and_the_numbers_of_processes(void **state)
{
	struct sides sides = {0};
	struct comparison *comparison;

	(void)state;
	fill(&sides, 5, 1.2);
	comparison = compare(&sides);
	assert_prints(comparison, print_text, "input     a0 and 4 more");
	assert_prints(comparison, print_text, "5, 5");
	assert_prints(comparison, print_text, "changed, slower");
	assert_prints(comparison, compare_markdown, "**changed, slower**");
	assert_prints(comparison, compare_csv, ",5,5,changed,slower,\"\"\r\n");
	comparison_free(comparison);
	sides_free(&sides);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(a_clear_difference_of_five_processes_is_changed),
		cmocka_unit_test(repetitions_in_a_file_are_one_process),
		cmocka_unit_test(aggregates_are_no_samples),
		cmocka_unit_test(every_time_unit_means_the_same_time),
		cmocka_unit_test(files_without_context_iterations_and_cpu_time_will_do),
		cmocka_unit_test(a_single_process_a_side_gives_a_ratio_and_no_verdict),
		cmocka_unit_test(paired_files_cancel_what_a_round_does_to_both),
		cmocka_unit_test(what_only_one_side_has_is_listed),
		cmocka_unit_test(the_json_has_what_programs_rely_on),
		cmocka_unit_test(files_that_share_no_benchmark_cannot_be_compared),
		cmocka_unit_test(failed_samples_never_count),
		cmocka_unit_test(times_that_have_no_logarithm_are_left_out_and_said),
		cmocka_unit_test(aggregates_alone_are_shown_without_a_verdict),
		cmocka_unit_test(a_file_given_twice_is_warned_of),
		cmocka_unit_test(the_interval_of_the_geometric_mean_rests_on_processes),
		cmocka_unit_test(names_break_out_of_no_format),
		cmocka_unit_test(the_text_names_the_files_and_the_numbers_of_processes),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
