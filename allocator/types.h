// SPDX-License-Identifier: GPL-2.0-or-later
// What all of the allocator's files share: the structures of the design, the order of locks, and
// the allocator's state. Each file's own header says what it offers the others, and a file includes
// only the headers that it uses.
//
// Order of locks, outermost first: slab_mutex, a CPU slot (host/cpu.h), an alien cache, a
// list_lock, an arena. A thread holds no list_lock and no CPU slot while it allocates or frees
// pages, or an object of another cache. So a thread that has slabs to destroy collects them first,
// drops its last lock, and destroys them then: that is what the lists named `doomed` are for.
//
// The words, as every file uses them:
//   cache           objects of one size with one layout (struct kmem_cache)
//   object, stride  what a user gets; the bytes that it takes, with alignment and debug words
//   slab            2^order pages of one node, cut into objects (struct slab, host/pages.h)
//   freelist        a slab's array of one-byte indices of its free objects
//   array           a stack of free objects in front of the slabs (struct array_cache)
//   node            a cache's slabs on one NUMA node (struct kmem_cache_node), or its number
//   home            the node whose memory an object is; alien: an object away from home
//   slot            a CPU's own memory with its arrays (struct cpu_slot, host/cpu.h)
//   doomed          a list of slabs that are to be destroyed once no lock is held
// README.md says more of each.
#ifndef SLAB_TYPES_H
#define SLAB_TYPES_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <slab/slab.h>
#include <urcu/list.h>

#include "config.h"
#include "counts.h"
#include "geometry.h"
#include "host/cpu.h"
#include "host/lock.h"
#include "host/pages.h"
#include "stats.h"

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

// ---- structures

// A stack of free objects. One per CPU and cache, in the CPU's slot; one shared per node and cache;
// one alien per node, other node and cache.
struct array_cache {
	unsigned avail; // also read without the lock, as a hint: array_set_avail()
	STATS_POPS_FIELD
	unsigned limit;
	unsigned batchcount; // objects moved at a time to and from the slabs
	unsigned touched; // handed out since the last reap
	STATS_BASE_FIELD
	void *entry[]; // [limit]; the last one in is the next one out
};

// Objects of another node, freed here and on their way home.
struct alien_cache {
	struct lock lock; // guards array
	struct array_cache array;
};

// A cache's slabs on one node.
struct kmem_cache_node {
	struct lock list_lock; // guards everything here but the aliens
	struct cds_list_head slabs_partial;
	struct cds_list_head slabs_full;
	struct cds_list_head slabs_free;
	unsigned long total_slabs; // on the three lists
	unsigned long free_slabs; // on slabs_free
	unsigned long free_objects; // in the slabs, not those in arrays; node_add_free_objects()
	unsigned free_limit; // above it, free slabs are destroyed
	unsigned colour_next; // of the slab made last
	unsigned char number; // of the node
	bool free_touched; // a free slab was used since the last reap
	uint64_t next_reap_ns; // of the monotonic clock: when a reap pass looks at shared and slabs
	struct array_cache *shared; // NULL without
	struct alien_cache **alien; // [nr_nodes], NULL for the own node; NULL without aliens
	struct node_counts *counts;
};

struct kmem_cache {
	unsigned size; // stride of the objects
	uint32_t reciprocal_size;
	// An offset from a slab's first object, times the one, is below the other where an object
	// begins there, and nowhere else: object_rule() in cache.c.
	uint64_t size_divisor;
	uint64_t object_limit;
	slab_flags_t flags;
	unsigned num; // objects a slab
	bool init_on_alloc; // zero at every allocation
	bool init_on_free;
	size_t cpu_cache; // offset of the array_cache in a CPU's slot
	unsigned limit; // of each CPU's array
	unsigned batchcount;
	// What the fast path reads.
	size_t cpu_quick; // cpu_cache, or the slot's `never` where every object needs more work

	unsigned shared; // factor: the shared array holds shared * batchcount
	unsigned gfporder;
	gfp_t allocflags;
	unsigned colour;
	unsigned colour_off;
	unsigned freelist_size;
	unsigned left_over;
	struct kmem_cache *freelist_cache; // off-slab freelists only
	void (*ctor)(void *object);
	const char *name;
	bool owns_name; // an object of kmalloc; else a literal
	struct cds_list_head list; // of all caches, under slab_mutex
	int refcount; // users of a merged cache; -1 after a refused destroy was tried again
	bool is_unmergeable; // made at boot
	unsigned object_size; // as asked for
	unsigned align;
	unsigned useroffset; // region that may be copied to and from user space
	unsigned usersize;
	unsigned obj_offset; // debug: from the stride's start to the address handed out
	int redzone1; // debug: offsets in the stride, -1 without
	int redzone2;
	int userword;
	atomic_uint slabs_grown; // ever obtained
	unsigned char *random_seq; // permutation of the indices; NULL without
	STATS_FIELD
	struct kmem_cache_node *node[]; // [nr_nodes]
};
_Static_assert(offsetof(struct kmem_cache, cpu_quick) == 56, "see HOT_PLACE");

// ---- state

enum slab_state {
	DOWN, // nothing works
	PARTIAL, // kmem_cache can hand out caches
	PARTIAL_NODE, // kmalloc can hand out node structures
	UP, // all kmalloc caches exist, with one-entry arrays
	FULL, // everything has its final arrays
};

// All of it lies in state.c. bootstrap() alone writes these three and kmem_cache.
extern enum slab_state slab_state;
extern struct slab_options slab_options;
extern struct geometry_rules slab_rules;

extern pthread_mutex_t slab_mutex; // guards the list of caches and every cache's set-up
extern struct cds_list_head slab_caches; // newest first
extern struct kmem_cache *kmem_cache; // the cache that caches come from

// What the fast paths ask of the allocator as a whole.
struct slab_gates {
	char unused[48]; // see HOT_PLACE
	bool has_policies; // a thread has set one, ever
	// Sizes up to here, __kmalloc() serves without further questions. 0 until the start is over, and
	// again from the first policy of any thread on.
	size_t kmalloc_limit;
} __attribute__((aligned(64)));

_Static_assert(offsetof(struct slab_gates, kmalloc_limit) == 56, "see HOT_PLACE");

extern struct slab_gates slab_gates SLAB_OWN;

// Who wants to know, or decide, what slabs a cache gets: the trace replayer, and tests that take
// memory away. Functions may be NULL. Set before the allocator is used by several threads.
struct slab_observer {
	// Whether the node may give the cache a slab: false is as if it had no free page.
	bool (*may_grow)(struct kmem_cache *cache, unsigned node);
	void (*grown)(struct kmem_cache *cache, struct slab *slab);
	void (*destroyed)(struct kmem_cache *cache, struct slab *slab); // leaves the cache
	bool (*is_reaped)(struct kmem_cache *cache); // whether reap passes visit the cache
	bool (*may_allocate)(void); // whether the allocator gets memory for itself
};

extern struct slab_observer slab_observer;

#endif
