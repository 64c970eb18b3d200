// SPDX-License-Identifier: GPL-2.0-or-later
// Caches: creation from request to arrays, sharing, destruction.
#include "cache.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "array/array_cache.h"
#include "bootstrap.h"
#include "cache_nodes.h"
#include "debug/debug.h"
#include "host/random.h"
#include "host/rcu.h"
#include "host/report.h"
#include "host/topology.h"
#include "merge.h"
#include "own.h"
#include "reclaim/shrink.h"
#include "tune.h"

// ---- limits

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
// Beyond it a node's shared array would hold on to more slabs than it saves visits to: each object in
// it may be a slab's only free one. Under malloc that is what a program keeps after it has freed all.
#define SHARED_SIZE_MAX (IS_ENABLED(CONFIG_SLAB_UNDER_MALLOC) ? 256 : PAGE_SIZE)

void choose_limits(struct kmem_cache *cache)
{
	unsigned limit = limit_by_size(cache->size);

	if (IS_ENABLED(CONFIG_DEBUG_SLAB) && limit > DEBUG_LIMIT_MAX)
		limit = DEBUG_LIMIT_MAX;
	cache->limit = limit;
	cache->batchcount = (limit + 1) / 2;
	cache->shared = 0;
	if (IS_ENABLED(CONFIG_SLAB_SHARED) && cache->size <= SHARED_SIZE_MAX &&
		topology.nr_possible_cpus > 1)
		cache->shared = SHARED_FACTOR;
}

// ---- set-up

// Gives back the arrays and node structures, as far as there are any. The cache has no slabs.
static void cache_release(struct kmem_cache *cache)
{
	own_free(cache->random_seq);
	cache->random_seq = NULL;
	if (cache->cpu_cache)
		cpu_arrays_free(cache->cpu_cache, cache->limit);
	cache_use_arrays(cache, 0);
	cache_free_nodes(cache);
}

// Exact for every multiple of size inside a slab: the error of the rounded-up reciprocal, times an
// index of at most 255, stays below one.
static uint32_t reciprocal(unsigned size)
{
	return (uint32_t)((((uint64_t)1 << 32) + size - 1) / size);
}

// Whether an object begins at an offset, by one multiplication (after Lemire, Kaser and Kurz 2019).
// The divisor times the size is 2^64 and a little, at most the size: so n times the size becomes n
// times that little, modulo 2^64. Any other number comes to the divisor at least, which is far
// more; one below the first object, which has wrapped around, to nearly 2^64 or to the divisor.
// What is below num times the little is the start of one of num objects.
static void object_rule(struct kmem_cache *cache, unsigned size, unsigned num)
{
	cache->size_divisor = UINT64_MAX / size + 1;
	if ((size & (size - 1)) == 0)
		cache->size_divisor++;
	cache->object_limit = num * (cache->size_divisor * size);
}

static void take_geometry(struct kmem_cache *cache, const struct geometry *geometry)
{
	cache->size = geometry->size;
	cache->reciprocal_size = reciprocal(geometry->size);
	object_rule(cache, geometry->size, geometry->num);
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
		cache->freelist_cache = own_freelist_cache(geometry->freelist_size);
}

// Zeroing would undo a constructor's work or hide what readers under RCU look at; poison does it
// better.
static void choose_zeroing(struct kmem_cache *cache)
{
	bool may = !cache->ctor && !(cache->flags & (SLAB_TYPESAFE_BY_RCU | SLAB_POISON));

	cache->init_on_alloc = slab_options.init_on_alloc && may;
	cache->init_on_free = slab_options.init_on_free && may;
}

// A permutation of the indices (Fisher and Yates). A slab of one object has no order.
static int make_random_seq(struct kmem_cache *cache)
{
	unsigned char *seq;

	if (!IS_ENABLED(CONFIG_SLAB_FREELIST_RANDOM) || cache->num < 2 || slab_state < UP)
		return 0;
	seq = own_alloc(cache->num, cpu_slot(cpu_current())->node);
	if (!seq)
		return -ENOMEM;
	for (unsigned i = 0; i < cache->num; i++)
		seq[i] = (unsigned char)i;
	for (unsigned i = cache->num - 1; i > 0; i--) {
		unsigned other = random_number() % (i + 1);
		unsigned char index = seq[i];

		seq[i] = seq[other];
		seq[other] = index;
	}
	cache->random_seq = seq;
	return 0;
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
	cache_use_arrays(cache, cpu_arrays_alloc(1, 1));
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
	error = make_random_seq(cache);
	if (!error)
		error = set_up_arrays(cache);
	if (error)
		cache_release(cache);
	return error;
}

// ---- creation

static bool cache_take_name(struct kmem_cache *cache, const char *name)
{
	char *copy = own_alloc(strlen(name) + 1, cpu_slot(cpu_current())->node);

	if (!copy)
		return false;
	strcpy(copy, name);
	cache->name = copy;
	cache->owns_name = true;
	return true;
}

static struct kmem_cache *cache_new(const struct cache_request *request, int *error)
{
	struct kmem_cache *cache = own_cache_alloc();
	unsigned align = calculate_alignment(
		request->flags, request->align, request->size, slab_rules.cache_line);

	*error = -ENOMEM;
	if (!cache)
		return NULL;
	cache->object_size = request->size;
	cache->ctor = request->ctor;
	cache->useroffset = request->useroffset;
	cache->usersize = request->usersize;
	if (!cache_take_name(cache, request->name))
		goto fail;
	*error = cache_set_up(cache, align, request->flags);
	if (*error)
		goto fail;
	cache->refcount = 1;
	cds_list_add(&cache->list, &slab_caches);
	return cache;
fail:
	own_free(cache->name);
	own_cache_free(cache);
	return NULL;
}

// A region that does not lie within the object is none.
static void check_region(struct cache_request *request)
{
	bool is_inside = request->usersize <= request->size &&
			 request->useroffset <= request->size - request->usersize;

	if ((request->usersize > 0 || request->useroffset == 0) && is_inside)
		return;
	report("cache '%s': the usercopy region [%u, +%u) does not lie within its %u bytes; none "
	       "is set",
		request->name, request->useroffset, request->usersize, request->size);
	request->useroffset = request->usersize = 0;
}

struct kmem_cache *cache_create(const struct cache_request *wish, int *error)
{
	struct cache_request request = *wish;
	struct kmem_cache *cache = NULL;

	if (!request.name || (request.flags & ~geometry_flags_permitted())) {
		*error = -EINVAL;
		return NULL;
	}
	if (strchr(request.name, ' '))
		report("cache '%s': a blank in the name breaks slabinfo's columns", request.name);
	request.flags &= geometry_flags_known();
	check_region(&request);
	if (request.usersize == 0)
		cache = find_mergeable(request.size, request.align, request.flags, request.ctor);
	if (!cache)
		return cache_new(&request, error);
	cache->refcount++;
	if (cache->object_size < request.size)
		cache->object_size = request.size;
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

struct kmem_cache *kmem_cache_create_usercopy(const char *name, unsigned size, unsigned align,
	slab_flags_t flags, unsigned useroffset, unsigned usersize, void (*ctor)(void *object))
{
	const struct cache_request request = {.name = name,
		.size = size,
		.align = align,
		.flags = flags,
		.useroffset = useroffset,
		.usersize = usersize,
		.ctor = ctor};
	struct kmem_cache *cache = NULL;
	int error = -ENOMEM;

	if (slab_start()) {
		pthread_mutex_lock(&slab_mutex);
		cache = cache_create(&request, &error);
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

struct kmem_cache *kmem_cache_create(const char *name, unsigned size, unsigned align,
	slab_flags_t flags, void (*ctor)(void *object))
{
	return kmem_cache_create_usercopy(name, size, align, flags, 0, 0, ctor);
}

unsigned int kmem_cache_size(struct kmem_cache *cache)
{
	return cache->object_size;
}

// ---- destruction

// Gives a cache without slabs back, structure and name included. slab_mutex held.
static void cache_dispose(struct kmem_cache *cache)
{
	cds_list_del(&cache->list);
	if (cache->flags & SLAB_TYPESAFE_BY_RCU)
		(void)rcu_wait(); // slabs on their way out still name the cache
	cache_release(cache);
	if (cache->owns_name)
		own_free(cache->name);
	own_cache_free(cache);
}

int cache_destroy(struct kmem_cache *cache)
{
	cache->refcount--;
	if (cache->refcount != 0)
		return 1;
	if (!cache_shrink(cache))
		return -EBUSY;
	cache_dispose(cache);
	return 0;
}

void kmem_cache_destroy(struct kmem_cache *cache)
{
	if (!cache)
		return;
	pthread_mutex_lock(&slab_mutex);
	if (cache_destroy(cache) == -EBUSY) {
		report("cannot destroy cache '%s': objects remain; the cache stays", cache->name);
		debug_report_leaks(cache);
	}
	pthread_mutex_unlock(&slab_mutex);
}
