// SPDX-License-Identifier: GPL-2.0-or-later
// slabinfo: its lines, and what a real kernel made of strings that were written to it
// (testdata/slabinfo-write.tsv, or the file named as the first argument).
#include "array/array_cache.h"
#include "show/slabinfo.h"
#include "slab_test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *rows_path;

// "\n" in the table is a newline in the string.
static size_t unescape(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		if (from[0] == '\\' && from[1] == 'n') {
			*to++ = '\n';
			from++;
		} else {
			*to++ = *from;
		}
	}
	*to = '\0';
	return (size_t)(to - text);
}

static struct kmem_cache *find(const char *name)
{
	struct kmem_cache *cache;

	cds_list_for_each_entry(cache, &slab_caches, list)
		if (strcmp(cache->name, name) == 0)
			return cache;
	return NULL;
}

static void check_row(char *line, unsigned number)
{
	const struct kmem_cache *cache = find("kmalloc-rcl-64");
	long expected[4];
	ssize_t result;

	for (int i = 3; i >= 0; i--) { // from the end: the string itself may hold a tab
		char *tab = strrchr(line, '\t');

		assert_non_null(tab);
		*tab = '\0';
		expected[i] = strtol(tab + 1, NULL, 10);
	}
	if (!IS_ENABLED(CONFIG_SLAB_SHARED))
		expected[3] = 0;
	result = slabinfo_write(line, unescape(line));
	if (result != expected[0] || cache->limit != expected[1] ||
		cache->batchcount != expected[2] || cache->shared != expected[3])
		fail_msg("row %u: %zd %u %u %u, the kernel's %ld %ld %ld %ld", number, result,
			cache->limit, cache->batchcount, cache->shared, expected[0], expected[1],
			expected[2], expected[3]);
}

static void writing_does_what_the_kernel_does(void **state)
{
	FILE *rows = fopen(rows_path, "re");
	char *line = NULL;
	size_t size = 0;
	unsigned number = 0;

	(void)state;
	assert_non_null(rows);
	assert_true(getline(&line, &size, rows) > 0); // the header
	while (getline(&line, &size, rows) > 0) {
		line[strcspn(line, "\n")] = '\0';
		check_row(line, ++number);
	}
	printf("%u rows\n", number);
	assert_true(number > 0);
	free(line);
	fclose(rows);
}

static void a_line_counts_what_a_cache_has(void **state)
{
	struct kmem_cache *cache = kmem_cache_create("counted", 200, 0, 0, NULL);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);
	struct slabinfo info;

	(void)state;
	get_slabinfo(cache, &info);
	assert_int_equal(info.num_slabs, 1);
	assert_int_equal(info.active_slabs, 1);
	assert_int_equal(info.num_objs, cache->num);
	assert_int_equal(info.active_objs, 1 + cpu_array(cache, cpu_slot(0))->avail);
	kmem_cache_free(cache, object);
	kmem_cache_shrink(cache);
	get_slabinfo(cache, &info);
	assert_int_equal(info.num_slabs, 0);
	kmem_cache_destroy(cache);
}

static void showing_prints_a_line_a_cache_in_the_kernels_columns(void **state)
{
	struct kmem_cache *cache = kmem_cache_create("shown", 600, 0, 0, NULL);
	char *text = NULL, expected[200], *line;
	size_t size = 0;
	FILE *output = open_memstream(&text, &size);

	(void)state;
	assert_int_equal(slabinfo_show(output), 0);
	fclose(output);
	assert_int_equal(strncmp(text, "slabinfo - version: 2.1", 23), 0);
	snprintf(expected, sizeof(expected),
		"\nshown                  0      0 %6u %4u %4u : tunables %4u %4u %4u : slabdata   "
		"   0      0      0",
		cache->size, cache->num, 1u << cache->gfporder, cache->limit, cache->batchcount,
		cache->shared);
	line = strstr(text, "\nshown");
	assert_non_null(line);
	assert_int_equal(strncmp(line, expected, strlen(expected)), 0);
	assert_non_null(strstr(text, "\nkmalloc-4M "));
	assert_int_equal(strstr(line, "globalstat") != NULL, IS_ENABLED(CONFIG_SLAB_STATS));
	free(text);
	kmem_cache_destroy(cache);
}

static void nothing_is_no_text_and_no_file(void **state)
{
	(void)state;
	assert_int_equal(slabinfo_write(NULL, 0), -EINVAL);
	assert_int_equal(slabinfo_write(NULL, 20), -EINVAL);
	assert_int_equal(slabinfo_show(NULL), -EINVAL);
}

// SLAB_NOLEAKTRACE: no freelist off the slab, which would take memory of another cache.
static void the_geometry_told_is_that_of_the_slabs_made(void **state)
{
	struct kmem_cache *cache = kmem_cache_create("told", 1500, 0, SLAB_NOLEAKTRACE, NULL);
	void *objects[SLAB_OBJECTS_MAX + 1];
	struct slab_counts before, after;
	struct slab_geometry geometry;

	(void)state;
	assert_int_equal(slab_geometry(cache, &geometry), 0);
	assert_in_range(geometry.objects_per_slab, 1, SLAB_OBJECTS_MAX);
	assert_int_equal(slab_counts(&before), 0);
	for (unsigned i = 0; i <= geometry.objects_per_slab; i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		assert_non_null(objects[i]);
		assert_int_equal(slab_counts(&after), 0);
		assert_int_equal(after.memory_used - before.memory_used,
			geometry.slab_bytes * (i < geometry.objects_per_slab ? 1 : 2));
	}
	kmem_cache_free_bulk(cache, geometry.objects_per_slab + 1, objects);
	kmem_cache_destroy(cache);
}

// ---- hits

#if CONFIG_SLAB_STATS

#define HIT_PAIRS 100
#define HIT_BULK  7

// A user's calls, each one a hit: the array has objects and room.
static void hit(struct kmem_cache *cache)
{
	void *objects[HIT_BULK];

	for (unsigned i = 0; i < HIT_PAIRS; i++)
		kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	assert_int_equal(kmem_cache_alloc_bulk(cache, GFP_KERNEL, HIT_BULK, objects), HIT_BULK);
	kmem_cache_free_bulk(cache, HIT_BULK, objects);
}

static void expect_hits(struct kmem_cache *cache, const struct cache_stats *before,
	unsigned long pops, unsigned long pushes)
{
	struct cache_stats after;

	get_cache_stats(cache, &after);
	assert_int_equal(after.allochit - before->allochit, pops);
	assert_int_equal(after.freehit - before->freehit, pushes);
}

static void hits_are_exact_whatever_carries_them_over(void **state)
{
	struct kmem_cache *cache = kmem_cache_create("hit", 192, 0, 0, NULL);
	struct array_cache *array = cpu_array(cache, cpu_slot(0));
	struct cache_stats before;

	(void)state;
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL)); // a refill
	get_cache_stats(cache, &before);
	hit(cache);
	expect_hits(cache, &before, HIT_PAIRS + HIT_BULK, HIT_PAIRS + HIT_BULK);
	array->base += POPS_MAX - 50 - array->pops; // as if so many had been allocated and lost
	array->pops = POPS_MAX - 50;
	get_cache_stats(cache, &before);
	hit(cache);
	assert_true(array->pops < POPS_MAX / 2); // they were carried over
	expect_hits(cache, &before, HIT_PAIRS + HIT_BULK, HIT_PAIRS + HIT_BULK);
	assert_int_equal(kmem_cache_shrink(cache), 0);
	expect_hits(cache, &before, HIT_PAIRS + HIT_BULK, HIT_PAIRS + HIT_BULK);
	kmem_cache_destroy(cache);
}

// A CPU that frees alone: more come by hits than the array holds, and the rest by flushes.
static void hits_and_misses_add_up_to_the_calls(void **state)
{
	enum { COUNT = 1000 };
	struct kmem_cache *cache = kmem_cache_create("hit", 192, 0, 0, NULL);
	void *objects[COUNT];
	struct cache_stats stats;

	(void)state;
	for (unsigned i = 0; i < COUNT; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	for (unsigned i = 0; i < COUNT; i++)
		kmem_cache_free(cache, objects[i]);
	get_cache_stats(cache, &stats);
	assert_int_equal(stats.allochit + stats.allocmiss, COUNT);
	assert_int_equal(stats.freehit + stats.freemiss, COUNT);
	assert_true(stats.allocmiss > 0 && stats.freemiss > 0);
	assert_int_equal(slabinfo_write("hit 30 10 2", 11), 11); // other arrays, empty ones
	get_cache_stats(cache, &stats);
	assert_int_equal(stats.allochit + stats.allocmiss, COUNT);
	assert_int_equal(stats.freehit + stats.freemiss, COUNT);
	kmem_cache_destroy(cache);
}

#else

static void hits_are_exact_whatever_carries_them_over(void **state)
{
	(void)state;
	skip();
}

static void hits_and_misses_add_up_to_the_calls(void **state)
{
	(void)state;
	skip();
}

#endif

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writing_does_what_the_kernel_does),
		cmocka_unit_test(a_line_counts_what_a_cache_has),
		cmocka_unit_test(showing_prints_a_line_a_cache_in_the_kernels_columns),
		cmocka_unit_test(nothing_is_no_text_and_no_file),
		cmocka_unit_test(the_geometry_told_is_that_of_the_slabs_made),
		cmocka_unit_test(hits_are_exact_whatever_carries_them_over),
		cmocka_unit_test(hits_and_misses_add_up_to_the_calls),
	};

	rows_path = argc > 1 ? argv[1] : "slabinfo-write.tsv";
	start_virtual("node:4 core:2 pu:1");
	return cmocka_run_group_tests_name("slabinfo", tests, NULL, NULL);
}
