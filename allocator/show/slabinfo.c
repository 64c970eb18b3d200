// SPDX-License-Identifier: GPL-2.0-or-later
// /proc/slabinfo, version 2.1: a line a cache to read, a line "name limit batchcount shared" to
// write.
#include "show/slabinfo.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array/array_cache.h"
#include "bootstrap.h"
#include "host/topology.h"
#include "node.h"
#include "tune.h"

// What the kernel's file takes at most, the terminator not counted.
#define WRITE_BYTES_MAX 128

static void count_node(
	struct kmem_cache *cache, struct kmem_cache_node *node, struct slabinfo *info)
{
	list_lock_take(node);
	info->num_slabs += node->total_slabs;
	info->active_slabs += node->total_slabs - node->free_slabs;
	info->num_objs += node->total_slabs * cache->num;
	info->active_objs += node->total_slabs * cache->num - node->free_objects;
	if (node->shared)
		info->shared_avail += node->shared->avail;
	lock_release(&node->list_lock);
}

void get_slabinfo(struct kmem_cache *cache, struct slabinfo *info)
{
	*info = (struct slabinfo){.limit = cache->limit,
		.batchcount = cache->batchcount,
		.shared = cache->shared,
		.objects_per_slab = cache->num,
		.cache_order = cache->gfporder};
	for (unsigned node = 0; node < topology.nr_nodes; node++)
		count_node(cache, cache->node[node], info);
}

#if CONFIG_SLAB_STATS
static void count_hits(struct kmem_cache *cache, unsigned cpu, struct cache_stats *stats)
{
	struct cpu_slot *slot = cpu_slot(cpu);

	cpu_enter_other(slot);
	stats->allochit += array_pops(cpu_array(cache, slot));
	stats->freehit += array_pushes(cpu_array(cache, slot));
	cpu_leave(slot);
}

void get_cache_stats(struct kmem_cache *cache, struct cache_stats *stats)
{
	*stats = cache->stats;
	for_each_cpu(cpu)
		count_hits(cache, cpu, stats);
}

static void print_stats(FILE *output, struct kmem_cache *cache)
{
	struct cache_stats stats;

	get_cache_stats(cache, &stats);
	fprintf(output, " : globalstat %7lu %6lu %5lu %4lu %4lu %4lu %4lu %4lu %4lu",
		stats.num_allocations, stats.high_mark, stats.grown, stats.reaped, stats.errors,
		stats.max_freeable, stats.node_allocs, stats.node_frees, stats.node_overflow);
	fprintf(output, " : cpustat %6lu %6lu %6lu %6lu", stats.allochit, stats.allocmiss,
		stats.freehit, stats.freemiss);
}
#else
static void print_stats(FILE *output, struct kmem_cache *cache)
{
	(void)output;
	(void)cache;
}
#endif

static void print_header(FILE *output)
{
	fputs(IS_ENABLED(CONFIG_SLAB_STATS) ? "slabinfo - version: 2.1 (statistics)\n"
					    : "slabinfo - version: 2.1\n",
		output);
	fputs("# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>"
	      " : tunables <limit> <batchcount> <sharedfactor>"
	      " : slabdata <active_slabs> <num_slabs> <sharedavail>",
		output);
	if (IS_ENABLED(CONFIG_SLAB_STATS))
		fputs(" : globalstat <listallocs> <maxobjs> <grown> <reaped> <error> <maxfreeable> "
		      "<nodeallocs>"
		      " <remotefrees> <alienoverflow> : cpustat <allochit> <allocmiss> <freehit> "
		      "<freemiss>",
			output);
	fputc('\n', output);
}

static void print_cache(FILE *output, struct kmem_cache *cache)
{
	struct slabinfo info;

	get_slabinfo(cache, &info);
	fprintf(output,
		"%-17s %6lu %6lu %6u %4u %4d : tunables %4u %4u %4u : slabdata %6lu %6lu %6lu",
		cache->name, info.active_objs, info.num_objs, cache->size, info.objects_per_slab,
		1 << info.cache_order, info.limit, info.batchcount, info.shared, info.active_slabs,
		info.num_slabs, info.shared_avail);
	print_stats(output, cache);
	fputc('\n', output);
}

int slabinfo_show(FILE *output)
{
	struct kmem_cache *cache;

	if (!output)
		return -EINVAL;
	if (!slab_start())
		return -errno;
	pthread_mutex_lock(&slab_mutex);
	print_header(output);
	cds_list_for_each_entry(cache, &slab_caches, list)
		print_cache(output, cache);
	pthread_mutex_unlock(&slab_mutex);
	return ferror(output) ? -EIO : 0;
}

// The next decimal number, as the kernel's %d takes one: blanks before it, a minus perhaps, no
// plus; what does not fit an int is cut to its lowest 32 bits.
static bool scan_int(const char **text, int *number)
{
	const char *at = *text;
	bool is_negative;
	unsigned value = 0;

	while (isspace((unsigned char)*at))
		at++;
	is_negative = *at == '-';
	at += is_negative;
	if (!isdigit((unsigned char)*at))
		return false;
	for (; isdigit((unsigned char)*at); at++)
		value = value * 10 + (unsigned)(*at - '0');
	*number = (int)(is_negative ? 0u - value : value);
	*text = at;
	return true;
}

static struct kmem_cache *find_cache(const char *name)
{
	struct kmem_cache *cache;

	cds_list_for_each_entry(cache, &slab_caches, list)
		if (strcmp(cache->name, name) == 0)
			return cache;
	return NULL;
}

static int tune_by_name(const char *name, int limit, int batchcount, int shared)
{
	struct kmem_cache *cache;
	int result = -EINVAL;

	pthread_mutex_lock(&slab_mutex);
	cache = find_cache(name);
	if (cache)
		result = cache_tune(cache, limit, batchcount, shared);
	pthread_mutex_unlock(&slab_mutex);
	return result > 0 ? 0 : result;
}

ssize_t slabinfo_write(const char *text, size_t bytes)
{
	char line[WRITE_BYTES_MAX + 1], *blank;
	int number[3], error;
	const char *at;

	if (!slab_start())
		return -errno;
	if (!text || bytes > WRITE_BYTES_MAX)
		return -EINVAL;
	memcpy(line, text, bytes);
	line[bytes] = '\0';
	blank = strchr(line, ' ');
	if (!blank)
		return -EINVAL;
	*blank = '\0';
	at = blank + 1;
	for (int i = 0; i < 3; i++)
		if (!scan_int(&at, &number[i]))
			return -EINVAL;
	error = tune_by_name(line, number[0], number[1], number[2]);
	return error ? error : (ssize_t)bytes;
}
