// SPDX-License-Identifier: GPL-2.0-or-later
// The page supply: an arena a node, each a large reserved range of addresses, with a buddy
// allocator of orders 0..10 on it. All arenas lie side by side in one range, so an address's node
// and its page's descriptor are arithmetic.
#ifndef SLAB_HOST_PAGES_H
#define SLAB_HOST_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <slab/slab.h>
#include <urcu/call-rcu.h>
#include <urcu/list.h>

#include "host/hidden.h"

#define PAGE_SHIFT 12
#define PAGE_SIZE  ((size_t)1 << PAGE_SHIFT)
#define MAX_ORDER  10 // the largest block is 4 MiB

#define MAX_ORDER_MASK 15u // of the bits that hold an order

struct kmem_cache;

// What the allocator keeps of a slab, in the descriptor of its first page.
struct slab {
	union {
		struct cds_list_head
			list; // in one of its node's slabs_partial, slabs_full, slabs_free
		struct rcu_head rcu; // once off the lists, while readers may still look
	};
	struct kmem_cache *cache;
	char *s_mem; // first object: first byte plus colour offset
	unsigned char *freelist; // index array; NULL in an objfreelist slab without a free object
	unsigned active; // objects handed out of the slab (to arrays or users)
	unsigned number; // slabs of the cache are counted from 0, never reused
};

struct page {
	union {
		// In a slab's first page. In its others cache and s_mem alone, the same, so that an
		// object finds its cache by one load. Both stay as they were when the slab goes.
		struct slab slab;
		struct cds_list_head free; // of a buddy list
	};
	struct slab *head; // of the slab that the page belongs to; NULL while it is in none
	// Of a slab's first page, bit i: the i-th object has not been written to since its memory came
	// from the system, but for the slab's own freelist. Kept by malloc/, which clears the bits.
	uint16_t fresh;
	// Of a block, in its first page: its order, whether it is free, and whether nothing has been
	// touched in its place since it came from the system.
	unsigned char order : 4, is_free : 1, is_bare : 1;
} __attribute__((aligned(64)));

#define PAGE_DESCRIPTOR_SHIFT 6 // log2 of its size
_Static_assert(sizeof(struct page) == 1 << PAGE_DESCRIPTOR_SHIFT, "one cache line");

// Written by page_map_reserve() and pages_init() alone, but for `bytes`. For the order see HOT_PLACE
// (host/cpu.h): kfree() loads page_of_zero and place_of_zero.
struct page_map {
	struct page *page; // [bytes / PAGE_SIZE]
	unsigned node_shift; // log2 of an arena's bytes
	// Where each page's objects have their arrays: the cpu_quick of its slab's cache, 0 in no slab. So
	// kfree() reaches the array by one load, whose address is a shift away from the object's.
	uint32_t *place; // [bytes / PAGE_SIZE]
	uintptr_t page_of_zero; // where page 0 of the address space would have its descriptor
	char unused[8];
	char *base; // first byte of the first arena
	// Of all arenas; or, under malloc on a machine of one node, what is committed of the only one:
	// nothing beyond it, nor the descriptors and places of that, can be read.
	size_t bytes;
	uintptr_t place_of_zero; // and its place
} __attribute__((aligned(64)));

_Static_assert(offsetof(struct page_map, page_of_zero) == 24 &&
		       offsetof(struct page_map, place_of_zero) == 56,
	"see HOT_PLACE");

extern struct page_map page_map SLAB_OWN;

// Reserves the arenas: options->arena_size bytes a node, or less where the system refuses, but at
// least 64 MiB (under malloc 4 MiB). Of the options, arena_size, backing, return_memory and
// init_on_free count. Returns 0 or -ENOMEM.
int pages_init(unsigned nr_nodes, const struct slab_options *options);

// Before pages_init(): the arenas are no larger than this power of two where the options leave it
// open.
void pages_limit_arena(size_t bytes);

// A block of 1 << order pages on exactly this node, its pages marked as one slab's; NULL when the
// node has none left. The contents are undefined. Takes the arena's lock; may enter the kernel
// without it.
struct page *pages_alloc(unsigned node, unsigned order);

// Gives a block back, whole; under init_on_free zeroed, because some caches' objects are not. Takes
// the arena's lock; under the policy SLAB_RETURN_NOW it may enter the kernel without it.
void pages_free(struct page *page);

// Gives the memory of free blocks of 2 MiB and more back to the system, unless the policy is to
// keep it. No lock held but slab_mutex.
void pages_return(void);

// Gives back the memory of all free blocks, whatever the policy and however small, but for `kept`
// bytes a node. Returns the bytes. No lock held but slab_mutex.
size_t pages_trim(size_t kept);

// Under the policy SLAB_RETURN_IDLE: the bytes of free memory that a node keeps at least.
void pages_keep_least(size_t bytes);

// Free memory of a node that could be given back.
size_t pages_idle(unsigned node);

// Who keeps something for each page makes room for it here, before pages [from, from + count) of
// the map come into use. false as where the system has no memory. NULL: nobody. Under a node's
// `growing` mutex; set before the allocator is used by several threads.
extern bool (*pages_prepare)(size_t from, size_t count);

// Takes and releases all of the supply's locks, around a fork().
void pages_lock(void);
void pages_unlock(void);

// Pages of a node that are in use, that have been committed (they stay it, given back or not), and
// how many were ever given back.
size_t pages_used(unsigned node);
size_t pages_committed(unsigned node);
size_t pages_returned(unsigned node);

static inline bool pages_contain(const void *address)
{
	return (uintptr_t)address - (uintptr_t)page_map.base < page_map.bytes;
}

// The node of an address inside the arenas.
static inline unsigned address_to_node(const void *address)
{
	return (unsigned)(((uintptr_t)address - (uintptr_t)page_map.base) >> page_map.node_shift);
}

// Where the arrays of a page's slab lie; of the pages behind it likewise.
static inline uint32_t *page_place(const struct page *page)
{
	return page_map.place + (page - page_map.page);
}

// The descriptor of the page that an address inside the arenas lies in.
static inline struct page *address_to_page(const void *address)
{
	return (struct page *)(page_map.page_of_zero +
			       ((uintptr_t)address >> PAGE_SHIFT << PAGE_DESCRIPTOR_SHIFT));
}

// The slab that an address inside the arenas lies in; NULL for none.
static inline struct slab *address_to_slab(const void *address)
{
	return address_to_page(address)->head;
}

static inline struct page *slab_page(struct slab *slab)
{
	return (struct page *)slab; // the descriptor's first member
}

static inline char *page_address(const struct page *page)
{
	return page_map.base + ((size_t)(page - page_map.page) << PAGE_SHIFT);
}

static inline char *slab_address(struct slab *slab)
{
	return page_address(slab_page(slab));
}

static inline unsigned slab_node(struct slab *slab)
{
	return address_to_node(slab_address(slab));
}

#endif
