// SPDX-License-Identifier: GPL-2.0-or-later
// kmalloc: a set of caches, one a size, in three types of memory; kfree: from an address to its
// cache. Sizes are the powers of two, and 96 and 192 between the small ones.
#include "kmalloc.h"

#include <errno.h>
#include <string.h>

#include "bootstrap.h"
#include "cache.h"
#include "debug/debug.h"
#include "derived.h"
#include "host/report.h"
#include "host/sanitizer.h"
#include "host/topology.h"
#include "nonshared/copy.h"
#include "object_fast.h"
#include "own.h"

// Index of a size: log2, with 1 and 2 for the two that are no power of two.
#define INDEX_96  1
#define INDEX_192 2
#define INDEX_TOP KMALLOC_SHIFT_HIGH

static const struct {
	unsigned size;
	const char *name[NR_KMALLOC_TYPES];
} kmalloc_info[INDEX_TOP + 1] = {
#define INFO(index, bytes, label)                                                                  \
	[index] = {bytes, {"kmalloc-" label, "kmalloc-rcl-" label, "dma-kmalloc-" label}}
	INFO(INDEX_96, 96, "96"),
	INFO(INDEX_192, 192, "192"),
	INFO(5, 32, "32"),
	INFO(6, 64, "64"),
	INFO(7, 128, "128"),
	INFO(8, 256, "256"),
	INFO(9, 512, "512"),
	INFO(10, 1u << 10, "1k"),
	INFO(11, 2u << 10, "2k"),
	INFO(12, 4u << 10, "4k"),
	INFO(13, 8u << 10, "8k"),
	INFO(14, 16u << 10, "16k"),
	INFO(15, 32u << 10, "32k"),
	INFO(16, 64u << 10, "64k"),
	INFO(17, 128u << 10, "128k"),
	INFO(18, 256u << 10, "256k"),
	INFO(19, 512u << 10, "512k"),
	INFO(20, 1u << 20, "1M"),
	INFO(21, 2u << 20, "2M"),
	INFO(22, 4u << 20, "4M"),
#undef INFO
};

static struct kmem_cache
	*kmalloc_caches[NR_KMALLOC_TYPES][INDEX_TOP + 1]; // written by bootstrap alone
struct kmem_cache *slab_kmalloc_caches[NR_KMALLOC_TYPES][INDEX_TOP + 1]; // for users

struct kmem_cache *kmalloc_slab(size_t size, gfp_t flags)
{
	if (size > KMALLOC_MAX_SIZE)
		return NULL;
	return kmalloc_caches[kmalloc_type(flags)][kmalloc_index(size)];
}

// Whatever __kmalloc() has no quick answer to: no size, a large one, another type than the normal one,
// zeros; before the start.
static __attribute__((noinline)) void *kmalloc_slow(size_t size, gfp_t flags, const void *caller)
{
	struct kmem_cache *cache;

	if (size == 0)
		return ZERO_SIZE_PTR;
	if (size > KMALLOC_MAX_SIZE || !slab_start())
		return NULL;
	cache = kmalloc_slab(size, flags);
	return cache ? cache_alloc_fast(cache, flags, caller) : NULL;
}

// Where the sequence gave up: only here the cache is asked for.
static __attribute__((noinline)) void *kmalloc_missed(size_t size, gfp_t flags, const void *caller)
{
	return cache_alloc_slow(kmalloc_slab(size, flags), flags, caller);
}

void *__kmalloc(size_t size, gfp_t flags)
{
	void *object;

	if (unlikely(!kmalloc_is_quick(size, flags)))
		return kmalloc_slow(size, flags, CALLER);
	if (unlikely(!pop_by_sequence(kmalloc_quick_place(size), &object)))
		return kmalloc_missed(size, flags, CALLER);
	return object;
}
FOR_PROGRAMS(__kmalloc);

void *kmalloc_node(size_t size, gfp_t flags, int node)
{
	struct kmem_cache *cache;

	if (unlikely(size - 1 >= KMALLOC_MAX_SIZE || !slab_start()))
		return kmalloc_slow(size, flags, CALLER);
	cache = kmalloc_slab(size, flags);
	if (node >= 0 && (unsigned)node >= topology.nr_nodes)
		return NULL;
	if (node < 0)
		return cache_alloc_local(cache, flags, CALLER);
	return cache_alloc_node(cache, flags, (unsigned)node, CALLER);
}

static void report_interior(const char *function, const void *object, const struct slab *slab)
{
	const struct kmem_cache *cache = slab->cache;
	long offset = (const char *)object - slab->s_mem;

	if (offset < 0 || offset / cache->size >= cache->num)
		report("%s(%p): in a slab of cache '%s', but not the start of an object, nor "
		       "inside one",
			function, object, cache->name);
	else
		report("%s(%p): in cache '%s', but not the start of an object: byte %ld of index "
		       "%ld",
			function, object, cache->name,
			offset % cache->size - (long)cache->obj_offset, offset / cache->size);
}

// Says what is wrong with an address that should be an object's.
static __attribute__((noinline)) void report_no_object(const void *object, const char *function)
{
	const struct slab *slab = pages_contain(object) ? address_to_slab(object) : NULL;

	if (!pages_contain(object))
		report("%s(%p): no memory of this allocator", function, object);
	else if (!slab)
		report("%s(%p): in no slab; freed with its slab already, or never handed out",
			function, object);
	else
		report_interior(function, object, slab);
}

// The cache of an address that should be an object's; NULL after a report.
static inline struct kmem_cache *cache_of_object(const void *object, const char *function)
{
	struct kmem_cache *cache = object_cache(object);

	if (unlikely(!cache))
		report_no_object(object, function);
	return cache;
}

static __attribute__((noinline)) void kfree_slow(const void *object, const void *caller)
{
	struct kmem_cache *cache = object_cache(object);

	if (cache && IS_FREE_QUICK)
		cache_free_slow(cache, (void *)object, caller);
	else if (cache)
		cache_free_fast(cache, (void *)object, caller);
	else if (!ZERO_OR_NULL_PTR(object))
		report_no_object(object, "kfree");
}

void kfree(const void *object)
{
	if (!IS_FREE_QUICK || unlikely(!push_found_by_sequence(object)))
		kfree_slow(object, CALLER);
}
FOR_PROGRAMS(kfree);

bool object_room(const void *object, const char *function, size_t *bytes)
{
	struct kmem_cache *cache = cache_of_object(object, function);

	if (!cache || !debug_is_held(cache, object, function))
		return false;
	*bytes = cache->object_size;
	return true;
}

size_t ksize(const void *object)
{
	size_t bytes = 0;

	if (!ZERO_OR_NULL_PTR(object))
		object_room(object, "ksize", &bytes);
	return bytes;
}

bool kmem_check_usercopy(const void *from, size_t bytes)
{
	const struct slab *slab;
	const struct kmem_cache *cache;
	size_t offset;

	if (!pages_contain(from))
		return false;
	slab = address_to_slab(from);
	if (!slab || (const char *)from < slab->s_mem)
		return false;
	cache = slab->cache;
	offset = (size_t)((const char *)from - slab->s_mem);
	if (offset / cache->size >= cache->num || offset % cache->size < cache->obj_offset)
		return false;
	offset = offset % cache->size - cache->obj_offset;
	return offset >= cache->useroffset && offset - cache->useroffset <= cache->usersize &&
	       bytes <= cache->usersize - (offset - cache->useroffset);
}

// ---- bootstrap

static slab_flags_t type_flags(enum kmalloc_cache_type type)
{
	if (type == KMALLOC_DMA)
		return SLAB_CACHE_DMA;
	return type == KMALLOC_RECLAIM ? SLAB_RECLAIM_ACCOUNT : 0;
}

// Powers of two are aligned to their size, others to the cache line.
static unsigned natural_align(unsigned size)
{
	return (size & (size - 1)) ? 0 : size;
}

static int kmalloc_create(enum kmalloc_cache_type type, unsigned index)
{
	slab_flags_t flags = SLAB_HWCACHE_ALIGN | type_flags(type);
	unsigned size = kmalloc_info[index].size, align;
	struct kmem_cache *cache;
	int error;

	if (kmalloc_caches[type][index])
		return 0;
	cache = own_cache_alloc();
	if (!cache)
		return -ENOMEM;
	cache->name = kmalloc_info[index].name[type];
	cache->object_size = cache->usersize = size;
	align = calculate_alignment(flags, natural_align(size), size, slab_rules.cache_line);
	error = cache_set_up(cache, align, flags);
	if (error)
		return error; // the start fails as a whole
	cache->refcount = 1;
	cds_list_add(&cache->list, &slab_caches);
	kmalloc_caches[type][index] = cache;
	return 0;
}

int kmalloc_create_for(size_t size)
{
	return kmalloc_create(KMALLOC_NORMAL, kmalloc_index(size));
}

// The order of creation is the order of /proc/slabinfo: ascending, so that off-slab freelists find
// the smaller caches, 96 and 192 in their place; dma ones by index.
static const unsigned char creation_order[] = {5, 6, INDEX_96, 7, INDEX_192, 8, 9, 10, 11, 12, 13,
	14, 15, 16, 17, 18, 19, 20, 21, INDEX_TOP};

static int create_type(enum kmalloc_cache_type type)
{
	int error = 0;

	for (unsigned i = 0; i < sizeof(creation_order) && !error; i++)
		error = kmalloc_create(type, creation_order[i]);
	return error;
}

static int create_dma(void)
{
	int error = 0;

	for (unsigned index = 0; index <= INDEX_TOP && !error; index++)
		if (kmalloc_info[index].size)
			error = kmalloc_create(KMALLOC_DMA, index);
	return error;
}

void kmalloc_publish(void)
{
	for (size_t step = 0; step < KMALLOC_STEPS; step++)
		kmalloc_place[step] =
			kmalloc_slab((step + 1) * KMALLOC_STEP, GFP_KERNEL)->cpu_quick;
	for (unsigned type = 0; type < NR_KMALLOC_TYPES; type++)
		for (unsigned index = 0; index <= INDEX_TOP; index++)
			__atomic_store_n(&slab_kmalloc_caches[type][index],
				kmalloc_caches[type][index], __ATOMIC_RELEASE);
	__atomic_store_n(&slab_gates.kmalloc_limit, KMALLOC_STEPS_MAX, __ATOMIC_RELEASE);
}

int kmalloc_create_all(void)
{
	int error = create_type(KMALLOC_NORMAL);

	if (!error)
		error = create_type(KMALLOC_RECLAIM);
	return error ? error : create_dma();
}
