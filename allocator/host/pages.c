// SPDX-License-Identifier: GPL-2.0-or-later
// Buddy arenas, one a node. A block of order k is 2^k pages at a multiple of its size; its buddy is
// the block of the same order whose page number differs in bit k alone. A freed block joins its
// buddy as long as that is free, so that no two free buddies of one order ever exist side by side.
// Fresh memory enters as free blocks of 2 MiB, committed one after the other from the arena's
// start, so that an arena is one mapping however many slabs it holds.
#include "host/pages.h"

#include <errno.h>
#include <pthread.h>

#include "host/lock.h"
#include "host/reserve.h"
#include "host/topology.h"

#define ARENA_BYTES_DEFAULT ((size_t)64 << 30)
#define ARENA_BYTES_MIN     ((size_t)64 << 20)
#define COMMIT_ORDER        9 // 2 MiB: a huge page
#define COMMIT_PAGES        ((size_t)1 << COMMIT_ORDER)

struct arena {
	struct lock lock;
	struct cds_list_head free[MAX_ORDER + 1]; // most recently freed first
	size_t first; // page number of the arena's first page
	size_t pages; // reserved
	size_t committed; // from the start: usable; grows under `growing` and the lock
	size_t used;
	pthread_mutex_t growing; // one thread at a time commits, and may enter the kernel for it
} __attribute__((aligned(64)));

struct page_map page_map;
static struct arena arenas[NODES_MAX];

static size_t page_number(const struct page *page)
{
	return (size_t)(page - page_map.page);
}

static void block_insert(struct arena *arena, struct page *page, unsigned order)
{
	page->kind = PAGE_FREE;
	page->order = (unsigned char)order;
	cds_list_add(&page->free, &arena->free[order]);
}

static void block_remove(struct page *page)
{
	cds_list_del(&page->free);
	page->kind = PAGE_UNUSED;
}

// Joins the block with free buddies and lists the result. Lock held.
static void block_join(struct arena *arena, struct page *page, unsigned order)
{
	for (; order < MAX_ORDER; order++) {
		size_t offset = page_number(page) - arena->first;
		size_t buddy_offset = offset ^ ((size_t)1 << order);
		struct page *buddy = &page_map.page[arena->first + buddy_offset];

		if (buddy_offset >= arena->committed || buddy->kind != PAGE_FREE ||
			buddy->order != order)
			break;
		block_remove(buddy);
		if (buddy < page)
			page = buddy;
	}
	block_insert(arena, page, order);
}

// Takes a block of exactly this order off the lists, splitting a larger one if need be. Lock held.
static struct page *block_take(struct arena *arena, unsigned order)
{
	struct page *page;
	unsigned found = order;

	while (found <= MAX_ORDER && cds_list_empty(&arena->free[found]))
		found++;
	if (found > MAX_ORDER)
		return NULL;
	page = cds_list_first_entry(&arena->free[found], struct page, free);
	block_remove(page);
	while (found > order) {
		found--;
		block_insert(arena, page + ((size_t)1 << found), found);
	}
	return page;
}

static bool pages_commit(size_t first, size_t count, unsigned node)
{
	struct page *page = &page_map.page[first];
	char *memory = page_address(page);

	// Binding comes before the first touch, or it would not move anything.
	topology_bind(memory, count << PAGE_SHIFT, node);
	topology_bind(page, count * sizeof(*page), node);
	return reserve_commit(memory, count << PAGE_SHIFT) &&
	       reserve_commit(page, count * sizeof(*page));
}

static bool arena_can_serve(struct arena *arena, unsigned order)
{
	bool found = false;

	lock_take(&arena->lock);
	for (; order <= MAX_ORDER && !found; order++)
		found = !cds_list_empty(&arena->free[order]);
	lock_release(&arena->lock);
	return found;
}

// Commits fresh memory behind what is committed: at least one step, and a whole aligned block of
// this order.
static bool arena_extend(struct arena *arena, unsigned node, unsigned order)
{
	size_t count = order > COMMIT_ORDER ? (size_t)1 << order : COMMIT_PAGES;
	size_t from = arena->committed;
	size_t to = ((from + count - 1) & ~(count - 1)) + count;

	if (to > arena->pages || !pages_commit(arena->first + from, to - from, node))
		return false;
	lock_take(&arena->lock);
	for (size_t at = from; at < to; at += COMMIT_PAGES) {
		__atomic_store_n(&arena->committed, at + COMMIT_PAGES, __ATOMIC_RELAXED);
		block_join(arena, &page_map.page[arena->first + at], COMMIT_ORDER);
	}
	lock_release(&arena->lock);
	return true;
}

// true when a second look at the lists is worth while.
static bool arena_grow(struct arena *arena, unsigned node, unsigned order)
{
	bool grown;

	pthread_mutex_lock(&arena->growing);
	grown = arena_can_serve(arena, order) || arena_extend(arena, node, order);
	pthread_mutex_unlock(&arena->growing);
	return grown;
}

static void mark_slab(struct page *page, unsigned order)
{
	page->kind = PAGE_SLAB;
	page->order = (unsigned char)order;
	page->head_distance = 0;
	for (unsigned i = 1; i < 1u << order; i++) {
		page[i].kind = PAGE_TAIL;
		page[i].head_distance = (unsigned short)i;
	}
}

static void unmark_slab(struct page *page)
{
	for (unsigned i = 0; i < 1u << page->order; i++) {
		page[i].kind = PAGE_UNUSED;
		page[i].head_distance = 0;
	}
}

struct page *pages_alloc(unsigned node, unsigned order)
{
	struct arena *arena = &arenas[node];
	struct page *page;

	do {
		lock_take(&arena->lock);
		page = block_take(arena, order);
		if (page) {
			arena->used += (size_t)1 << order;
			mark_slab(page, order);
		}
		lock_release(&arena->lock);
	} while (!page && arena_grow(arena, node, order));
	return page;
}

void pages_free(struct page *page)
{
	struct arena *arena = &arenas[address_to_node(page_address(page))];
	unsigned order = page->order;

	lock_take(&arena->lock);
	unmark_slab(page);
	arena->used -= (size_t)1 << order;
	block_join(arena, page, order);
	lock_release(&arena->lock);
}

void pages_lock(void)
{
	for (unsigned node = 0; node < topology.nr_nodes; node++) {
		pthread_mutex_lock(&arenas[node].growing);
		lock_take(&arenas[node].lock);
	}
}

void pages_unlock(void)
{
	for (unsigned node = 0; node < topology.nr_nodes; node++) {
		lock_release(&arenas[node].lock);
		pthread_mutex_unlock(&arenas[node].growing);
	}
}

size_t pages_used(unsigned node)
{
	return arenas[node].used;
}

size_t pages_committed(unsigned node)
{
	return arenas[node].committed;
}

bool pages_are_committed(const void *address)
{
	struct arena *arena = &arenas[address_to_node(address)];
	size_t number = (size_t)(address_to_page(address) - page_map.page) - arena->first;

	return number < __atomic_load_n(&arena->committed, __ATOMIC_RELAXED);
}

static void arenas_init(unsigned nr_nodes, size_t arena_size)
{
	for (unsigned node = 0; node < nr_nodes; node++) {
		struct arena *arena = &arenas[node];

		lock_init(&arena->lock);
		for (unsigned order = 0; order <= MAX_ORDER; order++)
			CDS_INIT_LIST_HEAD(&arena->free[order]);
		arena->pages = arena_size >> PAGE_SHIFT;
		arena->first = node * arena->pages;
		arena->committed = arena->used = 0;
		pthread_mutex_init(&arena->growing, NULL);
	}
}

// Both ranges or neither.
static bool reserve_ranges(size_t bytes, size_t descriptors)
{
	page_map.base = reserve(bytes, (size_t)1 << (PAGE_SHIFT + MAX_ORDER));
	if (!page_map.base)
		return false;
	page_map.page = reserve(descriptors, (size_t)1 << (PAGE_SHIFT + COMMIT_ORDER));
	if (page_map.page)
		return true;
	reserve_release(page_map.base, bytes);
	return false;
}

int pages_init(unsigned nr_nodes, size_t arena_size)
{
	if (!arena_size)
		arena_size = ARENA_BYTES_DEFAULT;
	for (; arena_size >= ARENA_BYTES_MIN; arena_size /= 2) {
		size_t bytes = nr_nodes * arena_size;

		if (!reserve_ranges(bytes, (bytes >> PAGE_SHIFT) * sizeof(struct page)))
			continue;
		page_map.bytes = bytes;
		page_map.node_shift = (unsigned)__builtin_ctzl(arena_size);
		arenas_init(nr_nodes, arena_size);
		return 0;
	}
	return -ENOMEM;
}
