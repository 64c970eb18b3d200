// SPDX-License-Identifier: GPL-2.0-or-later
// malloc and its family on kmalloc's caches. A hit is a look into the table of sizes and one
// sequence; a free one look into the map of blocks and one sequence.
//
// The first call starts the allocator. Whoever calls malloc() from within that start, as the C
// library may, gets memory of early.c. Nothing else is served from there, and what comes back to it
// stays.
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

// Nobody tunes malloc's caches.
#define PERCPU_OFFSET_IS_FIXED 1

#include "derived.h"
#include "host/report.h"
#include "kmalloc.h"
#include "malloc/block_map.h"
#include "malloc/early.h"
#include "malloc/large.h"
#include "malloc/size_class.h"
#include "malloc/start.h"
#include "object_fast.h"

#define API __attribute__((visibility("default")))

// ---- allocation

static __attribute__((noinline)) void *alloc_from_slow(struct kmem_cache *cache)
{
	void *object = cache_alloc_slow(cache, GFP_KERNEL, CALLER);

	if (unlikely(!object))
		errno = ENOMEM;
	return object;
}

// The cache whose objects have `size` bytes and lie at multiples of `align`; neither is above
// KMALLOC_MAX_SIZE. kmalloc's powers of two are aligned to themselves.
static struct kmem_cache *aligned_cache(size_t size, size_t align)
{
	struct kmem_cache *cache = size_class_cache(size);

	if (cache->align >= align)
		return cache;
	return kmalloc_slab((size_t)1 << log2_up(size > align ? size : align), GFP_KERNEL);
}

// What no table has an answer to: large, aligned to more than the size asks for, or before the
// start.
static __attribute__((noinline)) void *alloc_slow(size_t size, size_t align)
{
	if (unlikely(malloc_is_starting()))
		return early_alloc(size, align);
	if (unlikely(!size_classes_are_there()) && !malloc_start())
		return NULL;
	if (size > KMALLOC_MAX_SIZE || align > KMALLOC_MAX_SIZE)
		return large_alloc(size ? size : 1, align);
	return alloc_from_slow(aligned_cache(size, align));
}

// Past the table of small sizes, or its array is empty.
static __attribute__((noinline)) void *alloc_any(size_t size)
{
	struct kmem_cache *cache;
	void *object;

	if (unlikely(!size_classes_are_there() || size > KMALLOC_MAX_SIZE))
		return alloc_slow(size, SMALL_STEP);
	cache = size_class_cache(size);
	if (size > SMALL_BYTES_MAX && percpu_pop_one(&cache->cpu_quick, &object))
		return object;
	return alloc_from_slow(cache);
}

API void *malloc(size_t size)
{
	void *object;

	if (likely(size < size_classes.small_end && // nothing is, before the start
		    percpu_pop_one(&size_classes.small_quick[small_index(size)], &object)))
		return object;
	return alloc_any(size);
}

API void *calloc(size_t nmemb, size_t size)
{
	size_t bytes;
	void *block;

	if (__builtin_mul_overflow(nmemb, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	block = malloc(bytes);
	if (block && bytes <= KMALLOC_MAX_SIZE) // a larger one is fresh from the kernel
		memset(block, 0, bytes);
	return block;
}

// ---- free

static __attribute__((noinline, cold, noreturn)) void end_at_foreign(
	const char *function, const void *pointer)
{
	size_t bytes;

	if (object_room(pointer, function, &bytes)) // else it has said what is wrong
		report("%s(%p): an object of the allocator's own", function, pointer);
	abort();
}

// A block whose slab the map does not know yet; with anything else the program ends after a
// message.
static __attribute__((noinline)) struct kmem_cache *find_cache(
	const void *block, const char *function)
{
	struct slab *slab = object_slab(block);

	if (!slab || !block_map_enter(slab))
		end_at_foreign(function, block);
	return slab->cache;
}

static __attribute__((noinline)) void free_slow(struct kmem_cache *cache, void *block)
{
	int error = errno; // which free() leaves alone

	cache_free_slow(cache, block, CALLER);
	errno = error;
}

static __attribute__((noinline)) void free_elsewhere(void *block)
{
	if (!block || early_contains(block) || large_free(block))
		return;
	end_at_foreign("free", block);
}

static __attribute__((noinline)) void free_unknown(void *block)
{
	free_slow(find_cache(block, "free"), block);
}

API void free(void *ptr)
{
	const struct block_class *class;
	struct block_entry entry;
	size_t cpu_quick;

	if (unlikely(!block_map_contains(ptr))) {
		free_elsewhere(ptr);
		return;
	}
	// The next to get the block will write to it; an allocator that links free blocks has it in
	// the cache by then.
	__builtin_prefetch(ptr, 1);
	entry = block_map_entry(ptr);
	class = block_map_class(entry, ptr);
	cpu_quick = entry.cpu_quick;
	if (unlikely(!class))
		free_unknown(ptr);
	else if (IS_ENABLED(CONFIG_INIT_ON_FREE_DEFAULT_ON) ||
		 unlikely(!percpu_push_one(&cpu_quick, ptr)))
		free_slow(class->cache, ptr);
}

// ---- other sizes

// The bytes that may be used.
static size_t block_size(const void *block, const char *function)
{
	size_t bytes;

	if (likely(block_map_contains(block))) {
		const struct block_class *class = block_map_class(block_map_entry(block), block);

		return (class ? class->cache : find_cache(block, function))->object_size;
	}
	bytes = early_contains(block) ? early_size(block) : large_size(block);
	if (!bytes && !early_contains(block))
		end_at_foreign(function, block);
	return bytes;
}

API size_t malloc_usable_size(void *ptr)
{
	return ptr ? block_size(ptr, "malloc_usable_size") : 0;
}

// Whether a block serves a smaller size well enough: moving it would save less than half of it.
static bool is_kept(size_t old, size_t size)
{
	return size <= old && size >= old / 4;
}

API void *realloc(void *ptr, size_t size)
{
	size_t old;
	void *made;

	if (!ptr)
		return malloc(size);
	if (size == 0) {
		free(ptr);
		return NULL;
	}
	old = block_size(ptr, "realloc");
	if (old > KMALLOC_MAX_SIZE && size > KMALLOC_MAX_SIZE && !early_contains(ptr))
		return large_resize(ptr, size);
	if (is_kept(old, size))
		return ptr;
	made = malloc(size);
	if (!made)
		return size <= old ? ptr : NULL;
	memcpy(made, ptr, old < size ? old : size);
	free(ptr);
	return made;
}

API void *reallocarray(void *ptr, size_t nmemb, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(nmemb, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(ptr, bytes);
}

// ---- alignment

static bool is_power_of_two(size_t value)
{
	return value && (value & (value - 1)) == 0;
}

API int posix_memalign(void **memptr, size_t alignment, size_t size)
{
	int error = errno; // which it says nothing through
	void *block;

	if (!is_power_of_two(alignment) || alignment % sizeof(void *))
		return EINVAL;
	block = alloc_slow(size, alignment);
	errno = error;
	if (!block)
		return ENOMEM;
	*memptr = block;
	return 0;
}

API void *aligned_alloc(size_t alignment, size_t size)
{
	if (!is_power_of_two(alignment)) {
		errno = EINVAL;
		return NULL;
	}
	return alloc_slow(size, alignment);
}

// An alignment that is none is rounded up, as glibc does.
API void *memalign(size_t alignment, size_t size)
{
	if (alignment > SIZE_MAX / 2 + 1) {
		errno = EINVAL;
		return NULL;
	}
	return alloc_slow(size, alignment > 1 ? (size_t)1 << log2_up(alignment) : 1);
}

API void *valloc(size_t size)
{
	return alloc_slow(size, PAGE_SIZE);
}

API void *pvalloc(size_t size)
{
	if (size > SIZE_MAX - PAGE_SIZE) {
		errno = ENOMEM;
		return NULL;
	}
	return alloc_slow((size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1), PAGE_SIZE);
}
