// SPDX-License-Identifier: GPL-2.0-or-later
// malloc and its family on kmalloc's caches. A hit is a look into the table of sizes and one
// sequence; a free one look into the map of blocks and one sequence. Whatever more there is to do is
// done inside the gate (gate.h); whoever is kept out gets memory beside the heap.
//
// The library's constructor starts the allocator, or an earlier call. Whoever calls malloc() from
// within that start, as the C library may, gets memory of early.c. Nothing else is served from there,
// and what comes back to it stays.
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

// Nobody tunes malloc's caches.
#define PERCPU_OFFSET_IS_FIXED 1
#define PERCPU_REFUSES_NEWEST  1

#include "array/array_cache.h"
#include "derived.h"
#include "host/report.h"
#include "malloc/api.h"
#include "malloc/aside.h"
#include "malloc/block_map.h"
#include "malloc/early.h"
#include "malloc/fresh.h"
#include "malloc/gate.h"
#include "malloc/large.h"
#include "malloc/size_class.h"
#include "malloc/start.h"
#include "malloc/unguarded.h"
#include "object_fast.h"

// ---- inside the gate

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

// Whether the object is the newest entry of this CPU's array, which refuses it then.
static bool is_newest(const struct kmem_cache *cache, const void *object)
{
	struct cpu_slot *slot = cpu_enter();
	const struct array_cache *array = cpu_array(cache, slot);
	bool is_there = array->avail > 0 && array->entry[array->avail - 1] == object;

	cpu_leave(slot);
	return is_there;
}

static __attribute__((noinline, cold, noreturn)) void end_at_double_free(const void *block)
{
	report("free(%p): freed twice", block);
	abort();
}

static void free_object(struct kmem_cache *cache, void *object)
{
	if (unlikely(!is_unguarded() && is_newest(cache, object)))
		end_at_double_free(object);
	if (unlikely(is_unguarded()))
		unguarded_free(cache, object);
	else
		cache_free_slow(cache, object, CALLER);
}

static void free_inside(void *block)
{
	if (block_map_contains(block))
		free_object(find_cache(block, "free"), block);
	else if (!large_free(block))
		end_at_foreign("free", block);
}

// What threads left before the gate. Inside, all of it.
static __attribute__((noinline)) void free_deferred(void *block)
{
	while (block) {
		void *next = *(void **)block;

		free_inside(block);
		block = next;
	}
}

// What is done now and then by whoever passes: see large_age().
#define TICK_OPERATIONS 64

static void look_around(void)
{
	static __thread unsigned operations __attribute__((tls_model("initial-exec")));
	void *deferred = gate_take_deferred();

	if (unlikely(deferred))
		free_deferred(deferred);
	if (unlikely(++operations % TICK_OPERATIONS == 0))
		large_age();
}

// false: the heap is not to be used now.
static bool heap_enter(void)
{
	if (unlikely(!gate_enter()))
		return false;
	look_around();
	return true;
}

// ---- allocation

// *is_zeroed: whether the block is all zeros. NULL: nobody asks.
static void *large_inside(size_t size, size_t align, bool *is_zeroed)
{
	bool is_fresh = false;
	void *block = large_alloc(size, align, &is_fresh);

	if (is_zeroed)
		*is_zeroed = is_fresh;
	return block;
}

static __attribute__((noinline, cold)) void *alloc_aside(size_t size, size_t align, bool *is_zeroed)
{
	if (is_zeroed)
		*is_zeroed = true;
	return aside_alloc(size, align);
}

static __attribute__((noinline)) void *alloc_large(size_t size, size_t align, bool *is_zeroed)
{
	void *block;

	if (!heap_enter())
		return alloc_aside(size, align, is_zeroed);
	block = large_inside(size, align, is_zeroed);
	gate_leave();
	return block;
}

// Where the arenas have nothing left, a mapping serves as long as the system gives any.
static __attribute__((noinline)) void *alloc_from_slow(struct kmem_cache *cache, bool *is_zeroed)
{
	void *object;

	if (!heap_enter())
		return alloc_aside(cache->object_size, PAGE_SIZE, is_zeroed);
	object = is_unguarded() ? unguarded_alloc(cache)
				: cache_alloc_slow(cache, GFP_KERNEL, CALLER);
	if (unlikely(!object))
		object = large_inside(cache->object_size, PAGE_SIZE, is_zeroed);
	else if (cache->object_size >= FRESH_BYTES_MIN)
		fresh_take(cache, object, is_zeroed);
	gate_leave();
	return object;
}

// Before the start, or where it fails.
static __attribute__((noinline, cold)) bool alloc_early(
	size_t size, size_t align, bool *is_zeroed, void **block)
{
	if (is_zeroed)
		*is_zeroed = true;
	if (malloc_is_starting())
		*block = early_alloc(size, align);
	else if (malloc_start())
		return false;
	else
		*block = aside_alloc(size, align);
	if (!*block)
		errno = ENOMEM;
	return true;
}

static void *alloc_object(struct kmem_cache *cache, bool *is_zeroed)
{
	void *object;

	if (unlikely(!percpu_pop_one(&cache->cpu_quick, &object)))
		return alloc_from_slow(cache, is_zeroed);
	if (cache->object_size >= FRESH_BYTES_MIN)
		fresh_take(cache, object, is_zeroed);
	return object;
}

// Whatever malloc() has no quick answer to.
static __attribute__((noinline)) void *alloc_any(size_t size, size_t align, bool *is_zeroed)
{
	struct kmem_cache *cache;
	void *block;

	if (unlikely(!size_classes_are_there()) && alloc_early(size, align, is_zeroed, &block))
		return block;
	if (size > CLASS_BYTES_MAX)
		return alloc_large(size, align, is_zeroed);
	cache = align <= SMALL_STEP ? size_class_cache(size) : size_class_aligned(size, align);
	return cache ? alloc_object(cache, is_zeroed) : alloc_large(size, align, is_zeroed);
}

API void *malloc(size_t size)
{
	void *object;

	if (likely(size < size_classes.small_end && // nothing is, before the start
		    percpu_pop_one(&size_classes.small_quick[small_index(size)], &object)))
		return object;
	return alloc_any(size, SMALL_STEP, NULL);
}

API void *calloc(size_t nmemb, size_t size)
{
	bool is_zeroed = false;
	size_t bytes;
	void *block;

	if (__builtin_mul_overflow(nmemb, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	block = bytes < size_classes.small_end ? malloc(bytes)
					       : alloc_any(bytes, SMALL_STEP, &is_zeroed);
	if (block && !is_zeroed)
		memset(block, 0, bytes);
	return block;
}

// ---- free

static __attribute__((noinline)) void free_slow(struct kmem_cache *cache, void *block)
{
	int error = errno; // which free() leaves alone

	if (heap_enter()) {
		free_object(cache, block);
		gate_leave();
	} else {
		gate_defer(block);
	}
	errno = error;
}

static __attribute__((noinline)) void free_elsewhere(void *block)
{
	int error = errno;

	if (!block || early_contains(block) || aside_free(block))
		return;
	if (!large_size(block))
		end_at_foreign("free", block);
	if (heap_enter()) {
		if (!large_free(block))
			end_at_foreign("free", block);
		gate_leave();
	} else {
		gate_defer(block);
	}
	errno = error;
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
	if (early_contains(block))
		return early_size(block);
	bytes = aside_size(block);
	bytes = bytes ? bytes : large_size(block);
	if (!bytes)
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
	return size <= old && size >= old / 2;
}

static bool is_large(const void *block)
{
	return !block_map_contains(block) && large_size(block);
}

// false: the heap is closed. Then a block of another kind serves.
static bool resize_large(void *block, size_t size, void **resized)
{
	if (!heap_enter())
		return false;
	*resized = large_resize(block, size);
	gate_leave();
	return true;
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
	if (size > CLASS_BYTES_MAX && is_large(ptr) && resize_large(ptr, size, &made))
		return made;
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
	block = alloc_any(size, alignment, NULL);
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
	return alloc_any(size, alignment, NULL);
}

// An alignment that is none is rounded up, as glibc does.
API void *memalign(size_t alignment, size_t size)
{
	if (alignment > SIZE_MAX / 2 + 1) {
		errno = EINVAL;
		return NULL;
	}
	return alloc_any(size, alignment > 1 ? (size_t)1 << log2_up(alignment) : 1, NULL);
}

API void *valloc(size_t size)
{
	return alloc_any(size, PAGE_SIZE, NULL);
}

API void *pvalloc(size_t size)
{
	if (size > SIZE_MAX - PAGE_SIZE) {
		errno = ENOMEM;
		return NULL;
	}
	return alloc_any((size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1), PAGE_SIZE, NULL);
}

// ---- other names

// C23's: the size and the alignment are those that the block was asked for with.
void free_sized(void *ptr, size_t size);
void free_aligned_sized(void *ptr, size_t alignment, size_t size);

API void free_sized(void *ptr, size_t size)
{
	(void)size;
	free(ptr);
}

API void free_aligned_sized(void *ptr, size_t alignment, size_t size)
{
	(void)alignment;
	(void)size;
	free(ptr);
}

// What the C library exports under second names: a block of one is a block of the other.
ALSO(__libc_malloc, malloc);
ALSO(__libc_calloc, calloc);
ALSO(__libc_realloc, realloc);
ALSO(__libc_free, free);
ALSO(cfree, free);
ALSO(__libc_memalign, memalign);
ALSO(__libc_valloc, valloc);
ALSO(__libc_pvalloc, pvalloc);
ALSO(__posix_memalign, posix_memalign);
