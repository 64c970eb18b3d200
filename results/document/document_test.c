// SPDX-License-Identifier: GPL-2.0-or-later
// What a benchmark document must hold, and that a refusal names the member.
#include "document.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "results/made/results.h"

static json_t *parse(const char *text)
{
	json_t *document = json_loads(text, 0, NULL);

	assert_non_null(document);
	return document;
}

static bool is_accepted(const json_t *document, struct problem *problem)
{
	struct document_sample sample;
	bool is_good;

	if (!document_check(document, problem))
		return false;
	is_good = document_sample_read(document, 0, &sample, problem);
	document_sample_clear(&sample);
	return is_good;
}

static void a_bad_document_is_refused_by_the_name_of_its_member(void **state)
{
	static const struct {
		const char *text;
		const char *named;
	} CASES[] = {
		{"[]", "no JSON object"},
		{"{}", "\"context\" is missing"},
		{"{\"context\": 1}", "\"context\" is something else"},
		{"{\"context\": {}}", "\"benchmarks\" is missing"},
		{"{\"context\": {}, \"benchmarks\": {}}", "\"benchmarks\" is something else"},
		{"{\"context\": {}, \"benchmarks\": []}", "\"benchmarks\" is empty"},
		{"{\"context\": {\"seed\": 42}, \"benchmarks\": [{}]}", "\"context\".\"seed\""},
		{"{\"context\": {}, \"benchmarks\": [3]}", "\"benchmarks\"[0] is not an object"},
		{"{\"context\": {}, \"benchmarks\": [{}]}", "[0].\"name\""},
		{"{\"context\": {}, \"benchmarks\": [{\"name\": \"\"}]}", "[0].\"name\""},
		{"{\"context\": {}, \"benchmarks\": [{\"name\": 3}]}", "[0].\"name\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct problem problem = {0};
		json_t *document = parse(CASES[i].text);

		assert_false(is_accepted(document, &problem));
		assert_int_equal(problem.status, EXIT_WRONG_USE);
		assert_non_null(strstr(problem.text, CASES[i].named));
		json_decref(document);
	}
}

static void a_bad_member_of_a_benchmark_is_refused_by_its_name(void **state)
{
	static const struct {
		const char *member;
		const char *value; // JSON; NULL: the member is missing
	} CASES[] = {
		{"name", NULL},
		{"real_time", NULL},
		{"real_time", "\"fast\""},
		{"real_time", "0"},
		{"real_time", "-1"},
		{"real_time", "1.7e308"},
		{"cpu_time", NULL},
		{"cpu_time", "null"},
		{"time_unit", NULL},
		{"time_unit", "\"fortnight\""},
		{"iterations", NULL},
		{"iterations", "0"},
		{"iterations", "1.5"},
		{"threads", "-2"},
		{"run_type", "\"warmup\""},
		{"repetition_index", "\"first\""},
		{"label", "7"},
		{"error_occurred", "\"yes\""},
		{"items_per_second", "true"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct problem problem = {0};
		json_t *document = made_document("default");
		json_t *benchmark;
		char named[64];

		made_sample(document, "pair", 10);
		benchmark = json_array_get(json_object_get(document, "benchmarks"), 0);
		json_object_set_new(benchmark, "time_unit", json_string("s"));
		assert_true(is_accepted(document, &problem));
		if (CASES[i].value)
			json_object_set_new(benchmark, CASES[i].member,
				json_loads(CASES[i].value, JSON_DECODE_ANY, NULL));
		else
			json_object_del(benchmark, CASES[i].member);
		assert_false(is_accepted(document, &problem));
		assert_int_equal(problem.status, EXIT_WRONG_USE);
		(void)snprintf(named, sizeof(named), "[0].\"%s\"", CASES[i].member);
		assert_non_null(strstr(problem.text, named));
		json_decref(document);
	}
}

static void times_become_nanoseconds(void **state)
{
	static const struct {
		const char *unit;
		double ns;
	} CASES[] = {{"ns", 2}, {"us", 2e3}, {"ms", 2e6}, {"s", 2e9}};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		json_t *document = made_document("default");
		struct document_sample sample;

		made_sample(document, "pair", 2);
		json_object_set_new(json_array_get(json_object_get(document, "benchmarks"), 0),
			"time_unit", json_string(CASES[i].unit));
		assert_true(document_sample_read(document, 0, &sample, NULL));
		assert_float_equal(sample.real_time_ns, CASES[i].ns, 1e-6);
		document_sample_clear(&sample);
		json_decref(document);
	}
}

static void every_number_without_a_meaning_of_its_own_is_a_counter(void **state)
{
	json_t *document = made_document("default");
	struct document_sample sample;

	(void)state;
	made_sample(document, "pair", 2);
	json_object_set_new(json_array_get(json_object_get(document, "benchmarks"), 0),
		"cache_misses", json_integer(12));
	assert_true(document_sample_read(document, 0, &sample, NULL));
	assert_int_equal(json_object_size(sample.counters), 2);
	assert_int_equal(json_integer_value(json_object_get(sample.counters, "cache_misses")), 12);
	assert_non_null(json_object_get(sample.counters, "migrations"));
	document_sample_clear(&sample);
	json_decref(document);
}

static void a_failed_benchmark_needs_no_times(void **state)
{
	json_t *document =
		parse("{\"context\": {}, \"benchmarks\": [{\"name\": \"pair\", \"run_type\": "
		      "\"iteration\","
		      " \"error_occurred\": true, \"error_message\": \"no second CPU\"}]}");
	struct document_sample sample;

	(void)state;
	assert_true(document_sample_read(document, 0, &sample, NULL));
	assert_true(sample.failed);
	assert_string_equal(sample.error_message, "no second CPU");
	assert_true(isnan(sample.real_time_ns));
	document_sample_clear(&sample);
	json_decref(document);
}

static void a_percentage_is_no_time(void **state)
{
	json_t *document = made_document("default");
	json_t *benchmark;
	struct document_sample sample;

	(void)state;
	made_sample(document, "pair_cv", 0.01);
	benchmark = json_array_get(json_object_get(document, "benchmarks"), 0);
	json_object_set_new(benchmark, "run_type", json_string("aggregate"));
	json_object_set_new(benchmark, "aggregate_unit", json_string("percentage"));
	assert_true(document_sample_read(document, 0, &sample, NULL));
	assert_true(isnan(sample.real_time_ns));
	document_sample_clear(&sample);
	json_decref(document);
}

static void what_simulated_the_time_is_known(void **state)
{
	json_t *document = made_document("default");
	json_t *context = json_object_get(document, "context");

	(void)state;
	assert_null(document_simulator(document));
	json_object_set_new(context, "simulated", json_string("callgrind"));
	assert_string_equal(document_simulator(document), "callgrind");
	json_object_del(context, "simulated");
	assert_null(document_simulator(document));
	json_decref(document);
}

static void times_of_a_simulator_are_no_result(void **state)
{
	(void)state;
	assert_false(document_is_timeless(NULL));
	assert_true(document_is_timeless("callgrind I1 32768,8,64"));
	assert_true(document_is_timeless("valgrind"));
	assert_false(document_is_timeless("topology from HWLOC_SYNTHETIC"));
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(times_of_a_simulator_are_no_result),
		cmocka_unit_test(a_bad_document_is_refused_by_the_name_of_its_member),
		cmocka_unit_test(a_bad_member_of_a_benchmark_is_refused_by_its_name),
		cmocka_unit_test(times_become_nanoseconds),
		cmocka_unit_test(every_number_without_a_meaning_of_its_own_is_a_counter),
		cmocka_unit_test(a_failed_benchmark_needs_no_times),
		cmocka_unit_test(a_percentage_is_no_time),
		cmocka_unit_test(what_simulated_the_time_is_known),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
