// SPDX-License-Identifier: GPL-2.0-or-later
// Makes nights out of tables of machines, configs, benchmarks and regressions. Entry: made_year().
#include "year.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "results/compare/calibration.h"
#include "results/compare/compare.h"
#include "results/compare/selfcheck.h"
#include "results/store/internal.h"

static const struct {
	const char *fingerprint;
	const char *host;
	const char *processor;
	const char *summary;
	const char *topology; // hwloc's synthetic description
	double speed; // of its times to those of the tables
} MACHINES[MADE_MACHINES] = {
	{"feedfacecafebeef", "rome", "AMD EPYC 7763 64-Core Processor",
		"2 packages, 4 nodes, 32 cores, 64 hardware threads",
		"Package:2 NUMANode:2 L3Cache:2 Core:4 PU:2", 1},
	{"0123456789abcdef", "altra", "Ampere Altra Q80-30",
		"1 package, 2 nodes, 16 cores, 16 hardware threads",
		"Package:1 NUMANode:2 L3Cache:1 Core:8 PU:1", 1.35},
	{"abad1deadeadf00d", "ice", "Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz",
		"2 packages, 2 nodes, 16 cores, 32 hardware threads",
		"Package:2 [NUMANode(memory=68719476736)] L3Cache:1(size=50331648) Core:8 "
		"PU:2(indexes=2*16:1*2)",
		1.1},
};

// A config's times are those of the tables by these: alone, where two CPUs meet, over all.
static const struct {
	const char *name;
	const char *description;
	bool is_slab;
	double alone, remote;
} CONFIGS[MADE_CONFIGS] = {
	{"default", "Linux 5.10 as a NUMA distribution built it", true, 1, 1},
	{"nocolour", "default without colouring", true, 1.001, 1.002},
	{"offslab", "default with freelists outside the slab wherever possible", true, 1.02, 1.03},
	{"noshared", "default without shared arrays", true, 1.003, 1.9},
	{"noalien", "default without alien caches", true, 0.998, 1.25},
	{"minimal", "nocolour, noshared and noalien", true, 0.995, 2.1},
	{"hardened", "random freelists, checks on free, zeroed objects", true, 1.42, 1.2},
	{"stats", "default with slabinfo's statistics columns", true, 1.08, 1.05},
	{"debug", "poison, red zones, last user", true, 4.6, 2.9},
	{"glibc", "peer: the C library's malloc", false, 2.4, 18},
	{"jemalloc", "peer: jemalloc's malloc", false, 1.4, 2.2},
	{"null", "floor: a stack of ready pointers a thread", false, 0.3, 0.8},
};

static const struct {
	const char *workload;
	const char *name;
	double ns;
	bool is_remote; // two CPUs meet in it
} BENCHMARKS[MADE_BENCHMARKS] = {
	{"pair", "pair/size:32/real_time", 9.1, false},
	{"pair", "pair/size:192/real_time", 9.4, false},
	{"pair", "pair/size:1024/real_time", 9.9, false},
	{"batch", "batch/size:192/real_time", 14.2, false},
	{"batch", "batch/size:1024/real_time", 19.7, false},
	{"handover", "handover/size:192/relation:same-cache/real_time/threads:2", 41, true},
	{"handover", "handover/size:192/relation:same-node/real_time/threads:2", 52, true},
	{"handover", "handover/size:192/relation:node-near/real_time/threads:2", 88, true},
	{"handover", MADE_SLOWER_SERIES, 131, true},
	{"pair-threads", "pair-threads/size:192/relation:same-node/real_time/threads:1", 9.4,
		false},
	{"pair-threads", "pair-threads/size:192/relation:same-node/real_time/threads:2", 9.6,
		false},
	{"pair-threads", "pair-threads/size:192/relation:same-node/real_time/threads:4", 10.3,
		false},
	{"pair-threads", "pair-threads/size:192/relation:same-node/real_time/threads:8", 12.9,
		false},
	{"kmalloc-mixed", "kmalloc-mixed/real_time", 52.3, false},
};

// Where times took another level. Of the last night where first is -1.
static const struct {
	size_t machine; // MADE_MACHINES: on all
	const char *config; // NULL: all of slab's
	const char *name;
	int first, last; // nights
	double ratio;
} CHANGES[] = {
	{0, NULL, MADE_SLOWER_SERIES, -1, -1, MADE_SLOWER},
	{0, "minimal", MADE_FASTER_SERIES, -1, -1, MADE_FASTER},
	{MADE_MACHINES, NULL, "pair/size:192/real_time", 200, 239, 1.05}, // and mended again
	{1, NULL, "kmalloc-mixed/real_time", 300, 1 << 20, 1.08}, // with the kernel
	{2, "offslab", "batch/size:1024/real_time", 120, 1 << 20, 0.88},
	{0, "hardened", "batch/size:192/real_time", 340, 1 << 20, 1.15},
};

enum { KERNEL_NIGHT = 300, OFF_FIRST = 100, OFF_LAST = 108 };

static const int64_t FIRST_NIGHT_NS = 1764036000000000000; // 25 November 2025, 02:00 UTC
static const int64_t DAY_NS = 86400000000000;

struct maker {
	struct store *store;
	const struct made_year *wanted;
	gsl_rng *random;
	int night;
	size_t machine;
	int64_t session;
	double night_luck[MADE_BENCHMARKS]; // logs
};

static void must(bool is_good, const struct problem *problem)
{
	if (is_good)
		return;
	(void)fprintf(stderr, "made year: %s\n", problem->text);
	exit(EXIT_NOT_MEASURED);
}

static bool is_last(const struct maker *maker)
{
	return maker->night == maker->wanted->nights - 1;
}

static double change_of(const struct maker *maker, size_t config, size_t benchmark)
{
	double ratio = 1;

	for (size_t i = 0; i < sizeof(CHANGES) / sizeof(CHANGES[0]); i++) {
		bool is_then = CHANGES[i].first < 0 ? is_last(maker)
						    : maker->night >= CHANGES[i].first &&
							      maker->night <= CHANGES[i].last;
		bool is_there =
			CHANGES[i].machine == MADE_MACHINES || CHANGES[i].machine == maker->machine;
		bool is_its = CHANGES[i].config
				      ? strcmp(CHANGES[i].config, CONFIGS[config].name) == 0
				      : CONFIGS[config].is_slab;

		if (is_then && is_there && is_its &&
			strcmp(CHANGES[i].name, BENCHMARKS[benchmark].name) == 0)
			ratio *= CHANGES[i].ratio;
	}
	// A slow drift of half a per cent a month.
	if (maker->machine == 2 && benchmark == 4 && CONFIGS[config].is_slab)
		ratio *= exp(0.00017 * maker->night);
	return ratio;
}

static json_t *context_of(const struct maker *maker, const char *config, const char *description)
{
	bool is_new = maker->machine == 1 && maker->night >= KERNEL_NIGHT;
	char commit[41];
	char seed[24];

	(void)snprintf(commit, sizeof(commit), "%08x%032x",
		0x9e3779b9u * (unsigned)(maker->night + 1), maker->night);
	(void)snprintf(seed, sizeof(seed), "%lu", gsl_rng_get(maker->random));
	return json_pack(
		"{s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, "
		"s:s, s:s, s:s, s:s, s:[f,f,f]}",
		"host_name", MACHINES[maker->machine].host, "num_cpus", 64, "slabmark_version",
		"0.1.0", "commit", commit, "config", config, "config_description", description,
		"cpu_mode", "rseq", "compiler", "GNU 12.2.0", "compiler_flags", "-O2 -g",
		"build_type", "Release", "machine", MACHINES[maker->machine].fingerprint, "kernel",
		is_new ? "Linux 6.1.0-21-amd64" : "Linux 6.1.0-13-amd64", "cpu_model",
		MACHINES[maker->machine].processor, "topology_summary",
		MACHINES[maker->machine].summary, "topology", MACHINES[maker->machine].topology,
		"governor", "performance", "smt", "on", "thp", "madvise", "time_source",
		"steady_clock", "seed", seed, "load_avg", 0.1 + gsl_rng_uniform(maker->random), 0.2,
		0.2);
}

// What the allocator counted, an operation.
static void counters_add(json_t *benchmark, const struct maker *maker, size_t config, size_t number)
{
	bool is_far = strstr(BENCHMARKS[number].name, "relation:node-") != NULL;
	double busy = BENCHMARKS[number].is_remote ? 1 : 0.1;

	if (!CONFIGS[config].is_slab)
		return;
	if (is_far) {
		json_object_set_new(benchmark, "remote_frees.node1.node0", json_real(1));
		json_object_set_new(benchmark, "remote_frees.node0.node1", json_real(0));
	}
	json_object_set_new(benchmark, "refills", json_real(0.016 * busy));
	json_object_set_new(benchmark, "flushes", json_real(0.016 * busy));
	json_object_set_new(benchmark, "remote_frees", json_real(is_far ? 1 : 0));
	json_object_set_new(benchmark, "list_lock_takes",
		json_real(0.034 * busy * (is_far ? change_of(maker, config, number) : 1)));
	json_object_set_new(benchmark, "geometry_objects_per_slab", json_real(21));
	json_object_set_new(benchmark, "geometry_slab_bytes", json_real(4096));
}

// Where the threads ran, in the words of a measured program. The second CPU lies as far as it says.
static json_t *label_of(const struct maker *maker, size_t number)
{
	static const struct {
		const char *relation;
		int cpu, node;
	} SECOND[] = {{"same-cache", 2, 0}, {"same-node", 9, 0}, {"node-near", 17, 1},
		{"node-far", 49, 3}};
	char text[128];

	for (size_t i = 0; i < sizeof(SECOND) / sizeof(SECOND[0]); i++) {
		int node = maker->machine == 0 ? SECOND[i].node : SECOND[i].node > 0;
		int cpu = maker->machine == 0   ? SECOND[i].cpu
			  : maker->machine == 1 ? SECOND[i].node > 0 ? 9 : 1 + (int)i
			  : SECOND[i].node > 0  ? 8
						: 2 + 2 * (int)i;

		(void)snprintf(text, sizeof(text),
			"producer on CPU 0 of node 0, consumer on CPU %d of node %d", cpu, node);
		if (strcmp(BENCHMARKS[number].workload, "handover") == 0 &&
			strstr(BENCHMARKS[number].name, SECOND[i].relation))
			return json_string(text);
	}
	return json_string("worker on CPU 0 of node 0");
}

static void benchmark_add(
	const struct maker *maker, json_t *benchmarks, size_t config, size_t number, double luck)
{
	double ns =
		BENCHMARKS[number].ns * MACHINES[maker->machine].speed *
		(BENCHMARKS[number].is_remote ? CONFIGS[config].remote : CONFIGS[config].alone) *
		change_of(maker, config, number) *
		exp(maker->night_luck[number] + luck + gsl_ran_gaussian(maker->random, 0.004));
	json_t *benchmark = json_pack("{s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:f, s:f, s:s, s:f}",
		"name", BENCHMARKS[number].name, "run_name", BENCHMARKS[number].name, "run_type",
		"iteration", "repetitions", 1, "repetition_index", 0, "threads",
		BENCHMARKS[number].is_remote ? 2 : 1, "iterations", 100000, "real_time", ns,
		"cpu_time", ns, "time_unit", "ns", "migrations",
		gsl_rng_uniform(maker->random) < 0.0005 ? 1.0 : 0.0);

	json_object_set_new(benchmark, "label", label_of(maker, number));
	counters_add(benchmark, maker, config, number);
	json_array_append_new(benchmarks, benchmark);
}

static void process_store(const struct maker *maker, int round, const char *config,
	const char *workload, json_t *document)
{
	const struct store_process process = {
		.session = maker->session,
		.round = round,
		.config = config,
		.workload = workload,
		.started_unix_ns = FIRST_NIGHT_NS + maker->night * DAY_NS + round * 60000000000,
		.elapsed_s = 0.5,
	};
	struct problem problem;

	must(store_process_add(maker->store, &process, document, &problem), &problem);
	json_decref(document);
}

// One process: the benchmarks from `first` on that are of its workload. Returns the next one.
static size_t process_add(const struct maker *maker, int round, size_t config, size_t first)
{
	const char *workload = BENCHMARKS[first].workload;
	double luck = gsl_ran_gaussian(
		maker->random, gsl_rng_uniform(maker->random) < 0.03 ? 0.05 : 0.01);
	json_t *benchmarks = json_array();
	size_t number = first;

	for (; number < MADE_BENCHMARKS && strcmp(BENCHMARKS[number].workload, workload) == 0;
		number++)
		benchmark_add(maker, benchmarks, config, number, luck);
	process_store(maker, round, CONFIGS[config].name, workload,
		json_pack("{s:o, s:o}", "context",
			context_of(maker, CONFIGS[config].name, CONFIGS[config].description),
			"benchmarks", benchmarks));
	return number;
}

// A config that ran on a made-up machine, and is called simulated.
static void simulated_add(const struct maker *maker)
{
	json_t *context = context_of(maker, "onslab", "default with freelists inside the slab");
	json_t *benchmarks = json_array();

	json_object_set_new(context, "simulated", json_string("topology from HWLOC_SYNTHETIC"));
	benchmark_add(maker, benchmarks, 0, 1, 0);
	process_store(maker, 0, "onslab", "pair",
		json_pack("{s:o, s:o}", "context", context, "benchmarks", benchmarks));
}

static void hostile_add(const struct maker *maker, int round)
{
	json_t *benchmarks = json_array();

	benchmark_add(maker, benchmarks, 0, 0, 0);
	json_object_set_new(
		json_array_get(benchmarks, 0), "name", json_string(MADE_HOSTILE "/\"'&/real_time"));
	process_store(maker, round, MADE_HOSTILE, MADE_HOSTILE,
		json_pack("{s:o, s:o}", "context",
			context_of(maker, MADE_HOSTILE, "</script><script>alert(1)</script>"),
			"benchmarks", json_deep_copy(benchmarks)));
	process_store(maker, round, "default", MADE_HOSTILE,
		json_pack("{s:o, s:o}", "context",
			context_of(maker, "default", CONFIGS[0].description), "benchmarks",
			benchmarks));
}

static void round_add(const struct maker *maker, int round)
{
	for (size_t config = 0; config < maker->wanted->configs; config++) {
		for (size_t next = 0; next < MADE_BENCHMARKS;)
			next = process_add(maker, round, config, next);
	}
	if (maker->machine == 0 && is_last(maker) && maker->wanted->with_hostile_names)
		hostile_add(maker, round);
}

static void session_add(struct maker *maker)
{
	const struct store_session session = {
		.command = "slabmark run --until=verdict",
		.plan = "{}",
		.started_unix_ns = FIRST_NIGHT_NS + maker->night * DAY_NS,
	};
	struct problem problem;
	int rounds = is_last(maker) ? MADE_LAST_ROUNDS : MADE_ROUNDS;

	must(store_session_begin(maker->store, &session, &maker->session, &problem), &problem);
	for (size_t i = 0; i < MADE_BENCHMARKS; i++)
		maker->night_luck[i] = gsl_ran_gaussian(maker->random, 0.003);
	for (int round = 0; round < rounds; round++)
		round_add(maker, round);
	if (is_last(maker) && maker->machine == 1)
		simulated_add(maker);
	must(store_session_end(maker->store, maker->session, "complete", &problem), &problem);
}

// What `slabmark calibrate` would have found on the first two machines.
static void calibrations_add(const struct maker *maker, size_t machine)
{
	struct calibration items[MADE_BENCHMARKS];
	const struct calibrations found = {items, MADE_BENCHMARKS};
	struct problem problem;

	for (size_t i = 0; i < MADE_BENCHMARKS; i++)
		items[i] = (struct calibration){
			.machine = (char *)MACHINES[machine].fingerprint,
			.series = (char *)BENCHMARKS[i].name,
			.config = "default",
			.session = maker->session,
			.rounds = 20,
			.spread = 0.012,
			.layout = NAN,
			.smallest = {0.024, 0.015, 0.0098, 0.0066},
			.margin = COMPARE_MARGIN_DEFAULT,
		};
	must(calibrations_write(maker->store, &found, FIRST_NIGHT_NS, &problem), &problem);
}

// A session that measured a program, its copy and a slowed one, as the harness checks itself.
static void selfcheck_add(struct maker *maker)
{
	static const struct {
		const char *config;
		double ratio;
	} SIDES[] = {{"default", 1}, {"default" SELFCHECK_COPY, 1},
		{"default" SELFCHECK_SLOW "5", 1.05}};
	const struct store_session session = {.command = "slabmark selfcheck (made)",
		.plan = "{\"purpose\":\"" SELFCHECK_PURPOSE "\"}",
		.started_unix_ns = FIRST_NIGHT_NS};
	struct problem problem;

	maker->night = maker->machine = 0;
	must(store_session_begin(maker->store, &session, &maker->session, &problem), &problem);
	for (int round = 0; round < MADE_LAST_ROUNDS; round++) {
		for (size_t side = 0; side < 3; side++) {
			json_t *benchmarks = json_array();

			for (size_t number = 0; number < 3; number++)
				benchmark_add(maker, benchmarks, 0, number, log(SIDES[side].ratio));
			process_store(maker, round, SIDES[side].config, "pair",
				json_pack("{s:o, s:o}", "context",
					context_of(maker, "default", CONFIGS[0].description),
					"benchmarks", benchmarks));
		}
	}
	must(store_session_end(maker->store, maker->session, "complete", &problem), &problem);
}

void made_year(struct store *store, const struct made_year *wanted)
{
	struct maker maker = {
		.store = store, .wanted = wanted, .random = gsl_rng_alloc(gsl_rng_mt19937)};
	struct problem problem;

	gsl_rng_set(maker.random, 365);
	for (; maker.night < wanted->nights; maker.night++) {
		must(store_begin(store, &problem), &problem);
		for (maker.machine = 0; maker.machine < wanted->machines; maker.machine++) {
			bool is_off = maker.machine == 2 && maker.night >= OFF_FIRST &&
				      maker.night <= OFF_LAST;

			if (!is_off)
				session_add(&maker);
		}
		must(store_commit(store, &problem), &problem);
	}
	selfcheck_add(&maker);
	gsl_rng_free(maker.random);
	for (size_t machine = 0; machine < wanted->machines && machine < 2; machine++)
		calibrations_add(&maker, machine);
}
