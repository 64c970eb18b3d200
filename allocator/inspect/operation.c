// SPDX-License-Identifier: GPL-2.0-or-later
// The operations of a trace, carried out through the allocator's public calls where there is one.
// Entry: trace_run. Each operation prints its result; the events of slabs that came and went follow
// it.
#include "inspect/operation.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cache.h"
#include "inspect/state.h"
#include "reclaim/reap.h"
#include "tune.h"
#include "types.h"

#define GFP_TRACE (GFP_KERNEL | __GFP_NOWARN)

struct run {
	const struct trace *trace;
	struct state state;
	void **objects; // by index; NULL: holds nothing
	uint64_t nomem; // bit n: node n has no page for the trace's caches
	FILE *output;
	struct trace_problem *problem;
};

// What the allocator's callbacks, which have no argument for it, work on. Set once, by trace_run().
static struct run *current;

__attribute__((format(printf, 3, 4))) static bool complain(
	struct run *run, const struct trace_operation *operation, const char *format, ...)
{
	va_list arguments;

	run->problem->line = operation->line;
	run->problem->column = 1;
	va_start(arguments, format);
	vsnprintf(run->problem->text, sizeof(run->problem->text), format, arguments);
	va_end(arguments);
	return false;
}

// ---- what the allocator tells and asks

static bool observe_may_grow(struct kmem_cache *cache, unsigned node)
{
	return !((current->nomem >> node) & 1) || !state_find(&current->state, cache);
}

static void observe_grown(struct kmem_cache *cache, struct slab *slab)
{
	state_event_add(&current->state, cache, slab, true);
}

static void observe_destroyed(struct kmem_cache *cache, struct slab *slab)
{
	state_event_add(&current->state, cache, slab, false);
}

static bool observe_is_reaped(struct kmem_cache *cache)
{
	return state_find(&current->state, cache) != NULL;
}

static void count_ctor(void *object)
{
	struct state_cache *cache = state_find(&current->state, address_to_slab(object)->cache);

	if (cache)
		cache->ctor_calls++;
}

// ---- caches

static struct state_cache *cache_of(struct run *run, const struct trace_operation *operation)
{
	return &run->state.caches[operation->cache];
}

static void print_created(struct run *run, struct state_cache *made, int error)
{
	struct state_cache *of;

	fprintf(run->output, "cache %s ", made->label);
	if (!made->cache) {
		fprintf(run->output, "err=%d", error);
		return;
	}
	of = &run->state.caches[made->first];
	if (of == made)
		fputs("ok", run->output);
	else
		fprintf(run->output, "alias=%s", of->label);
}

static bool run_cache(struct run *run, const struct trace_operation *operation)
{
	struct state_cache *made = cache_of(run, operation), *of;
	struct cache_request request = {.name = made->label,
		.size = (unsigned)operation->size,
		.align = operation->align,
		.flags = operation->flags,
		.ctor = operation->has_ctor ? count_ctor : NULL};
	struct kmem_cache *cache;
	int error = 0;

	if (operation->cache_before != TRACE_NO_CACHE &&
		run->state.caches[operation->cache_before].cache)
		return complain(run, operation,
			"the label %s still names the cache of line %u; a new one is needed",
			made->label, run->state.caches[operation->cache_before].line);
	pthread_mutex_lock(&slab_mutex);
	cache = cache_create(&request, &error);
	pthread_mutex_unlock(&slab_mutex);
	of = state_find(&run->state, cache);
	made->cache = cache;
	made->first = of ? (int)(of - run->state.caches) : operation->cache;
	made->line = operation->line;
	print_created(run, made, error);
	return true;
}

// Every label of a cache that is gone loses it.
static void forget_cache(
	struct run *run, const struct kmem_cache *cache, const struct trace_operation *operation)
{
	for (unsigned i = 0; i < run->state.caches_count; i++)
		if (run->state.caches[i].cache == cache) {
			run->state.caches[i].cache = NULL;
			run->state.caches[i].gone_line = operation->line;
		}
}

static bool run_destroy(struct run *run, const struct trace_operation *operation)
{
	struct state_cache *wanted = cache_of(run, operation);
	struct kmem_cache *cache = wanted->cache;
	int result;

	pthread_mutex_lock(&slab_mutex);
	result = cache_destroy(cache);
	pthread_mutex_unlock(&slab_mutex);
	fprintf(run->output, "destroy %s ", wanted->label);
	if (result == 0) {
		forget_cache(run, cache, operation);
		fputs("ok", run->output);
		return true;
	}
	fprintf(run->output, "%s refcount=%d", result == -EBUSY ? "busy" : "kept", cache->refcount);
	return true;
}

static bool run_shrink(struct run *run, const struct trace_operation *operation)
{
	struct state_cache *wanted = cache_of(run, operation);

	fprintf(run->output, "shrink %s r=%d", wanted->label, kmem_cache_shrink(wanted->cache));
	return true;
}

static bool run_tune(struct run *run, const struct trace_operation *operation)
{
	struct state_cache *wanted = cache_of(run, operation);
	int result;

	pthread_mutex_lock(&slab_mutex);
	result = cache_tune(
		wanted->cache, operation->limit, operation->batchcount, operation->shared);
	pthread_mutex_unlock(&slab_mutex);
	fprintf(run->output, "tune %s ", wanted->label);
	if (result > 0)
		fputs("ignored", run->output);
	else
		fprintf(run->output, "r=%d", result);
	return true;
}

static bool run_dump(struct run *run, const struct trace_operation *operation)
{
	struct state_cache *wanted = cache_of(run, operation);

	fprintf(run->output, "dump %s\n", wanted->label);
	state_print_dump(&run->state, wanted, run->output);
	return true;
}

// ---- allocating

static void keep_object(
	struct run *run, const struct trace_operation *operation, unsigned index, void *object)
{
	run->objects[operation->ranges[0].first + index] = object;
}

static bool keep_and_print(struct run *run, const struct trace_operation *operation, void *object)
{
	keep_object(run, operation, 0, object);
	fprintf(run->output, "%s=", operation->label);
	if (object)
		state_print_place(run->output, object);
	else
		fputs("null", run->output);
	return true;
}

static bool run_alloc(struct run *run, const struct trace_operation *operation)
{
	return keep_and_print(run, operation,
		kmem_cache_alloc(cache_of(run, operation)->cache, GFP_TRACE | operation->gfp));
}

static bool run_alloc_node(struct run *run, const struct trace_operation *operation)
{
	return keep_and_print(run, operation,
		kmem_cache_alloc_node(cache_of(run, operation)->cache, GFP_TRACE | operation->gfp,
			operation->node));
}

static bool run_alloc_bulk(struct run *run, const struct trace_operation *operation)
{
	void **objects = &run->objects[operation->ranges[0].first];
	unsigned wanted = operation->ranges[0].count;
	int count = wanted ? kmem_cache_alloc_bulk(cache_of(run, operation)->cache,
				     GFP_TRACE | operation->gfp, wanted, objects)
			   : 0;

	fprintf(run->output, "%s*%d", operation->label, count);
	for (int i = 0; i < count; i++) {
		fputs(" ", run->output);
		state_print_place(run->output, objects[i]);
	}
	for (unsigned i = (unsigned)count; i < wanted; i++)
		objects[i] = NULL;
	return true;
}

static bool keep_and_print_kmalloc(
	struct run *run, const struct trace_operation *operation, void *object)
{
	keep_object(run, operation, 0, object);
	fprintf(run->output, "%s=", operation->label);
	if (ZERO_OR_NULL_PTR(object))
		fputs(object ? "zero" : "null", run->output);
	else
		fprintf(run->output, "%s ksize=%zu node=%u", address_to_slab(object)->cache->name,
			ksize(object), address_to_node(object));
	return true;
}

static bool run_kmalloc(struct run *run, const struct trace_operation *operation)
{
	return keep_and_print_kmalloc(
		run, operation, kmalloc(operation->size, GFP_TRACE | operation->gfp));
}

static bool run_kmalloc_node(struct run *run, const struct trace_operation *operation)
{
	return keep_and_print_kmalloc(run, operation,
		kmalloc_node(operation->size, GFP_TRACE | operation->gfp, operation->node));
}

// ---- freeing

// What a label holds, and no longer does.
static void *take_object(struct run *run, unsigned index)
{
	void *object = run->objects[index];

	run->objects[index] = NULL;
	return object;
}

static bool run_free(struct run *run, const struct trace_operation *operation)
{
	void *object = take_object(run, operation->ranges[0].first);

	if (!ZERO_OR_NULL_PTR(object))
		kmem_cache_free(address_to_slab(object)->cache, object);
	fputs(object ? "free" : "skip", run->output);
	return true;
}

static bool run_kfree(struct run *run, const struct trace_operation *operation)
{
	void *object = take_object(run, operation->ranges[0].first);

	if (object)
		kfree(object);
	fputs(object ? "kfree" : "skip", run->output);
	return true;
}

static size_t objects_named(const struct trace_operation *operation)
{
	size_t count = 0;

	for (size_t i = 0; i < operation->ranges_count; i++)
		count += operation->ranges[i].count;
	return count;
}

// Gathers what the labels hold. kmalloc(0)'s pointer is no object.
static size_t take_objects(struct run *run, const struct trace_operation *operation, void **objects)
{
	size_t count = 0;

	for (size_t i = 0; i < operation->ranges_count; i++)
		for (unsigned j = 0; j < operation->ranges[i].count; j++) {
			void *object = take_object(run, operation->ranges[i].first + j);

			if (!ZERO_OR_NULL_PTR(object))
				objects[count++] = object;
		}
	return count;
}

static bool objects_belong(struct run *run, const struct trace_operation *operation,
	struct kmem_cache *cache, void **objects, size_t count)
{
	for (size_t i = 0; i < count && cache; i++)
		if (address_to_slab(objects[i])->cache != cache)
			return complain(run, operation,
				"object %zu of the list is of the cache %s, not of %s; free_bulk - "
				"takes objects of any",
				i + 1, address_to_slab(objects[i])->cache->name,
				cache_of(run, operation)->label);
	return true;
}

static bool run_free_bulk(struct run *run, const struct trace_operation *operation)
{
	bool names_cache = operation->cache != TRACE_NO_CACHE;
	struct kmem_cache *cache = names_cache ? cache_of(run, operation)->cache : NULL;
	void **objects = malloc((objects_named(operation) + 1) * sizeof(*objects));
	bool is_good;
	size_t count;

	if (!objects)
		return complain(run, operation, "no memory left for the list of objects");
	count = take_objects(run, operation, objects);
	is_good = objects_belong(run, operation, cache, objects, count);
	if (is_good && count)
		kmem_cache_free_bulk(cache, count, objects);
	fprintf(run->output, "free_bulk %zu", count);
	free(objects);
	return is_good;
}

// ---- the machine

static bool run_reap(struct run *run, const struct trace_operation *operation)
{
	cache_reap_now(operation->cpu, operation->verb == TRACE_REAP);
	fputs(operation->verb == TRACE_REAP ? "reap" : "reap_early", run->output);
	return true;
}

static bool run_cpu_down(struct run *run, const struct trace_operation *operation)
{
	fprintf(run->output, "cpu_down %u r=%d", operation->cpu, slab_cpu_down(operation->cpu));
	return true;
}

static bool run_cpu_up(struct run *run, const struct trace_operation *operation)
{
	fprintf(run->output, "cpu_up %u r=%d", operation->cpu, slab_cpu_up(operation->cpu));
	return true;
}

static bool run_nomem(struct run *run, const struct trace_operation *operation)
{
	run->nomem = operation->nodes;
	fputs("nomem", run->output);
	return true;
}

static bool run_policy(struct run *run, const struct trace_operation *operation)
{
	static const enum slab_mempolicy modes[] = {
		[TRACE_POLICY_NONE] = SLAB_MPOL_DEFAULT,
		[TRACE_POLICY_PREFERRED] = SLAB_MPOL_PREFERRED,
		[TRACE_POLICY_BIND] = SLAB_MPOL_BIND,
		[TRACE_POLICY_INTERLEAVE] = SLAB_MPOL_INTERLEAVE,
	};
	int error = slab_set_mempolicy(modes[operation->policy], operation->nodes);

	if (error)
		return complain(run, operation, "the policy is refused: %s", strerror(-error));
	fputs("policy", run->output);
	return true;
}

static bool run_option(struct run *run, const struct trace_operation *operation)
{
	bool *is_off = operation->verb == TRACE_OPTION_ALIEN ? &slab_options.noaliencache
							     : &slab_options.slab_nomerge;

	(void)run;
	*is_off = !operation->is_on;
	return true;
}

// ---- the run

// Where an operation runs, and how its result ends.
enum place {
	ON_NAMED_CPU,
	ON_CPU_0,
	IS_SETTING, // and prints nothing
};

static const struct {
	bool (*run)(struct run *run, const struct trace_operation *operation);
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
	wanted = cache_of(run, operation);
	if (wanted->cache)
		return true;
	if (wanted->gone_line)
		return complain(run, operation,
			"the cache %s is gone since line %u; a new one is needed", wanted->label,
			wanted->gone_line);
	return complain(run, operation, "the cache %s was refused in line %u; there is none to use",
		wanted->label, wanted->line);
}

static bool labels_are_free(struct run *run, const struct trace_operation *operation)
{
	const struct trace_range *before = &operation->objects_before;

	for (unsigned i = 0; i < before->count; i++)
		if (run->objects[before->first + i])
			return complain(run, operation,
				"the label %s still holds an object; it must be freed before, or a "
				"new label is needed",
				operation->label);
	return true;
}

static bool go_to_cpu(struct run *run, const struct trace_operation *operation)
{
	unsigned cpu = verbs[operation->verb].place == ON_NAMED_CPU ? operation->cpu : 0;
	int error = slab_set_cpu(cpu);

	return !error || complain(run, operation, "no way to CPU %u: %s", cpu, strerror(-error));
}

static bool run_operation(struct run *run, const struct trace_operation *operation)
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
		return complain(run, operation, "no memory left for the list of events");
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
			return complain(run, &run->trace->operations[i],
				"cannot write the result: %s", strerror(errno));
	}
	return is_good;
}

static bool run_prepare(struct run *run, bool has_statistics)
{
	const struct trace *trace = run->trace;

	run->objects = calloc(trace->objects_count + 1, sizeof(*run->objects));
	run->state.caches = calloc(trace->caches_count + 1, sizeof(*run->state.caches));
	run->state.caches_count = trace->caches_count;
	run->state.has_statistics = has_statistics;
	if (!run->objects || !run->state.caches)
		return false;
	for (unsigned i = 0; i < trace->caches_count; i++)
		run->state.caches[i].label = trace->caches[i];
	return true;
}

bool trace_run(const struct trace *trace, FILE *output, bool has_statistics,
	volatile unsigned *line, struct trace_problem *problem)
{
	struct run run = {.trace = trace, .output = output, .problem = problem};
	bool is_good = run_prepare(&run, has_statistics);

	*problem = (struct trace_problem){.text = "no memory left to run the trace"};
	current = &run;
	slab_observer = (struct slab_observer){.may_grow = observe_may_grow,
		.grown = observe_grown,
		.destroyed = observe_destroyed,
		.is_reaped = observe_is_reaped};
	if (is_good)
		is_good = run_operations(&run, line);
	slab_observer = (struct slab_observer){.may_grow = NULL};
	current = NULL;
	free(run.objects);
	free(run.state.caches);
	free(run.state.events);
	return is_good;
}
