// SPDX-License-Identifier: GPL-2.0-or-later
// The CPUs' slots: where they lie, and which CPU a thread is on. The memory in them is percpu.c's.
#include "host/cpu.h"

#include <errno.h>
#include <sched.h>

#include "host/percpu.h"
#include "host/reserve.h"
#include "host/topology.h"

#define SLOT_SHIFT_MAX 26 // 64 MiB of addresses a CPU: room for 60 000 caches of the usual limit
#define SLOT_SHIFT_MIN 20
#define SLOT_ALIGN     ((size_t)64 << 10)

struct cpu_map cpu_map;
__thread int cpu_virtual __attribute__((tls_model("initial-exec"))) = -1;

unsigned cpu_ask(void)
{
	return topology.is_virtual ? 0 : (unsigned)sched_getcpu();
}

bool cpu_is_online(unsigned cpu)
{
	return topology.cpu_node[cpu] != NODE_NONE && cpu_slot(cpu)->is_online;
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
		cpu_map.base = reserve((size_t)topology.nr_cpus << shift, SLOT_ALIGN);
		cpu_map.shift = shift;
		if (cpu_map.base)
			return true;
	}
	return false;
}

int cpu_init(void)
{
	if (!slots_reserve())
		return -ENOMEM;
	if (percpu_init(sizeof(struct cpu_slot))) {
		reserve_release(cpu_map.base, (size_t)topology.nr_cpus << cpu_map.shift);
		return -ENOMEM;
	}
	for (unsigned cpu = 0; cpu < topology.nr_cpus; cpu++)
		if (topology.cpu_node[cpu] != NODE_NONE)
			slot_init(cpu);
	return 0;
}
