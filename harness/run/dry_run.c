// SPDX-License-Identifier: GPL-2.0-or-later
// The plan as a table, and its sum in words.
#include "dry_run.h"

#include <string.h>

#include "duration.h"
#include "estimate.h"
#include "progress.h"
#include "results/text/figure.h"

enum { NAMES_TOLD_MAX = 4 };

static void plan_write(const struct run *run, FILE *output)
{
	fprintf(output, "round\tposition\tworkload\tconfig\tseed\tpadding_bytes\n");
	for (size_t i = 0; i < run->plan.count; i++) {
		const struct plan_step *step = &run->plan.steps[i];

		fprintf(output, "%d\t%d\t%s\t%s\t%llu\t%zu\n", step->round, step->position,
			run->selection.workloads[step->workload], run->selection.labels[step->side],
			(unsigned long long)step->workload_seed, step->padding_bytes);
	}
}

// The benchmarks of a workload, as the first side that has it calls them.
static const json_t *benchmarks_of(const struct selection *selection, size_t workload)
{
	for (size_t side = 0; side < selection->sides_count; side++) {
		const json_t *entry = program_workload(
			&selection->sides[side].program, selection->workloads[workload]);

		if (*selection_has(selection, workload, side))
			return json_object_get(entry, "benchmarks");
	}
	return NULL;
}

static void benchmarks_say(const struct run *run, size_t workload)
{
	const struct selection *selection = &run->selection;
	const json_t *names = benchmarks_of(selection, workload);
	size_t count = json_array_size(names);

	if (count == 0)
		return;
	fprintf(stderr, "slabmark %s: %s: %zu %s: ", run->command, selection->workloads[workload],
		count, plural(count, "benchmark", "benchmarks"));
	for (size_t i = 0; i < count && i < NAMES_TOLD_MAX; i++)
		fprintf(stderr, "%s%s", i > 0 ? ", " : "",
			json_string_value(json_array_get(names, i)));
	if (count > NAMES_TOLD_MAX)
		fprintf(stderr, " and %zu more", count - NAMES_TOLD_MAX);
	fputc('\n', stderr);
}

// Under perf or a simulator a moment says nothing of the whole.
static void time_say(const struct run *run)
{
	struct problem problem;
	char text[32];
	double seconds;

	if (run->profile || run->callgrind) {
		fprintf(stderr, "slabmark %s: how long it takes is not known under %s\n",
			run->command, run->profile ? "perf" : "callgrind");
		return;
	}
	if (!estimate_make(run, &seconds, &problem)) {
		fprintf(stderr, "slabmark %s: %s\n", run->command, problem.text);
		return;
	}
	if (run->budget_s > 0 && run->budget_s < seconds)
		seconds = run->budget_s;
	fprintf(stderr, "slabmark %s: takes about %s\n", run->command,
		duration_text(text, sizeof(text), seconds));
}

int dry_run_show(const struct run *run, FILE *output)
{
	const struct selection *selection = &run->selection;

	plan_write(run, output);
	fflush(output);
	fprintf(stderr, "slabmark %s: %zu %s (configs: %zu, workloads: %zu, rounds: %d)\n",
		run->command, run->plan.count, plural(run->plan.count, "process", "processes"),
		selection->sides_count, selection->workloads_count, run->rounds);
	if (program_simulated(&selection->sides[0].program))
		fprintf(stderr, "slabmark %s: on a simulated machine, of %s\n", run->command,
			program_simulated(&selection->sides[0].program));
	for (size_t i = 0; i < selection->workloads_count; i++)
		benchmarks_say(run, i);
	time_say(run);
	return EXIT_GOOD;
}
