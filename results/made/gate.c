// SPDX-License-Identifier: GPL-2.0-or-later
// Made-up sessions before the gate. For tests only: not part of the library.
#include "gate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

struct store *made_gate_store; // written by the set-up of each test
static gsl_rng *noise; // likewise

int made_gate_set_up(void **state)
{
	static int number;
	char name[32];

	(void)state;
	snprintf(name, sizeof(name), "gate%d.db", number++);
	made_gate_store = made_store(made_path(name));
	noise = gsl_rng_alloc(gsl_rng_mt19937);
	gsl_rng_set(noise, 11);
	return 0;
}

int made_gate_tear_down(void **state)
{
	(void)state;
	store_close(made_gate_store);
	gsl_rng_free(noise);
	return 0;
}

static void made_one(int64_t session, int round, const struct made_session_like *made,
	const char *workload, double real_time_ns)
{
	const char *config = made->config ? made->config : "default";
	json_t *document = made_document(config);
	json_t *context = json_object_get(document, "context");
	char name[64];

	if (made->commit)
		json_object_set_new(context, "commit", json_string(made->commit));
	if (made->machine && *made->machine)
		json_object_set_new(context, "machine", json_string(made->machine));
	else if (made->machine)
		json_object_del(context, "machine");
	if (made->kernel)
		json_object_set_new(context, "kernel", json_string(made->kernel));
	if (made->memory)
		json_object_set_new(context, "memory_per_node", json_string(made->memory));
	if (made->options)
		json_object_set_new(context, "slab_options", json_string(made->options));
	snprintf(name, sizeof(name), "%s/size:64", workload);
	if (round == 0 && made->first_samples > 0)
		real_time_ns = made->first_ns;
	for (int i = 0; i == 0 || (round == 0 && i < made->first_samples); i++)
		made_sample(document, name, real_time_ns * exp(gsl_ran_gaussian(noise, 0.005)));
	if (made->counter && (made->is_of_all || strcmp(workload, "pair") == 0))
		json_object_set_new(json_array_get(json_object_get(document, "benchmarks"), 0),
			made->counter,
			json_real(made->counter_value +
				  (strcmp(workload, "batch") == 0 ? made->batch_more : 0)));
	made_process(made_gate_store, session, round, made->side ? made->side : config, workload,
		document);
}

static const int64_t DAY_NS = 86400LL * 1000000000;

int64_t made_session_of(struct made_session_like made)
{
	const struct store_session record = {.command = "test",
		.plan = made.plan ? made.plan : "{}",
		.started_unix_ns = 1000 + made.night * DAY_NS};
	int64_t session = made.session;

	if (session == 0)
		assert_true(store_session_begin(made_gate_store, &record, &session, NULL));
	for (int round = 0; round < (made.processes ? made.processes : MADE_GATE_PROCESSES);
		round++) {
		if (made.pair_ns > 0)
			made_one(session, round, &made, "pair", made.pair_ns);
		if (made.batch_ns > 0)
			made_one(session, round, &made, "batch", made.batch_ns);
	}
	assert_true(store_session_end(
		made_gate_store, session, made.ended ? made.ended : "complete", NULL));
	return session;
}

struct gate_options made_gate_options(const char *baseline)
{
	return (struct gate_options){
		.baseline = baseline, .nights = GATE_NIGHTS_EQUAL, .alpha = 0.05};
}

struct gate *made_gate(const char *baseline)
{
	struct gate_options options = made_gate_options(baseline);
	struct problem problem = {0};
	struct gate *gate;

	if (!gate_make(made_gate_store, &options, &gate, &problem))
		fail_msg("%s", problem.text);
	return gate;
}

const struct gate_row *made_gate_row(
	const struct gate *gate, const char *series, const char *metric)
{
	for (size_t i = 0; i < gate->rows_count; i++) {
		if (strcmp(gate->rows[i].series, series) == 0 &&
			strcmp(gate->rows[i].metric, metric) == 0)
			return &gate->rows[i];
	}
	fail_msg("no row %s %s", series, metric);
	return NULL;
}

void assert_gate_outcome(
	const struct gate *gate, const char *series, const char *metric, enum gate_outcome outcome)
{
	assert_string_equal(gate_outcome_name(made_gate_row(gate, series, metric)->outcome),
		gate_outcome_name(outcome));
}

void assert_gate_refused(const char *baseline, enum exit_status status, const char *part)
{
	struct gate_options options = made_gate_options(baseline);
	struct problem problem = {0};
	struct gate *gate;

	assert_false(gate_make(made_gate_store, &options, &gate, &problem));
	assert_null(gate);
	assert_int_equal(problem.status, status);
	if (!strstr(problem.text, part))
		fail_msg("'%s' is missing in: %s", part, problem.text);
}
