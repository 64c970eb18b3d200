// SPDX-License-Identifier: GPL-2.0-or-later
// The public interface of Slabmark's SLAB allocator: the names and contracts of Linux 5.10's slab
// caches, in user space. The header is the same for every config and for the peers (glibc, null);
// a program links one of libslab-<config>.
//
// Contract shared by all functions: no initialising call is needed; the first call starts the
// allocator with the options of the environment variable SLAB_OPTIONS, unless slab_init() came
// first. Every function may be called from any thread at any time, except from a signal handler.
// Sizes, offsets and alignments are in bytes. Pointers that an allocation returned belong to the
// caller until they are freed.
#ifndef SLAB_SLAB_H
#define SLAB_SLAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

// What a call of the library is: where the compiler can, straight through the table of addresses that
// the loader fills, without the stub that a shared library's calls otherwise go by.
#if defined(__has_attribute)
#if __has_attribute(noplt)
#define SLAB_CALL __attribute__((noplt))
#endif
#endif
#ifndef SLAB_CALL
#define SLAB_CALL
#endif

#define SLAB_API __attribute__((visibility("default"))) SLAB_CALL

// Flags of an allocation. Names and meaning are the kernel's.
typedef unsigned int gfp_t;
#define __GFP_DMA         0x01u // memory of node 0's DMA zone; kmalloc takes a dma-kmalloc cache
#define __GFP_RECLAIMABLE 0x10u // kmalloc takes a kmalloc-rcl cache
#define __GFP_ZERO        0x100u // the object's bytes are zero; see init_on_alloc on constructors
#define __GFP_NOWARN      0x2000u // no message when memory runs out
#define __GFP_NOFAIL      0x8000u // aborts with a message when memory runs out (a peer: NULL)
#define __GFP_THISNODE    0x200000u // this node or NULL: no fallback to other nodes
#define GFP_KERNEL        0x0cc0u // an ordinary allocation

// Flags of a cache. Bits are the kernel's, as traces and geometry tables show them. Those marked
// "debug" have an effect in the debug config alone; every config accepts them.
typedef unsigned int slab_flags_t;
#define SLAB_CONSISTENCY_CHECKS 0x00000100u // debug: no effect in SLAB
#define SLAB_RED_ZONE           0x00000400u // debug: guard words before and after each object
#define SLAB_POISON             0x00000800u // debug: free objects are filled with 0x6b
#define SLAB_HWCACHE_ALIGN      0x00002000u // align to cache lines, or to the part an object needs
#define SLAB_CACHE_DMA          0x00004000u // pages of node 0's DMA zone
#define SLAB_CACHE_DMA32        0x00008000u // pages of the DMA32 zone: every node's pages here
#define SLAB_STORE_USER         0x00010000u // debug: the last caller is kept with the object
#define SLAB_RECLAIM_ACCOUNT    0x00020000u // reclaimable: the first order that fits is taken
#define SLAB_TEMPORARY          SLAB_RECLAIM_ACCOUNT
#define SLAB_PANIC              0x00040000u // abort with a message when it can't be created
#define SLAB_TYPESAFE_BY_RCU    0x00080000u // slabs go back only after an RCU grace period
#define SLAB_MEM_SPREAD         0x00100000u // may spread over nodes where the thread asks for it
#define SLAB_TRACE              0x00200000u // debug: no effect in SLAB
#define SLAB_NOLEAKTRACE        0x00800000u // never with the freelist off the slab
// As in a kernel that is built without these features: the names are there and ask for nothing.
// Their bits (0x400000, 0x4000000, 0x2000000, 0x8000000) are refused, as by that kernel.
#define SLAB_DEBUG_OBJECTS 0x0u
#define SLAB_ACCOUNT       0x0u
#define SLAB_FAILSLAB      0x0u
#define SLAB_KASAN         0x0u

// Not of this allocator, as SLAB_ACCOUNT: the bit that marks a cache on its way out is refused.
#define SLAB_DEACTIVATED 0x10000000u

// The sizes of kmalloc, in bytes or as powers of two, as Linux 5.10's SLAB has them on x86-64.
#define KMALLOC_SHIFT_LOW      5
#define KMALLOC_SHIFT_HIGH     22
#define KMALLOC_SHIFT_MAX      KMALLOC_SHIFT_HIGH
#define KMALLOC_MIN_SIZE       32 // the smallest cache's
#define KMALLOC_MAX_CACHE_SIZE ((size_t)4 << 20) // the largest cache's
#define KMALLOC_MAX_SIZE       ((size_t)4 << 20) // the largest size that is served
#define KMALLOC_MAX_ORDER      (KMALLOC_SHIFT_MAX - 12) // in pages of 4 KiB
#define SLAB_OBJ_MIN_SIZE      16 // the smallest object of a cache
#define ARCH_KMALLOC_MINALIGN  8 // of every kmalloc object's address
#define ARCH_SLAB_MINALIGN     8 // of every other object's

// What kmalloc(0) returns: not NULL, never to be touched, free to kfree.
#define ZERO_SIZE_PTR       ((void *)16)
#define ZERO_OR_NULL_PTR(p) ((unsigned long)(p) <= (unsigned long)ZERO_SIZE_PTR)

// A cache of objects of one size; opaque.
struct kmem_cache;

// The kinds of kmalloc's caches: "kmalloc-*", "kmalloc-rcl-*", "dma-kmalloc-*".
enum kmalloc_cache_type { KMALLOC_NORMAL, KMALLOC_RECLAIM, KMALLOC_DMA, NR_KMALLOC_TYPES };

// ---- start

// What the memory of objects is made of; the option's word in quotes. Where the system lacks what
// is asked for, a message says so once and pages of 4 KiB are used: slab_backing() tells.
enum slab_backing {
	SLAB_BACKING_SYSTEM, // "system": as the system's setting for transparent huge pages has it
	SLAB_BACKING_4K, // "4k": pages of 4 KiB, whatever that setting
	SLAB_BACKING_THP, // "thp": transparent huge pages of 2 MiB where the system has any to give
	SLAB_BACKING_HUGETLB, // "hugetlb": 2 MiB pages from the system's pool (nr_hugepages)
};

// When free memory goes back to the system, in whole pieces of 2 MiB. The addresses stay reserved.
enum slab_return {
	SLAB_RETURN_NEVER, // "never": it is kept for the next slab
	SLAB_RETURN_REAP, // "reap": at each slab_reap() and kmem_cache_shrink()
	SLAB_RETURN_NOW, // "now": as soon as a piece is free, at the cost of a system call
	// "idle": what is free beyond a reserve, which grows where memory is soon wanted again.
	// libslabmalloc's default; the others' is "never".
	SLAB_RETURN_IDLE,
};

// How the CPUs' arrays are guarded.
enum slab_percpu {
	SLAB_PERCPU_AUTO, // restartable sequences where there are any, else locks
	SLAB_PERCPU_RSEQ, // restartable sequences, or the start fails with ENOTSUP
	SLAB_PERCPU_LOCKED, // a lock a CPU
};

// What the kernel takes from its boot command line, in the same words. Fill with
// slab_options_default(), change, and hand to slab_init().
struct slab_options {
	// No cache is merged into another.
	bool slab_nomerge;
	// 0..10: the largest page order taken for fit alone; -1: 1, or 0 up to 32 MiB of memory.
	int slab_max_order;
	// Remote frees go straight to the home node's slabs.
	bool noaliencache;
	// Every object is zeroed when it is handed out, or when it is freed; objects of caches with
	// a constructor or SLAB_TYPESAFE_BY_RCU (in the debug config: with poison) are not, but the
	// pages of their slabs are, so that no cache shows what another left behind. __GFP_ZERO
	// zeroes in any case, but for objects with a constructor under init_on_alloc. Both as
	// Linux 5.10 does it.
	bool init_on_alloc;
	bool init_on_free;
	// A thread reaps what is not used, every two seconds.
	bool reaper;
	// What objects' memory is made of, and when it is given back. The option of the second is
	// called "return".
	enum slab_backing backing;
	enum slab_return return_memory;
	// Bytes, a power of two from 16 to 4096; 0: as hwloc measures it, 64 where unknown.
	unsigned cache_line;
	// Bytes of address space reserved a node, a power of two from 64 MiB; 0: 64 GiB, less where
	// the system refuses.
	size_t arena_size;
	// NULL or "machine": this machine; else an hwloc synthetic description ("node:4 core:2
	// pu:1") or the path of an hwloc XML file: a virtual topology, see slab_set_cpu(). Not
	// copied.
	const char *topology;
	// On a virtual topology "auto" means locks. "rseq" runs the sequences there too, on the CPU
	// that a thread says; no kernel guards them then, so a CPU must have one thread at a time.
	enum slab_percpu percpu;
};

// Fills *options with the defaults, then with what SLAB_OPTIONS said at the first call (words as
// slab_options_set() takes them, separated by blanks, double quotes around a word with blanks:
// SLAB_OPTIONS='slab_nomerge topology="node:4 core:2 pu:1"'). Returns 0, or -EINVAL when the
// variable holds a word that is none; the message goes to standard error.
SLAB_API int slab_options_default(struct slab_options *options);

// Sets one option by its name. value: "0"/"1" for switches (NULL or "" is "1"), a number, a word or
// a text for the others; the text must outlive the allocator. Returns 0, -ENOENT for an unknown
// name, -EINVAL for a value out of its range.
SLAB_API int slab_options_set(struct slab_options *options, const char *name, const char *value);

// The names that slab_options_set() takes, NULL at the end. Static storage.
SLAB_API const char *const *slab_option_names(void);

// Starts the allocator. Returns 0, -EBUSY when it has started already (also by a first allocation),
// -EINVAL for options out of range or a topology that hwloc cannot read, -ENOMEM when no address
// space or memory is left. After a failure it may be called again.
SLAB_API int slab_init(const struct slab_options *options);

// In a virtual topology, says which CPU the calling thread is from now on, by the operating system's
// number as the description has it (a synthetic one counts from 0 unless it says otherwise); a
// thread starts as the first one. Returns 0, -EINVAL for a CPU that the topology lacks, -ENOTSUP on the real machine, where the
// kernel decides.
SLAB_API int slab_set_cpu(unsigned cpu);

// The config this library was built as ("default", "nocolour" …), one sentence about it, and how
// per-CPU arrays are guarded: "rseq" by restartable sequences in the C library's area, "rseq-own"
// in an area that this library registered, "rseq-virtual" on CPUs of a virtual topology, "locked"
// by a lock a CPU; "none" for peers. The last starts the allocator if need be. Static storage.
SLAB_API const char *slab_config_name(void);
SLAB_API const char *slab_config_description(void);
SLAB_API const char *slab_cpu_mode(void);

// Whether the allocator can be used: starts it if need be, and says whether that succeeded. A peer
// always can. (The kernel answers false while it boots; there is no such time here.)
SLAB_API bool slab_is_available(void);

// What objects' memory is really made of: "system", "4k", "thp" or "hugetlb" as in enum
// slab_backing; "mixed" when the pool of huge pages ran out on the way; "none" for peers, who bring
// their own. Before the start: "system". Static storage.
SLAB_API const char *slab_backing(void);

// ---- caches

// Creates a cache of objects of `size` bytes, or hands out an equal one that exists (merging; see
// allocator/README.md). align: 0, or what each object's address is a multiple of, a power of two.
// flags: SLAB_*. ctor: NULL, or called once for each object when its slab is made; the owner hands
// objects back in constructed state. name is copied. Returns the cache, or NULL with errno EINVAL
// (no name, unknown flags), E2BIG (no slab order holds an object) or ENOMEM. With SLAB_PANIC it
// aborts instead. As kmem_cache_create() of Linux 5.10.
SLAB_API struct kmem_cache *kmem_cache_create(const char *name, unsigned int size,
	unsigned int align, slab_flags_t flags, void (*ctor)(void *object));

// The same, and names the region of an object that may be copied to and from user space:
// [useroffset, useroffset + usersize). A region that does not lie within the object draws a message
// and becomes none. A cache with a region is not merged.
SLAB_API struct kmem_cache *kmem_cache_create_usercopy(const char *name, unsigned int size,
	unsigned int align, slab_flags_t flags, unsigned int useroffset, unsigned int usersize,
	void (*ctor)(void *object));

// kmem_cache_create() for a struct: its name, size and natural alignment. KMEM_CACHE_USERCOPY()
// lets the field be copied to and from user space.
#define KMEM_CACHE(type, flags)                                                                    \
	kmem_cache_create(#type, sizeof(struct type), __alignof__(struct type), (flags), NULL)
#define KMEM_CACHE_USERCOPY(type, flags, field)                                                    \
	kmem_cache_create_usercopy(#type, sizeof(struct type), __alignof__(struct type), (flags),  \
		offsetof(struct type, field), sizeof(((struct type *)0)->field), NULL)

// Whether `bytes` from `from` lie within the usercopy region of one object, as copy_to_user() is
// checked.
SLAB_API bool kmem_check_usercopy(const void *from, size_t bytes);

// Gives the cache back when this was its last user. All of its objects must have been freed; where
// some remain, the cache stays and a message names it. NULL does nothing.
SLAB_API void kmem_cache_destroy(struct kmem_cache *cache);

// Hands out one object of the cache; NULL when memory has run out. Its contents are undefined
// unless the cache has a constructor or flags has __GFP_ZERO. gfp flags: GFP_KERNEL, with __GFP_*
// added.
SLAB_API void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags)
	__attribute__((malloc, warn_unused_result));

// The same, zeroed.
static inline __attribute__((malloc, warn_unused_result)) void *kmem_cache_zalloc(
	struct kmem_cache *cache, gfp_t flags)
{
	return kmem_cache_alloc(cache, flags | __GFP_ZERO);
}

// The same from a NUMA node's memory, and from another node's where that has none left, unless
// flags has __GFP_THISNODE. node: -1 for no preference (memory policies are not asked); NULL for a
// node that does not exist.
SLAB_API void *kmem_cache_alloc_node(struct kmem_cache *cache, gfp_t flags, int node)
	__attribute__((malloc, warn_unused_result));

// Hands out `count` objects to objects[0 .. count) and returns count; or none at all, and returns
// 0.
SLAB_API int kmem_cache_alloc_bulk(struct kmem_cache *cache, gfp_t flags, size_t count,
	void **objects) __attribute__((warn_unused_result));

// Takes `count` objects back, in this order. cache NULL: each one's cache is found from its
// address.
SLAB_API void kmem_cache_free_bulk(struct kmem_cache *cache, size_t count, void **objects);
SLAB_API void kfree_bulk(size_t count, void **objects);

// Takes an object back. NULL does nothing. A pointer that is no live object of this cache is
// reported on standard error and left alone, as far as the config can tell (the debug config:
// always).
SLAB_API void kmem_cache_free(struct kmem_cache *cache, void *object);

// The size given at creation; of merged caches the larger one.
SLAB_API unsigned int kmem_cache_size(struct kmem_cache *cache);

// ---- sizes

// The number of the cache that serves a size: log2, but 1 for 96 and 2 for 192 bytes; 0 for size 0.
// Above KMALLOC_MAX_SIZE log2 goes on to 26; above 64 MiB it stops the program, as a BUG() does.
static inline unsigned int kmalloc_index(size_t size)
{
	if (size == 0)
		return 0;
	if (size <= KMALLOC_MIN_SIZE)
		return KMALLOC_SHIFT_LOW;
	if (size > 64 && size <= 96)
		return 1;
	if (size > 128 && size <= 192)
		return 2;
	if (size > (size_t)64 << 20)
		__builtin_trap();
	return 64 - (unsigned int)__builtin_clzll(size - 1);
}

// kmalloc's caches by type and index, once the start is over; NULL before and where there is none, and in
// a peer all of them.
extern __attribute__((visibility("default"))) struct kmem_cache
	*slab_kmalloc_caches[NR_KMALLOC_TYPES][KMALLOC_SHIFT_HIGH + 1];

// The kind of cache that an allocation with these flags is served from.
static inline enum kmalloc_cache_type kmalloc_type(gfp_t flags)
{
	if ((flags & (__GFP_DMA | __GFP_RECLAIMABLE)) == 0)
		return KMALLOC_NORMAL;
	return (flags & __GFP_DMA) ? KMALLOC_DMA : KMALLOC_RECLAIM;
}

// Hands out `size` bytes from the smallest kmalloc cache that holds them, aligned to at least 8,
// and to the size where that is a power of two from 32. kmalloc(0) is ZERO_SIZE_PTR. NULL above
// KMALLOC_MAX_SIZE or when memory has run out.
SLAB_API void *__kmalloc(size_t size, gfp_t flags) __attribute__((malloc, warn_unused_result));

// The same. For a size that the compiler knows, it finds the cache as well.
static inline __attribute__((always_inline, malloc, warn_unused_result)) void *kmalloc(
	size_t size, gfp_t flags)
{
	struct kmem_cache *cache;

	if (!__builtin_constant_p(size) || size - 1 >= KMALLOC_MAX_CACHE_SIZE)
		return __kmalloc(size, flags);
	cache = __atomic_load_n(
		&slab_kmalloc_caches[kmalloc_type(flags)][kmalloc_index(size)], __ATOMIC_ACQUIRE);
	return __builtin_expect(cache != NULL, 1) ? kmem_cache_alloc(cache, flags)
						  : __kmalloc(size, flags);
}

// The same with a node as kmem_cache_alloc_node(), zeroed (kz), for an array whose byte count is
// checked for overflow (NULL then), and both.
SLAB_API void *kmalloc_node(size_t size, gfp_t flags, int node)
	__attribute__((malloc, warn_unused_result));
SLAB_API void *kzalloc(size_t size, gfp_t flags) __attribute__((malloc, warn_unused_result));
SLAB_API void *kzalloc_node(size_t size, gfp_t flags, int node)
	__attribute__((malloc, warn_unused_result));
SLAB_API void *kmalloc_array(size_t count, size_t size, gfp_t flags)
	__attribute__((malloc, warn_unused_result));
SLAB_API void *kmalloc_array_node(size_t count, size_t size, gfp_t flags, int node)
	__attribute__((malloc, warn_unused_result));
SLAB_API void *kcalloc(size_t count, size_t size, gfp_t flags)
	__attribute__((malloc, warn_unused_result));
SLAB_API void *kcalloc_node(size_t count, size_t size, gfp_t flags, int node)
	__attribute__((malloc, warn_unused_result));

// Makes room for `size` bytes: the object itself where it has them, else a new one with its
// contents, and the old one is freed. NULL when memory has run out, the old one unharmed, and for a
// pointer that ksize() would report, reported likewise. size 0 frees and returns ZERO_SIZE_PTR;
// object NULL or ZERO_SIZE_PTR allocates.
SLAB_API void *krealloc(const void *object, size_t size, gfp_t flags)
	__attribute__((warn_unused_result));

// krealloc() for an array whose byte count is checked for overflow: NULL then, the old one unharmed.
static inline __attribute__((warn_unused_result)) void *krealloc_array(
	const void *object, size_t count, size_t size, gfp_t flags)
{
	size_t bytes;

	return __builtin_mul_overflow(count, size, &bytes) ? NULL : krealloc(object, bytes, flags);
}

// Takes back what kmalloc() or kmem_cache_alloc() handed out; the cache is found from the address
// alone. NULL and ZERO_SIZE_PTR do nothing. A pointer that is no object is reported on standard
// error and left alone.
SLAB_API void kfree(const void *object);

// The same, and all of its ksize() bytes are zero before. A pointer that ksize() would report is
// reported likewise, and left alone.
SLAB_API void kfree_sensitive(const void *object);

// The bytes that may be used behind a pointer of kmalloc() or kmem_cache_alloc(); 0 for
// ZERO_SIZE_PTR and NULL. A pointer that is no object, or in the debug config one that was freed,
// is reported on standard error and gives 0.
SLAB_API size_t ksize(const void *object);

// What the kernel's macros and other allocators call; here the same as without the underscores.
static inline __attribute__((malloc, warn_unused_result)) void *__kmalloc_node(
	size_t size, gfp_t flags, int node)
{
	return kmalloc_node(size, flags, node);
}

static inline size_t __ksize(const void *object)
{
	return ksize(object);
}

// Kernel code calls these from functions that allocate for others, so that the debug config names
// their callers. Macros do that here, too: they are expanded where the call stands.
#define kmalloc_track_caller(size, flags)            kmalloc(size, flags)
#define kmalloc_node_track_caller(size, flags, node) kmalloc_node(size, flags, node)

// Whether an address lies in a slab, be it an object's or not. A peer cannot tell: false.
SLAB_API bool kmem_valid_obj(void *object);

// Prints a line on standard error about an address of any kind: the cache, the object and the byte
// in it that the address points at; in the debug config also whether somebody has the object, and
// who had it last.
SLAB_API void kmem_dump_obj(void *object);

// ---- reclaim and observation

// Returns what the cache's arrays hold to its slabs and every free slab to the page supply. Returns
// 0 when no slab is left, else 1.
SLAB_API int kmem_cache_shrink(struct kmem_cache *cache);

// One reap pass of every online CPU over every cache: what has not been used since the last pass is
// given back partly. The kernel does this every two seconds; here whoever wants it calls it.
SLAB_API void slab_reap(void);

// A CPU goes offline: what it holds goes to its node's slabs; or comes back. Returns 0, -EINVAL for
// a CPU that does not exist or is in that state already, -ENOMEM. A thread may go on on a CPU that
// is down; what it frees there waits until the CPU is up again.
SLAB_API int slab_cpu_down(unsigned cpu);
SLAB_API int slab_cpu_up(unsigned cpu);

// A node's memory goes offline: it gives no further slab, and its free ones are destroyed. Returns
// 0, -EINVAL for a node that does not exist or is in that state already, -EBUSY when a cache has
// objects there that are in use or in arrays (kmem_cache_shrink() returns those): the node stays
// online then.
SLAB_API int slab_node_offline(unsigned node);
SLAB_API int slab_node_online(unsigned node);

// Starts and stops the thread that calls slab_reap() every two seconds, as the option `reaper` does
// at the start. Starting returns 0, -EBUSY when it runs, -ENOMEM or -EAGAIN. Stopping waits for its
// end. A child of fork() has none.
SLAB_API int slab_reaper_start(void);
SLAB_API void slab_reaper_stop(void);

// The calling thread's memory policy, object by object. nodes: a bit a node; one for PREFERRED, at
// least one for BIND (the nearest member) and INTERLEAVE (round and round from the lowest), 0 for
// DEFAULT. Returns 0 or -EINVAL.
enum slab_mempolicy {
	SLAB_MPOL_DEFAULT,
	SLAB_MPOL_PREFERRED,
	SLAB_MPOL_BIND,
	SLAB_MPOL_INTERLEAVE
};
SLAB_API int slab_set_mempolicy(enum slab_mempolicy mode, unsigned long nodes);

// Whether the calling thread's objects of SLAB_MEM_SPREAD caches come from the nodes in turn.
SLAB_API void slab_set_mem_spread(bool is_on);

// Prints every cache as /proc/slabinfo does (version 2.1). Returns 0, -EIO, or -EINVAL for NULL.
SLAB_API int slabinfo_show(FILE *output);

// What the allocator counts of itself.
struct slab_counts {
	// Takes of a lock that found it taken, since the start: the CPUs' slots, nodes' list_locks,
	// alien arrays, arenas. An uncontended take is not counted.
	unsigned long contended_cpu;
	unsigned long contended_list;
	unsigned long contended_alien;
	unsigned long contended_arena;
	// Restartable sequences that were interrupted and went the way of the lock; 0 where there
	// are none. One may be missed where two are counted at once.
	unsigned long sequences_aborted;
	// Bytes: in slabs now; obtained from the system in steps of 2 MiB; given back, over and
	// over.
	size_t memory_used;
	size_t memory_committed;
	size_t memory_returned;
	// The sums of all nodes' figures, as struct slab_node_counts has them, and of all remote frees.
	unsigned long refills;
	unsigned long shared_hits;
	unsigned long flushes;
	unsigned long alien_overflows;
	unsigned long alien_drains;
	unsigned long remote_frees;
	unsigned long fallbacks;
	unsigned long grown;
	unsigned long reaped;
	unsigned long list_lock_takes;
};

// Fills *counts, without stopping anybody: the numbers need not be of one moment. Returns 0, or
// -ENOTSUP in a peer, with zeros.
SLAB_API int slab_counts(struct slab_counts *counts);

// What happened on one node, since the start, in all caches, those too that are gone. Exact in
// every config: slow paths count under a lock that they hold anyhow. The allocator's own memory is
// within.
struct slab_node_counts {
	// Of the node's CPUs.
	unsigned long refills; // allocations that found the CPU's array empty
	unsigned long shared_hits; // refills that the node's shared array served
	unsigned long flushes; // frees that found the CPU's array full
	unsigned long
		alien_overflows; // frees of other nodes' objects that found the alien array full
	// Of the node's slabs.
	unsigned long alien_drains; // alien arrays of such objects sent home: full, reaped, shrunk
	unsigned long fallbacks; // objects given because another node, asked first, had none left
	unsigned long grown; // slabs made
	unsigned long reaped; // slabs given back by slab_reap(); shrinking is not counted
	unsigned long list_lock_takes; // takes of a list_lock of the node, one a cache
	unsigned long list_lock_contended; // of these, takes that found it taken
};

// Fills *counts for a node from 0 to slab_nodes() - 1, without stopping anybody. Returns 0, -EINVAL
// for any other node, or -ENOTSUP in a peer, with zeros.
SLAB_API int slab_node_counts(unsigned node, struct slab_node_counts *counts);

// How many nodes there are, or -ENOTSUP in a peer.
SLAB_API int slab_nodes(void);

// Frees of another node's objects, node by node: matrix[on * nodes + home] is how many objects of
// node `home` were freed on CPUs of node `on`; 0 where both are the same. The caller's array has
// nodes * nodes elements, with nodes as slab_nodes() tells. Returns 0, -EINVAL for another number
// of nodes or NULL, or -ENOTSUP in a peer, where nothing is written.
SLAB_API int slab_remote_frees(unsigned long *matrix, unsigned nodes);

// How a cache's slabs are laid out.
struct slab_geometry {
	size_t slab_bytes; // of one slab: a power of two, pages
	unsigned objects_per_slab;
};

// Fills *geometry for a cache, of merged caches for the one that serves them all. Returns 0, or
// -ENOTSUP in a peer, with zeros.
SLAB_API int slab_geometry(const struct kmem_cache *cache, struct slab_geometry *geometry);

// What writing "name limit batchcount shared" to /proc/slabinfo does: the cache gets arrays of
// these sizes. Returns bytes; -EINVAL for a cache that is not there, a line that is NULL, cannot be
// read or has more than 128 bytes; -ENOMEM. Numbers out of range are accepted and ignored, as the
// kernel does.
SLAB_API ssize_t slabinfo_write(const char *text, size_t bytes);

#ifdef __cplusplus
}
#endif
#endif
