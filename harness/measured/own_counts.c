// SPDX-License-Identifier: GPL-2.0-or-later
// Counters of the allocator itself. Entries: own_counts_now() before a timed loop,
// own_counts_report() after it.
//
// The program's own symbol table says how large a function is, so that the figure is that of the
// very code that was measured. CMakeLists.txt exports the two functions: only then are their
// symbols mapped, and they outlive strip.
#include "own_counts.h"

#include <dlfcn.h>
#include <link.h>
#include <slab/slab.h>
#include <string.h>

struct own_counts own_counts_now(void)
{
	struct slab_counts counts;
	bool is_ours = slab_counts(&counts) == 0;

	return (struct own_counts){.is_ours = is_ours,
		.has_sequences = is_ours && strncmp(slab_cpu_mode(), "rseq", 4) == 0,
		.lock_contended = (double)(counts.contended_cpu + counts.contended_list +
					   counts.contended_alien + counts.contended_arena),
		.sequences_aborted = (double)counts.sequences_aborted};
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
	struct gbench_state *state, const struct own_counts *before, const struct kmem_cache *cache)
{
	struct own_counts after = own_counts_now();

	if (!after.is_ours)
		return;
	gbench_set_counter(state, "lock_contended", after.lock_contended - before->lock_contended);
	if (after.has_sequences)
		gbench_set_counter(state, "sequences_aborted",
			after.sequences_aborted - before->sequences_aborted);
	set_geometry(state, cache);
	set_code_bytes(state, "code_bytes_alloc", (const void *)kmem_cache_alloc);
	set_code_bytes(state, "code_bytes_free", (const void *)kmem_cache_free);
}
