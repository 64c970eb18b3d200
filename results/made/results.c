// SPDX-License-Identifier: GPL-2.0-or-later
// Makes results out of nothing but a seed. For tests only: not part of the library.
#include "results.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

json_t *made_document(const char *config)
{
	json_t *document = json_pack("{s:{s:s, s:i}, s:[]}", "context", "host_name", "made",
		"num_cpus", 8, "benchmarks");
	json_t *context = json_object_get(document, "context");
	const char *const facts[][2] = {{"slabmark_version", "0.1.0"},
		{"commit", "0123456789abcdef0123456789abcdef01234567"}, {"config", config},
		{"config_description", "made up for a test"}, {"cpu_mode", "locked"},
		{"compiler", "gcc 12.2.0"}, {"compiler_flags", "-O2 -g"},
		{"build_type", "RelWithDebInfo"}, {"machine", "feedfacecafebeef"},
		{"kernel", "Linux 6.1.0-13-amd64"},
		{"cpu_model", "AMD EPYC 7763 64-Core Processor"},
		{"topology_summary", "2 packages, 8 nodes, 128 cores, 256 threads"},
		{"governor", "performance"}, {"smt", "on"}, {"thp", "madvise"},
		{"numa_balancing", "0"}, {"time_source", "CLOCK_MONOTONIC"},
		{"page_backing", "4 KiB"}, {"seed", "42"}, {"simulated", "no"}};

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		json_object_set_new(context, facts[i][0], json_string(facts[i][1]));
	return document;
}

void made_sample(json_t *document, const char *name, double real_time_ns)
{
	json_t *benchmarks = json_object_get(document, "benchmarks");

	json_array_append_new(benchmarks,
		json_pack("{s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:f, s:f, s:s, s:f, s:f}", "name",
			name, "run_name", name, "run_type", "iteration", "repetitions", 1,
			"repetition_index", 0, "threads", 1, "iterations", 100000, "real_time",
			real_time_ns, "cpu_time", real_time_ns, "time_unit", "ns",
			"items_per_second", 1e9 / real_time_ns, "migrations", 0.0));
}

int64_t made_session(struct store *store)
{
	const struct store_session session = {.command = "slabmark run (made)",
		.plan = "{}",
		.started_unix_ns = 1795363200000000000};
	struct problem problem;
	int64_t id;

	if (!store_session_begin(store, &session, &id, &problem))
		fail_msg("%s", problem.text);
	return id;
}

void made_process(struct store *store, int64_t session, int round, const char *config,
	const char *workload, json_t *document)
{
	const struct store_process process = {.session = session,
		.round = round,
		.config = config,
		.workload = workload,
		.started_unix_ns = 1795363200000000000,
		.elapsed_s = 0.5};
	struct problem problem;

	if (!store_process_add(store, &process, document, &problem))
		fail_msg("%s", problem.text);
	json_decref(document);
}

struct made_workload {
	const char *workload;
	const char *name;
	double ns;
	double noise; // standard deviation of a process's log
};

static const struct made_workload WORKLOADS[] = {
	{"pair", "pair/64", 9.8, 0.003},
	{"batch", "batch/64/16", 14.2, 0.004},
	{"batch", "batch/64/256", 31.7, 0.004},
	{"handover", "handover/same-node", 88.0, 0.03},
	{"kmalloc_mixed", "kmalloc_mixed", 52.3, 0.006},
	{"</script><b>&\"'", "</script><b>&\"'/\xc3\xa9", 20.0, 0.002},
};

static const struct {
	const char *name;
	double ratio;
} CONFIGS[] = {
	{"default", 1}, {"nocolour", 1.002}, {"offslab", 1.14}, {"null", 0.86}, {"debug", 1.03}};

static void add_processes(struct store *store, int64_t session, int round,
	const struct made_workload *workload, gsl_rng *random)
{
	for (size_t i = 0; i < sizeof(CONFIGS) / sizeof(CONFIGS[0]); i++) {
		json_t *document = made_document(CONFIGS[i].name);
		double luck = gsl_ran_gaussian(random, workload->noise);

		for (int repetition = 0; repetition < 3; repetition++)
			made_sample(document, workload->name,
				workload->ns * CONFIGS[i].ratio *
					exp(luck + gsl_ran_gaussian(random, workload->noise / 4)));
		if (i == 4 && round == 0)
			json_object_set_new(
				json_array_get(json_object_get(document, "benchmarks"), 0),
				"migrations", json_real(2));
		made_process(store, session, round, CONFIGS[i].name, workload->workload, document);
	}
}

int64_t made_comparison(struct store *store, int rounds)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	int64_t session = made_session(store);
	struct problem problem;

	gsl_rng_set(random, 7);
	for (int round = 0; round < rounds; round++) {
		for (size_t i = 0; i < sizeof(WORKLOADS) / sizeof(WORKLOADS[0]); i++)
			add_processes(store, session, round, &WORKLOADS[i], random);
	}
	gsl_rng_free(random);
	if (!store_session_end(store, session, "complete", &problem))
		fail_msg("%s", problem.text);
	return session;
}
