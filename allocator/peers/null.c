// SPDX-License-Identifier: GPL-2.0-or-later
// The floor of every figure: a stack of ready pointers a thread and cache, no bookkeeping at all.
// On it a workload costs itself and an out-of-line call. Objects are made once, come back in any
// order, and never return to the system before the cache goes. A thread hands out again the objects
// that it freed.
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "peers/peer.h"

// Caches and size classes together; each has a stack in each thread.
#define STACKS_MAX 64
// The word so far before an object names its cache, for kfree; written once, when the object is
// made.
#define HEADER 16
// Objects made at a time when a stack is empty and the depot as well.
#define CHUNK_OBJECTS 256
// Pointers that travel through the depot at a time; a stack keeps up to twice as many.
#define STACK_BLOCK 4096

struct stack {
	size_t avail;
	size_t limit;
	void **entry;
	unsigned generation; // of the cache the entries belong to
};

struct kmem_cache {
	unsigned index; // of its stack in every thread
	unsigned generation;
	size_t size;
	size_t stride; // a header of `align` bytes, then the object
	size_t align;
	void (*ctor)(void *object);
	pthread_mutex_t lock; // guards what follows
	struct chunk *chunks; // all memory of the cache
	struct block *depot; // what long stacks gave away
};

// A block of pointers in the depot.
struct block {
	struct block *next;
	void *entry[STACK_BLOCK];
};

// One piece of memory that objects are cut from; its header.
struct chunk {
	struct chunk *next;
	void *memory;
};

static __thread struct stack stacks[STACKS_MAX] __attribute__((tls_model("initial-exec")));
static atomic_bool index_taken[STACKS_MAX];
static atomic_uint generations;

static pthread_key_t exit_key; // its destructor frees a thread's stacks
static pthread_once_t exit_once = PTHREAD_ONCE_INIT;

static void stacks_free(void *mine)
{
	struct stack *stack = mine;

	for (unsigned i = 0; i < STACKS_MAX; i++) {
		free(stack[i].entry);
		memset(&stack[i], 0, sizeof(stack[i]));
	}
}

// The main thread ends without destructors.
static void main_thread_exit(void)
{
	stacks_free(stacks);
}

static void exit_key_make(void)
{
	if (pthread_key_create(&exit_key, stacks_free) == 0)
		atexit(main_thread_exit);
}

static bool cache_take_index(struct kmem_cache *cache)
{
	for (unsigned i = 0; i < STACKS_MAX; i++) {
		if (atomic_exchange(&index_taken[i], true))
			continue;
		cache->index = i;
		cache->generation = atomic_fetch_add(&generations, 1) + 1;
		return true;
	}
	return false;
}

struct kmem_cache *kmem_cache_create(const char *name, unsigned size, unsigned align,
	slab_flags_t flags, void (*ctor)(void *object))
{
	struct kmem_cache *cache;
	size_t line = (flags & SLAB_HWCACHE_ALIGN) ? peer_line_align(size) : 0;

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
	cache->align = 16;
	if (align > cache->align)
		cache->align = align;
	if (line > cache->align)
		cache->align = line;
	cache->size = size;
	cache->stride = cache->align + ((size + cache->align - 1) & ~(cache->align - 1));
	cache->ctor = ctor;
	pthread_mutex_init(&cache->lock, NULL);
	return cache;
}

void kmem_cache_destroy(struct kmem_cache *cache)
{
	struct chunk *chunk;
	struct block *block;

	if (!cache)
		return;
	while ((chunk = cache->chunks)) {
		cache->chunks = chunk->next;
		free(chunk->memory);
		free(chunk);
	}
	while ((block = cache->depot)) {
		cache->depot = block->next;
		free(block);
	}
	atomic_store(&index_taken[cache->index], false);
	free(cache);
}

// Makes room for `more` further entries, and forgets those of a cache that went.
static bool stack_reserve(struct stack *stack, const struct kmem_cache *cache, size_t more)
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
	pthread_setspecific(exit_key, stacks);
	entry = realloc(stack->entry, limit * sizeof(*entry));
	if (!entry)
		return false;
	stack->entry = entry;
	stack->limit = limit;
	return true;
}

static bool cache_add_chunk(struct kmem_cache *cache, char *memory)
{
	struct chunk *chunk = malloc(sizeof(*chunk));

	if (!chunk)
		return false;
	chunk->memory = memory;
	pthread_mutex_lock(&cache->lock);
	chunk->next = cache->chunks;
	cache->chunks = chunk;
	pthread_mutex_unlock(&cache->lock);
	return true;
}

// Takes a block out of the depot, or nothing.
static bool stack_take_block(struct stack *stack, struct kmem_cache *cache)
{
	struct block *block;

	pthread_mutex_lock(&cache->lock);
	block = cache->depot;
	if (block)
		cache->depot = block->next;
	pthread_mutex_unlock(&cache->lock);
	if (!block)
		return false;
	if (!stack_reserve(stack, cache, STACK_BLOCK)) {
		free(block); // the objects stay with their chunks until the cache goes
		return false;
	}
	memcpy(stack->entry + stack->avail, block->entry, sizeof(block->entry));
	stack->avail += STACK_BLOCK;
	free(block);
	return true;
}

// The stack is long: its newest pointers go to the depot.
static __attribute__((noinline)) void stack_give_block(
	struct stack *stack, struct kmem_cache *cache)
{
	struct block *block = malloc(sizeof(*block));

	if (!block)
		return; // it may grow instead
	stack->avail -= STACK_BLOCK;
	memcpy(block->entry, stack->entry + stack->avail, sizeof(block->entry));
	pthread_mutex_lock(&cache->lock);
	block->next = cache->depot;
	cache->depot = block;
	pthread_mutex_unlock(&cache->lock);
}

static __attribute__((noinline)) bool stack_refill(struct stack *stack, struct kmem_cache *cache)
{
	char *memory;

	if (!stack_reserve(stack, cache, CHUNK_OBJECTS))
		return false;
	if (stack_take_block(stack, cache))
		return true;
	memory = aligned_alloc(cache->align, cache->stride * CHUNK_OBJECTS);
	if (!memory)
		return false;
	if (!cache_add_chunk(cache, memory)) {
		free(memory);
		return false;
	}
	for (size_t i = CHUNK_OBJECTS; i-- > 0;) {
		char *object = memory + i * cache->stride + cache->align;

		*(struct kmem_cache **)(object - HEADER) = cache;
		if (cache->ctor)
			cache->ctor(object);
		stack->entry[stack->avail++] = object;
	}
	return true;
}

// Functions of their own do all that is not a plain pop or push, and are called last: otherwise
// every call would save registers for them, and the floor would not be one.
static __attribute__((noinline)) void *alloc_slow(struct kmem_cache *cache, gfp_t flags)
{
	struct stack *stack = &stacks[cache->index];
	void *object;

	if (stack->generation != cache->generation || stack->avail == 0)
		if (!stack_refill(stack, cache))
			return NULL;
	object = stack->entry[--stack->avail];
	if (flags & __GFP_ZERO)
		memset(object, 0, cache->size);
	return object;
}

static __attribute__((noinline)) void free_slow(struct kmem_cache *cache, void *object)
{
	struct stack *stack = &stacks[cache->index];

	if (!object)
		return;
	if (stack->generation == cache->generation && stack->avail >= 2 * STACK_BLOCK)
		stack_give_block(stack, cache);
	if (stack_reserve(stack, cache, 1))
		stack->entry[stack->avail++] = object;
	// Else the object stays with its chunk until the cache goes.
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags)
{
	struct stack *stack = &stacks[cache->index];

	if (stack->generation == cache->generation && stack->avail > 0 && !(flags & __GFP_ZERO))
		return stack->entry[--stack->avail];
	return alloc_slow(cache, flags);
}

void kmem_cache_free(struct kmem_cache *cache, void *object)
{
	struct stack *stack = &stacks[cache->index];

	if (object && stack->generation == cache->generation && stack->avail < stack->limit)
		stack->entry[stack->avail++] = object;
	else
		free_slow(cache, object);
}

unsigned int kmem_cache_size(struct kmem_cache *cache)
{
	return (unsigned)cache->size;
}

// ---- sizes: a cache a power of two

#define SIZES 23 // 2^0 … 2^22

static _Atomic(struct kmem_cache *) sizes[SIZES];

static struct kmem_cache *size_cache(unsigned order)
{
	struct kmem_cache *cache = atomic_load(&sizes[order]), *expected = NULL;

	if (cache)
		return cache;
	cache = kmem_cache_create("kmalloc", 1u << order, 0, 0, NULL);
	if (!cache || atomic_compare_exchange_strong(&sizes[order], &expected, cache))
		return cache;
	kmem_cache_destroy(cache);
	return expected;
}

void *__kmalloc(size_t size, gfp_t flags)
{
	struct kmem_cache *cache;

	if (size == 0)
		return ZERO_SIZE_PTR;
	if (size > KMALLOC_MAX_SIZE)
		return NULL;
	cache = size_cache(size <= 16 ? 4 : 64 - (unsigned)__builtin_clzl(size - 1));
	return cache ? kmem_cache_alloc(cache, flags) : NULL;
}

static struct kmem_cache *object_cache(const void *object)
{
	return *(struct kmem_cache *const *)((const char *)object - HEADER);
}

void kfree(const void *object)
{
	if (!ZERO_OR_NULL_PTR(object))
		kmem_cache_free(object_cache(object), (void *)object);
}

size_t ksize(const void *object)
{
	return ZERO_OR_NULL_PTR(object) ? 0 : object_cache(object)->size;
}
