// SPDX-License-Identifier: GPL-2.0-or-later
// The memory in the CPUs' slots. Every CPU has the same layout, so one free list speaks for all:
// extents in ascending order, first fit, joined when neighbours are free. The list is kept in pages
// of its own, because malloc may be this very allocator.
#include "host/percpu.h"

#include <errno.h>
#include <sys/mman.h>

#include "host/cpu.h"
#include "host/reserve.h"
#include "host/topology.h"

#define COMMIT_BYTES       ((size_t)64 << 10)
#define UNIT               64 // a cache line
#define ALIKE_BYTES        4096 // what lies so far apart looks alike to a processor at first
#define EXTENTS_POOL_BYTES ((size_t)16 << 10)

struct extent {
	struct extent *next;
	size_t offset;
	size_t bytes;
};

struct cpu_map cpu_map; // here, because cpu.c stands on this file; cpu_init() writes it

// All under slab_mutex.
static struct extent *free_extents; // ascending
static struct extent *spare_extents; // descriptors that describe nothing
static size_t committed; // bytes from the start of each slot's memory

static void extent_drop(struct extent *extent)
{
	extent->next = spare_extents;
	spare_extents = extent;
}

static bool extents_refill(void)
{
	struct extent *pool = mmap(NULL, EXTENTS_POOL_BYTES, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pool == MAP_FAILED)
		return false;
	for (size_t i = 0; i < EXTENTS_POOL_BYTES / sizeof(*pool); i++)
		extent_drop(&pool[i]);
	return true;
}

static struct extent *extent_new(size_t offset, size_t bytes)
{
	struct extent *extent;

	if (!spare_extents && !extents_refill())
		return NULL;
	extent = spare_extents;
	spare_extents = extent->next;
	*extent = (struct extent){.offset = offset, .bytes = bytes};
	return extent;
}

static bool slot_commit(unsigned cpu, size_t from, size_t to)
{
	char *start = cpu_slot_memory(cpu) + from;

	topology_bind(start, to - from, topology.cpu_node[cpu]);
	return reserve_commit(start, to - from);
}

// Makes the first `bytes` of every slot usable.
static bool slots_commit(size_t bytes)
{
	size_t to = (HOT_PLACE + bytes + COMMIT_BYTES - 1) & ~(COMMIT_BYTES - 1);

	if (to <= committed)
		return true;
	for_each_cpu(cpu)
		if (!slot_commit(cpu, committed, to))
			return false;
	committed = to;
	return true;
}

static size_t round_up(size_t bytes)
{
	return (bytes + UNIT - 1) & ~(size_t)(UNIT - 1);
}

// An array's head must not look like the slot's own, where the lock is (HOT_PLACE). Such a line is left
// out for good.
static size_t left_out(const struct extent *extent)
{
	return extent->offset % ALIKE_BYTES == 0 ? UNIT : 0;
}

size_t percpu_alloc(size_t bytes)
{
	size_t offset, end;

	if (bytes > PERCPU_BYTES_MAX)
		return 0;
	bytes = round_up(bytes);
	for (struct extent **link = &free_extents; *link; link = &(*link)->next) {
		struct extent *extent = *link;

		offset = extent->offset + left_out(extent);
		end = offset + bytes;
		if (extent->offset + extent->bytes < end)
			continue;
		if (!slots_commit(end))
			return 0;
		extent->bytes -= end - extent->offset;
		extent->offset = end;
		if (extent->bytes == 0) {
			*link = extent->next;
			extent_drop(extent);
		}
		return offset;
	}
	return 0;
}

static void extent_join_next(struct extent *extent)
{
	struct extent *next = extent->next;

	if (!next || extent->offset + extent->bytes != next->offset)
		return;
	extent->bytes += next->bytes;
	extent->next = next->next;
	extent_drop(next);
}

void percpu_free(size_t offset, size_t bytes)
{
	struct extent *extent = extent_new(offset, round_up(bytes)), *before = NULL;

	if (!extent)
		return; // the range is lost until the process ends; nothing else is
	for (struct extent *at = free_extents; at && at->offset < offset; at = at->next)
		before = at;
	extent->next = before ? before->next : free_extents;
	if (before)
		before->next = extent;
	else
		free_extents = extent;
	extent_join_next(extent);
	if (before)
		extent_join_next(before);
}

int percpu_init(size_t used)
{
	size_t from = round_up(used), end = ((size_t)1 << cpu_map.shift) - UNIT;

	while (free_extents) { // of a start that failed
		struct extent *next = free_extents->next;

		extent_drop(free_extents);
		free_extents = next;
	}
	committed = 0;
	if (!slots_commit(from))
		return -ENOMEM;
	free_extents = extent_new(from, end - from);
	return free_extents ? 0 : -ENOMEM;
}
