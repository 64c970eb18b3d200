// SPDX-License-Identifier: GPL-2.0-or-later
// The verbs of a trace that are about caches: making and destroying one, shrinking, tuning, and
// dumping its state.
#include "inspect/verbs.h"

#include <errno.h>

#include "cache.h"
#include "tune.h"

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

bool run_cache(struct run *run, const struct trace_operation *operation)
{
	struct state_cache *made = run_cache_of(run, operation), *of;
	struct cache_request request = {.name = made->label,
		.size = (unsigned)operation->size,
		.align = operation->align,
		.flags = operation->flags,
		.ctor = operation->has_ctor ? run_count_ctor : NULL};
	struct kmem_cache *cache;
	int error = 0;

	if (operation->cache_before != TRACE_NO_CACHE &&
		run->state.caches[operation->cache_before].cache)
		return run_complain(run, operation,
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

bool run_destroy(struct run *run, const struct trace_operation *operation)
{
	struct state_cache *wanted = run_cache_of(run, operation);
	struct kmem_cache *cache = wanted->cache;
	int result;

	pthread_mutex_lock(&slab_mutex);
	result = cache_destroy(cache);
	pthread_mutex_unlock(&slab_mutex);
	fprintf(run->output, "destroy %s ", wanted->label);
	if (result == 0) {
		run_forget_cache(run, cache, operation->line);
		fputs("ok", run->output);
		return true;
	}
	fprintf(run->output, "%s refcount=%d", result == -EBUSY ? "busy" : "kept", cache->refcount);
	return true;
}

bool run_shrink(struct run *run, const struct trace_operation *operation)
{
	struct state_cache *wanted = run_cache_of(run, operation);

	fprintf(run->output, "shrink %s r=%d", wanted->label, kmem_cache_shrink(wanted->cache));
	return true;
}

bool run_tune(struct run *run, const struct trace_operation *operation)
{
	struct state_cache *wanted = run_cache_of(run, operation);
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

bool run_dump(struct run *run, const struct trace_operation *operation)
{
	struct state_cache *wanted = run_cache_of(run, operation);

	fprintf(run->output, "dump %s\n", wanted->label);
	state_print_dump(&run->state, wanted, run->output);
	return true;
}
