// SPDX-License-Identifier: GPL-2.0-or-later
// What every config counts, at no cost on the fast path: slow paths count where they hold a lock
// anyhow, so that no two CPUs share a counter that is not shared already. slab.h says what each
// figure means; show/counts.c adds them up.
#ifndef SLAB_COUNTS_H
#define SLAB_COUNTS_H

// Of a cache's slabs on one node. Written under list_lock, `reaped` under slab_mutex.
struct node_counts {
	unsigned long list_lock_takes;
	unsigned long list_lock_contended;
	unsigned long shared_hits;
	unsigned long flushes;
	unsigned long alien_drains;
	unsigned long fallbacks;
	unsigned long grown;
	unsigned long reaped;
};
_Static_assert(sizeof(struct node_counts) == 64, "a cache line");

// Of one CPU, all caches together: behind its slot, and written by who holds that.
struct cpu_counts {
	unsigned long refills;
	unsigned long alien_overflows;
	unsigned long remote_frees[]; // [nr_nodes]: by the object's home
};

// The counter's lock is held; readers hold none.
static inline void count_add(unsigned long *count, unsigned long more)
{
	__atomic_store_n(count, *count + more, __ATOMIC_RELAXED);
}

static inline unsigned long count_read(const unsigned long *count)
{
	return __atomic_load_n(count, __ATOMIC_RELAXED);
}

// Adds one node's counts to another's.
void counts_add(struct node_counts *sum, const struct node_counts *counts);

// A cache's counts, [nr_nodes], all 0; NULL without memory. They lie beside the allocator's own
// objects: a node's structure is to be one of kmalloc-128, as in the kernel. Freeing them, or NULL,
// keeps what was counted. slab_mutex held.
struct node_counts *counts_alloc(void);
void counts_free(struct node_counts *counts);

// What caches that are gone have counted on a node. slab_mutex held.
const struct node_counts *counts_retired(unsigned node);

#endif
