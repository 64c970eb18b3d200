// SPDX-License-Identifier: GPL-2.0-or-later
// Counters of the allocator itself. Entries: own_counts_begin() before a timed loop,
// own_counts_end() and own_counts_report() after it. As with other counters (loop_counts.c), NAME is
// an operation and NAME.raw the count; NAME.node0 and NAME.node0.node1 are an operation, on machines
// of several nodes alone.
//
// The program's own symbol table says how large a function is, so that the figure is that of the
// very code that was measured. CMakeLists.txt exports the two functions: only then are their
// symbols mapped, and they outlive strip.
#include "own_counts.h"

#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <slab/slab.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define NODES_MAX 64 // of the allocator
#define NAME_SIZE 64

struct own_counts {
	bool is_ours; // false in a peer, which counts nothing
	unsigned nodes_count;
	struct slab_counts total;
	struct slab_node_counts nodes[NODES_MAX];
	unsigned long remote_frees[NODES_MAX * NODES_MAX];
};

// Of the loop that runs: a process has one at a time.
static struct {
	atomic_uint expected; // threads that have not begun
	pthread_mutex_t mutex; // guards has_ended and after
	bool has_ended;
	struct own_counts before, after;
} loop = {.mutex = PTHREAD_MUTEX_INITIALIZER};

// What the allocator has counted so far, for all threads.
static void counts_now(struct own_counts *counts)
{
	int nodes = slab_nodes();

	counts->is_ours = nodes > 0 && nodes <= NODES_MAX && slab_counts(&counts->total) == 0;
	if (!counts->is_ours)
		return;
	counts->nodes_count = (unsigned)nodes;
	for (unsigned node = 0; node < counts->nodes_count; node++)
		slab_node_counts(node, &counts->nodes[node]);
	slab_remote_frees(counts->remote_frees, counts->nodes_count);
}

void own_counts_expect(unsigned threads)
{
	atomic_store(&loop.expected, threads);
	loop.has_ended = false;
}

void own_counts_begin(void)
{
	if (atomic_fetch_sub(&loop.expected, 1) == 1)
		counts_now(&loop.before);
}

void own_counts_end(void)
{
	pthread_mutex_lock(&loop.mutex);
	if (!loop.has_ended)
		counts_now(&loop.after);
	loop.has_ended = true;
	pthread_mutex_unlock(&loop.mutex);
}

// ---- what slow paths did

struct figure {
	const char *name;
	size_t total; // offset in struct slab_counts
	size_t of_node; // offset in struct slab_node_counts
};

#define FIGURE(name, member)                                                                       \
	{                                                                                          \
		name, offsetof(struct slab_counts, member),                                        \
			offsetof(struct slab_node_counts, member)                                  \
	}

static const struct figure figures[] = {
	FIGURE("refills", refills),
	FIGURE("shared_hits", shared_hits),
	FIGURE("flushes", flushes),
	FIGURE("alien_overflows", alien_overflows),
	FIGURE("alien_drains", alien_drains),
	FIGURE("fallbacks", fallbacks),
	FIGURE("slabs_grown", grown),
	FIGURE("slabs_reaped", reaped),
	FIGURE("list_lock_takes", list_lock_takes),
	{"list_lock_contended", offsetof(struct slab_counts, contended_list),
		offsetof(struct slab_node_counts, list_lock_contended)},
};

static double difference(const void *after, const void *before, size_t offset)
{
	const unsigned long *to = (const unsigned long *)((const char *)after + offset);
	const unsigned long *from = (const unsigned long *)((const char *)before + offset);

	return (double)(*to - *from);
}

__attribute__((format(printf, 3, 4))) static void set(
	struct gbench_state *state, double value, const char *format, ...)
{
	char name[NAME_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(name, sizeof(name), format, arguments);
	va_end(arguments);
	gbench_set_counter(state, name, value);
}

// Nodes where nothing was counted are left out.
static void set_of_nodes(struct gbench_state *state, double operations, const struct figure *figure)
{
	for (unsigned node = 0; node < loop.after.nodes_count; node++) {
		double count = difference(
			&loop.after.nodes[node], &loop.before.nodes[node], figure->of_node);

		if (count > 0)
			set(state, count / operations, "%s.node%u", figure->name, node);
	}
}

static void set_figure(struct gbench_state *state, double operations, const struct figure *figure)
{
	double total = difference(&loop.after.total, &loop.before.total, figure->total);

	set(state, total / operations, "%s", figure->name);
	set(state, total, "%s.raw", figure->name);
	if (loop.after.nodes_count > 1)
		set_of_nodes(state, operations, figure);
}

// By the node that freed and the objects' home. A pair without any is left out.
static void set_remote_frees(struct gbench_state *state, double operations)
{
	unsigned nodes = loop.after.nodes_count;
	double total = difference(
		&loop.after.total, &loop.before.total, offsetof(struct slab_counts, remote_frees));

	set(state, total / operations, "remote_frees");
	set(state, total, "remote_frees.raw");
	for (unsigned pair = 0; pair < nodes * nodes; pair++) {
		unsigned long frees =
			loop.after.remote_frees[pair] - loop.before.remote_frees[pair];

		if (frees > 0)
			set(state, (double)frees / operations, "remote_frees.node%u.node%u",
				pair / nodes, pair % nodes);
	}
}

static void set_slow_paths(struct gbench_state *state, double operations)
{
	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		set_figure(state, operations, &figures[i]);
	set_remote_frees(state, operations);
}

static double contended(const struct slab_counts *counts)
{
	return (double)(counts->contended_cpu + counts->contended_list + counts->contended_alien +
			counts->contended_arena);
}

// ---- what has no noise

static void set_geometry(struct gbench_state *state, const struct kmem_cache *cache)
{
	struct slab_geometry geometry;

	if (!cache || slab_geometry(cache, &geometry) != 0)
		return;
	gbench_set_counter(state, "geometry_slab_bytes", (double)geometry.slab_bytes);
	gbench_set_counter(state, "geometry_objects_per_slab", geometry.objects_per_slab);
}

// Without the parts that the compiler moved away from it as unlikely.
static void set_code_bytes(struct gbench_state *state, const char *counter, const void *function)
{
	Dl_info info;
	void *found = NULL;
	const ElfW(Sym) * symbol;

	if (!dladdr1(function, &info, &found, RTLD_DL_SYMENT) || !found ||
		info.dli_saddr != function)
		return;
	symbol = found;
	if (symbol->st_size > 0)
		gbench_set_counter(state, counter, (double)symbol->st_size);
}

void own_counts_report(
	struct gbench_state *state, double operations, const struct kmem_cache *cache)
{
	const struct slab_counts *after = &loop.after.total, *before = &loop.before.total;

	if (!loop.after.is_ours)
		return;
	set(state, contended(after) - contended(before), "lock_contended");
	if (strncmp(slab_cpu_mode(), "rseq", 4) == 0)
		set(state, (double)(after->sequences_aborted - before->sequences_aborted),
			"sequences_aborted");
	set_slow_paths(state, operations);
	set_geometry(state, cache);
	set_code_bytes(state, "code_bytes_alloc", (const void *)kmem_cache_alloc);
	set_code_bytes(state, "code_bytes_free", (const void *)kmem_cache_free);
}
