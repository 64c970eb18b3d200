// SPDX-License-Identifier: GPL-2.0-or-later
// The attempt at hand: a cache of some shape, objects in it, one call that meets the bug; then the
// lines that were reported are counted and the cache must be sound. Entry: try_every_way().
#include "planted/planted_test.h"

#include <stdlib.h>
#include <unistd.h>

#include "host/rcu.h"
#include "kmalloc.h"

#define WAYS_MIN 20

struct attempt attempt;

static void construct(void *object)
{
	*(char *)object = 'c';
}

const struct shape shapes[SHAPES] = {
	{.size = 1},
	{.size = 8, .ctor = construct},
	{.size = 13},
	{.size = 32, .flags = SLAB_NOLEAKTRACE, .ctor = construct},
	{.size = 40, .flags = SLAB_TYPESAFE_BY_RCU},
	{.size = 64, .align = 64},
	{.size = 70, .align = 16, .ctor = construct},
	{.size = 100, .flags = SLAB_HWCACHE_ALIGN},
	{.size = 100, .flags = SLAB_RECLAIM_ACCOUNT},
	{.size = 256, .align = 256, .flags = SLAB_TYPESAFE_BY_RCU},
	{.size = 700, .flags = SLAB_CACHE_DMA32},
	{.size = 1000, .align = 32},
	{.size = 3000, .ctor = construct},
	{.size = 4096},
	{.size = 5000},
	{.size = 32, .is_kmalloc = true},
	{.size = 96, .is_kmalloc = true},
	{.size = 512, .is_kmalloc = true},
	{.size = 8192, .is_kmalloc = true},
};

// ---- the attempt at hand

static int real_stderr;
static FILE *capture;

unsigned pick(size_t count)
{
	unsigned picked = attempt.rest % (unsigned)count;

	attempt.rest /= (unsigned)count;
	return picked;
}

static unsigned long count_live(struct kmem_cache *cache)
{
	struct census census;
	const char *problem = cache_check(cache, &census);

	if (problem)
		fail_msg("%s: %s", attempt.what, problem);
	return census.handed_out;
}

void wait_for_slabs(void)
{
	if (attempt.cache->flags & SLAB_TYPESAFE_BY_RCU)
		rcu_wait();
}

void take_shape(const struct shape *shape)
{
	describe("%u bytes, align %u, flags 0x%x%s%s; ", shape->size, shape->align, shape->flags,
		shape->ctor ? ", constructed" : "", shape->is_kmalloc ? ", of kmalloc" : "");
	attempt.is_kmalloc = shape->is_kmalloc;
	attempt.cache = shape->is_kmalloc ? kmalloc_slab(shape->size, 0)
					  : kmem_cache_create("planted", shape->size, shape->align,
						    shape->flags, shape->ctor);
	assert_non_null(attempt.cache);
	attempt.live = count_live(attempt.cache);
}

void take_objects(void)
{
	assert_int_equal(
		kmem_cache_alloc_bulk(attempt.cache, GFP_KERNEL, OTHERS, attempt.objects), OTHERS);
	attempt.object = attempt.objects[OTHERS / 2];
}

void free_others(void)
{
	for (unsigned i = 0; i < OTHERS; i++) {
		if (attempt.objects[i] && attempt.objects[i] != attempt.object)
			kmem_cache_free(attempt.cache, attempt.objects[i]);
		attempt.objects[i] = NULL;
	}
}

void forget_lines(void)
{
	rewind(capture);
	assert_int_equal(ftruncate(fileno(capture), 0), 0);
	assert_int_equal(lseek(fileno(capture), 0, SEEK_SET), 0);
}

static void start_attempt(unsigned way)
{
	attempt = (struct attempt){.rest = way};
	slab_set_cpu(0);
	forget_lines();
}

unsigned long count_lines(const char *words)
{
	char line[600];
	unsigned long count = 0;

	rewind(capture);
	while (fgets(line, sizeof(line), capture))
		count += strstr(line, words) != NULL;
	return count;
}

static void expect_lines(const char *words, unsigned long count)
{
	unsigned long lines = count_lines(""), found = count_lines(words);
	char last[600] = "";

	if (lines == count && found == count)
		return;
	rewind(capture);
	while (fgets(last, sizeof(last), capture))
		;
	fail_msg("%s: %lu lines, %lu of them with '%s', not %lu; the last one: %s", attempt.what,
		lines, found, words, count, last);
}

// Nothing was harmed: the cache is sound and serves, and so does kmalloc; no further line.
static void expect_soundness(const char *words, unsigned long count)
{
	void *sized = kmalloc(100, GFP_KERNEL);

	assert_non_null(sized);
	memset(sized, 1, 100);
	kfree(sized);
	if (attempt.cache) {
		void *object;

		if (count_live(attempt.cache) != attempt.live)
			fail_msg("%s: %lu objects in use, not %lu", attempt.what,
				count_live(attempt.cache), attempt.live);
		object = kmem_cache_alloc(attempt.cache, GFP_KERNEL);
		assert_non_null(object);
		kmem_cache_free(attempt.cache, object);
		if (attempt.is_kmalloc)
			kmem_cache_shrink(attempt.cache);
		else if (!attempt.is_kept)
			kmem_cache_destroy(attempt.cache);
	}
	expect_lines(words, count);
}

// ---- calls that meet the bug

static void by_kmem_cache_free(struct kmem_cache *cache, void *object)
{
	kmem_cache_free(cache, object);
}

static void by_free_bulk(struct kmem_cache *cache, void *object)
{
	kmem_cache_free_bulk(cache, 1, &object);
}

static void by_free_bulk_without_cache(struct kmem_cache *cache, void *object)
{
	(void)cache;
	kmem_cache_free_bulk(NULL, 1, &object);
}

static void by_kfree(struct kmem_cache *cache, void *object)
{
	(void)cache;
	kfree(object);
}

static void by_kfree_bulk(struct kmem_cache *cache, void *object)
{
	void *objects[] = {NULL, object, ZERO_SIZE_PTR};

	(void)cache;
	kfree_bulk(COUNT_OF(objects), objects);
}

// Moves the contents and frees the old place.
static void by_krealloc(struct kmem_cache *cache, void *object)
{
	(void)cache;
	kfree(krealloc(object, 20000, GFP_KERNEL));
}

static void by_ksize(struct kmem_cache *cache, void *object)
{
	(void)cache;
	assert_int_equal(ksize(object), 0);
}

const struct call calls[CALLS] = {
	{"kmem_cache_free", by_kmem_cache_free},
	{"kmem_cache_free_bulk", by_free_bulk},
	{"kmem_cache_free_bulk(NULL)", by_free_bulk_without_cache},
	{"kfree", by_kfree},
	{"kfree_bulk", by_kfree_bulk},
	{"krealloc", by_krealloc},
	{"ksize", by_ksize},
};

void meet(const struct call *call, void *object)
{
	describe("%s", call->name);
	call->meet(attempt.cache, object);
}

// ---- what happens meanwhile

void shrink(void)
{
	assert_int_equal(kmem_cache_shrink(attempt.cache), 1);
}

void reap(void)
{
	for (int pass = 0; pass < 4; pass++)
		slab_reap();
}

// ---- every way

void try_every_way(const struct kind *kind)
{
	unsigned tried = 0;

	for (unsigned way = 0; way < kind->ways; way++) {
		bool applies;

		start_attempt(way);
		describe("%s, way %u: ", kind->name, way);
		attempt.lines = kind->words ? 1 : 0;
		applies = kind->try();
		tried += applies;
		expect_soundness(
			kind->words ? kind->words : "nothing", applies ? attempt.lines : 0);
		attempt.is_caught = true;
	}
	printf("%s: %u ways, all caught\n", kind->name, tried);
	assert_true(tried >= WAYS_MIN);
}

int capture_begin(void **state)
{
	(void)state;
	capture = tmpfile();
	if (!capture)
		return 1;
	fflush(stderr);
	real_stderr = dup(STDERR_FILENO);
	return dup2(fileno(capture), STDERR_FILENO) < 0;
}

// What went wrong was said while nobody could read it.
static void tell_captured(void)
{
	char line[600];

	fprintf(stderr, "%s\n", attempt.what);
	rewind(capture);
	while (fgets(line, sizeof(line), capture))
		fputs(line, stderr);
}

int capture_end(void **state)
{
	(void)state;
	fflush(stderr);
	dup2(real_stderr, STDERR_FILENO);
	if (!attempt.is_caught)
		tell_captured();
	close(real_stderr);
	fclose(capture);
	return 0;
}
