// SPDX-License-Identifier: GPL-2.0-or-later
// What the allocator's own files share: the structures of the design, the allocator's state, and
// the internal functions of each file.
//
// Order of locks, outermost first: slab_mutex, a CPU slot (host/cpu.h), an alien cache, a
// list_lock, an arena. A list_lock or a CPU slot is never held while pages are allocated or freed,
// nor while an object of another cache is: whoever has slabs to destroy collects them and destroys
// them after the last lock is dropped.
#ifndef SLAB_INTERNAL_H
#define SLAB_INTERNAL_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include <slab/slab.h>
#include <urcu/list.h>

#include "config.h"
#include "geometry.h"
#include "host/cpu.h"
#include "host/lock.h"
#include "host/pages.h"
#include "host/percpu.h"
#include "host/report.h"
#include "host/topology.h"
#include "stats.h"

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

// Where a user's call came from, for the debug config's reports.
#define CALLER (IS_ENABLED(CONFIG_DEBUG_SLAB) ? __builtin_return_address(0) : NULL)

// ---- structures

// A stack of free objects. One per CPU and cache, in the CPU's slot; one shared per node and cache;
// one alien per node, other node and cache.
struct array_cache {
	unsigned avail; // also read without the lock, as a hint: array_set_avail()
	unsigned limit;
	unsigned batchcount; // objects moved at a time to and from the slabs
	unsigned touched; // handed out since the last reap
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
	bool free_touched; // a free slab was used since the last reap
	uint64_t next_reap_ns; // of the monotonic clock: when a reap pass looks at shared and slabs
	struct array_cache *shared; // NULL without
	struct alien_cache **alien; // [nr_nodes], NULL for the own node; NULL without aliens
};

struct kmem_cache {
	unsigned size; // stride of the objects
	uint32_t reciprocal_size;
	uint64_t
		size_divisor; // an offset below 2^32, times it, is below it for multiples of size alone
	unsigned long objects_bytes; // num * size
	slab_flags_t flags;
	unsigned num; // objects a slab
	bool init_on_alloc; // zero at every allocation
	bool init_on_free;
	// What the fast path reads, at HOT_PLACE.
	size_t cpu_quick; // cpu_cache, or the slot's `never` where every object needs more work
	size_t cpu_cache; // offset of the array_cache in a CPU's slot

	unsigned limit; // of each CPU's array
	unsigned batchcount;
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
_Static_assert(offsetof(struct kmem_cache, cpu_quick) == HOT_PLACE, "hot words lie together");

// ---- state

enum slab_state {
	DOWN, // nothing works
	PARTIAL, // kmem_cache can hand out caches
	PARTIAL_NODE, // kmalloc can hand out node structures
	UP, // all kmalloc caches exist, with one-entry arrays
	FULL, // everything has its final arrays
};

// Written by bootstrap() alone.
extern enum slab_state slab_state;
extern struct slab_options slab_options;
extern struct geometry_rules slab_rules;

extern pthread_mutex_t slab_mutex; // guards the list of caches and every cache's set-up
extern struct cds_list_head slab_caches; // newest first
extern struct kmem_cache *kmem_cache; // the cache that caches come from

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

// Asked before each allocation that the allocator makes for its own use.
static inline bool own_allocation_fails(void)
{
	return slab_observer.may_allocate && !slab_observer.may_allocate();
}

// ---- bootstrap.c

// The node structures of the caches that kmalloc itself needs: static, until kmalloc can hand out
// better ones.
struct kmem_cache_node *boot_node(unsigned node);

// Starts the allocator if need be. false when that failed, with errno set; a message has been
// printed.
bool slab_start(void);

// ---- cache.c

// Fills in a zeroed cache whose name, object_size, ctor and usercopy region are set: geometry,
// arrays, node structures as slab_state allows. slab_mutex held, or bootstrap. Returns 0 or a
// negative errno after giving back what it had taken.
int cache_set_up(struct kmem_cache *cache, unsigned align, slab_flags_t flags);

// Gives back the arrays and node structures, as far as there are any. The cache has no slabs.
void cache_release(struct kmem_cache *cache);

// Sets a cache's limit, batchcount and shared by the size of its objects.
void choose_limits(struct kmem_cache *cache);

struct cache_request {
	const char *name; // copied
	unsigned size;
	unsigned align;
	slab_flags_t flags;
	unsigned useroffset;
	unsigned usersize;
	void (*ctor)(void *object);
};

// kmem_cache_create_usercopy() without the start and the message of a failure. slab_mutex held.
// *error is a negative errno where NULL is returned.
struct kmem_cache *cache_create(const struct cache_request *wish, int *error);

// kmem_cache_destroy() without the messages. slab_mutex held. Returns 0 when the cache is gone,
// -EBUSY when objects remain, 1 when another reference does or it had been refused before.
int cache_destroy(struct kmem_cache *cache);

// What a node of a cache lacks is made: the arrays, where `force_shared` the shared one anew;
// free_limit. slab_mutex held. Returns 0 or -ENOMEM.
int cache_set_up_node(struct kmem_cache *cache, unsigned number, bool force_shared);

// Gives a cache without slabs back, structure and name included. slab_mutex held.
void cache_dispose(struct kmem_cache *cache);

// Online nodes' set-up of a cache: shared and alien arrays as its numbers ask for, free_limit. The
// old shared arrays' objects go to the slabs. Returns 0 or -ENOMEM.
int cache_set_up_nodes(struct kmem_cache *cache);

// ---- array_cache.c

static inline struct array_cache *cpu_array(const struct kmem_cache *cache, struct cpu_slot *slot)
{
	return (struct array_cache *)((char *)slot + cache->cpu_cache);
}

static inline void array_set_avail(struct array_cache *array, unsigned avail)
{
	__atomic_store_n(&array->avail, avail, __ATOMIC_RELAXED);
}

// The caller has seen that there is one, or room for one.
static inline void *array_pop(struct array_cache *array)
{
	array->touched = 1;
	array_set_avail(array, array->avail - 1);
	return array->entry[array->avail];
}

static inline void array_push(struct array_cache *array, void *object)
{
	array->entry[array->avail] = object;
	array_set_avail(array, array->avail + 1);
}

// Whether objects of the cache need nothing but to leave and enter an array. Work at every object
// for which a build is not made keeps the fast path from the array.
bool cache_is_quick(const struct kmem_cache *cache);

// Makes the arrays at this offset the cache's. The caller holds every slot, or nobody uses the
// cache yet.
void cache_use_arrays(struct kmem_cache *cache, size_t offset);

// Makes a cache's per-CPU arrays, empty. Returns the offset in each slot, 0 when they can't be had.
// slab_mutex held.
size_t cpu_arrays_alloc(unsigned limit, unsigned batchcount);
void cpu_arrays_free(size_t offset, unsigned limit);

void array_init(struct array_cache *array, unsigned limit, unsigned batchcount);

// An array in an object of kmalloc, on this node's memory. NULL when memory has run out.
struct array_cache *array_alloc(unsigned node, unsigned limit, unsigned batchcount);

// Moves min(from's avail, room in `to`, max) objects from from's top, their order kept. Returns how
// many.
unsigned transfer_objects(struct array_cache *to, struct array_cache *from, unsigned max);

// Drops the `count` oldest entries.
void array_shift(struct array_cache *array, unsigned count);

// ---- node.c

void kmem_cache_node_init(struct kmem_cache_node *node);

// list_lock held; a refill reads the count without it, as a hint.
static inline void node_add_free_objects(struct kmem_cache_node *node, long count)
{
	__atomic_store_n(
		&node->free_objects, node->free_objects + (unsigned long)count, __ATOMIC_RELAXED);
}

// How many free objects a node may keep in its slabs: a batch for each CPU and one more, and a
// slab.
unsigned node_free_limit(const struct kmem_cache *cache, unsigned node);

// The slab to take objects from next: the first partial, else the first free one; NULL. list_lock
// held.
struct slab *node_first_slab(struct kmem_cache_node *node);

// Moves up to `max` objects from the slab's freelist to the array's top. Returns how many.
// list_lock held, or the slab is on no list.
unsigned slab_take_block(
	struct kmem_cache *cache, struct slab *slab, struct array_cache *array, unsigned max);

// Puts a slab that objects were taken from where it belongs: head of partial or of full. list_lock
// held.
void node_relink_slab(struct kmem_cache *cache, struct kmem_cache_node *node, struct slab *slab);

// Gives `count` objects of this node back to their slabs; slabs beyond free_limit go to *doomed.
// list_lock held.
void free_block(struct kmem_cache *cache, void **objects, unsigned count,
	struct kmem_cache_node *node, struct cds_list_head *doomed);

// Takes up to `max` free slabs off the list's tail to *doomed, in the order in which they are to be
// destroyed. Takes list_lock. Returns how many.
unsigned long node_take_free_slabs(struct kmem_cache *cache, struct kmem_cache_node *node,
	unsigned long max, struct cds_list_head *doomed);

// Gives a whole array's objects, all of this node, back to the slabs. Takes list_lock.
void drain_array(struct kmem_cache *cache, struct array_cache *array, struct kmem_cache_node *node,
	struct cds_list_head *doomed);

// ---- slab.c

// Makes a slab on exactly this node, on no list yet; NULL when the node has no memory or the
// freelist's cache none.
struct slab *cache_grow_begin(struct kmem_cache *cache, gfp_t flags, unsigned node);

// Accounts and links a slab that cache_grow_begin() made. Takes list_lock. NULL does nothing.
void cache_grow_end(struct kmem_cache *cache, struct slab *slab);

// The next free object of a slab that has one, and an object back into its slab. list_lock held or
// the slab unlisted.
void *slab_get_object(struct kmem_cache *cache, struct slab *slab);
void slab_put_object(struct kmem_cache *cache, struct slab *slab, void *object);

// Gives the slabs' memory back; no lock held but slab_mutex.
void slabs_destroy(struct kmem_cache *cache, struct cds_list_head *doomed);

// Index of an object from its stride's start; exact for every offset inside a slab that is a
// multiple of size.
static inline unsigned object_index(
	const struct kmem_cache *cache, const struct slab *slab, const void *object)
{
	uint64_t offset = (uint64_t)((const char *)object - slab->s_mem);

	return (unsigned)((offset * cache->reciprocal_size) >> 32);
}

static inline void *index_to_object(
	const struct kmem_cache *cache, const struct slab *slab, unsigned index)
{
	return slab->s_mem + (size_t)index * cache->size;
}

// ---- object.c

// The public calls' bodies, for the allocator's own use as well. caller: for the debug config's
// reports.
void *cache_alloc(struct kmem_cache *cache, gfp_t flags, const void *caller);
void *cache_alloc_here(struct kmem_cache *cache, gfp_t flags, const void *caller); // no policy
void *cache_alloc_node(struct kmem_cache *cache, gfp_t flags, unsigned node, const void *caller);
void cache_free(struct kmem_cache *cache, void *object, const void *caller);

// ---- remote.c

// Takes an object home that this CPU's node is not the home of. The slot is held.
void cache_free_remote(struct kmem_cache *cache, struct cpu_slot *slot, void *object,
	struct cds_list_head *doomed);

// The alien arrays of one node: NULL without memory. All empty when they are freed; NULL does
// nothing.
struct alien_cache **aliens_alloc(unsigned node, unsigned cache_limit);
void aliens_free(struct alien_cache **alien);

// Sends home what waits in an alien array of objects of node `home`. Takes its lock and the home's
// list_lock.
void drain_alien_cache(struct kmem_cache *cache, struct alien_cache *alien, unsigned home,
	struct cds_list_head *doomed);

// The same for all alien arrays of a node, NULL for none; destroys what falls due.
void drain_aliens(struct kmem_cache *cache, struct alien_cache **alien);

// ---- tune.c

// Gives a cache new arrays: CPUs' arrays first, then the nodes'. What the old ones held goes to the
// slabs. slab_mutex held. Returns 0, or -ENOMEM with the old CPU arrays in force.
int do_tune_cpucache(
	struct kmem_cache *cache, unsigned limit, unsigned batchcount, unsigned shared);

// Returns when every thread that held a CPU slot has left it since.
void cpu_slots_wait(void);

// What writing "name limit batchcount shared" to /proc/slabinfo does. slab_mutex held. Returns 0, 1
// for values that are accepted and ignored, or -ENOMEM.
int cache_tune(struct kmem_cache *cache, int limit, int batchcount, int shared);

// ---- reap.c

// One reap pass of a CPU over every cache, newest first. is_due: the node's shared arrays and free
// slabs are looked at whether their time has come or not; otherwise not at all.
void cache_reap_now(unsigned cpu, bool is_due);

// When a node of a new cache is looked at first: a period from now, and a part of one that depends
// on the cache's address, so that not all caches' turns come in the same pass.
uint64_t first_reap_ns(const struct kmem_cache *cache);

// Gives an array's objects back partly, by what was used of late; all of this node. Takes
// list_lock.
void drain_array_partly(struct kmem_cache *cache, struct array_cache *array,
	struct kmem_cache_node *node, struct cds_list_head *doomed);

// ---- reaper.c

// In the child of a fork: the thread is the parent's.
void reaper_forget(void);

// ---- policy.c

// The calling thread's wish for its next object: a node, or POLICY_NONE. cpu_node: where it runs.
#define POLICY_NONE -1
int policy_node(const struct kmem_cache *cache, unsigned cpu_node);
// Where the thread's fallback starts to look.
unsigned policy_fallback_node(unsigned cpu_node);

extern __thread bool policy_is_set
	SLAB_OWN_TLS; // so that threads without a policy pay for one load

// ---- slabinfo.c

// A line of slabinfo, counted.
struct slabinfo {
	unsigned long active_objs, num_objs, active_slabs, num_slabs, shared_avail;
	unsigned limit, batchcount, shared, objects_per_slab, cache_order;
};

void get_slabinfo(struct kmem_cache *cache, struct slabinfo *info);

// ---- shrink.c

// Returns every array's objects to their slabs, then destroys every free slab. slab_mutex held.
// Returns true when no slab is left.
bool cache_shrink(struct kmem_cache *cache);

// Gives back what a CPU's array holds; nobody else uses it. An online CPU's array counts even when
// it is empty: giving nothing back still trims free slabs above free_limit, as it does in the
// kernel. Of a CPU that is down only what a thread left there counts. Takes list_lock.
void drain_cpu_array(struct kmem_cache *cache, const struct cpu_slot *slot,
	struct array_cache *array, struct cds_list_head *doomed);

// ---- kmalloc.c

// The cache that serves `size` bytes, NULL where there is none (yet). size is not 0.
struct kmem_cache *kmalloc_slab(size_t size, gfp_t flags);
unsigned kmalloc_freelist_cache_size(unsigned bytes);
// The allocator's own: from a node, zeroed. NULL when memory has run out.
void *own_alloc(size_t size, unsigned node);
// Creates the kmalloc cache that serves `size` bytes, then all that are missing. Bootstrap only.
int kmalloc_create_for(size_t size);
int kmalloc_create_all(void);
// Lets users have them. When the start is over.
void kmalloc_publish(void);

// ---- merge.c

// The oldest cache that a request could share, NULL without one. slab_mutex held.
struct kmem_cache *find_mergeable(
	unsigned size, unsigned align, slab_flags_t flags, void (*ctor)(void *object));

#endif
