// SPDX-License-Identifier: GPL-2.0-or-later
// How fast a store takes samples in, and how long a comparison out of it takes. Not a test: its
// figures depend on the machine. Usage: results-store-bench STORE; a SQLite file that is not there
// yet, or the URL of an empty schema. Each figure comes as the median of five repeats and their
// range; then by this program's processor time, in which others that use the machine do not show,
// nor does the server.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "internal.h"
#include "results/compare/compare.h"
#include "store.h"

enum { REPEATS = 5, SERIES = 500, ROUNDS = 20 };

// What is put in: so many samples at a time, for a session of so many processes.
static const struct {
	const char *what;
	int processes;
	int samples; // of each process
	bool is_one_transaction; // as an import of one file; else one for each process, as a run
} INSERTS[] = {
	{"import, 100 samples a process", 1000, 100, true},
	{"import, 1 sample a process", 10000, 1, true},
	{"run, 100 samples a process", 500, 100, false},
	{"run, 1 sample a process", 2000, 1, false},
};

static void give_up(const struct problem *problem)
{
	(void)fprintf(stderr, "results-store-bench: %s\n", problem->text);
	exit(problem->status);
}

struct moment {
	double wall_s;
	double processor_s;
};

static double seconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct moment moment_now(void)
{
	return (struct moment){seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID)};
}

static struct moment moment_since(struct moment start)
{
	struct moment now = moment_now();

	return (struct moment){now.wall_s - start.wall_s, now.processor_s - start.processor_s};
}

// A document as the measured programs write it, with as many counters as they have.
static json_t *document_make(const char *config, int samples)
{
	json_t *document = json_pack("{s:{s:s, s:s, s:s, s:s, s:s}, s:[]}", "context", "config",
		config, "commit", "0123456789abcdef0123456789abcdef01234567", "machine",
		"feedfacecafebeef", "compiler", "gcc 12.2.0", "seed", "42", "benchmarks");

	for (int i = 0; i < samples; i++) {
		char name[64];
		double time = 10 + i + (double)(random() % 1000) / 10000;

		(void)snprintf(name, sizeof(name), "series/%03d/real_time", i % SERIES);
		json_array_append_new(json_object_get(document, "benchmarks"),
			json_pack(
				"{s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:f, s:f, s:s, s:f, s:f, s:f, "
				"s:f, s:f, s:s}",
				"name", name, "run_name", name, "run_type", "iteration",
				"repetitions", 1, "repetition_index", 0, "threads", 2, "iterations",
				100000 + i, "real_time", time, "cpu_time", time * 2, "time_unit",
				"ns", "items_per_second", 1e9 / time, "migrations", 0.0,
				"context_switches_voluntary", 2.0, "context_switches_involuntary",
				1.0, "page_faults", 12.0, "label", "cpus 0 and 1"));
	}
	return document;
}

static int64_t session_begin(struct store *store)
{
	const struct store_session session = {
		.command = "results-store-bench", .plan = "{}", .started_unix_ns = 1};
	struct problem problem;
	int64_t id;

	if (!store_session_begin(store, &session, &id, &problem))
		give_up(&problem);
	return id;
}

static void process_add(
	struct store *store, int64_t session, int round, const char *config, const json_t *document)
{
	const struct store_process process = {.session = session,
		.round = round,
		.config = config,
		.workload = "series",
		.elapsed_s = 0.5};
	struct problem problem;

	if (!store_process_add(store, &process, document, &problem))
		give_up(&problem);
}

// Begins or ends a transaction.
static void must(bool is_good, const struct problem *problem)
{
	if (!is_good)
		give_up(problem);
}

static struct moment insert_once(struct store *store, size_t insert, const json_t *document)
{
	int64_t session = session_begin(store);
	struct problem problem;
	struct moment start = moment_now();

	if (INSERTS[insert].is_one_transaction)
		must(store_begin(store, &problem), &problem);
	for (int i = 0; i < INSERTS[insert].processes; i++)
		process_add(store, session, i, "default", document);
	if (INSERTS[insert].is_one_transaction)
		must(store_commit(store, &problem), &problem);
	return moment_since(start);
}

static int by_wall(const void *a, const void *b)
{
	double x = ((const struct moment *)a)->wall_s;
	double y = ((const struct moment *)b)->wall_s;

	return (x > y) - (x < y);
}

static void measure_insert(struct store *store, size_t insert)
{
	json_t *document = document_make("default", INSERTS[insert].samples);
	double count = INSERTS[insert].processes * INSERTS[insert].samples;
	struct moment times[REPEATS];

	for (int i = 0; i < REPEATS; i++)
		times[i] = insert_once(store, insert, document);
	qsort(times, REPEATS, sizeof(times[0]), by_wall);
	printf("%-34s %8.0f samples/s (%.0f to %.0f), %.0f by processor time\n",
		INSERTS[insert].what, count / times[REPEATS / 2].wall_s,
		count / times[REPEATS - 1].wall_s, count / times[0].wall_s,
		count / times[REPEATS / 2].processor_s);
	json_decref(document);
}

// 500 series × 40 processes: two configs in 20 rounds.
static void measure_compare(struct store *store)
{
	static const char *const CONFIGS[] = {"default", "other"};
	const struct compare_options options = {.sides = CONFIGS,
		.sides_count = 2,
		.margin = COMPARE_MARGIN_DEFAULT,
		.alpha = COMPARE_ALPHA_DEFAULT};
	int64_t session = session_begin(store);
	struct moment times[REPEATS];

	for (int i = 0; i < 2 * ROUNDS; i++) {
		json_t *document = document_make(CONFIGS[i % 2], SERIES);

		process_add(store, session, i / 2, CONFIGS[i % 2], document);
		json_decref(document);
	}
	for (int i = 0; i < REPEATS; i++) {
		struct comparison *comparison;
		struct problem problem;

		struct moment start = moment_now();

		must(compare_make(store, &options, &comparison, &problem), &problem);
		times[i] = moment_since(start);
		if (comparison->rows_count != SERIES)
			(void)fprintf(stderr, "only %zu rows\n", comparison->rows_count);
		comparison_free(comparison);
	}
	qsort(times, REPEATS, sizeof(times[0]), by_wall);
	printf("%-34s %8.3f s (%.3f to %.3f), %.3f by processor time\n",
		"compare, 500 series x 40 processes", times[REPEATS / 2].wall_s, times[0].wall_s,
		times[REPEATS - 1].wall_s, times[REPEATS / 2].processor_s);
}

int main(int argc, char **argv)
{
	struct problem problem;
	struct store *store;

	if (argc != 2) {
		(void)fprintf(stderr, "usage: results-store-bench STORE\n");
		return EXIT_WRONG_USE;
	}
	must(store_open(&store, argv[1], STORE_WRITE, &problem), &problem);
	measure_compare(store);
	for (size_t i = 0; i < sizeof(INSERTS) / sizeof(INSERTS[0]); i++)
		measure_insert(store, i);
	store_close(store);
	return EXIT_GOOD;
}
