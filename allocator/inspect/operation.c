// SPDX-License-Identifier: GPL-2.0-or-later
// The operations of a trace, one after the other: whether one can be carried out, on which CPU, and
// how its result ends. Entry: trace_run. caches.c, objects.c and machine.c do what each verb says;
// the events of slabs that came and went follow each result.
#include "inspect/operation.h"

#include <errno.h>
#include <string.h>

#include "inspect/verbs.h"

// Where an operation runs, and how its result ends.
enum place {
	ON_NAMED_CPU,
	ON_CPU_0,
	IS_SETTING, // and prints nothing
};

static const struct {
	trace_verb_function *run;
	enum place place;
} verbs[TRACE_VERBS] = {
	[TRACE_ALLOC] = {run_alloc, ON_NAMED_CPU},
	[TRACE_ALLOC_NODE] = {run_alloc_node, ON_NAMED_CPU},
	[TRACE_FREE] = {run_free, ON_NAMED_CPU},
	[TRACE_KFREE] = {run_kfree, ON_NAMED_CPU},
	[TRACE_ALLOC_BULK] = {run_alloc_bulk, ON_NAMED_CPU},
	[TRACE_FREE_BULK] = {run_free_bulk, ON_NAMED_CPU},
	[TRACE_KMALLOC] = {run_kmalloc, ON_NAMED_CPU},
	[TRACE_KMALLOC_NODE] = {run_kmalloc_node, ON_NAMED_CPU},
	[TRACE_SHRINK] = {run_shrink, ON_NAMED_CPU},
	[TRACE_REAP] = {run_reap, ON_NAMED_CPU},
	[TRACE_REAP_EARLY] = {run_reap, ON_NAMED_CPU},
	[TRACE_TUNE] = {run_tune, ON_NAMED_CPU},
	[TRACE_DESTROY] = {run_destroy, ON_NAMED_CPU},
	[TRACE_CACHE] = {run_cache, ON_CPU_0},
	[TRACE_DUMP] = {run_dump, ON_CPU_0},
	[TRACE_CPU_DOWN] = {run_cpu_down, ON_CPU_0},
	[TRACE_CPU_UP] = {run_cpu_up, ON_CPU_0},
	[TRACE_NOMEM] = {run_nomem, ON_CPU_0},
	[TRACE_POLICY] = {run_policy, ON_CPU_0},
	[TRACE_OPTION_ALIEN] = {run_option, IS_SETTING},
	[TRACE_OPTION_MERGE] = {run_option, IS_SETTING},
};

static bool cache_is_there(struct run *run, const struct trace_operation *operation)
{
	const struct state_cache *wanted;

	if (operation->cache == TRACE_NO_CACHE || operation->verb == TRACE_CACHE)
		return true;
	wanted = run_cache_of(run, operation);
	if (wanted->cache)
		return true;
	if (wanted->gone_line)
		return run_complain(run, operation,
			"the cache %s is gone since line %u; a new one is needed", wanted->label,
			wanted->gone_line);
	return run_complain(run, operation,
		"the cache %s was refused in line %u; there is none to use", wanted->label,
		wanted->line);
}

static bool labels_are_free(struct run *run, const struct trace_operation *operation)
{
	const struct trace_range *before = &operation->objects_before;

	for (unsigned i = 0; i < before->count; i++)
		if (run->objects[before->first + i])
			return run_complain(run, operation,
				"the label %s still holds an object; it must be freed before, or a "
				"new label is needed",
				operation->label);
	return true;
}

static bool go_to_cpu(struct run *run, const struct trace_operation *operation)
{
	unsigned cpu = verbs[operation->verb].place == ON_NAMED_CPU ? operation->cpu : 0;
	int error = slab_set_cpu(cpu);

	return !error ||
	       run_complain(run, operation, "no way to CPU %u: %s", cpu, strerror(-error));
}

bool run_operation(struct run *run, const struct trace_operation *operation)
{
	bool is_setting = verbs[operation->verb].place == IS_SETTING;

	if (!cache_is_there(run, operation) || !labels_are_free(run, operation) ||
		!go_to_cpu(run, operation))
		return false;
	if (!is_setting)
		fprintf(run->output, "%u ", operation->line);
	if (!verbs[operation->verb].run(run, operation))
		return false;
	if (run->state.is_out_of_memory)
		return run_complain(run, operation, "no memory left for the list of events");
	if (is_setting || operation->verb == TRACE_DUMP)
		return true;
	state_print_events(&run->state, run->output);
	fputs("\n", run->output);
	return true;
}

static bool run_operations(struct run *run, volatile unsigned *line)
{
	bool is_good = true;

	fputs("slabexpect 1\n", run->output);
	for (size_t i = 0; i < run->trace->operations_count && is_good; i++) {
		*line = run->trace->operations[i].line;
		is_good = run_operation(run, &run->trace->operations[i]);
		if (fflush(run->output))
			return run_complain(run, &run->trace->operations[i],
				"cannot write the result: %s", strerror(errno));
	}
	return is_good;
}

bool trace_run(const struct trace *trace, FILE *output, bool has_statistics,
	volatile unsigned *line, struct trace_problem *problem)
{
	struct run run = {.trace = trace, .output = output, .problem = problem};
	bool is_good;

	*problem = (struct trace_problem){.text = "no memory left to run the trace"};
	is_good = run_begin(&run, has_statistics, NULL) && run_operations(&run, line);
	run_end(&run);
	return is_good;
}
