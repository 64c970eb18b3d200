// SPDX-License-Identifier: GPL-2.0-or-later
// The floor of every figure: a stack of ready pointers a thread and cache, no bookkeeping at all.
// Objects are made once, come back in any order, and their memory returns to the system when the
// cache goes. A thread hands out again the objects that it freed.
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "host/reserve.h"
#include "peers/null_stack.h"
#include "peers/peer.h"

// Objects made at a time when a stack is empty and the depot as well; at least CHUNK_BYTES together.
#define CHUNK_OBJECTS 256
#define CHUNK_BYTES   ((size_t)64 << 10)
// Pointers that travel through the depot at a time; a stack keeps up to twice as many.
#define STACK_BLOCK 4096
#define PAGE_BYTES  ((size_t)4096)
// Objects of kmalloc that are larger lie a line further apart: the first bytes of objects at multiples of a
// power of two fall into few sets of a processor's cache, which is not the workload's cost.
#define SPREAD_FROM 192
#define LINE_BYTES  64

// A block of pointers in the depot.
struct null_block {
	struct null_block *next;
	void *entry[STACK_BLOCK];
};

struct null_ranges null_ranges;
__thread struct null_stack null_stacks[NULL_STACKS_MAX];

static atomic_bool index_taken[NULL_STACKS_MAX];
static atomic_uint generations;

static pthread_once_t ranges_once = PTHREAD_ONCE_INIT;
static pthread_key_t exit_key; // its destructor frees a thread's stacks
static pthread_once_t exit_once = PTHREAD_ONCE_INIT;

// ---- stacks

static void stacks_free(void *mine)
{
	struct null_stack *stack = mine;

	for (unsigned i = 0; i < NULL_STACKS_MAX; i++) {
		free(stack[i].entry);
		memset(&stack[i], 0, sizeof(stack[i]));
	}
}

// The main thread ends without destructors.
static void main_thread_exit(void)
{
	stacks_free(null_stacks);
}

static void exit_key_make(void)
{
	if (pthread_key_create(&exit_key, stacks_free) == 0)
		atexit(main_thread_exit);
}

// Makes room for `more` further entries, and forgets those of a cache that went.
static bool stack_reserve(struct null_stack *stack, const struct kmem_cache *cache, size_t more)
{
	size_t limit;
	void **entry;

	if (stack->generation != cache->generation) {
		stack->avail = 0;
		stack->generation = cache->generation;
	}
	if (stack->avail + more <= stack->limit)
		return true;
	limit = stack->limit ? stack->limit * 2 : 1024;
	while (limit < stack->avail + more)
		limit *= 2;
	pthread_once(&exit_once, exit_key_make);
	pthread_setspecific(exit_key, null_stacks);
	entry = realloc(stack->entry, limit * sizeof(*entry));
	if (!entry)
		return false;
	stack->entry = entry;
	stack->limit = limit;
	return true;
}

// Takes a block out of the depot, or nothing.
static bool stack_take_block(struct null_stack *stack, struct kmem_cache *cache)
{
	struct null_block *block;

	pthread_mutex_lock(&cache->lock);
	block = cache->depot;
	if (block)
		cache->depot = block->next;
	pthread_mutex_unlock(&cache->lock);
	if (!block)
		return false;
	if (!stack_reserve(stack, cache, STACK_BLOCK)) {
		free(block); // the objects stay where they are until the cache goes
		return false;
	}
	memcpy(stack->entry + stack->avail, block->entry, sizeof(block->entry));
	stack->avail += STACK_BLOCK;
	free(block);
	return true;
}

// The stack is long: its newest pointers go to the depot.
static __attribute__((noinline)) void stack_give_block(
	struct null_stack *stack, struct kmem_cache *cache)
{
	struct null_block *block = malloc(sizeof(*block));

	if (!block)
		return; // it may grow instead
	stack->avail -= STACK_BLOCK;
	memcpy(block->entry, stack->entry + stack->avail, sizeof(block->entry));
	pthread_mutex_lock(&cache->lock);
	block->next = cache->depot;
	cache->depot = block;
	pthread_mutex_unlock(&cache->lock);
}

// ---- caches

// Addresses alone; no memory yet.
static void ranges_make(void)
{
	null_ranges.base =
		(uintptr_t)reserve((size_t)NULL_STACKS_MAX << NULL_PART_SHIFT, PAGE_BYTES);
}

static char *range_of(const struct kmem_cache *cache)
{
	return (char *)(null_ranges.base + ((uintptr_t)cache->index << NULL_PART_SHIFT));
}

static bool cache_take_index(struct kmem_cache *cache)
{
	pthread_once(&ranges_once, ranges_make);
	for (unsigned i = 0; null_ranges.base && i < NULL_STACKS_MAX; i++) {
		if (atomic_exchange(&index_taken[i], true))
			continue;
		cache->index = i;
		cache->generation = atomic_fetch_add(&generations, 1) + 1;
		null_ranges.cache[i] = cache;
		null_ranges.generation[i] = cache->generation;
		return true;
	}
	return false;
}

struct kmem_cache *kmem_cache_create(const char *name, unsigned size, unsigned align,
	slab_flags_t flags, void (*ctor)(void *object))
{
	struct kmem_cache *cache;
	size_t line = (flags & SLAB_HWCACHE_ALIGN) ? peer_line_align(size) : 0, wanted = 16;

	if (!name || (align & (align - 1))) {
		errno = EINVAL;
		return NULL;
	}
	cache = calloc(1, sizeof(*cache));
	if (!cache)
		return NULL;
	if (!cache_take_index(cache)) {
		free(cache);
		errno = ENOMEM;
		return NULL;
	}
	wanted = align > wanted ? align : wanted;
	wanted = line > wanted ? line : wanted;
	cache->size = size;
	cache->stride = size ? (size + wanted - 1) & ~(wanted - 1) : wanted;
	cache->ctor = ctor;
	pthread_mutex_init(&cache->lock, NULL);
	return cache;
}

void kmem_cache_destroy(struct kmem_cache *cache)
{
	struct null_block *block;

	if (!cache)
		return;
	while ((block = cache->depot)) {
		cache->depot = block->next;
		free(block);
	}
	if (cache->used && !reserve_again(range_of(cache), cache->used))
		return; // the part is lost; nothing else is
	atomic_store(&index_taken[cache->index], false);
	free(cache);
}

unsigned int kmem_cache_size(struct kmem_cache *cache)
{
	return (unsigned)cache->size;
}

// Memory for so many bytes of objects; NULL where the part or the system has none left.
static char *cache_extend(struct kmem_cache *cache, size_t bytes)
{
	char *memory = NULL;

	pthread_mutex_lock(&cache->lock);
	if (bytes <= ((size_t)1 << NULL_PART_SHIFT) - cache->used &&
		reserve_commit(range_of(cache) + cache->used, bytes)) {
		memory = range_of(cache) + cache->used;
		cache->used += bytes;
	}
	pthread_mutex_unlock(&cache->lock);
	return memory;
}

static size_t chunk_objects(const struct kmem_cache *cache)
{
	size_t few = (CHUNK_BYTES + cache->stride - 1) / cache->stride;

	return few < CHUNK_OBJECTS ? few : CHUNK_OBJECTS;
}

static __attribute__((noinline)) bool stack_refill(
	struct null_stack *stack, struct kmem_cache *cache)
{
	size_t count = chunk_objects(cache);
	size_t bytes = (count * cache->stride + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1);
	char *memory;

	if (!stack_reserve(stack, cache, count))
		return false;
	if (stack_take_block(stack, cache))
		return true;
	memory = cache_extend(cache, bytes);
	if (!memory)
		return false;
	for (size_t i = count; i-- > 0;) {
		char *object = memory + i * cache->stride;

		if (cache->ctor)
			cache->ctor(object);
		stack->entry[stack->avail++] = object;
	}
	return true;
}

// ---- out and back

void *null_alloc_slow(struct kmem_cache *cache, gfp_t flags)
{
	struct null_stack *stack = &null_stacks[cache->index];
	void *object;

	if (stack->generation != cache->generation || stack->avail == 0)
		if (!stack_refill(stack, cache))
			return NULL;
	object = stack->entry[--stack->avail];
	if (flags & __GFP_ZERO)
		memset(object, 0, cache->size);
	return object;
}

void null_free_slow(struct kmem_cache *cache, void *object)
{
	struct null_stack *stack = &null_stacks[cache->index];

	if (!object)
		return;
	if (stack->generation == cache->generation && stack->avail >= 2 * STACK_BLOCK)
		stack_give_block(stack, cache);
	if (stack_reserve(stack, cache, 1))
		stack->entry[stack->avail++] = object;
	// Else the object stays where it is until the cache goes.
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags)
{
	return null_alloc(cache, flags);
}

void kmem_cache_free(struct kmem_cache *cache, void *object)
{
	null_free(cache, object);
}

// ---- sizes: kmalloc's

#define SIZES (KMALLOC_SHIFT_HIGH + 1)

static _Atomic(struct kmem_cache *) sizes[SIZES];

static unsigned size_of_index(unsigned index)
{
	return index == 1 ? 96 : index == 2 ? 192 : 1u << index;
}

static struct kmem_cache *size_cache(unsigned index)
{
	struct kmem_cache *cache = atomic_load(&sizes[index]), *expected = NULL;

	if (cache)
		return cache;
	cache = kmem_cache_create("kmalloc", size_of_index(index), 0, SLAB_HWCACHE_ALIGN, NULL);
	if (cache && cache->size > SPREAD_FROM)
		cache->stride += LINE_BYTES;
	if (!cache || atomic_compare_exchange_strong(&sizes[index], &expected, cache))
		return cache;
	kmem_cache_destroy(cache);
	return expected;
}

void *null_kmalloc_slow(size_t size, gfp_t flags)
{
	struct kmem_cache *cache;

	if (size == 0)
		return ZERO_SIZE_PTR;
	if (size > KMALLOC_MAX_SIZE)
		return NULL;
	cache = size_cache(kmalloc_index(size));
	if (cache && size <= NULL_STEPS_MAX)
		__atomic_store_n(
			&null_ranges.step[(size - 1) / NULL_STEP_BYTES], cache, __ATOMIC_RELEASE);
	return cache ? null_alloc(cache, flags) : NULL;
}

void *__kmalloc(size_t size, gfp_t flags)
{
	return null_kmalloc(size, flags);
}

void kfree(const void *object)
{
	null_kfree(object);
}

size_t ksize(const void *object)
{
	return ZERO_OR_NULL_PTR(object) ? 0 : null_object_cache(object)->size;
}
