// SPDX-License-Identifier: GPL-2.0-or-later
// Fuzz target: what is written to slabinfo, a write a line. The answer must be one of the
// documented ones, the caches stay sound with objects in their arrays, and what slabinfo shows then
// is what was written.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/target.h"
#include "host/topology.h"
#include "model/validity.h"
#include "tune.h"

#define BYTES_MAX  8192
#define WRITES_MAX 64
#define OBJECTS    40
#define KINDS      4

// Caches that hold objects in their arrays while they are tuned. Writes name others too.
static const char *const names[KINDS] = {"kmalloc-rcl-64", "kmalloc-96", "kmalloc-rcl-2k", "t"};
static struct kmem_cache *caches[KINDS];

static struct {
	unsigned limit, batchcount, shared;
} at_start[KINDS];

static struct kmem_cache *cache_by_name(const char *name)
{
	struct kmem_cache *cache;

	cds_list_for_each_entry(cache, &slab_caches, list)
		if (strcmp(cache->name, name) == 0)
			return cache;
	fuzz_fail("there is no cache %s", name);
}

// Numbers that a cache can be tuned to.
static void check_numbers(const struct kmem_cache *cache)
{
	if (cache->limit < 1 || cache->batchcount < 1 || cache->batchcount > cache->limit ||
		cache->shared > INT32_MAX)
		fuzz_fail("cache %s is tuned to limit %u, batchcount %u, shared %u", cache->name,
			cache->limit, cache->batchcount, cache->shared);
}

static unsigned long count_handed_out(struct kmem_cache *cache)
{
	struct census census;
	const char *problem = cache_check(cache, &census);

	if (problem)
		fuzz_fail("cache %s: %s", cache->name, problem);
	return census.handed_out;
}

static void check_caches(void)
{
	for (unsigned i = 0; i < KINDS; i++) {
		check_numbers(caches[i]);
		count_handed_out(caches[i]);
	}
}

// Objects pass through every CPU's arrays, on all nodes.
static void use_caches(void)
{
	void *objects[OBJECTS];
	unsigned cpus = topology.nr_cpus;

	for (unsigned i = 0; i < KINDS; i++) {
		for (unsigned j = 0; j < OBJECTS; j++) {
			slab_set_cpu(j % cpus);
			objects[j] = kmem_cache_alloc(caches[i], GFP_KERNEL | __GFP_NOWARN);
			if (objects[j])
				memset(objects[j], (int)j, kmem_cache_size(caches[i]));
		}
		for (unsigned j = 0; j < OBJECTS; j++) {
			slab_set_cpu((j + j / 8) % cpus);
			kfree(objects[j]);
		}
	}
	slab_set_cpu(0);
}

static void write_line(const char *line, size_t bytes)
{
	char *exact = malloc(bytes ? bytes : 1); // so that a read behind its end is seen
	ssize_t result;

	if (!exact)
		fuzz_fail("no memory left for a line");
	memcpy(exact, line, bytes);
	result = slabinfo_write(exact, bytes);
	free(exact);
	if (result != (ssize_t)bytes && result != -EINVAL && result != -ENOMEM)
		fuzz_fail("%zu bytes written to slabinfo, the answer is %zd", bytes, result);
}

static void write_lines(const char *text, size_t size)
{
	const char *end = text + size;

	for (unsigned i = 0; i < WRITES_MAX && text < end; i++) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline + 1 : end;

		write_line(text, (size_t)(stop - text));
		check_caches();
		if (i % 4 == 0)
			use_caches();
		text = stop;
	}
}

// slabinfo's own line of a cache says what the cache says.
static void check_shown(const char *shown, const struct kmem_cache *cache)
{
	static const char tunables[] = ": tunables";
	char start[80];
	const char *line;
	char *at;

	snprintf(start, sizeof(start), "\n%s ", cache->name);
	line = strstr(shown, start);
	line = line ? strstr(line, tunables) : NULL;
	if (!line)
		fuzz_fail("slabinfo has no line of cache %s", cache->name);
	if (strtoul(line + strlen(tunables), &at, 10) != cache->limit ||
		strtoul(at, &at, 10) != cache->batchcount || strtoul(at, &at, 10) != cache->shared)
		fuzz_fail("slabinfo shows other numbers of cache %s than it has", cache->name);
}

static void show(void)
{
	char *shown = NULL;
	size_t bytes;
	FILE *output = open_memstream(&shown, &bytes);

	if (!output || slabinfo_show(output))
		fuzz_fail("slabinfo cannot be shown");
	fclose(output);
	for (unsigned i = 0; i < KINDS; i++)
		check_shown(shown, caches[i]);
	free(shown);
}

static void tune_back(void)
{
	struct kmem_cache *cache;
	unsigned i;

	pthread_mutex_lock(&slab_mutex);
	for (i = 0; i < KINDS; i++)
		if (cache_tune(caches[i], (int)at_start[i].limit, (int)at_start[i].batchcount,
			    (int)at_start[i].shared))
			fuzz_fail("cache %s cannot be tuned back to what it was", caches[i]->name);
	pthread_mutex_unlock(&slab_mutex);
	cds_list_for_each_entry(cache, &slab_caches, list)
		kmem_cache_shrink(cache);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fuzz_start();
	if (!kmem_cache_create("t", 200, 0, SLAB_NOLEAKTRACE, NULL))
		fuzz_fail("no cache can be made");
	for (unsigned i = 0; i < KINDS; i++) {
		caches[i] = cache_by_name(names[i]);
		at_start[i].limit = caches[i]->limit;
		at_start[i].batchcount = caches[i]->batchcount;
		at_start[i].shared = caches[i]->shared;
	}
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > BYTES_MAX)
		return 0;
	use_caches();
	write_lines((const char *)data, size);
	show();
	tune_back();
	for (unsigned i = 0; i < KINDS; i++)
		if (i != 1 &&
			count_handed_out(
				caches[i])) // the allocator's own structures come from the second
			fuzz_fail("cache %s has objects out though all were freed", names[i]);
	return 0;
}
