// SPDX-License-Identifier: GPL-2.0-or-later
// Planted bugs: a slab's freelist that was overwritten, by a write after free where it lies in a
// free object. The slab must give out what is free in it, all of it, and nothing else.
#include "array/array_cache.h"
#include "planted/planted_test.h"
#include "slab.h"

// So many slabs are filled, and as many more taken where all that is free must come out.
#define SLABS_FILLED 2

static struct {
	void *object[2 * SLABS_FILLED * SLAB_OBJECTS_MAX];
	unsigned count;
} taken;

static void take_from(int node)
{
	for (unsigned i = 0; i < SLABS_FILLED * attempt.cache->num; i++) {
		void *object = kmem_cache_alloc_node(attempt.cache, GFP_KERNEL, node);

		assert_non_null(object);
		taken.object[taken.count++] = object;
	}
}

static void free_taken(void)
{
	slab_set_cpu(0);
	kmem_cache_free_bulk(attempt.cache, taken.count, taken.object);
	taken.count = 0;
}

// The first object taken that lies in the slab goes.
static void free_one_of(const struct slab *slab)
{
	for (unsigned i = 0; i < taken.count; i++)
		if (address_to_slab(taken.object[i]) == slab) {
			kmem_cache_free(attempt.cache, taken.object[i]);
			taken.object[i] = taken.object[--taken.count];
			return;
		}
	fail_msg("%s: no object of the slab left", attempt.what);
}

// A slab that was full and got so many objects back: one of them holds the freelist where the cache
// has it so.
static struct slab *free_into_a_full_slab(unsigned count)
{
	struct slab *slab;

	take_from(-1);
	slab = address_to_slab(taken.object[0]);
	attempt.object = taken.object[0];
	for (unsigned i = 0; i < count; i++)
		free_one_of(slab);
	kmem_cache_shrink(attempt.cache); // out of the arrays
	assert_int_equal(slab->active, attempt.cache->num - count);
	return slab;
}

// ---- damage

// Each writes to the entries [active, num), or returns false where the slab has too few.

static bool write_none(unsigned char *freelist, const struct slab *slab)
{
	freelist[slab->active] = (unsigned char)attempt.cache->num;
	return true;
}

static bool write_none_last(unsigned char *freelist, const struct slab *slab)
{
	(void)slab;
	freelist[attempt.cache->num - 1] = 0xff;
	return true;
}

static bool write_all(unsigned char *freelist, const struct slab *slab)
{
	(void)slab;
	memset(freelist, 0xff, attempt.cache->num);
	return true;
}

static bool write_twice(unsigned char *freelist, const struct slab *slab)
{
	if (slab->active + 1 == attempt.cache->num)
		return false;
	freelist[slab->active + 1] = freelist[slab->active];
	return true;
}

// The holder, which must go last.
static bool write_holder_first(unsigned char *freelist, const struct slab *slab)
{
	unsigned char holder = freelist[attempt.cache->num - 1];

	if (!(attempt.cache->flags & CFLGS_OBJFREELIST_SLAB) ||
		slab->active + 1 == attempt.cache->num)
		return false;
	freelist[attempt.cache->num - 1] = freelist[slab->active];
	freelist[slab->active] = holder;
	return true;
}

static bool write_in_use(unsigned char *freelist, const struct slab *slab)
{
	for (unsigned i = 0; i < taken.count; i++)
		if (address_to_slab(taken.object[i]) == slab) {
			freelist[slab->active] = (unsigned char)object_index(attempt.cache, slab,
				(char *)taken.object[i] - attempt.cache->obj_offset);
			return true;
		}
	return false;
}

// One that is free, but in this CPU's array: it would be there twice.
static bool write_in_array(unsigned char *freelist, const struct slab *slab)
{
	const struct array_cache *array = cpu_array(attempt.cache, cpu_slot(0));

	free_one_of(slab);
	freelist[slab->active] =
		(unsigned char)object_index(attempt.cache, slab, array->entry[array->avail - 1]);
	return true;
}

static const struct damage {
	const char *name;
	bool (*write)(unsigned char *freelist, const struct slab *slab);
} damages[] = {
	{"an index that there is not", write_none},
	{"no index in the last entry", write_none_last},
	{"no index in any entry", write_all},
	{"an index twice", write_twice},
	{"the holder first", write_holder_first},
	{"an object in use", write_in_use},
	{"an object in an array", write_in_array},
};

// ---- finding it

static void found_by_refill(void)
{
	take_from(-1);
}

static void found_from_another_node(void)
{
	unsigned node = address_to_node(attempt.object);

	slab_set_cpu(6);
	assert_int_not_equal(node, 3);
	take_from((int)node);
}

static void found_with_its_slab(void)
{
	free_taken();
	kmem_cache_shrink(attempt.cache);
	wait_for_slabs();
}

static const struct finding {
	const char *name;
	void (*find)(void);
} findings[] = {
	{"by a refill", found_by_refill},
	{"object by object from another node", found_from_another_node},
	{"when its slab was given back", found_with_its_slab},
};

static bool overwritten_freelist(void)
{
	const struct shape *shape = &shapes[pick(SHAPES)];
	unsigned kind = pick(4), count;
	const struct damage *damage = &damages[pick(COUNT_OF(damages))];
	const struct finding *finding = &findings[pick(COUNT_OF(findings))];
	struct slab *slab;
	bool applies;

	if (shape->is_kmalloc)
		return false; // its slabs have objects of the allocator's own
	take_shape(shape);
	if (attempt.cache->num < 3)
		return false;
	count = (const unsigned[]){1, 2, attempt.cache->num / 2, attempt.cache->num - 2}[kind];
	slab = free_into_a_full_slab(count);
	describe("%u of %u objects back; %s; found %s", count, attempt.cache->num, damage->name,
		finding->name);
	applies = damage->write(slab->freelist, slab);
	if (applies)
		finding->find();
	free_taken();
	return applies;
}

const struct kind kinds_of_freelists[] = {
	{"overwritten freelist", "was overwritten: entry", overwritten_freelist,
		(size_t)SHAPES * 4 * COUNT_OF(damages) * COUNT_OF(findings)},
	{0},
};
