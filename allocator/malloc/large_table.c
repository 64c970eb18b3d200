// SPDX-License-Identifier: GPL-2.0-or-later
// The table of large blocks. Whoever reads it takes no lock: a version is odd while entries move,
// and a reader that has seen two versions looks again. A table that has become too small stays
// mapped, because somebody may still be reading it; all of them together are no larger than the last.
#include "malloc/large_table.h"

#include <stdatomic.h>
#include <stdint.h>

#include "host/pages.h"
#include "malloc/mapping.h"

#define SLOTS_MIN 256 // one page
#define READS_MAX 1000 // then the reader has interrupted the writer, or that sleeps

struct entry {
	atomic_uintptr_t address; // 0: free
	atomic_size_t bytes; // mapped
};

static struct {
	atomic_uint version;
	_Atomic(struct entry *) slot; // [slots]
	atomic_size_t slots; // a power of two, or 0
	size_t used; // places taken or promised: at most three quarters
} table;

static void change_begins(void)
{
	atomic_store_explicit(&table.version, table.version + 1, memory_order_relaxed);
	atomic_thread_fence(memory_order_seq_cst);
}

static void change_ends(void)
{
	atomic_store_explicit(&table.version, table.version + 1, memory_order_release);
}

// Fibonacci hashing: neighbouring pages lie far apart.
static size_t home_slot(uintptr_t address, size_t slots)
{
	uint64_t hash = (uint64_t)(address >> PAGE_SHIFT) * UINT64_C(0x9e3779b97f4a7c15);

	return (size_t)(hash >> 32) & (slots - 1);
}

static uintptr_t address_at(const struct entry *entry)
{
	return atomic_load_explicit(&entry->address, memory_order_relaxed);
}

static void entry_set(struct entry *entry, uintptr_t address, size_t bytes)
{
	atomic_store_explicit(&entry->bytes, bytes, memory_order_relaxed);
	atomic_store_explicit(&entry->address, address, memory_order_relaxed);
}

// The slot of an address, or the free one where it would go. NULL: neither, which a reader may see
// while entries move.
static struct entry *find(struct entry *slot, size_t slots, uintptr_t address)
{
	size_t at = home_slot(address, slots);

	for (size_t steps = 0; steps < slots; steps++, at = (at + 1) & (slots - 1))
		if (address_at(&slot[at]) == address || !address_at(&slot[at]))
			return &slot[at];
	return NULL;
}

static bool grow(void)
{
	struct entry *old = table.slot;
	size_t old_slots = table.slots, slots = old_slots ? old_slots * 2 : SLOTS_MIN;
	struct entry *made = mapping_make(mapping_bytes(slots * sizeof(*made)), 1);

	if (!made)
		return false;
	for (size_t i = 0; i < old_slots; i++)
		if (address_at(&old[i]))
			entry_set(find(made, slots, address_at(&old[i])), address_at(&old[i]),
				old[i].bytes);
	change_begins();
	table.slot = made;
	table.slots = slots;
	change_ends();
	return true;
}

bool large_table_promise(void)
{
	bool is_kept = table.used < table.slots / 4 * 3 || grow();

	table.used += is_kept;
	return is_kept;
}

void large_table_drop_promise(void)
{
	table.used--;
}

void large_table_add(void *address, size_t bytes)
{
	change_begins();
	entry_set(find(table.slot, table.slots, (uintptr_t)address), (uintptr_t)address, bytes);
	change_ends();
}

// Takes an entry out; those behind it that are not at home move up.
static void close_gap(size_t hole)
{
	struct entry *slot = table.slot;
	size_t slots = table.slots, mask = slots - 1;

	change_begins();
	for (size_t at = (hole + 1) & mask; address_at(&slot[at]); at = (at + 1) & mask) {
		size_t home = home_slot(address_at(&slot[at]), slots);

		if (((at - home) & mask) < ((at - hole) & mask))
			continue; // its home lies behind the hole
		entry_set(&slot[hole], address_at(&slot[at]), slot[at].bytes);
		hole = at;
	}
	entry_set(&slot[hole], 0, 0);
	change_ends();
}

size_t large_table_remove(const void *address)
{
	struct entry *entry =
		table.slots ? find(table.slot, table.slots, (uintptr_t)address) : NULL;
	size_t bytes = entry && address_at(entry) ? entry->bytes : 0;

	if (bytes)
		close_gap((size_t)(entry - table.slot));
	return bytes;
}

// While entries move: each of them is somewhere at any time.
static size_t search_bytes(const void *address)
{
	struct entry *slot = table.slot;
	size_t slots = table.slots;

	for (size_t at = 0; at < slots; at++)
		if (address_at(&slot[at]) == (uintptr_t)address)
			return atomic_load_explicit(&slot[at].bytes, memory_order_relaxed);
	return 0;
}

static size_t read_bytes(const void *address)
{
	struct entry *slot = table.slot, *entry;
	size_t slots = table.slots;

	if (!slot || !slots)
		return 0;
	entry = find(slot, slots, (uintptr_t)address);
	return entry && address_at(entry)
		       ? atomic_load_explicit(&entry->bytes, memory_order_relaxed)
		       : 0;
}

size_t large_table_bytes(const void *address)
{
	for (unsigned reads = 0; reads < READS_MAX; reads++) {
		unsigned version = atomic_load_explicit(&table.version, memory_order_acquire);
		size_t bytes = address && !(version & 1) ? read_bytes(address) : 0;

		atomic_thread_fence(memory_order_acquire);
		if (!(version & 1) &&
			version == atomic_load_explicit(&table.version, memory_order_relaxed))
			return bytes;
	}
	return address ? search_bytes(address) : 0;
}
