// SPDX-License-Identifier: GPL-2.0-or-later
// Printing the allocator's state in the words of the expected results. Entries: state_print_dump,
// state_print_place, state_print_events. Nothing is changed and no lock taken: the trace's
// operations run one after the other.
#include "inspect/state.h"

#include <stdlib.h>

#include "array/array_cache.h"
#include "host/topology.h"
#include "inspect/list.h"
#include "show/slabinfo.h"
#include "slab.h"

bool state_can_count(void)
{
	return IS_ENABLED(CONFIG_SLAB_STATS);
}

struct state_cache *state_find(struct state *state, const struct kmem_cache *cache)
{
	for (unsigned i = 0; i < state->caches_count; i++)
		if (state->caches[i].cache == cache && cache)
			return &state->caches[state->caches[i].first];
	return NULL;
}

// ---- events

static bool events_make_room(struct state *state)
{
	struct state_event *longer =
		list_make_room(state->events, state->events_count, sizeof(*longer));

	if (longer)
		state->events = longer;
	return longer != NULL;
}

void state_event_add(
	struct state *state, const struct kmem_cache *cache, struct slab *slab, bool is_grown)
{
	const struct state_cache *of = state_find(state, cache);

	if (!of)
		return;
	if (!events_make_room(state)) {
		state->is_out_of_memory = true;
		return;
	}
	state->events[state->events_count++] = (struct state_event){.label = of->label,
		.slab = slab->number,
		.node = slab_node(slab),
		.is_grown = is_grown};
}

void state_print_events(struct state *state, FILE *output)
{
	if (state->events_count)
		fputs(" ev", output);
	for (size_t i = 0; i < state->events_count; i++) {
		const struct state_event *event = &state->events[i];

		fprintf(output, " %s%c%u", event->label, event->is_grown ? '+' : '-', event->slab);
		if (event->is_grown)
			fprintf(output, "@%u", event->node);
	}
	state->events_count = 0;
}

// ---- objects

void state_print_place(FILE *output, const void *object)
{
	struct slab *slab = address_to_slab(object);
	const char *start = (const char *)object - slab->cache->obj_offset;

	fprintf(output, "%u:%u:%td:%u", slab->number, object_index(slab->cache, slab, start),
		(const char *)object - slab_address(slab), slab_node(slab));
}

// An array's objects, which are the starts of their strides.
static void print_entries(FILE *output, const struct array_cache *array)
{
	fputs(" :", output);
	for (unsigned i = 0; i < array->avail; i++) {
		struct slab *slab = address_to_slab(array->entry[i]);

		fprintf(output, " %u:%u", slab->number,
			object_index(slab->cache, slab, array->entry[i]));
	}
	fputs("\n", output);
}

// ---- the cache

static const char *placement_name(const struct kmem_cache *cache)
{
	if (cache->flags & CFLGS_OBJFREELIST_SLAB)
		return "objfreelist";
	return (cache->flags & CFLGS_OFF_SLAB) ? "offslab" : "onslab";
}

static void print_cache(FILE *output, const struct kmem_cache *cache, unsigned long ctor_calls)
{
	fprintf(output,
		" cache object_size=%u size=%u align=%u num=%u gfporder=%u colour=%u colour_off=%u "
		"placement=%s freelist_size=%u limit=%u batchcount=%u shared=%u refcount=%d "
		"slabs_grown=%u ctor_calls=%lu\n",
		cache->object_size, cache->size, cache->align, cache->num, cache->gfporder,
		cache->colour, cache->colour_off, placement_name(cache), cache->freelist_size,
		cache->limit, cache->batchcount, cache->shared, cache->refcount,
		atomic_load(&cache->slabs_grown), ctor_calls);
}

static void print_slabinfo(FILE *output, struct kmem_cache *cache)
{
	struct slabinfo info;

	get_slabinfo(cache, &info);
	fprintf(output,
		" slabinfo active_objs=%lu num_objs=%lu active_slabs=%lu num_slabs=%lu "
		"shared_avail=%lu limit=%u batchcount=%u shared=%u objects_per_slab=%u "
		"cache_order=%u\n",
		info.active_objs, info.num_objs, info.active_slabs, info.num_slabs,
		info.shared_avail, info.limit, info.batchcount, info.shared, info.objects_per_slab,
		info.cache_order);
}

#if CONFIG_SLAB_STATS
static void print_statistics(FILE *output, struct kmem_cache *cache)
{
	struct cache_stats stats;

	get_cache_stats(cache, &stats);
	fprintf(output,
		" stats num_active=%lu num_allocations=%lu high_mark=%lu grown=%lu reaped=%lu "
		"errors=%lu max_freeable=%lu node_allocs=%lu node_frees=%lu node_overflow=%lu "
		"allochit=%lu allocmiss=%lu freehit=%lu freemiss=%lu\n",
		stats.num_active, stats.num_allocations, stats.high_mark, stats.grown, stats.reaped,
		stats.errors, stats.max_freeable, stats.node_allocs, stats.node_frees,
		stats.node_overflow, stats.allochit, stats.allocmiss, stats.freehit,
		stats.freemiss);
}
#else
static void print_statistics(FILE *output, struct kmem_cache *cache)
{
	(void)output;
	(void)cache;
}
#endif

// ---- nodes

static unsigned long list_length(const struct cds_list_head *list)
{
	unsigned long length = 0;

	for (const struct cds_list_head *at = list->next; at != list; at = at->next)
		length++;
	return length;
}

static void print_node_counts(FILE *output, const struct kmem_cache_node *node, unsigned number)
{
	fprintf(output,
		" node %u partial=%lu full=%lu free=%lu total_slabs=%lu free_slabs=%lu "
		"free_objects=%lu free_limit=%u colour_next=%u free_touched=%d\n",
		number, list_length(&node->slabs_partial), list_length(&node->slabs_full),
		list_length(&node->slabs_free), node->total_slabs, node->free_slabs,
		node->free_objects, node->free_limit, node->colour_next, node->free_touched);
}

static void print_array(FILE *output, const struct array_cache *array)
{
	if (!array) {
		fputs(" none\n", output);
		return;
	}
	fprintf(output, " avail=%u limit=%u touched=%u", array->avail, array->limit,
		array->touched);
	print_entries(output, array);
}

static void print_node_arrays(FILE *output, const struct kmem_cache_node *node, unsigned number)
{
	fprintf(output, " shared %u", number);
	print_array(output, node->shared);
	for (unsigned home = 0; home < topology.nr_nodes; home++) {
		const struct alien_cache *alien = node->alien ? node->alien[home] : NULL;

		fprintf(output, " alien %u>%u", number, home);
		print_array(output, alien ? &alien->array : NULL);
	}
}

static void print_freelist_place(FILE *output, const struct kmem_cache *cache, struct slab *slab)
{
	if (cache->flags & CFLGS_OFF_SLAB)
		fputs(" fl=off", output);
	else if (!(cache->flags & CFLGS_OBJFREELIST_SLAB))
		fprintf(output, " fl=on:%td", (char *)slab->freelist - slab_address(slab));
	else if (!slab->freelist)
		fputs(" fl=none", output);
	else
		fprintf(output, " fl=obj:%u",
			object_index(cache, slab, (char *)slab->freelist - cache->obj_offset));
}

// The free indices in their order, runs as a-b.
static void print_free_indices(
	FILE *output, const struct kmem_cache *cache, const struct slab *slab)
{
	const char *separator = "";

	fputs(" free=", output);
	if (slab->active >= cache->num)
		fputs("-", output);
	for (unsigned from = slab->active, to; from < cache->num; from = to + 1) {
		to = from;
		while (to + 1 < cache->num && slab->freelist[to + 1] == slab->freelist[to] + 1)
			to++;
		fprintf(output, "%s%u", separator, slab->freelist[from]);
		if (to > from)
			fprintf(output, "-%u", slab->freelist[to]);
		separator = ",";
	}
	fputs("\n", output);
}

static void print_slabs(FILE *output, const struct kmem_cache *cache,
	const struct cds_list_head *list, const char *list_name)
{
	struct slab *slab;

	cds_list_for_each_entry(slab, list, list) {
		fprintf(output, " slab %u node=%u list=%s active=%u off=%td", slab->number,
			slab_node(slab), list_name, slab->active, slab->s_mem - slab_address(slab));
		print_freelist_place(output, cache, slab);
		print_free_indices(output, cache, slab);
	}
}

static void print_node(FILE *output, const struct kmem_cache *cache, unsigned number)
{
	const struct kmem_cache_node *node = cache->node[number];

	if (!node)
		return;
	print_node_counts(output, node, number);
	print_node_arrays(output, node, number);
	print_slabs(output, cache, &node->slabs_partial, "partial");
	print_slabs(output, cache, &node->slabs_full, "full");
	print_slabs(output, cache, &node->slabs_free, "free");
}

static void print_cpu(FILE *output, const struct kmem_cache *cache, unsigned cpu)
{
	const struct cpu_slot *slot = cpu_slot(cpu);
	const struct array_cache *array = cpu_array(cache, cpu_slot(cpu));

	fprintf(output, " cpu %u online=%d avail=%u limit=%u batchcount=%u touched=%u reap_node=%u",
		cpu, slot->is_online != 0, array->avail, array->limit, array->batchcount,
		array->touched, slot->reap_node);
	print_entries(output, array);
}

void state_print_dump(struct state *state, const struct state_cache *wanted, FILE *output)
{
	struct kmem_cache *cache = wanted->cache;

	print_cache(output, cache, state->caches[wanted->first].ctor_calls);
	print_slabinfo(output, cache);
	if (state->has_statistics)
		print_statistics(output, cache);
	for (unsigned node = 0; node < topology.nr_nodes; node++)
		print_node(output, cache, node);
	for_each_cpu(cpu)
		print_cpu(output, cache, cpu);
	fputs("end\n", output);
}
