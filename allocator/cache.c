// SPDX-License-Identifier: GPL-2.0-or-later
// Caches: creation from request to arrays, sharing, destruction. The list of all caches lives here,
// newest first.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "host/rcu.h"
#include "internal.h"

pthread_mutex_t slab_mutex = PTHREAD_MUTEX_INITIALIZER;
CDS_LIST_HEAD(slab_caches);

// ---- limits -------------------------------------------------------------------------------------

// Larger objects tie up more memory in arrays, so fewer of them are kept.
static unsigned limit_by_size(unsigned size)
{
	if (size > 131072)
		return 1;
	if (size > PAGE_SIZE)
		return 8;
	if (size > 1024)
		return 24;
	if (size > 256)
		return 54;
	return 120;
}

#define DEBUG_LIMIT_MAX 32
#define SHARED_FACTOR   8

void choose_limits(struct kmem_cache *cache)
{
	unsigned limit = limit_by_size(cache->size);

	if (IS_ENABLED(CONFIG_DEBUG_SLAB) && limit > DEBUG_LIMIT_MAX)
		limit = DEBUG_LIMIT_MAX;
	cache->limit = limit;
	cache->batchcount = (limit + 1) / 2;
	cache->shared = 0;
	if (IS_ENABLED(CONFIG_SLAB_SHARED) && cache->size <= PAGE_SIZE &&
		topology.nr_possible_cpus > 1)
		cache->shared = SHARED_FACTOR;
}

// ---- node structures ----------------------------------------------------------------------------

static bool uses_aliens(void)
{
	return IS_ENABLED(CONFIG_SLAB_ALIEN) && topology.nr_nodes > 1 && !slab_options.noaliencache;
}

static struct kmem_cache_node *node_alloc(struct kmem_cache *cache, unsigned node)
{
	struct kmem_cache_node *made;

	if (slab_state < PARTIAL_NODE) {
		made = boot_node(node);
	} else {
		made = kzalloc_node(sizeof(*made), node);
		if (!made)
			return NULL;
		kmem_cache_node_init(made);
	}
	made->free_limit = node_free_limit(cache, node);
	return made;
}

// The node structures alone, as every cache has them from its first moment.
static int cache_alloc_nodes(struct kmem_cache *cache)
{
	for (unsigned node = 0; node < topology.nr_nodes; node++) {
		cache->node[node] = node_alloc(cache, node);
		if (!cache->node[node])
			return -ENOMEM;
	}
	return 0;
}

// New arrays take the place of the old ones, whose objects go to the slabs.
static void node_replace_arrays(struct kmem_cache *cache, struct kmem_cache_node *node,
	struct array_cache **shared, struct alien_cache ***alien)
{
	struct array_cache *old_shared = node->shared;
	CDS_LIST_HEAD(doomed);

	lock_take(&node->list_lock);
	if (old_shared)
		free_block(cache, old_shared->entry, old_shared->avail, node, &doomed);
	__atomic_store_n(&node->shared, *shared, __ATOMIC_RELEASE);
	*shared = old_shared;
	if (!node->alien) {
		node->alien = *alien;
		*alien = NULL;
	}
	lock_release(&node->list_lock);
	slabs_destroy(cache, &doomed);
}

static int set_up_node(struct kmem_cache *cache, unsigned number)
{
	struct kmem_cache_node *node = cache->node[number];
	struct array_cache *shared = NULL;
	struct alien_cache **alien = NULL;
	int error = -ENOMEM;

	if (uses_aliens() && !node->alien) {
		alien = aliens_alloc(number, cache->limit);
		if (!alien)
			goto out;
	}
	if (cache->shared > 0) {
		shared = array_alloc(number, cache->shared * cache->batchcount, 0);
		if (!shared)
			goto out;
	}
	lock_take(&node->list_lock);
	node->free_limit = node_free_limit(cache, number);
	lock_release(&node->list_lock);
	node_replace_arrays(cache, node, &shared, &alien);
	if (shared)
		cpu_slots_wait(); // a refill may still be looking at the old one
	error = 0;
out:
	kfree(shared);
	aliens_free(alien);
	return error;
}

int cache_set_up_nodes(struct kmem_cache *cache)
{
	for (unsigned node = 0; node < topology.nr_nodes; node++) {
		int error = set_up_node(cache, node);

		if (error)
			return error;
	}
	return 0;
}

static void node_release(struct kmem_cache_node *node)
{
	if (!node || !pages_contain(node))
		return;
	kfree(node->shared);
	aliens_free(node->alien);
	kfree(node);
}

void cache_release(struct kmem_cache *cache)
{
	if (cache->cpu_cache)
		cpu_arrays_free(cache->cpu_cache, cache->limit);
	cache->cpu_cache = 0;
	for (unsigned node = 0; node < topology.nr_nodes; node++) {
		node_release(cache->node[node]);
		cache->node[node] = NULL;
	}
}

// ---- set-up -------------------------------------------------------------------------------------

// Exact for every multiple of size inside a slab: the error of the rounded-up reciprocal, times an
// index of at most 255, stays below one.
static uint32_t reciprocal(unsigned size)
{
	return (uint32_t)((((uint64_t)1 << 32) + size - 1) / size);
}

static void take_geometry(struct kmem_cache *cache, const struct geometry *geometry)
{
	cache->size = geometry->size;
	cache->reciprocal_size = reciprocal(geometry->size);
	cache->align = geometry->align;
	cache->num = geometry->num;
	cache->gfporder = geometry->gfporder;
	cache->colour = geometry->colour;
	cache->colour_off = geometry->colour_off;
	cache->left_over = geometry->left_over;
	cache->freelist_size = geometry->freelist_size;
	cache->flags = geometry->flags;
	cache->allocflags = geometry->allocflags;
	cache->obj_offset = geometry->obj_offset;
	cache->redzone1 = geometry->redzone1;
	cache->redzone2 = geometry->redzone2;
	cache->userword = geometry->userword;
	cache->freelist_cache = NULL;
	if (geometry->placement == PLACEMENT_OFFSLAB)
		cache->freelist_cache = kmalloc_slab(geometry->freelist_size, 0);
}

// Zeroing would undo a constructor's work or hide what readers under RCU look at; poison does it
// better.
static void choose_zeroing(struct kmem_cache *cache)
{
	bool may = !cache->ctor && !(cache->flags & (SLAB_TYPESAFE_BY_RCU | SLAB_POISON));

	cache->init_on_alloc = slab_options.init_on_alloc && !cache->ctor;
	cache->init_on_free = slab_options.init_on_free && may;
}

static int set_up_arrays(struct kmem_cache *cache)
{
	int error;

	if (slab_state >= FULL)
		choose_limits(cache); // free_limit depends on them
	else
		cache->limit = cache->batchcount = 1;
	error = cache_alloc_nodes(cache);
	if (error)
		return error;
	if (slab_state >= FULL)
		return do_tune_cpucache(cache, cache->limit, cache->batchcount, cache->shared);
	cache->cpu_cache = cpu_arrays_alloc(1, 1);
	return cache->cpu_cache ? 0 : -ENOMEM;
}

int cache_set_up(struct kmem_cache *cache, unsigned align, slab_flags_t flags)
{
	struct geometry geometry;
	int error = geometry_compute(
		&geometry, &slab_rules, cache->object_size, align, flags, cache->ctor != NULL);

	if (error)
		return error;
	take_geometry(cache, &geometry);
	choose_zeroing(cache);
	error = set_up_arrays(cache);
	if (error)
		cache_release(cache);
	return error;
}

// ---- creation -----------------------------------------------------------------------------------

static bool cache_take_name(struct kmem_cache *cache, const char *name)
{
	char *copy = kmalloc(strlen(name) + 1, GFP_KERNEL);

	if (!copy)
		return false;
	strcpy(copy, name);
	cache->name = copy;
	cache->owns_name = true;
	return true;
}

static size_t cache_bytes(void)
{
	return sizeof(struct kmem_cache) + topology.nr_nodes * sizeof(struct kmem_cache_node *);
}

static struct kmem_cache *cache_new(const char *name, unsigned size, unsigned align,
	slab_flags_t flags, void (*ctor)(void *object), int *error)
{
	struct kmem_cache *cache = cache_alloc(kmem_cache, GFP_KERNEL | __GFP_ZERO, CALLER);

	*error = -ENOMEM;
	if (!cache)
		return NULL;
	memset(cache, 0, cache_bytes());
	cache->object_size = size;
	cache->ctor = ctor;
	if (!cache_take_name(cache, name))
		goto fail;
	*error = cache_set_up(
		cache, calculate_alignment(flags, align, size, slab_rules.cache_line), flags);
	if (*error)
		goto fail;
	cache->refcount = 1;
	cds_list_add(&cache->list, &slab_caches);
	return cache;
fail:
	kfree(cache->name);
	cache_free(kmem_cache, cache, CALLER);
	return NULL;
}

struct kmem_cache *cache_create(const char *name, unsigned size, unsigned align, slab_flags_t flags,
	void (*ctor)(void *object), int *error)
{
	struct kmem_cache *cache;

	if (!name || (flags & ~geometry_flags_permitted())) {
		*error = -EINVAL;
		return NULL;
	}
	if (strchr(name, ' '))
		report("cache '%s': a blank in the name breaks slabinfo's columns", name);
	flags &= geometry_flags_known();
	cache = find_mergeable(size, align, flags, ctor);
	if (!cache)
		return cache_new(name, size, align, flags, ctor, error);
	cache->refcount++;
	if (cache->object_size < size)
		cache->object_size = size;
	return cache;
}

static void report_creation(const char *name, slab_flags_t flags, int error)
{
	if (!name)
		name = "(no name)";
	if (flags & SLAB_PANIC)
		report_fatal("cannot create cache '%s': %s, and it was marked SLAB_PANIC", name,
			strerrorname_np(-error));
	report("cannot create cache '%s': %s", name, strerrorname_np(-error));
}

struct kmem_cache *kmem_cache_create(const char *name, unsigned size, unsigned align,
	slab_flags_t flags, void (*ctor)(void *object))
{
	struct kmem_cache *cache = NULL;
	int error = -ENOMEM;

	if (slab_start()) {
		pthread_mutex_lock(&slab_mutex);
		cache = cache_create(name, size, align, flags, ctor, &error);
		pthread_mutex_unlock(&slab_mutex);
	} else {
		error = -errno;
	}
	if (!cache) {
		report_creation(name, flags, error);
		errno = -error;
	}
	return cache;
}

unsigned int kmem_cache_size(struct kmem_cache *cache)
{
	return cache->object_size;
}

// ---- destruction --------------------------------------------------------------------------------

void cache_dispose(struct kmem_cache *cache)
{
	cds_list_del(&cache->list);
	if (cache->flags & SLAB_TYPESAFE_BY_RCU)
		rcu_wait(); // slabs on their way out still name the cache
	cache_release(cache);
	if (cache->owns_name)
		kfree(cache->name);
	cache_free(kmem_cache, cache, CALLER);
}

void kmem_cache_destroy(struct kmem_cache *cache)
{
	if (!cache)
		return;
	pthread_mutex_lock(&slab_mutex);
	cache->refcount--;
	if (cache->refcount == 0) {
		if (cache_shrink(cache))
			cache_dispose(cache);
		else
			report("cannot destroy cache '%s': objects remain; the cache stays",
				cache->name);
	}
	pthread_mutex_unlock(&slab_mutex);
}
