// SPDX-License-Identifier: GPL-2.0-or-later
// Buddy arenas, one a node. A block of order k is 2^k pages at a multiple of its size; its buddy is
// the block of the same order whose page number differs in bit k alone. A freed block joins its
// buddy as long as that is free, so that no two free buddies of one order ever exist side by side.
// Fresh memory enters as free blocks of 2 MiB, committed one after the other from the arena's
// start, so that an arena is one mapping however many slabs it holds.
//
// A free block without memory behind it, because nobody has touched it yet or because it was given
// back, is "bare". Bare blocks lie at the tails of their lists: what has memory is used first, and
// what could be given back is found first. Whoever enters the kernel for an arena (to commit, give
// back, restore) holds its mutex and no lock, and what it works on is on no list; others that find
// nothing free wait for the mutex and look again.
#include "host/pages.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "config.h"
#include "host/backing.h"
#include "host/keep.h"
#include "host/lock.h"
#include "host/page_map.h"
#include "host/topology.h"

#define ARENA_BYTES_DEFAULT ((size_t)64 << 30)
#define ARENA_BYTES_MIN     ((size_t)(IS_ENABLED(CONFIG_SLAB_UNDER_MALLOC) ? 4 : 64) << 20)
#define TRIM_ORDER          2 // 16 KiB: what the policy "idle" gives back at least at a time
#define AHEAD_ORDER         4 // 64 KiB: what fresh memory is got by, under malloc, for small blocks
#define COMMIT_ORDER        9 // 2 MiB: a huge page
#define COMMIT_PAGES        ((size_t)1 << COMMIT_ORDER)

struct arena {
	struct lock lock;
	struct cds_list_head free[MAX_ORDER + 1]; // most recently freed first, bare ones last
	size_t first; // page number of the arena's first page
	size_t pages; // reserved
	size_t committed; // from the start: usable; grows under `growing` and the lock
	size_t used;
	size_t idle; // of free blocks that are not bare
	size_t returned; // ever
	struct keep keep;
	struct backing backing;
	pthread_mutex_t growing; // one thread at a time enters the kernel for the arena
} __attribute__((aligned(64)));

static struct arena arenas[NODES_MAX];
static enum slab_return return_policy; // written by pages_init() alone
static bool is_zeroing_freed; // init_on_free; written by pages_init() alone
static size_t arena_bytes_usual = ARENA_BYTES_DEFAULT; // written before it
bool (*pages_prepare)(size_t from, size_t count);

static size_t page_number(const struct page *page)
{
	return (size_t)(page - page_map.page);
}

static void block_insert(struct arena *arena, struct page *page, unsigned order)
{
	page->is_free = true;
	page->order = order & MAX_ORDER_MASK;
	if (page->is_bare) {
		cds_list_add_tail(&page->free, &arena->free[order]);
		return;
	}
	cds_list_add(&page->free, &arena->free[order]);
	arena->idle += (size_t)1 << order;
}

static void block_remove(struct arena *arena, struct page *page)
{
	cds_list_del(&page->free);
	page->is_free = false;
	if (!page->is_bare)
		arena->idle -= (size_t)1 << page->order;
}

// Joins the block with free buddies and lists the result; returns its order. Lock held.
static unsigned block_join(struct arena *arena, struct page *page, unsigned order)
{
	for (; order < MAX_ORDER; order++) {
		size_t offset = page_number(page) - arena->first;
		size_t buddy_offset = offset ^ ((size_t)1 << order);
		struct page *buddy = &page_map.page[arena->first + buddy_offset];

		if (buddy_offset >= arena->committed || !buddy->is_free || buddy->order != order)
			break;
		block_remove(arena, buddy);
		page->is_bare = buddy->is_bare = page->is_bare && buddy->is_bare;
		if (buddy < page)
			page = buddy;
	}
	block_insert(arena, page, order);
	return order;
}

// The block to take first of an order: NULL where there is none that can be used as it is. Lock
// held.
static struct page *block_first(struct arena *arena, unsigned order)
{
	struct page *page;

	if (cds_list_empty(&arena->free[order]))
		return NULL;
	page = cds_list_first_entry(&arena->free[order], struct page, free);
	if (page->is_bare && backing_needs_restore(&arena->backing, page_address(page)))
		return NULL;
	return page;
}

// Cuts a block that is on no list down to an order; the other halves are listed. Lock held.
static void block_split(struct arena *arena, struct page *page, unsigned from, unsigned order)
{
	while (from > order) {
		struct page *half = page + ((size_t)1 << --from);

		half->is_bare = page->is_bare;
		block_insert(arena, half, from);
	}
}

// Takes a block of exactly this order off the lists, splitting a larger one if need be, of the order
// *found. Lock held.
static struct page *block_take(struct arena *arena, unsigned order, unsigned *found)
{
	for (*found = order; *found <= MAX_ORDER; ++*found) {
		struct page *page = block_first(arena, *found);

		if (!page)
			continue;
		block_remove(arena, page);
		block_split(arena, page, *found, order);
		return page;
	}
	return NULL;
}

static bool arena_can_serve(struct arena *arena, unsigned order)
{
	bool found = false;

	lock_take(&arena->lock);
	for (; order <= MAX_ORDER && !found; order++)
		found = block_first(arena, order) != NULL;
	lock_release(&arena->lock);
	return found;
}

static bool pages_commit(struct arena *arena, size_t from, size_t count)
{
	struct page *page = &page_map.page[arena->first + from];

	return backing_commit(&arena->backing, page_address(page), count << PAGE_SHIFT) &&
	       page_map_commit(page, count) &&
	       (!pages_prepare || pages_prepare(arena->first + from, count));
}

// Whether the map ends where memory does.
static bool map_grows(void)
{
	return IS_ENABLED(CONFIG_SLAB_UNDER_MALLOC) && topology.nr_nodes == 1;
}

// Commits fresh memory behind what is committed: at least one step, and a whole aligned block of
// this order.
static bool arena_extend(struct arena *arena, unsigned order)
{
	size_t count = order > COMMIT_ORDER ? (size_t)1 << order : COMMIT_PAGES;
	size_t from = arena->committed;
	size_t to = ((from + count - 1) & ~(count - 1)) + count;

	if (to > arena->pages || !pages_commit(arena, from, to - from))
		return false;
	if (map_grows())
		__atomic_store_n(&page_map.bytes, to << PAGE_SHIFT, __ATOMIC_RELEASE);
	lock_take(&arena->lock);
	for (size_t at = from; at < to; at += COMMIT_PAGES) {
		struct page *page = &page_map.page[arena->first + at];

		__atomic_store_n(&arena->committed, at + COMMIT_PAGES, __ATOMIC_RELAXED);
		page->is_bare = !backing_needs_restore(&arena->backing, page_address(page));
		block_join(arena, page, COMMIT_ORDER);
	}
	lock_release(&arena->lock);
	return true;
}

// The first of an order that is not bare, or the last that is. NULL: none. Lock held.
static struct page *block_find(struct arena *arena, unsigned order, bool is_bare)
{
	struct cds_list_head *list = &arena->free[order];
	struct page *page;

	if (cds_list_empty(list))
		return NULL;
	page = is_bare ? caa_container_of(list->prev, struct page, free)
		       : cds_list_first_entry(list, struct page, free);
	return page->is_bare == is_bare ? page : NULL;
}

// Takes one whole block of at least this order off the lists, the smallest that is bare, or is not.
// NULL: none.
static struct page *block_take_whole(struct arena *arena, unsigned order, bool is_bare)
{
	struct page *page = NULL;

	lock_take(&arena->lock);
	for (; order <= MAX_ORDER && !page; order++)
		page = block_find(arena, order, is_bare);
	if (page)
		block_remove(arena, page);
	lock_release(&arena->lock);
	return page;
}

// Lists a block that was taken whole again.
static void block_put(struct arena *arena, struct page *page, bool is_bare)
{
	lock_take(&arena->lock);
	page->is_bare = is_bare;
	block_join(arena, page, page->order);
	lock_release(&arena->lock);
}

// Gives a bare block its memory again, where it does not come by itself.
static bool arena_restore(struct arena *arena, unsigned order)
{
	struct page *page;
	bool is_restored;

	if (!backing_needs_restore(&arena->backing, arena->backing.start))
		return false;
	page = block_take_whole(arena, order > COMMIT_ORDER ? order : COMMIT_ORDER, true);
	if (!page)
		return false;
	is_restored =
		backing_restore(&arena->backing, page_address(page), PAGE_SIZE << page->order);
	block_put(arena, page, !is_restored);
	return is_restored;
}

// true when a second look at the lists is worth while.
static bool arena_grow(struct arena *arena, unsigned order)
{
	bool grown;

	pthread_mutex_lock(&arena->growing);
	grown = arena_can_serve(arena, order) || arena_restore(arena, order) ||
		arena_extend(arena, order);
	pthread_mutex_unlock(&arena->growing);
	return grown;
}

// Gives one block's memory back, of at least this order. false when there is none, or the system
// does not take it.
static bool arena_return_block(struct arena *arena, unsigned order)
{
	struct page *page = block_take_whole(arena, order, false);
	bool is_returned;

	if (!page)
		return false;
	is_returned = backing_return(&arena->backing, page_address(page), PAGE_SIZE << page->order);
	if (is_returned)
		__atomic_fetch_add(&arena->returned, (size_t)1 << page->order, __ATOMIC_RELAXED);
	block_put(arena, page, is_returned);
	return is_returned;
}

static void arena_return(struct arena *arena)
{
	pthread_mutex_lock(&arena->growing);
	while (arena_return_block(arena, COMMIT_ORDER))
		;
	pthread_mutex_unlock(&arena->growing);
}

// Large blocks first: a system call each. Explicit huge pages go back whole or not at all.
static void arena_return_down_to(struct arena *arena, size_t idle, unsigned least)
{
	unsigned order = MAX_ORDER;

	if (backing_needs_restore(&arena->backing, arena->backing.start))
		least = COMMIT_ORDER;
	while (__atomic_load_n(&arena->idle, __ATOMIC_RELAXED) > idle && order >= least)
		if (!arena_return_block(arena, order) && order-- == 0)
			break;
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

// Another thread that is at it will do. Who reads the numbers without the lock may be late by a
// block.
static void arena_return_idle(struct arena *arena)
{
	if (!keep_is_exceeded(&arena->keep, arena->used, arena->idle) ||
		pthread_mutex_trylock(&arena->growing) != 0)
		return;
	lock_take(&arena->lock);
	keep_note_return(&arena->keep, now_ns());
	lock_release(&arena->lock);
	arena_return_down_to(arena, keep_reserve(&arena->keep, arena->used), TRIM_ORDER);
	pthread_mutex_unlock(&arena->growing);
}

size_t pages_trim(size_t kept)
{
	size_t pages = 0;

	for (unsigned node = 0; node < topology.nr_nodes; node++) {
		struct arena *arena = &arenas[node];
		size_t before = arena->returned;

		pthread_mutex_lock(&arena->growing);
		arena_return_down_to(arena, kept >> PAGE_SHIFT, 0);
		pages += arena->returned - before;
		pthread_mutex_unlock(&arena->growing);
	}
	return pages << PAGE_SHIFT;
}

void pages_keep_least(size_t bytes)
{
	for (unsigned node = 0; node < topology.nr_nodes; node++) {
		lock_take(&arenas[node].lock);
		arenas[node].keep.least = bytes >> PAGE_SHIFT ? bytes >> PAGE_SHIFT : 1;
		arenas[node].keep.pages = 0;
		lock_release(&arenas[node].lock);
	}
}

size_t pages_idle(unsigned node)
{
	return __atomic_load_n(&arenas[node].idle, __ATOMIC_RELAXED) << PAGE_SHIFT;
}

void pages_return(void)
{
	if (return_policy == SLAB_RETURN_NEVER)
		return;
	for (unsigned node = 0; node < topology.nr_nodes; node++)
		arena_return(&arenas[node]);
}

static void mark_slab(struct page *page, unsigned order)
{
	page->order = order & MAX_ORDER_MASK;
	page->fresh = page->is_bare ? UINT16_MAX : 0;
	page->is_bare = false;
	page->head = &page->slab;
	for (unsigned i = 1; i < 1u << order; i++)
		page[i].head = &page->slab;
}

static void unmark_slab(struct page *page)
{
	uint32_t *place = page_place(page);

	for (unsigned i = 0; i < 1u << page->order; i++) {
		page[i].head = NULL;
		place[i] = 0;
	}
}

// Under malloc a small block that a large one was cut for gets its memory together with what lies
// behind it and will be cut next: a system call in place of a fault for each page.
static bool is_taken_ahead(unsigned order, unsigned found)
{
	return IS_ENABLED(CONFIG_SLAB_UNDER_MALLOC) && order < AHEAD_ORDER && found >= AHEAD_ORDER;
}

struct page *pages_alloc(unsigned node, unsigned order)
{
	struct arena *arena = &arenas[node];
	unsigned found;
	bool is_ahead = false;
	struct page *page;

	do {
		lock_take(&arena->lock);
		page = block_take(arena, order, &found);
		if (page) {
			is_ahead = page->is_bare && is_taken_ahead(order, found);
			arena->used += (size_t)1 << order;
			if (page->is_bare && arena->keep.returned_ns)
				keep_note_use(&arena->keep, (size_t)1 << order, now_ns());
			mark_slab(page, order);
		}
		lock_release(&arena->lock);
	} while (!page && arena_grow(arena, order));
	if (is_ahead)
		backing_populate(&arena->backing, page_address(page), PAGE_SIZE << AHEAD_ORDER);
	return page;
}

void pages_free(struct page *page)
{
	struct arena *arena = &arenas[address_to_node(page_address(page))];
	unsigned order = page->order;

	if (is_zeroing_freed)
		memset(page_address(page), 0, PAGE_SIZE << order);
	lock_take(&arena->lock);
	unmark_slab(page);
	arena->used -= (size_t)1 << order;
	order = block_join(arena, page, order);
	lock_release(&arena->lock);
	if (return_policy == SLAB_RETURN_NOW && order >= COMMIT_ORDER)
		arena_return(arena);
	if (return_policy == SLAB_RETURN_IDLE)
		arena_return_idle(arena);
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
	struct arena *arena = &arenas[node];
	size_t used;

	lock_take(&arena->lock);
	used = arena->used;
	lock_release(&arena->lock);
	return used;
}

size_t pages_committed(unsigned node)
{
	return __atomic_load_n(&arenas[node].committed, __ATOMIC_RELAXED);
}

size_t pages_returned(unsigned node)
{
	return __atomic_load_n(&arenas[node].returned, __ATOMIC_RELAXED);
}

static void arena_init(struct arena *arena, unsigned node, size_t pages)
{
	*arena = (struct arena){.pages = pages, .first = node * pages};
	lock_init(&arena->lock, LOCK_OF_ARENA);
	for (unsigned order = 0; order <= MAX_ORDER; order++)
		CDS_INIT_LIST_HEAD(&arena->free[order]);
	pthread_mutex_init(&arena->growing, NULL);
	backing_init(&arena->backing, page_address(&page_map.page[arena->first]),
		pages << PAGE_SHIFT, node);
	page_map_bind(&page_map.page[arena->first], pages, node);
}

void pages_limit_arena(size_t bytes)
{
	arena_bytes_usual = bytes;
}

int pages_init(unsigned nr_nodes, const struct slab_options *options)
{
	size_t arena_size = options->arena_size ? options->arena_size : arena_bytes_usual;

	backing_choose(options->backing);
	return_policy = options->return_memory;
	is_zeroing_freed = options->init_on_free;
	for (; arena_size >= ARENA_BYTES_MIN; arena_size /= 2) {
		size_t bytes = nr_nodes * arena_size;

		if (!page_map_reserve(bytes, map_grows()))
			continue;
		page_map.node_shift = (unsigned)__builtin_ctzl(arena_size);
		for (unsigned node = 0; node < nr_nodes; node++)
			arena_init(&arenas[node], node, arena_size >> PAGE_SHIFT);
		return 0;
	}
	return -ENOMEM;
}
