// SPDX-License-Identifier: GPL-2.0-or-later
// From a short run to a long one. A process spends its time on starting, on what is around each loop
// (threads that start, warm-up), and on the loops. The first two are what the short one took beside its
// loops; the loops are known from the time of an operation.
#include "estimate.h"

#include <stdlib.h>
#include <string.h>

#include "harness/process/clock.h"
#include "results/text/memory.h"
#include "step.h"

static const double MOMENT_S = 0.005; // that the short run asks for

struct estimate_loops estimate_loops(double smallest_s, double min_time_s)
{
	struct estimate_loops loops = {.last_s = smallest_s, .seconds = smallest_s, .count = 1};

	while (loops.last_s > 0 && loops.last_s < min_time_s) {
		double factor = min_time_s * 1.4 / loops.last_s;

		if (loops.last_s <= min_time_s * 0.1 && factor > 10)
			factor = 10;
		loops.last_s *= factor > 1 ? factor : 2;
		loops.seconds += loops.last_s;
		loops.count++;
	}
	return loops;
}

// The operations of the smallest loop of a benchmark; 0: the program does not say.
static double operations_of(const json_t *workload, const char *name)
{
	const json_t *names = json_object_get(workload, "benchmarks");
	const json_t *numbers = json_object_get(workload, "operations");

	for (size_t i = 0; name && i < json_array_size(names); i++)
		if (strcmp(json_string_value(json_array_get(names, i)), name) == 0)
			return json_number_value(json_array_get(numbers, i));
	return 0;
}

struct sums {
	double seconds;
	int count;
};

// A repetition begins with as many operations as the first one came to.
static void loops_add(struct sums *sums, const struct estimate_loops *loops, bool is_first)
{
	sums->seconds += is_first ? loops->seconds : loops->last_s;
	sums->count += is_first ? loops->count : 1;
}

static void benchmark_add(const json_t *benchmark, const json_t *workload, double asked_s,
	double min_time_s, struct sums *taken, struct sums *wanted)
{
	const char *type = json_string_value(json_object_get(benchmark, "run_type"));
	const char *name = json_string_value(json_object_get(benchmark, "run_name"));
	double time_ns = json_number_value(json_object_get(benchmark, "real_time"));
	bool is_first = json_integer_value(json_object_get(benchmark, "repetition_index")) == 0;
	double smallest_s = operations_of(workload, name) * time_ns * 1e-9;
	struct estimate_loops short_loops = estimate_loops(smallest_s, asked_s);
	struct estimate_loops long_loops = estimate_loops(smallest_s, min_time_s);

	if (type && strcmp(type, "aggregate") == 0)
		return;
	loops_add(taken, &short_loops, is_first);
	loops_add(wanted, &long_loops, is_first);
}

// What a process will take of which a short one took elapsed_s, startup_s of these to start.
static double process_estimate(const json_t *document, const json_t *workload, double elapsed_s,
	double startup_s, double asked_s, double min_time_s)
{
	struct sums taken = {0};
	struct sums wanted = {0};
	const json_t *benchmark;
	size_t i;

	json_array_foreach(json_object_get(document, "benchmarks"), i, benchmark)
		benchmark_add(benchmark, workload, asked_s, min_time_s, &taken, &wanted);
	double beside_s = elapsed_s - startup_s - taken.seconds;
	double around_s = beside_s > 0 && taken.count > 0 ? beside_s / taken.count : 0;
	return startup_s + wanted.seconds + around_s * wanted.count;
}

// One process of the side and workload.
static bool pair_estimate(const struct run *run, const struct plan_step *step, double startup_s,
	double *seconds, struct problem *problem)
{
	const struct side *side = &run->selection.sides[step->side];
	const struct step_watch nobody = {.tick = NULL};
	struct run moment = *run;
	struct step_outcome outcome;

	moment.min_time_s = run->min_time_s < MOMENT_S ? run->min_time_s : MOMENT_S;
	if (!step_measure(&moment, step, &nobody, &outcome, problem))
		return false;
	bool is_good = outcome.document != NULL;
	if (is_good)
		*seconds = process_estimate(outcome.document,
			program_workload(&side->program, run->selection.workloads[step->workload]),
			outcome.process.elapsed_s, startup_s, moment.min_time_s, run->min_time_s);
	else
		problem_set(problem, EXIT_NOT_MEASURED,
			"how long it takes is not known: %s of %s: the process %s",
			run->selection.workloads[step->workload], run->selection.labels[step->side],
			outcome.fault);
	step_outcome_free(&outcome);
	return is_good;
}

// What a process takes that only says what there is.
static bool startup_time(
	const struct run *run, size_t side, double *seconds, struct problem *problem)
{
	struct program program;
	const struct program *asked = &run->selection.sides[side].program;
	double start_s = clock_now_s();
	bool is_good = program_make(&program, asked->config, asked->path) ||
		       no_memory(problem, "a program");

	is_good = is_good && program_ask(&program, run->selection.told, problem);
	*seconds = clock_now_s() - start_s;
	program_free(&program);
	return is_good;
}

// What is known of a plan's parts.
struct parts {
	double *startup_s; // by side
	double *pairs_s; // [workload * sides + side]; 0: not tried yet
};

// Steps of one side and workload take the same time: the first of them is tried.
static bool steps_add(
	const struct run *run, struct parts parts, double *seconds, struct problem *problem)
{
	size_t sides = run->selection.sides_count;
	bool is_good = true;

	for (size_t side = 0; is_good && side < sides; side++)
		is_good = startup_time(run, side, &parts.startup_s[side], problem);
	for (size_t i = 0; is_good && i < run->plan.count; i++) {
		const struct plan_step *step = &run->plan.steps[i];
		double *pair_s = &parts.pairs_s[step->workload * sides + step->side];

		is_good = *pair_s > 0 ||
			  pair_estimate(run, step, parts.startup_s[step->side], pair_s, problem);
		*seconds += *pair_s;
	}
	return is_good;
}

bool estimate_make(const struct run *run, double *seconds, struct problem *problem)
{
	const struct selection *selection = &run->selection;
	struct parts parts = {
		.startup_s = calloc(selection->sides_count + 1, sizeof(*parts.startup_s)),
		.pairs_s = calloc(selection->workloads_count * selection->sides_count + 1,
			sizeof(*parts.pairs_s)),
	};
	bool is_good = false;

	*seconds = 0;
	if (parts.startup_s && parts.pairs_s)
		is_good = steps_add(run, parts, seconds, problem);
	else
		no_memory(problem, "the estimate");
	free(parts.startup_s);
	free(parts.pairs_s);
	return is_good;
}
