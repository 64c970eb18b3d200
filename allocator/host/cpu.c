// SPDX-License-Identifier: GPL-2.0-or-later
// The CPUs' slots and the memory in them. Every CPU has the same layout, so one free list, kept in
// ordinary memory, speaks for all: extents in ascending order, first fit, joined when neighbours
// are free.
#include "host/cpu.h"

#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "host/reserve.h"
#include "host/topology.h"

#define SLOT_SHIFT_MAX 26 // 64 MiB of addresses a CPU: room for 60 000 caches of the usual limit
#define SLOT_SHIFT_MIN 20
#define COMMIT_BYTES   ((size_t)64 << 10)
#define UNIT           64 // a cache line, so that two caches' arrays share none

struct extent {
	struct extent *next;
	size_t offset;
	size_t bytes;
};

struct cpu_map cpu_map;
__thread int cpu_virtual __attribute__((tls_model("initial-exec"))) = -1;

static struct extent *free_extents; // ascending; under slab_mutex
static size_t committed; // bytes from the start of each slot

unsigned cpu_ask(void)
{
	return topology.is_virtual ? 0 : (unsigned)sched_getcpu();
}

bool cpu_is_online(unsigned cpu)
{
	return topology.cpu_node[cpu] != NODE_NONE && cpu_slot(cpu)->is_online;
}

static bool slot_commit(unsigned cpu, size_t from, size_t to)
{
	char *start = (char *)cpu_slot(cpu) + from;

	topology_bind(start, to - from, topology.cpu_node[cpu]);
	return reserve_commit(start, to - from);
}

// Makes the first `bytes` of every slot usable.
static bool slots_commit(size_t bytes)
{
	size_t to = (bytes + COMMIT_BYTES - 1) & ~(COMMIT_BYTES - 1);

	if (to <= committed)
		return true;
	for (unsigned cpu = 0; cpu < topology.nr_cpus; cpu++)
		if (topology.cpu_node[cpu] != NODE_NONE && !slot_commit(cpu, committed, to))
			return false;
	committed = to;
	return true;
}

static size_t round_up(size_t bytes)
{
	return (bytes + UNIT - 1) & ~(size_t)(UNIT - 1);
}

size_t percpu_alloc(size_t bytes)
{
	size_t offset;

	if (bytes > PERCPU_BYTES_MAX)
		return 0;
	bytes = round_up(bytes);
	for (struct extent **link = &free_extents; *link; link = &(*link)->next) {
		struct extent *extent = *link;

		if (extent->bytes < bytes)
			continue;
		if (!slots_commit(extent->offset + bytes))
			return 0;
		offset = extent->offset;
		extent->offset += bytes;
		extent->bytes -= bytes;
		if (extent->bytes == 0) {
			*link = extent->next;
			free(extent);
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
	free(next);
}

void percpu_free(size_t offset, size_t bytes)
{
	struct extent *extent = malloc(sizeof(*extent)), *before = NULL;

	if (!extent)
		return; // the range is lost until the process ends; nothing else is
	extent->offset = offset;
	extent->bytes = round_up(bytes);
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

void cpu_slot_start(unsigned cpu)
{
	struct cpu_slot *slot = cpu_slot(cpu);

	slot->is_online = true;
	slot->reap_node = (slot->node + 1) % topology.nr_nodes;
}

static void slot_init(unsigned cpu)
{
	struct cpu_slot *slot = cpu_slot(cpu);

	lock_init(&slot->lock);
	slot->cpu = cpu;
	slot->node = topology.cpu_node[cpu];
	cpu_slot_start(cpu);
}

static bool slots_reserve(void)
{
	for (unsigned shift = SLOT_SHIFT_MAX; shift >= SLOT_SHIFT_MIN; shift--) {
		cpu_map.base = reserve((size_t)topology.nr_cpus << shift, COMMIT_BYTES);
		cpu_map.shift = shift;
		if (cpu_map.base)
			return true;
	}
	return false;
}

int cpu_init(void)
{
	struct extent *all = malloc(sizeof(*all));

	if (!all || !slots_reserve()) {
		free(all);
		return -ENOMEM;
	}
	committed = 0;
	if (!slots_commit(sizeof(struct cpu_slot))) {
		reserve_release(cpu_map.base, (size_t)topology.nr_cpus << cpu_map.shift);
		free(all);
		return -ENOMEM;
	}
	for (unsigned cpu = 0; cpu < topology.nr_cpus; cpu++)
		if (topology.cpu_node[cpu] != NODE_NONE)
			slot_init(cpu);
	*all = (struct extent){.offset = sizeof(struct cpu_slot),
		.bytes = ((size_t)1 << cpu_map.shift) - sizeof(struct cpu_slot)};
	free_extents = all;
	return 0;
}
