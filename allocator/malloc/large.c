// SPDX-License-Identifier: GPL-2.0-or-later
// Large blocks. Nothing is written beside a block, so that it starts where its alignment says and
// an overrun meets no bookkeeping; what is known of it stands in a table of open addressing, keyed
// by address, in a mapping of its own. A pointer that is in no table is no block: that is how a
// wrong free() is told.
//
// An entry is taken out before its mapping is given back, because the next mmap(2) of another
// thread may get the same address and must find its place free.
#include "malloc/large.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>

#include "host/pages.h"

#define SLOTS_MIN 256 // one page

struct entry {
	uintptr_t address; // 0: free
	size_t bytes; // mapped
};

static struct {
	pthread_mutex_t mutex; // guards the rest; held while the table grows
	struct entry *slot; // [slots]
	size_t slots; // a power of two, or 0
	size_t used; // places taken or promised: at most three quarters
} table = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static void *map(size_t bytes)
{
	void *start = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return start == MAP_FAILED ? NULL : start;
}

// Fibonacci hashing: neighbouring pages lie far apart.
static size_t home_slot(uintptr_t address)
{
	uint64_t hash = (uint64_t)(address >> PAGE_SHIFT) * UINT64_C(0x9e3779b97f4a7c15);

	return (size_t)(hash >> 32) & (table.slots - 1);
}

// The slot of an address, or the free one where it would go.
static struct entry *find(uintptr_t address)
{
	size_t at = home_slot(address);

	while (table.slot[at].address && table.slot[at].address != address)
		at = (at + 1) & (table.slots - 1);
	return &table.slot[at];
}

static bool table_grow(void)
{
	struct entry *old = table.slot;
	size_t old_slots = table.slots, slots = old_slots ? old_slots * 2 : SLOTS_MIN;
	struct entry *made = map(slots * sizeof(*made));

	if (!made)
		return false;
	table.slot = made;
	table.slots = slots;
	for (size_t i = 0; i < old_slots; i++)
		if (old[i].address)
			*find(old[i].address) = old[i];
	if (old)
		munmap(old, old_slots * sizeof(*old));
	return true;
}

// Takes an entry out; those behind it that are not at home move up.
static void close_gap(size_t hole)
{
	size_t mask = table.slots - 1;

	for (size_t at = (hole + 1) & mask; table.slot[at].address; at = (at + 1) & mask) {
		size_t home = home_slot(table.slot[at].address);

		if (((at - home) & mask) < ((at - hole) & mask))
			continue; // its home lies behind the hole
		table.slot[hole] = table.slot[at];
		hole = at;
	}
	table.slot[hole].address = 0;
}

// Keeps a place for an entry to come. false when the table cannot grow.
static bool promise_place(void)
{
	bool is_kept;

	pthread_mutex_lock(&table.mutex);
	is_kept = table.used < table.slots / 4 * 3 || table_grow();
	table.used += is_kept;
	pthread_mutex_unlock(&table.mutex);
	return is_kept;
}

static void drop_promise(void)
{
	pthread_mutex_lock(&table.mutex);
	table.used--;
	pthread_mutex_unlock(&table.mutex);
}

// Fills a place that was promised.
static void remember(void *address, size_t bytes)
{
	pthread_mutex_lock(&table.mutex);
	*find((uintptr_t)address) = (struct entry){.address = (uintptr_t)address, .bytes = bytes};
	pthread_mutex_unlock(&table.mutex);
}

// Takes a block out of the table, and leaves its place promised. Returns its bytes; 0 when there is
// no such block.
static size_t forget(const void *address)
{
	size_t bytes = 0;

	pthread_mutex_lock(&table.mutex);
	if (table.slots) {
		struct entry *entry = find((uintptr_t)address);

		if (entry->address) {
			bytes = entry->bytes;
			close_gap((size_t)(entry - table.slot));
		}
	}
	pthread_mutex_unlock(&table.mutex);
	return bytes;
}

static void *map_aligned(size_t bytes, size_t align)
{
	char *start, *aligned;
	size_t before, after;

	if (align <= PAGE_SIZE)
		return map(bytes);
	start = map(bytes + align);
	if (!start)
		return NULL;
	aligned = (char *)(((uintptr_t)start + align - 1) & ~(uintptr_t)(align - 1));
	before = (size_t)(aligned - start);
	after = align - before;
	if (before)
		munmap(start, before);
	if (after)
		munmap(aligned + bytes, after);
	return aligned;
}

// Whole pages; 0 when there are not so many addresses.
static size_t mapped_bytes(size_t size)
{
	return size > PTRDIFF_MAX - PAGE_SIZE ? 0 : (size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
}

void *large_alloc(size_t size, size_t align)
{
	size_t bytes = mapped_bytes(size);
	void *block = NULL;

	if (bytes && align <= PTRDIFF_MAX - bytes && promise_place()) {
		block = map_aligned(bytes, align);
		if (block)
			remember(block, bytes);
		else
			drop_promise();
	}
	if (!block)
		errno = ENOMEM;
	return block;
}

size_t large_size(const void *address)
{
	size_t bytes = 0;

	pthread_mutex_lock(&table.mutex);
	if (table.slots) {
		const struct entry *entry = find((uintptr_t)address);

		bytes = entry->address ? entry->bytes : 0;
	}
	pthread_mutex_unlock(&table.mutex);
	return bytes;
}

bool large_free(void *address)
{
	int error = errno;
	size_t bytes = address ? forget(address) : 0;

	if (!bytes)
		return false;
	drop_promise();
	munmap(address, bytes);
	errno = error;
	return true;
}

void *large_resize(void *address, size_t size)
{
	size_t bytes = mapped_bytes(size), old = large_size(address);
	void *moved;

	if (bytes == old)
		return address;
	if (!bytes) {
		errno = ENOMEM;
		return NULL;
	}
	forget(address);
	moved = mremap(address, old, bytes, MREMAP_MAYMOVE);
	if (moved == MAP_FAILED) {
		remember(address, old);
		errno = ENOMEM;
		return NULL;
	}
	remember(moved, bytes);
	return moved;
}

void large_lock(void)
{
	pthread_mutex_lock(&table.mutex);
}

void large_unlock(void)
{
	pthread_mutex_unlock(&table.mutex);
}
