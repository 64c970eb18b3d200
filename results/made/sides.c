// SPDX-License-Identifier: GPL-2.0-or-later
// Made-up sessions and their comparisons. For tests only: not part of the library.
#include "sides.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

json_t *made_plan_document(const struct made_plan *plan, const char *config)
{
	json_t *document = made_document(config);
	json_t *context = json_object_get(document, "context");

	if (plan->commit)
		json_object_set_new(context, "commit", json_string(plan->commit));
	if (plan->machine)
		json_object_set_new(context, "machine", json_string(plan->machine));
	return document;
}

int64_t made_plan_session(struct store *store, const struct made_plan *plan)
{
	int64_t session = made_session(store);

	for (int round = 0; round < plan->rounds; round++) {
		for (size_t i = 0; i < 4 && plan->configs[i]; i++) {
			json_t *document = made_plan_document(plan, plan->configs[i]);
			double ns = plan->ns * pow(1.1, (double)i) * (1 + 0.001 * (round % 5));

			for (size_t k = 0; k < 4 && plan->benchmarks[k]; k++)
				made_sample(
					document, plan->benchmarks[k], ns * pow(1.1, (double)k));
			made_process(store, session, round, plan->configs[i], "pair", document);
		}
	}
	assert_true(store_session_end(store, session, "complete", NULL));
	return session;
}

struct compare_options made_options(const char *filter, const char *rows, const char *columns)
{
	return (struct compare_options){.filter = filter,
		.rows = rows,
		.columns = columns,
		.margin = COMPARE_MARGIN_DEFAULT,
		.alpha = COMPARE_ALPHA_DEFAULT};
}

struct comparison *made_compare(struct store *store, const struct compare_options *options)
{
	struct comparison *comparison;
	struct problem problem;

	if (!compare_make(store, options, &comparison, &problem))
		fail_msg("%s", problem.text);
	return comparison;
}

void assert_comparison_refused(struct store *store, const struct compare_options *options,
	enum exit_status status, const char *expected)
{
	struct comparison *comparison;
	struct problem problem = {0};

	assert_false(compare_make(store, options, &comparison, &problem));
	assert_null(comparison);
	if (!strstr(problem.text, expected))
		fail_msg("'%s' lacks '%s'", problem.text, expected);
	assert_int_equal(problem.status, status);
}

bool comparison_warns_of(const struct comparison *comparison, const char *words)
{
	for (size_t i = 0; i < json_array_size(comparison->warnings); i++) {
		if (strstr(json_string_value(json_array_get(comparison->warnings, i)), words))
			return true;
	}
	return false;
}

const char *comparison_sessions_of(const struct comparison *comparison, size_t side)
{
	static char text[128];
	const json_t *sessions = json_object_get(
		json_array_get(json_object_get(comparison->projection, "sides"), side), "sessions");
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < json_array_size(sessions); i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s", i > 0 ? " " : "",
			json_string_value(json_array_get(sessions, i)));
	return text;
}

void assert_ratio(const struct compare_row *row, double expected)
{
	if (!(fabs(row->ratio / expected - 1) < 1e-9))
		fail_msg("%s: ratio %.10f, expected %.10f", row->name, row->ratio, expected);
}

const struct made_plan MADE_PLAN = {.configs = {"default", "noalien", "minimal"},
	.benchmarks = {"pair/size:64", "pair/size:192"},
	.ns = 10,
	.rounds = 8};

struct made_plan made_plan_with(const char *commit, const char *machine, double ns)
{
	struct made_plan plan = MADE_PLAN;

	plan.commit = commit;
	plan.machine = machine;
	plan.ns = ns;
	return plan;
}
