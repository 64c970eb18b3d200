// SPDX-License-Identifier: GPL-2.0-or-later
// A slab's own life: its pages are obtained, coloured, given a freelist and constructed; objects
// leave and return by index; in the end the pages go back. Lists and counts are the node's business
// (node.c).
//
// The freelist is an array of num one-byte indices; entries [active, num) name the free objects,
// the next one to go at [active]. An objfreelist slab keeps it in one of its free objects: the last
// one at first, so that it is handed out last; when that one goes there is nothing left to list,
// and the first object to come back holds the array from then on.
#include "slab.h"

#include <string.h>

#include "debug/debug.h"
#include "host/random.h"
#include "host/rcu.h"
#include "host/topology.h"
#include "node.h"
#include "own.h"

static bool may_grow(struct kmem_cache *cache, gfp_t flags, unsigned node)
{
	if (node != 0 && ((cache->allocflags | flags) & __GFP_DMA))
		return false; // the DMA zone is node 0's
	if (!__atomic_load_n(&topology.node_is_online[node], __ATOMIC_RELAXED))
		return false;
	return !slab_observer.may_grow || slab_observer.may_grow(cache, node);
}

// The colour of the node's next slab, as an offset in bytes.
static unsigned next_colour_offset(struct kmem_cache *cache, struct kmem_cache_node *node)
{
	unsigned colour;

	list_lock_take(node);
	node->colour_next++;
	if (node->colour_next >= cache->colour)
		node->colour_next = 0;
	colour = node->colour_next;
	lock_release(&node->list_lock);
	return colour * cache->colour_off;
}

// Places the index array. false when an off-slab one can't be had.
static bool slab_place_freelist(struct kmem_cache *cache, struct slab *slab, unsigned node)
{
	if (cache->flags & CFLGS_OBJFREELIST_SLAB)
		slab->freelist = (unsigned char *)index_to_object(cache, slab, cache->num - 1) +
				 cache->obj_offset;
	else if (cache->flags & CFLGS_OFF_SLAB)
		slab->freelist = own_freelist_alloc(cache->freelist_cache, node);
	else
		slab->freelist = (unsigned char *)slab_address(slab) +
				 (PAGE_SIZE << cache->gfporder) - cache->freelist_size;
	return slab->freelist != NULL;
}

// Freelist randomisation: a slab's indices in the cache's own random order, from a random place on.
// The holder of an objfreelist goes out last: it is the first index drawn, and the array moves
// there.
static bool shuffle_freelist(struct kmem_cache *cache, struct slab *slab)
{
	unsigned at, first = 0;

	if (!IS_ENABLED(CONFIG_SLAB_FREELIST_RANDOM) || !cache->random_seq)
		return false;
	at = random_number() % cache->num;
	if (cache->flags & CFLGS_OBJFREELIST_SLAB) {
		unsigned holder = cache->random_seq[at];

		slab->freelist =
			(unsigned char *)index_to_object(cache, slab, holder) + cache->obj_offset;
		slab->freelist[cache->num - 1] = (unsigned char)holder;
		at = (at + 1) % cache->num;
		first = 1;
	}
	for (unsigned i = 0; i < cache->num - first; i++)
		slab->freelist[i] = cache->random_seq[(at + i) % cache->num];
	return true;
}

static void slab_construct(struct kmem_cache *cache, struct slab *slab)
{
	for (unsigned i = 0; i < cache->num; i++) {
		void *object = index_to_object(cache, slab, i);

		debug_object_new(cache, object);
		if (cache->ctor && !(cache->flags & SLAB_POISON))
			cache->ctor((char *)object + cache->obj_offset);
	}
	if (!shuffle_freelist(cache, slab))
		for (unsigned i = 0; i < cache->num; i++)
			slab->freelist[i] = (unsigned char)i;
}

// Under init_on_alloc every object begins with zeros or with what its own cache left there. A cache
// whose objects are not zeroed when they are handed out has them zeroed here: another cache may
// have used the memory.
static void slab_zero_pages(const struct kmem_cache *cache, struct page *page)
{
	if (slab_options.init_on_alloc && !cache->init_on_alloc)
		memset(page_address(page), 0, PAGE_SIZE << cache->gfporder);
}

// Every page of the slab names the cache and the first object.
static void slab_label_pages(struct slab *slab, unsigned order)
{
	struct page *page = slab_page(slab);

	for (unsigned i = 1; i < 1u << order; i++) {
		page[i].slab.cache = slab->cache;
		page[i].slab.s_mem = slab->s_mem;
	}
}

struct slab *cache_grow_begin(struct kmem_cache *cache, gfp_t flags, unsigned node)
{
	struct page *page =
		may_grow(cache, flags, node) ? pages_alloc(node, cache->gfporder) : NULL;
	struct slab *slab;

	if (!page)
		return NULL;
	slab_zero_pages(cache, page);
	slab = &page->slab;
	slab->cache = cache;
	slab->active = 0;
	slab->s_mem = page_address(page) + next_colour_offset(cache, cache->node[node]);
	slab_label_pages(slab, cache->gfporder);
	if (!slab_place_freelist(cache, slab, node)) {
		pages_free(page);
		return NULL;
	}
	slab->number = atomic_fetch_add_explicit(&cache->slabs_grown, 1, memory_order_relaxed);
	slab_construct(cache, slab);
	if (slab_observer.grown)
		slab_observer.grown(cache, slab);
	return slab;
}

void *slab_get_object(struct kmem_cache *cache, struct slab *slab)
{
	debug_slab_gives(cache, slab);
	return index_to_object(cache, slab, slab->freelist[slab->active++]);
}

void slab_put_object(struct kmem_cache *cache, struct slab *slab, void *object)
{
	debug_slab_takes(object);
	slab->active--;
	if (!slab->freelist)
		slab->freelist = (unsigned char *)object + cache->obj_offset;
	slab->freelist[slab->active] = (unsigned char)object_index(cache, slab, object);
}

// The freelist's object comes last: it may be what its own cache's slab is waiting for.
static void slab_destroy(struct kmem_cache *cache, struct slab *slab)
{
	unsigned char *freelist = slab->freelist;

	debug_slab_check(cache, slab);
	pages_free(slab_page(slab));
	if (cache->flags & CFLGS_OFF_SLAB)
		own_freelist_free(cache->freelist_cache, freelist);
}

// Readers may still look at the objects: the memory stays what it is until all of them have left.
static void slab_destroy_later(struct rcu_head *head)
{
	struct slab *slab = caa_container_of(head, struct slab, rcu);

	rcu_call_begin(head);
	slab_destroy(slab->cache, slab);
	rcu_call_end();
}

void slabs_destroy(struct kmem_cache *cache, struct cds_list_head *doomed)
{
	while (!cds_list_empty(doomed)) {
		struct slab *slab = cds_list_first_entry(doomed, struct slab, list);

		cds_list_del(&slab->list);
		if (slab_observer.destroyed)
			slab_observer.destroyed(cache, slab);
		if (unlikely(cache->flags & SLAB_TYPESAFE_BY_RCU))
			rcu_call(&slab->rcu, slab_destroy_later);
		else
			slab_destroy(cache, slab);
	}
}
