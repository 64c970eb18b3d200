// SPDX-License-Identifier: GPL-2.0-or-later
// By what a session's comparison is judged: its looks, where it had any, and the machine's own
// margin.
#include "compare.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "calibration.h"
#include "looks.h"
#include "results/made/sides.h"

// ---- looks

// Ten rounds of a session that would have looked at its results, of default and of noalien, which
// differ a little.
static int64_t add_looking(struct store *store)
{
	struct sequential *looks = malloc(sizeof(*looks));
	struct store_session session = {.command = "slabmark run (made)"};
	json_t *plan;
	int64_t id;

	assert_non_null(looks);
	assert_true(sequential_make(looks, 10, 2, COMPARE_ALPHA_DEFAULT));
	plan = json_pack("{s:o}", "until", sequential_json(looks));
	session.plan = json_dumps(plan, 0);
	assert_true(store_session_begin(store, &session, &id, NULL));
	for (int round = 0; round < 10; round++) {
		for (int side = 0; side < 2; side++) {
			json_t *document = made_document(side ? "noalien" : "default");

			made_sample(document, "pair", 10 + 0.1 * (round * 3 % 10) * side);
			made_process(
				store, id, round, side ? "noalien" : "default", "pair", document);
		}
	}
	assert_true(store_session_end(store, id, "complete", NULL));
	json_decref(plan);
	free((char *)session.plan);
	free(looks);
	return id;
}

static void a_session_that_looked_is_judged_by_its_looks(void **state)
{
	static const char *const CONFIGS[] = {"default", "noalien"};
	struct compare_options options = made_options(NULL, NULL, NULL);
	struct comparison *usual;
	struct comparison *projected;

	add_looking(*state);
	options.sides = CONFIGS;
	options.sides_count = 2;
	usual = made_compare(*state, &options);
	assert_non_null(usual->looks);
	options.filter = "workload:pair";
	projected = made_compare(*state, &options);
	assert_non_null(projected->looks);
	assert_true(projected->rows[0].p == usual->rows[0].p);
	assert_true(projected->rows[0].ratio_low == usual->rows[0].ratio_low);
	comparison_free(usual);
	comparison_free(projected);
	add_looking(*state);
	options.filter = "session:(1 OR 2)";
	projected = made_compare(*state, &options);
	assert_null(projected->looks);
	assert_true(comparison_warns_of(
		projected, "session 1 ended as soon as its own rows were decided"));
	comparison_free(projected);
}

// ---- margins

static void the_machines_own_margin_is_the_default(void **state)
{
	struct calibration known = {.machine = (char *)"feedfacecafebeef",
		.series = (char *)"pair/size:64",
		.config = (char *)"default",
		.rounds = 10,
		.layout = NAN,
		.margin = 0.15};
	struct calibrations calibrations = {.items = &known, .count = 1};
	struct compare_options options =
		made_options("config:(default OR noalien)", "name,workload", NULL);
	struct comparison *comparison;
	char *text;
	size_t length;
	FILE *output = open_memstream(&text, &length);

	known.session = made_plan_session(*state, &MADE_PLAN);
	assert_true(calibrations_write(*state, &calibrations, 1, NULL));
	options.margin = 0;
	comparison = made_compare(*state, &options);
	assert_string_equal(comparison->rows[0].name, "pair/size:192");
	assert_true(comparison->rows[0].margin == COMPARE_MARGIN_DEFAULT);
	assert_int_equal(comparison->rows[0].verdict, VERDICT_CHANGED);
	assert_true(comparison->rows[1].margin == 0.15); // of pair/size:64
	assert_int_equal(comparison->rows[1].verdict, VERDICT_EQUIVALENT);
	compare_text(comparison, output, false);
	assert_int_equal(fclose(output), 0);
	assert_non_null(
		strstr(text, "margin: 15 % (this machine's own, calibrated 1970-01-01); of 1 "
			     "benchmark 2 % (the default"));
	free(text);
	comparison_free(comparison);
	options.margin = 0.01;
	comparison = made_compare(*state, &options);
	assert_int_equal(comparison->rows[1].verdict, VERDICT_CHANGED);
	comparison_free(comparison);
}

int main(void)
{
#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, made_store_open, made_store_close)
	static const struct CMUnitTest TESTS[] = {
		WITH_STORE(a_session_that_looked_is_judged_by_its_looks),
		WITH_STORE(the_machines_own_margin_is_the_default),
	};

	return cmocka_run_group_tests(TESTS, made_folder_create, made_folder_remove);
}
