// SPDX-License-Identifier: GPL-2.0-or-later
// Many objects at once: as many as this CPU's array gives or takes in one go, one by one where it
// is empty or full. The objects and the state afterwards are those of so many single calls.
#include <limits.h>
#include <string.h>

#include "array/array_cache.h"
#include "array/percpu.h"
#include "object.h"
#include "policy.h"
#include "types.h"

static unsigned smaller(size_t one, unsigned other)
{
	return one < other ? (unsigned)one : other;
}

// As percpu_pop_many(), under the slot's lock.
static __attribute__((noinline)) unsigned pop_many_under_lock(
	struct kmem_cache *cache, void **objects, unsigned max)
{
	struct cpu_slot *slot = cpu_enter();
	struct array_cache *array = cpu_array(cache, slot);
	unsigned count = smaller(max, array->avail);

	for (unsigned i = 0; i < count; i++)
		objects[i] = array->entry[array->avail - 1 - i];
	if (count > 0) {
		array->touched = 1;
		array_set_avail(array, array->avail - count);
		cpu_array_count_pops(cache, array, count);
	}
	cpu_leave(slot);
	return count;
}

// Takes what the array has, up to a sequence's length. 0 when single calls must go on.
static unsigned take_some(struct kmem_cache *cache, gfp_t flags, void **objects, size_t max)
{
	unsigned wanted = smaller(max, PERCPU_MANY_MAX), count;

	if (!cache_is_quick(cache) || (flags & __GFP_ZERO) || has_policy())
		return 0;
	count = percpu_pop_many(&cache->cpu_cache, objects, wanted);
	if (count == 0)
		count = pop_many_under_lock(cache, objects, wanted);
	SEQUENCES_ACQUIRE();
	return count;
}

int kmem_cache_alloc_bulk(struct kmem_cache *cache, gfp_t flags, size_t count, void **objects)
{
	size_t done = 0;

	if (count > INT_MAX)
		return 0;
	while (done < count) {
		unsigned taken = take_some(cache, flags, objects + done, count - done);

		done += taken;
		if (taken > 0)
			continue;
		objects[done] = cache_alloc(cache, flags, CALLER);
		if (!objects[done]) {
			kmem_cache_free_bulk(cache, done, objects);
			return 0;
		}
		done++;
	}
	return (int)count;
}

static bool are_all_of_node(void **objects, unsigned count, unsigned node)
{
	for (unsigned i = 0; i < count; i++)
		if (address_to_node(objects[i]) != node)
			return false;
	return true;
}

// As percpu_push_many(), under the slot's lock.
static __attribute__((noinline)) unsigned push_many_under_lock(
	struct kmem_cache *cache, void **objects, unsigned max)
{
	struct cpu_slot *slot = cpu_enter();
	struct array_cache *array = cpu_array(cache, slot);
	unsigned count = smaller(max, array->limit - array->avail);

	if (are_all_of_node(objects, count, slot->node)) {
		memcpy(array->entry + array->avail, objects, count * sizeof(void *));
		array_set_avail(array, array->avail + count);
		cpu_array_count_pushes(array, count);
	} else {
		count = 0;
	}
	cpu_leave(slot);
	return count;
}

// Gives the array what it has room for. 0 when single calls must go on.
static unsigned give_some(struct kmem_cache *cache, void **objects, size_t max)
{
	unsigned wanted = smaller(max, PERCPU_MANY_MAX), count;

	if (IS_ENABLED(CONFIG_SLAB_FREELIST_HARDENED) || !cache_is_quick(cache))
		return 0;
	SEQUENCES_RELEASE();
	count = percpu_push_many(&cache->cpu_cache, objects, wanted);
	if (count == 0)
		count = push_many_under_lock(cache, objects, wanted);
	return count;
}

// After a refusal some go singly, so that a mix of nodes is not looked through again for each of
// them.
#define SINGLES 8

static size_t free_singly(struct kmem_cache *cache, void **objects, size_t max)
{
	unsigned count = smaller(max, SINGLES);

	for (unsigned i = 0; i < count; i++)
		kmem_cache_free(cache, objects[i]);
	return count;
}

static void free_to_cache(struct kmem_cache *cache, size_t count, void **objects)
{
	for (size_t done = 0; done < count;) {
		size_t given = give_some(cache, objects + done, count - done);

		if (given == 0)
			given = free_singly(cache, objects + done, count - done);
		done += given;
	}
}

void kmem_cache_free_bulk(struct kmem_cache *cache, size_t count, void **objects)
{
	if (cache)
		free_to_cache(cache, count, objects);
	else
		kfree_bulk(count, objects);
}

void kfree_bulk(size_t count, void **objects)
{
	for (size_t i = 0; i < count; i++)
		kfree(objects[i]);
}
