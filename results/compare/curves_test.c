// SPDX-License-Identifier: GPL-2.0-or-later
// Tests of scaling, of hand-over between nodes and of what lies above a floor, on samples whose figures
// are known.
#include "curves.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "internal.h"

enum { ROUNDS = 8 };

static struct comparison comparison;
static char *sides[] = {"default", "null"};
static const struct compare_options options = {.margin = 0.02, .alpha = 0.05};

static int start(void **state)
{
	(void)state;
	comparison = (struct comparison){.sides = sides, .sides_count = 2};
	return 0;
}

static int end(void **state)
{
	(void)state;
	compare_samples_free(&comparison.samples);
	json_decref(comparison.curves);
	json_decref(comparison.matrices);
	return 0;
}

// One sample a round, of this time; frees: of its 1000 operations, so many; below 0: not counted.
static void add(const char *name, const char *side, double time_ns, double frees)
{
	struct problem problem;

	for (int round = 0; round < ROUNDS; round++) {
		struct compare_sample *sample = compare_samples_add(&comparison.samples, &problem);

		assert_non_null(sample);
		*sample = (struct compare_sample){.name = strdup(name),
			.side = side,
			.process = round,
			.block = round,
			.real_time_ns = time_ns * (1 + 0.001 * round),
			.iterations = 1000,
			.migrations = NAN,
			.counters =
				frees < 0 ? NULL : json_pack("{sf}", "remote_frees.raw", frees)};
	}
}

static double real_of(const json_t *object, const char *member)
{
	const json_t *real = json_object_get(object, member);

	if (!json_is_real(real))
		fail_msg("'%s' is no number", member);
	return json_real_value(real);
}

static const char *text_of(const json_t *object, const char *member)
{
	return json_string_value(json_object_get(object, member));
}

static void draw(void)
{
	struct problem problem;

	compare_samples_sort(&comparison.samples);
	assert_true(curves_add(&comparison, &options, &problem));
	assert_true(matrices_add(&comparison, &problem));
}

static char *shown(void (*show)(const struct comparison *, FILE *, bool), bool is_markdown)
{
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	show(&comparison, stream, is_markdown);
	fclose(stream);
	return text;
}

static void speed_ups_are_against_one_thread(void **state)
{
	(void)state;
	add("pair/size:64/real_time", "default", 10, -1);
	add("pair/size:64/relation:compact/real_time/threads:2", "default", 5, -1);
	add("pair/size:64/relation:compact/real_time/threads:16", "default", 2, -1);
	add("pair/size:64/relation:spread/real_time/threads:2", "default", 4, -1);
	add("pair/size:64/relation:same-node/real_time/threads:2", "default", 1, -1);
	add("pair/size:96/real_time", "default", 1, -1);
	draw();
	assert_int_equal(json_array_size(comparison.curves), 2);
	const json_t *curve = json_array_get(comparison.curves, 0);
	const json_t *points = json_object_get(curve, "points");
	assert_string_equal(text_of(curve, "benchmark"), "pair/size:64/real_time");
	assert_string_equal(text_of(curve, "side"), "default");
	assert_string_equal(text_of(curve, "placement"), "compact");
	assert_int_equal(json_array_size(points), 3);
	assert_true(fabs(real_of(json_array_get(points, 0), "speedup") - 1) < 1e-9);
	assert_true(fabs(real_of(json_array_get(points, 1), "speedup") - 2) < 1e-9);
	assert_true(fabs(real_of(json_array_get(points, 2), "speedup") - 5) < 1e-9);
	assert_true(real_of(json_array_get(points, 2), "speedup_low") <= 5.0001);
	assert_true(real_of(json_array_get(points, 2), "speedup_high") >= 4.9999);
	curve = json_array_get(comparison.curves, 1);
	assert_string_equal(text_of(curve, "placement"), "spread");
	assert_true(fabs(real_of(json_array_get(json_object_get(curve, "points"), 1), "speedup") -
			    2.5) < 1e-9);
	char *text = shown(curves_show, false);
	assert_non_null(strstr(text, "scaling of pair/size:64/real_time, default: speed-up against "
				     "1 thread"));
	free(text);
	text = shown(curves_show, true);
	assert_non_null(strstr(text, "| threads | ns | compact | ns | spread |"));
	free(text);
}

static void without_one_thread_the_fewest_are_the_base(void **state)
{
	(void)state;
	add("handover/ring:8/relation:spread/real_time/threads:2", "null", 30, -1);
	add("handover/ring:8/relation:spread/real_time/threads:8", "null", 10, -1);
	add("handover/ring:8/relation:compact/real_time/threads:8", "null", 10, -1);
	draw();
	assert_int_equal(json_array_size(comparison.curves), 1);
	const json_t *curve = json_array_get(comparison.curves, 0);
	assert_int_equal(json_integer_value(json_object_get(curve, "threads_base")), 2);
	assert_true(fabs(real_of(json_array_get(json_object_get(curve, "points"), 1), "speedup") -
			    3) < 1e-9);
}

static double cell(const json_t *matrix, const char *member, size_t from, size_t to)
{
	const json_t *figure =
		json_array_get(json_array_get(json_object_get(matrix, member), from), to);

	return json_is_real(figure) ? json_real_value(figure) : NAN;
}

static void pairs_of_nodes_become_a_matrix(void **state)
{
	(void)state;
	add("handover/size:192/relation:matrix/from:0/to:0/real_time/threads:2", "default", 10, 0);
	add("handover/size:192/relation:matrix/from:0/to:12/real_time/threads:2", "default", 30,
		1000);
	add("handover/size:192/relation:matrix/from:12/to:0/real_time/threads:2", "default", 40,
		500);
	add("handover/size:192/relation:matrix/from:0/to:0/real_time/threads:2", "null", 3, -1);
	draw();
	assert_int_equal(json_array_size(comparison.matrices), 2);
	const json_t *matrix = json_array_get(comparison.matrices, 0);
	const json_t *nodes = json_object_get(matrix, "nodes");
	assert_string_equal(text_of(matrix, "benchmark"), "handover/size:192/real_time/threads:2");
	assert_int_equal(json_array_size(nodes), 2);
	assert_int_equal(json_integer_value(json_array_get(nodes, 1)), 12);
	assert_true(fabs(cell(matrix, "ns", 1, 0) / cell(matrix, "ns", 0, 0) - 4) < 1e-9);
	assert_true(cell(matrix, "remote_frees", 0, 0) == 0);
	assert_true(cell(matrix, "remote_frees", 0, 1) == 1);
	assert_true(cell(matrix, "remote_frees", 1, 0) == 0.5);
	assert_true(cell(matrix, "remote_frees_total", 0, 1) == 1000 * ROUNDS);
	assert_true(isnan(cell(matrix, "ns", 1, 1)));
	matrix = json_array_get(comparison.matrices, 1);
	assert_string_equal(text_of(matrix, "side"), "null");
	assert_true(isnan(cell(matrix, "remote_frees", 0, 0)));
	char *text = shown(matrices_show, false);
	assert_non_null(strstr(text, "from 12"));
	assert_non_null(strstr(text, "remote frees an object"));
	assert_non_null(strstr(text, "memory: bound to each thread's node"));
	free(text);
}

// Floors of 3 ns below 10 and 17: 7 and 14.
static void what_lies_above_the_floor_is_told_beside_the_plain_figures(void **state)
{
	struct compare_row row = {
		.name = "pair/size:64/real_time", .base = "default", .other = "stats"};
	struct problem problem;

	(void)state;
	add(row.name, "default", 10, -1);
	add(row.name, "stats", 17, -1);
	add(row.name, "null", 3, -1);
	compare_samples_sort(&comparison.samples);
	comparison.floor = "null";
	comparison.rows = &row;
	comparison.rows_count = 1;
	assert_true(floor_add(&comparison, &options, &problem));
	assert_true(fabs(row.floor_ns / 3 - 1) < 0.01);
	assert_true(fabs(row.above_ratio - 2) < 1e-9);
	assert_true(fabs(row.above_base_ns / 7 - 1) < 0.01);
	assert_true(fabs(row.above_other_ns / 14 - 1) < 0.01);
	assert_int_equal(row.floor_left_out, 0);
}

static void what_is_no_more_than_the_floor_has_no_ratio(void **state)
{
	struct compare_row row = {
		.name = "pair/size:64/real_time", .base = "default", .other = "stats"};
	struct problem problem;

	(void)state;
	add(row.name, "default", 2, -1);
	add(row.name, "stats", 17, -1);
	add(row.name, "null", 3, -1);
	compare_samples_sort(&comparison.samples);
	comparison.floor = "null";
	comparison.rows = &row;
	comparison.rows_count = 1;
	assert_true(floor_add(&comparison, &options, &problem));
	assert_true(isnan(row.above_ratio));
	assert_int_equal(row.floor_left_out, ROUNDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(speed_ups_are_against_one_thread, start, end),
		cmocka_unit_test_setup_teardown(
			without_one_thread_the_fewest_are_the_base, start, end),
		cmocka_unit_test_setup_teardown(pairs_of_nodes_become_a_matrix, start, end),
		cmocka_unit_test_setup_teardown(
			what_lies_above_the_floor_is_told_beside_the_plain_figures, start, end),
		cmocka_unit_test_setup_teardown(
			what_is_no_more_than_the_floor_has_no_ratio, start, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
