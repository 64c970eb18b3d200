// SPDX-License-Identifier: GPL-2.0-or-later
// Which benchmarks there are: of each workload, each combination of its parameters' values, its numbers
// of threads, and placements. Entry: measured_benchmarks_make().
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "benchmark.h"
#include "gbench.h"
#include "naming.h"
#include "results/text/memory.h"

enum { BENCHMARKS_MAX = 10000 };

static const char NOT_SIMULATED[] =
	"valgrind lets one thread run at a time and changes over by time, so counts of several "
	"threads would not repeat";

// Of a workload, what is varied and where the variation is.
struct variation {
	struct measured_process *process;
	size_t row; // of the workload table
	int64_t values[WORKLOAD_PARAMETERS_MAX];
	unsigned counts[WORKLOAD_ROLES_MAX];
	char reason[128]; // empty, or why it can't be run with these
	struct problem *problem;
};

static const struct workload *workload_of(const struct variation *variation)
{
	return workload_table[variation->row];
}

// ---- one

static void benchmark_free(struct measured_benchmark *benchmark)
{
	benchmark_threads_free(benchmark);
	placement_free(&benchmark->placement);
	free(benchmark);
}

static void benchmark_place(struct measured_benchmark *benchmark, const struct place *place)
{
	const struct placement_request request = {
		.relation = place->relation,
		.counts = benchmark->counts,
		.roles_count = workload_roles_count(benchmark->workload),
		.from = place->from,
		.to = place->to,
		.cpus = place->cpus,
	};
	char reason[sizeof(benchmark->reason)];

	placement_choose(&benchmark->placement, &benchmark->process->sites, &request, reason,
		sizeof(reason));
	if (benchmark->workload->is_possible && reason[0] == '\0')
		benchmark->workload->is_possible(reason, sizeof(reason));
	if (benchmark->process->options->simulation && benchmark->placement.threads_count > 1)
		snprintf(reason, sizeof(reason), "%s", NOT_SIMULATED);
	if (benchmark->reason[0] == '\0')
		memcpy(benchmark->reason, reason, sizeof(reason));
}

// Adds it to the list, which must have room; or lets it go where it is not wanted.
static void benchmark_add(struct measured_process *process, struct measured_benchmark *benchmark)
{
	naming_name(benchmark);
	if (!only_matches(&process->options->only, benchmark->name)) {
		benchmark_free(benchmark);
		return;
	}
	if (benchmark->reason[0] == '\0')
		naming_label(benchmark);
	process->benchmarks[process->benchmarks_count++] = benchmark;
}

static bool room_make(struct measured_process *process, struct problem *problem)
{
	void *benchmarks;

	if (process->benchmarks_count == BENCHMARKS_MAX)
		return problem_set(problem, EXIT_WRONG_USE,
			"more than %d benchmarks are asked for: give fewer values, numbers of "
			"threads or placements",
			BENCHMARKS_MAX);
	benchmarks = array_grown((void *)process->benchmarks, process->benchmarks_count,
		sizeof(struct measured_benchmark *));
	if (!benchmarks)
		return no_memory(problem, "the benchmarks");
	process->benchmarks = benchmarks;
	return true;
}

static bool benchmark_make(struct variation *variation, const struct place *place)
{
	struct measured_process *process = variation->process;
	struct measured_benchmark *benchmark;

	if (!room_make(process, variation->problem))
		return false;
	benchmark = aligned_alloc(BARRIER_LINE, sizeof(*benchmark));
	if (!benchmark)
		return no_memory(variation->problem, "a benchmark");
	*benchmark = (struct measured_benchmark){
		.process = process, .workload = workload_of(variation), .place = place};
	memcpy(benchmark->values, variation->values, sizeof(benchmark->values));
	memcpy(benchmark->counts, variation->counts, sizeof(benchmark->counts));
	memcpy(benchmark->reason, variation->reason, sizeof(variation->reason));
	benchmark_place(benchmark, place);
	benchmark_add(process, benchmark);
	return true;
}

// ---- placements

// The relations at which a workload runs where the user names none: its own ones with its default
// numbers of threads, else, and where numbers of threads are asked for, as near and as far as there is room.
static unsigned relations_of(const struct variation *variation)
{
	const struct workload *workload = workload_of(variation);
	unsigned initial[WORKLOAD_ROLES_MAX];

	workload_threads_initial(workload, initial);
	if (variation->process->threads.count == 0 &&
		memcmp(initial, variation->counts,
			workload_roles_count(workload) * sizeof(initial[0])) == 0)
		return workload->relations;
	return RELATION_BIT(RELATION_COMPACT) | RELATION_BIT(RELATION_SPREAD);
}

// One thread has no relation to others: it is alone, once, or on a CPU that the user names.
static bool is_for_one(const struct place *place, unsigned threads)
{
	return (place->relation == RELATION_ALONE) == (threads == 1) ||
	       place->relation == RELATION_CPUS;
}

static bool places_vary(struct variation *variation)
{
	const struct measured_process *process = variation->process;
	const struct workload *workload = workload_of(variation);
	unsigned threads = workload_threads_count(workload, variation->counts);
	bool is_named = process->options->place;
	unsigned usual = relations_of(variation) | RELATION_BIT(RELATION_ALONE);

	const char *why = NULL;

	if (workload->check && !workload->check(variation->values, &why))
		snprintf(variation->reason, sizeof(variation->reason), "%s", why);
	for (size_t i = 0; i < process->places.count; i++) {
		const struct place *place = &process->places.items[i];

		if ((is_named || usual & RELATION_BIT(place->relation)) &&
			is_for_one(place, threads) && !benchmark_make(variation, place))
			return false;
	}
	return true;
}

// ---- values

static bool values_vary(struct variation *variation, size_t parameter)
{
	int64_t initial;
	struct sweep sweep;

	if (parameter == workload_parameters_count(workload_of(variation))) {
		variation->reason[0] = '\0';
		return places_vary(variation);
	}
	sweep = settings_values(
		&variation->process->options->settings, variation->row, parameter, &initial);
	for (size_t i = 0; i < sweep.count; i++) {
		variation->values[parameter] = sweep.values[i];
		if (!values_vary(variation, parameter + 1))
			return false;
	}
	return true;
}

// ---- numbers of threads

// Each role's own numbers.
static bool roles_vary(struct variation *variation, size_t role)
{
	const struct settings *settings = &variation->process->options->settings;
	const char *text = settings->threads[variation->row][role];
	struct sweep sweep = {.values = NULL};
	bool is_good = true;

	if (!workload_of(variation)->roles[role].name)
		return values_vary(variation, 0);
	if (text ? !settings_threads_read(&sweep, variation->row, role, text,
			   variation->process->sites.count, variation->problem)
		 : !sweep_set(
			   &sweep, workload_of(variation)->roles[role].threads, variation->problem))
		return false;
	for (size_t i = 0; is_good && i < sweep.count; i++) {
		variation->counts[role] = (unsigned)sweep.values[i];
		is_good = roles_vary(variation, role + 1);
	}
	sweep_free(&sweep);
	return is_good;
}

// Lists the workload with a number of threads that it can't have, for variation->reason.
static bool left_out(struct variation *variation, unsigned threads)
{
	static const struct place alone = {.relation = RELATION_ALONE};
	const struct workload *workload = workload_of(variation);

	memset(variation->counts, 0, sizeof(variation->counts));
	variation->counts[0] = threads;
	for (size_t i = 0; i < workload_parameters_count(workload); i++)
		variation->values[i] = workload->parameters[i].initial;
	return benchmark_make(variation, &alone);
}

// Numbers of all threads together, for --slabmark_threads.
static bool totals_vary(struct variation *variation)
{
	const struct sweep *totals = &variation->process->threads;

	for (size_t i = 0; i < totals->count; i++) {
		if (!workload_threads_split(workload_of(variation), (unsigned)totals->values[i],
			    variation->counts, variation->reason, sizeof(variation->reason))) {
			if (!left_out(variation, (unsigned)totals->values[i]))
				return false;
		} else if (!values_vary(variation, 0)) {
			return false;
		}
	}
	return true;
}

static bool has_own_numbers(const struct variation *variation)
{
	const struct settings *settings = &variation->process->options->settings;

	for (size_t role = 0; role < WORKLOAD_ROLES_MAX; role++)
		if (settings->threads[variation->row][role])
			return true;
	return false;
}

static bool workload_make(struct measured_process *process, size_t row, struct problem *problem)
{
	struct variation variation = {.process = process, .row = row, .problem = problem};

	if (process->threads.count > 0 && !has_own_numbers(&variation))
		return totals_vary(&variation);
	return roles_vary(&variation, 0);
}

// ---- all

// "all" is every CPU that may be used.
static bool threads_read(struct measured_process *process, struct problem *problem)
{
	const struct sweep_range range = {
		.option = "--slabmark_threads",
		.unit = "threads",
		.minimum = 1,
		.maximum = MEASURED_THREADS_MAX,
		.all = (int64_t)process->sites.count,
	};

	return !process->options->threads ||
	       sweep_read(&process->threads, process->options->threads, &range, problem);
}

// Of those that the user names, alone is one for workloads of one thread.
static bool places_fill(struct measured_process *process, struct problem *problem)
{
	const char *text = process->options->place;

	if (!text)
		return places_add(&process->places, RELATION_BIT(RELATION_MATRIX) - 1,
			&process->sites, problem);
	if (!places_read(&process->places, text, &process->sites, problem))
		return false;
	for (size_t i = 0; i < process->places.count; i++)
		if (process->places.items[i].relation != RELATION_CPUS)
			return places_add(&process->places, RELATION_BIT(RELATION_ALONE),
				&process->sites, problem);
	return true;
}

bool measured_benchmarks_make(struct measured_process *process, struct problem *problem)
{
	process->benchmarks_count = 0;
	process->benchmarks = NULL;
	if (!threads_read(process, problem) || !places_fill(process, problem) ||
		!memory_policy_read(
			&process->memory, process->options->memory, process->topology, problem))
		return false;
	for (size_t row = 0; workload_table[row]; row++)
		if (!workload_make(process, row, problem))
			return false;
	return true;
}

void measured_benchmarks_free(struct measured_process *process)
{
	if (process->current)
		benchmark_tear_down(process->current);
	process->current = NULL;
	for (size_t i = 0; i < process->benchmarks_count; i++)
		benchmark_free(process->benchmarks[i]);
	free((void *)process->benchmarks);
	process->benchmarks = NULL;
	process->benchmarks_count = 0;
	places_free(&process->places);
	sweep_free(&process->threads);
	memory_policy_free(&process->memory);
}

// Whole runs; 0: as many as take the time that was asked for.
static int64_t iterations_fixed(const struct measured_benchmark *benchmark)
{
	int64_t a_run =
		workload_operations(benchmark->workload, benchmark->values, benchmark->counts);
	int64_t wanted = benchmark->process->options->simulated_operations;

	return benchmark->process->simulation.file ? (wanted + a_run - 1) / a_run * a_run : 0;
}

bool measured_benchmarks_register(struct measured_process *process, struct problem *problem)
{
	for (size_t i = 0; i < process->benchmarks_count; i++) {
		struct measured_benchmark *benchmark = process->benchmarks[i];
		char own_part[sizeof(benchmark->name)];

		if (benchmark->reason[0] != '\0')
			continue;
		memcpy(own_part, benchmark->name, sizeof(own_part));
		*strstr(own_part, "/real_time") = '\0';
		if (!gbench_register(own_part, (int)benchmark->placement.threads_count,
			    iterations_fixed(benchmark), measured_benchmark_body, benchmark))
			return no_memory(problem, benchmark->name);
	}
	return true;
}
