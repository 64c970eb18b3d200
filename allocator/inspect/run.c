// SPDX-License-Identifier: GPL-2.0-or-later
// A trace that is being carried out. The allocator's callbacks have no argument, so the run under
// way is a variable of this file.
#include "inspect/run.h"

#include <stdarg.h>
#include <stdlib.h>

// Set by run_begin() and run_end() alone.
static struct run *current;

bool run_complain(struct run *run, const struct trace_operation *operation, const char *format, ...)
{
	va_list arguments;

	run->problem->line = operation->line;
	run->problem->column = 1;
	va_start(arguments, format);
	vsnprintf(run->problem->text, sizeof(run->problem->text), format, arguments);
	va_end(arguments);
	return false;
}

struct state_cache *run_cache_of(struct run *run, const struct trace_operation *operation)
{
	return &run->state.caches[operation->cache];
}

void run_forget_cache(struct run *run, const struct kmem_cache *cache, unsigned line)
{
	for (unsigned i = 0; i < run->state.caches_count; i++)
		if (run->state.caches[i].cache == cache) {
			run->state.caches[i].cache = NULL;
			run->state.caches[i].gone_line = line;
		}
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

void run_count_ctor(void *object)
{
	struct state_cache *cache = state_find(&current->state, address_to_slab(object)->cache);

	if (cache)
		cache->ctor_calls++;
}

// ---- begin and end

static bool make_room(struct run *run, bool has_statistics)
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

bool run_begin(struct run *run, bool has_statistics, bool (*may_allocate)(void))
{
	if (!make_room(run, has_statistics))
		return false;
	current = run;
	slab_observer = (struct slab_observer){.may_grow = observe_may_grow,
		.grown = observe_grown,
		.destroyed = observe_destroyed,
		.is_reaped = observe_is_reaped,
		.may_allocate = may_allocate};
	return true;
}

void run_end(struct run *run)
{
	slab_observer = (struct slab_observer){.may_grow = NULL};
	current = NULL;
	free(run->objects);
	free(run->state.caches);
	free(run->state.events);
}
