// SPDX-License-Identifier: GPL-2.0-or-later
// Collects what a workload tells after a timed loop. Google Benchmark may run several loops until one
// is long enough; the last one counts, here as there.
#include "figures.h"

#include <errno.h>
#include <slab/slab.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct figures {
	struct workload_report report; // the first, so that a report is these figures
	struct gbench_state *state;
	FILE *lines;
};

static void tell(struct workload_report *report, const char *name, double value)
{
	gbench_set_figure(((struct figures *)report)->state, name, value);
}

static void classic(struct workload_report *report, const char *line)
{
	FILE *lines = ((struct figures *)report)->lines;

	if (lines)
		fprintf(lines, "%s\n", line);
}

// The longest of the threads' own times.
static double loop_seconds(const struct loop_counts *loop, unsigned threads)
{
	uint64_t longest = 1;

	for (unsigned i = 0; i < threads; i++)
		if (loop->parts[i].elapsed_ns > longest)
			longest = loop->parts[i].elapsed_ns;
	return (double)longest / 1e9;
}

void figures_report(struct measured_benchmark *benchmark, struct gbench_state *state)
{
	size_t size = 0;
	struct figures figures = {
		.report = {.tell = tell,
			.classic = classic,
			.operations = (int64_t)loop_counts_operations(&benchmark->loop),
			.seconds =
				loop_seconds(&benchmark->loop, benchmark->placement.threads_count)},
		.state = state,
	};

	if (!benchmark->workload->report)
		return;
	free(benchmark->classic);
	benchmark->classic = NULL;
	if (benchmark->process->options->classic)
		figures.lines = open_memstream(&benchmark->classic, &size);
	benchmark->workload->report(benchmark->contexts, &figures.report);
	if (figures.lines)
		fclose(figures.lines);
}

static void lines_print(const struct measured_process *process, FILE *file)
{
	fprintf(file, "# config %s%s\n", slab_config_name(),
		process->clock.reads_register ? ""
					      : "; cycles are nanoseconds: no counter to read");
	for (size_t i = 0; i < process->benchmarks_count; i++)
		if (process->benchmarks[i]->classic)
			fputs(process->benchmarks[i]->classic, file);
}

bool figures_print(const struct measured_process *process, struct problem *problem)
{
	const char *path = process->options->classic;
	bool is_output = path && strcmp(path, "-") == 0;
	FILE *file = path && !is_output ? fopen(path, "ae") : stdout;

	if (!path)
		return true;
	if (file)
		lines_print(process, file);
	bool is_good = file && fflush(file) == 0;
	if (file && !is_output)
		is_good = fclose(file) == 0 && is_good;
	return is_good || problem_set(problem, EXIT_NOT_MEASURED, "--slabmark_classic=%s: %s", path,
				  strerror(errno));
}
