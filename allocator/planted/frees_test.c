// SPDX-License-Identifier: GPL-2.0-or-later
// Planted bugs: objects that are freed, or asked about, when they were freed already.
#include "planted/planted_test.h"
#include "tune.h"

static void nothing(void)
{
}

static void tune(void)
{
	unsigned batchcount = attempt.cache->batchcount, shared = attempt.cache->shared;
	unsigned limit = attempt.cache->limit;

	pthread_mutex_lock(&slab_mutex);
	assert_int_equal(cache_tune(attempt.cache, 5, 3, 2), 0);
	assert_int_equal(cache_tune(attempt.cache, (int)limit, (int)batchcount, (int)shared), 0);
	pthread_mutex_unlock(&slab_mutex);
}

static void same_node(void)
{
	slab_set_cpu(1);
}

static void other_node(void)
{
	slab_set_cpu(7);
}

static void cpu_goes(void)
{
	slab_set_cpu(2);
	assert_int_equal(slab_cpu_down(0), 0);
	assert_int_equal(slab_cpu_up(0), 0);
}

// What happens between the two frees. from: the CPU of the first one.
static const struct meanwhile {
	const char *name;
	unsigned from;
	void (*happens)(void);
} meanwhiles[] = {
	{"at once", 0, nothing},
	{"after others", 0, free_others},
	{"in its slab's freelist", 0, shrink},
	{"after reaping", 0, reap},
	{"after tuning", 0, tune},
	{"from a CPU of the node", 0, same_node},
	{"from another node", 0, other_node},
	{"in an alien array", 5, nothing},
	{"in the shared array or slabs of its home", 5, free_others},
	{"after its CPU went", 0, cpu_goes},
};

// Frees the object and lets what is to happen happen. Returns false where its slab may be gone,
// which is another kind.
static bool free_first(const struct shape *shape, const struct meanwhile *meanwhile)
{
	take_shape(shape);
	describe("%s; ", meanwhile->name);
	if (attempt.cache->num == 1 && meanwhile->happens != nothing)
		return false;
	take_objects();
	slab_set_cpu(meanwhile->from);
	kmem_cache_free(attempt.cache, attempt.object);
	meanwhile->happens();
	wait_for_slabs();
	return address_to_slab(attempt.object) != NULL;
}

static bool second_free(void)
{
	const struct shape *shape = &shapes[pick(SHAPES)];
	const struct meanwhile *meanwhile = &meanwhiles[pick(COUNT_OF(meanwhiles))];
	const struct call *call = &calls[pick(CALLS_THAT_ONLY_FREE)];

	if (!free_first(shape, meanwhile))
		return false;
	meet(call, attempt.object);
	slab_set_cpu(0);
	free_others();
	return true;
}

// Asks for its size in order to make it as large, smaller or larger, or only asks.
static bool question_after_free(void)
{
	const struct shape *shape = &shapes[pick(SHAPES)];
	const struct meanwhile *meanwhile = &meanwhiles[pick(COUNT_OF(meanwhiles))];
	unsigned kind = pick(4);

	if (!free_first(shape, meanwhile))
		return false;
	describe("question %u", kind);
	if (kind == 0)
		assert_int_equal(ksize(attempt.object), 0);
	else
		assert_null(krealloc(attempt.object,
			(const size_t[]){1, shape->size, 20000}[kind - 1], GFP_KERNEL));
	slab_set_cpu(0);
	free_others();
	return true;
}

static bool free_after_the_slab(void)
{
	const struct shape *shape = &shapes[pick(SHAPES)];
	const struct call *call = &calls[pick(CALLS)];
	void *object;

	take_shape(shape);
	if (attempt.live > 0)
		return false; // of kmalloc, with objects of the allocator's own
	take_objects();
	object = attempt.object;
	kmem_cache_free_bulk(attempt.cache, OTHERS, attempt.objects);
	memset(attempt.objects, 0, sizeof(attempt.objects));
	assert_int_equal(kmem_cache_shrink(attempt.cache), 0);
	wait_for_slabs();
	meet(call, object);
	return true;
}

const struct kind kinds_of_frees[] = {
	{"second free", "freed twice", second_free,
		(size_t)SHAPES *COUNT_OF(meanwhiles) * CALLS_THAT_ONLY_FREE},
	{"size of a freed object", "which was freed, or never handed out", question_after_free,
		(size_t)SHAPES *COUNT_OF(meanwhiles) * 4},
	{"free after the slab went", "in no slab", free_after_the_slab, (size_t)SHAPES *CALLS},
	{0},
};
