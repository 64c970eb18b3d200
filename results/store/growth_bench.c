// SPDX-License-Identifier: GPL-2.0-or-later
// What a store that has grown costs its readers, for the figures of README.md: it fills a store with
// nights of 100 processes (10 configs under 10 workloads) of 100 benchmarks each, 10 000 series in
// all, and times what a user waits for. Usage: results-growth-bench [SAMPLES [STORE]]; the store is a
// new file, or a URL of an empty database. With 0 samples it reads what an earlier call filled.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#include "results/compare/compare.h"
#include "results/history/history.h"
#include "results/made/results.h"
#include "sessions.h"

enum { CONFIGS = 10, WORKLOADS = 10, BENCHMARKS = 100, NAME_SIZE = 64 };
enum { NIGHT_SAMPLES = CONFIGS * WORKLOADS * BENCHMARKS, SAMPLES_DEFAULT = 1000000 };

static const int64_t NIGHT_NS = INT64_C(86400) * 1000000000;
static const int64_t FIRST_NS = INT64_C(1795363200) * 1000000000;

static struct problem problem;

static void need(bool is_good)
{
	if (is_good)
		return;
	fprintf(stderr, "results-growth-bench: %s\n", problem.text);
	exit(problem.status);
}

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

// ---- filling

static void process_add(
	struct store *store, int64_t session, size_t night, int config, int workload)
{
	char config_name[NAME_SIZE];
	char workload_name[NAME_SIZE];
	char name[NAME_SIZE];
	json_t *document;

	snprintf(config_name, sizeof(config_name), "config%d", config);
	snprintf(workload_name, sizeof(workload_name), "work%d", workload);
	document = made_document(config_name);
	for (int i = 0; i < BENCHMARKS; i++) {
		snprintf(name, sizeof(name), "work%d/size:%d", workload, 8 * (i + 1));
		made_sample(document, name,
			10 + i + 0.01 * sin((double)night + config * 7 + workload * 3 + i));
	}
	made_process(store, session, 1, config_name, workload_name, document);
}

static void night_add(struct store *store, size_t night)
{
	const struct store_session begun = {.command = "slabmark run (made)",
		.plan = "{}",
		.started_unix_ns = FIRST_NS + (int64_t)night * NIGHT_NS};
	int64_t session;

	need(store_session_begin(store, &begun, &session, &problem));
	for (int config = 0; config < CONFIGS; config++)
		for (int workload = 0; workload < WORKLOADS; workload++)
			process_add(store, session, night, config, workload);
	need(store_session_end(store, session, "complete", &problem));
}

static void fill(struct store *store, size_t nights)
{
	double begin = now_s();
	double seconds;

	for (size_t night = 0; night < nights; night++)
		night_add(store, night);
	seconds = now_s() - begin;
	printf("%zu samples of %d series in %.0f s, %.0f a second\n", nights * NIGHT_SAMPLES,
		NIGHT_SAMPLES, seconds, (double)(nights * NIGHT_SAMPLES) / seconds);
}

// ---- reading

static void read_sessions(struct store *store)
{
	json_t *sessions = store_sessions(store, &problem);

	need(sessions != NULL);
	json_decref(sessions);
}

static void read_comparison(struct store *store)
{
	static const char *const sides[] = {"config0", "config1"};
	const struct compare_options options = {.sides = sides,
		.sides_count = 2,
		.margin = COMPARE_MARGIN_DEFAULT,
		.alpha = COMPARE_ALPHA_DEFAULT};
	struct comparison *comparison;

	need(compare_make(store, &options, &comparison, &problem));
	comparison_free(comparison);
}

// The history of one config under one workload: 100 series.
static void read_history(struct store *store)
{
	static const char *const config = "config3";
	static const char *const workload = "work4";
	const struct history_filter filter = {.configs = &config,
		.configs_count = 1,
		.workloads = &workload,
		.workloads_count = 1};
	struct history history = {0};

	need(history_read(store, &filter, &history, &problem));
	history_free(&history);
}

static const struct {
	const char *what;
	void (*read)(struct store *store);
} READINGS[] = {
	{"the list of sessions", read_sessions},
	{"a comparison of the newest night, two configs, 1000 series", read_comparison},
	{"the history of a config under a workload, 100 series", read_history},
};

int main(int argc, char **argv)
{
	size_t wanted = argc > 1 ? strtoull(argv[1], NULL, 10) : SAMPLES_DEFAULT;
	const char *path = argc > 2 ? argv[2] : "growth.db";
	struct store *store;

	if (wanted > 0 && !store_is_url(path) && access(path, F_OK) == 0) {
		fprintf(stderr, "results-growth-bench: %s is there already\n", path);
		return EXIT_WRONG_USE;
	}
	need(store_open(&store, path, wanted > 0 ? STORE_WRITE : STORE_READ, &problem));
	if (wanted > 0)
		fill(store, (wanted + NIGHT_SAMPLES - 1) / NIGHT_SAMPLES);
	for (size_t i = 0; i < sizeof(READINGS) / sizeof(READINGS[0]); i++) {
		double begin = now_s();

		READINGS[i].read(store);
		printf("%7.3f s  %s\n", now_s() - begin, READINGS[i].what);
	}
	store_close(store);
	return EXIT_GOOD;
}
