// SPDX-License-Identifier: GPL-2.0-or-later
// The debug config's looks at whole slabs: a freelist that was overwritten, objects written to
// after they were freed, objects that nobody freed.
//
// A freelist may lie in a free object, where a write after free reaches it; its bytes are no
// poison, so nothing but their meaning can tell. The record knows which objects each freelist
// should name: an entry that names another one, or none, is reported, and the freelist is written
// anew from the record. So no object goes out that is with a user or in an array, whatever was
// written.
#include "debug/debug.h"

#if CONFIG_DEBUG_SLAB

#include <stdio.h>

#include "debug/object.h"
#include "debug/record.h"
#include "host/report.h"
#include "host/topology.h"
#include "node.h"
#include "slab.h"
#include "types.h"

// ---- the freelist

void debug_object_new(struct kmem_cache *cache, void *object)
{
	record_start();
	if (record_exists()) {
		record_clear(RECORD_IN_USE, object);
		record_set(RECORD_IN_SLAB, object);
	}
	set_user(cache, object, NULL);
	paint_free(cache, object);
}

// The object that the slab's freelist lies in; NULL where it lies elsewhere.
static void *holder_of(const struct kmem_cache *cache, const struct slab *slab)
{
	return cache->flags & CFLGS_OBJFREELIST_SLAB ? slab->freelist - cache->obj_offset : NULL;
}

// The holder goes last, with its slab's freelist.
static bool is_next(const struct kmem_cache *cache, const struct slab *slab, unsigned index)
{
	bool is_last = slab->active + 1 == cache->num;
	const void *object, *holder = holder_of(cache, slab);

	if (index >= cache->num)
		return false;
	object = index_to_object(cache, slab, index);
	return record_has(RECORD_IN_SLAB, object) && (!holder || (object == holder) == is_last);
}

static void rebuild_freelist(const struct kmem_cache *cache, struct slab *slab)
{
	void *holder = holder_of(cache, slab);
	unsigned at = slab->active;

	for (unsigned i = 0; i < cache->num && at < cache->num; i++) {
		void *object = index_to_object(cache, slab, i);

		if (object != holder && record_has(RECORD_IN_SLAB, object))
			slab->freelist[at++] = (unsigned char)i;
	}
	if (holder && at < cache->num)
		slab->freelist[at] = (unsigned char)index_of(cache, holder);
}

static void report_freelist(const struct kmem_cache *cache, struct slab *slab, unsigned entry)
{
	const void *holder = holder_of(cache, slab);
	unsigned index = slab->freelist[entry];

	if (holder)
		report("cache '%s': the freelist of slab %p was overwritten: entry %u is %u, no "
		       "object that is free there; it lies in object %p (index %u), which was "
		       "written after free; last user %s",
			cache->name, (void *)slab_address(slab), entry, index,
			(void *)content(cache, holder), index_of(cache, holder),
			last_user(cache, holder).text);
	else
		report("cache '%s': the freelist of slab %p was overwritten: entry %u is %u, no "
		       "object that is free there; it lies at %p, %s",
			cache->name, (void *)slab_address(slab), entry, index,
			(void *)slab->freelist,
			cache->flags & CFLGS_OFF_SLAB ? "off the slab" : "behind its objects");
}

void debug_slab_gives(struct kmem_cache *cache, struct slab *slab)
{
	unsigned index = slab->freelist[slab->active];

	if (!record_exists())
		return;
	if (!is_next(cache, slab, index)) {
		report_freelist(cache, slab, slab->active);
		rebuild_freelist(cache, slab);
		index = slab->freelist[slab->active];
	}
	record_clear(RECORD_IN_SLAB, index_to_object(cache, slab, index));
}

void debug_slab_takes(void *object)
{
	if (record_exists())
		record_set(RECORD_IN_SLAB, object);
}

// Of a slab without an object out: every object once, the holder last.
static void check_freelist(const struct kmem_cache *cache, struct slab *slab)
{
	bool is_named[SLAB_OBJECTS_MAX] = {false};
	const void *holder = holder_of(cache, slab);

	for (unsigned i = 0; i < cache->num; i++) {
		unsigned index = slab->freelist[i];

		if (index >= cache->num || is_named[index] ||
			(holder && i + 1 == cache->num && index != index_of(cache, holder))) {
			report_freelist(cache, slab, i);
			return;
		}
		is_named[index] = true;
	}
}

// ---- what was written to free objects

void debug_freelist_gone(struct kmem_cache *cache, struct slab *slab)
{
	void *object = slab->freelist - cache->obj_offset;

	check_free(cache, object, cache->freelist_size, "when the freelist left it");
	paint_free(cache, object);
}

void debug_slab_check(struct kmem_cache *cache, struct slab *slab)
{
	check_freelist(cache, slab);
	for (unsigned i = 0; i < cache->num; i++) {
		void *object = index_to_object(cache, slab, i);
		bool is_holder = (void *)content(cache, object) == (void *)slab->freelist;

		check_free(cache, object, is_holder ? cache->freelist_size : 0,
			"when its slab was given back");
	}
}

// ---- leaks

#define LEAKS_NAMED_MAX 8

struct leaks {
	unsigned long count;
	void *named[LEAKS_NAMED_MAX]; // starts of strides
};

static void find_leaks(
	struct kmem_cache *cache, const struct cds_list_head *list, struct leaks *leaks)
{
	struct slab *slab;

	cds_list_for_each_entry(slab, list, list) {
		for (unsigned i = 0; i < cache->num; i++) {
			void *object = index_to_object(cache, slab, i);

			if (!record_has(RECORD_IN_USE, object))
				continue;
			if (leaks->count < LEAKS_NAMED_MAX)
				leaks->named[leaks->count] = object;
			leaks->count++;
		}
	}
}

unsigned long debug_report_leaks(struct kmem_cache *cache)
{
	struct leaks leaks = {.count = 0};

	for (unsigned i = 0; i < topology.nr_nodes; i++) {
		struct kmem_cache_node *node = cache->node[i];

		list_lock_take(node);
		find_leaks(cache, &node->slabs_full, &leaks);
		find_leaks(cache, &node->slabs_partial, &leaks);
		lock_release(&node->list_lock);
	}
	for (unsigned i = 0; i < leaks.count && i < LEAKS_NAMED_MAX; i++)
		report("cache '%s': object %p (index %u) was never freed; last user %s",
			cache->name, (void *)content(cache, leaks.named[i]),
			index_of(cache, leaks.named[i]), last_user(cache, leaks.named[i]).text);
	if (leaks.count > LEAKS_NAMED_MAX)
		report("cache '%s': %lu more objects were never freed", cache->name,
			leaks.count - LEAKS_NAMED_MAX);
	return leaks.count;
}

#endif
