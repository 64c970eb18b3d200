// SPDX-License-Identifier: GPL-2.0-or-later
// Makes results out of nothing but a seed. For tests only: not part of the library.
#include "made_results.h"

#include <ctype.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <libpq-fe.h>

static const char *server(void)
{
	return getenv("SLABMARK_TEST_POSTGRES"); // NOLINT(concurrency-mt-unsafe): nothing sets it
}

static void server_execute(const char *sql)
{
	PGconn *connection = PQconnectdb(server());
	PGresult *result = PQexec(connection, sql);

	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(connection));
	PQclear(result);
	PQfinish(connection);
}

// What stands for the folder in the names of its schemas: the random end of its path, in small letters.
static const char *schema_prefix(const struct made_folder *folder)
{
	static char prefix[64];
	size_t length = strlen(folder->path);

	(void)snprintf(prefix, sizeof(prefix), "slabmark_test_%s", folder->path + length - 6);
	for (char *c = prefix; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return prefix;
}

static void schemas_drop(const struct made_folder *folder)
{
	char sql[512];

	(void)snprintf(sql, sizeof(sql),
		"SET client_min_messages = warning; DO $$ DECLARE name TEXT; BEGIN FOR name IN "
		"SELECT nspname FROM pg_namespace WHERE starts_with(nspname, '%s') LOOP EXECUTE "
		"'DROP SCHEMA ' || quote_ident(name) || ' CASCADE'; END LOOP; END $$",
		schema_prefix(folder));
	server_execute(sql);
}

static void schema_path(const struct made_folder *folder, const char *name, char *path, size_t size)
{
	char schema[128];
	char sql[256];

	(void)snprintf(schema, sizeof(schema), "%s_%s", schema_prefix(folder), name);
	for (char *c = schema; *c; c++)
		*c = (char)(isalnum((unsigned char)*c) ? tolower((unsigned char)*c) : '_');
	(void)snprintf(sql, sizeof(sql),
		"SET client_min_messages = warning; CREATE SCHEMA IF NOT EXISTS %s", schema);
	server_execute(sql);
	(void)snprintf(path, size, "%s%coptions=-csearch_path%%3D%s", server(),
		strchr(server(), '?') ? '&' : '?', schema);
}

void made_folder_create(struct made_folder *folder)
{
	(void)snprintf(folder->path, sizeof(folder->path), "/tmp/slabmark-results-XXXXXX");
	if (!mkdtemp(folder->path))
		fail_msg("no temporary folder");
}

void made_folder_remove(const struct made_folder *folder)
{
	char command[128];

	if (server())
		schemas_drop(folder);
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", folder->path);
	if (system(command) != 0) // NOLINT(cert-env33-c): a fixed command on a path of our own
		fail_msg("could not remove %s", folder->path);
}

const char *path_in(const struct made_folder *folder, const char *name)
{
	static char paths[4][512];
	static int next;
	char *path = paths[next++ % 4];
	size_t length = strlen(name);

	if (server() && length > 3 && strcmp(name + length - 3, ".db") == 0)
		schema_path(folder, name, path, sizeof(paths[0]));
	else
		(void)snprintf(path, sizeof(paths[0]), "%s/%s", folder->path, name);
	return path;
}

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

struct store *made_store(const char *path)
{
	struct problem problem;
	struct store *store;

	if (!store_open(&store, path, STORE_WRITE, &problem))
		fail_msg("%s", problem.text);
	return store;
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
