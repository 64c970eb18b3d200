// SPDX-License-Identifier: GPL-2.0-or-later
// The CPUs' slots: where they lie, and which CPU a thread is on. The memory in them is percpu.c's.
#include "host/cpu.h"

#include <errno.h>
#include <sched.h>

#include "host/fence.h"
#include "host/pages.h"
#include "host/percpu.h"
#include "host/rcu.h"
#include "host/reserve.h"
#include "host/topology.h"
#include "nonshared/copy.h"

// 64 MiB of addresses a CPU: room for 60 000 caches of the usual limit. Under malloc nobody adds any.
#define SLOT_SHIFT_MAX (IS_ENABLED(CONFIG_SLAB_UNDER_MALLOC) ? 20 : 26)
#define SLOT_SHIFT_MIN (IS_ENABLED(CONFIG_SLAB_UNDER_MALLOC) ? 18 : 20)
#define SLOT_ALIGN     ((size_t)64 << 10)

__thread int cpu_virtual = -1;

struct cpu_sequences cpu_sequences;
unsigned long cpu_sequences_lost;

// A CPU that came after the topology was read has no slot; its threads use the first one's.
static unsigned known_or_first(unsigned cpu)
{
	if (topology_has_cpu(cpu))
		return cpu;
	for (cpu = 0; !topology_has_cpu(cpu);)
		cpu++;
	return cpu;
}

unsigned cpu_ask(void)
{
	int cpu = -1;

	if (topology.is_virtual)
		return known_or_first(0);
	if (has_sequences()) {
		rseq_register_thread();
		cpu = rseq_cpu(cpu_sequences.rseq);
	}
	return known_or_first((unsigned)(cpu < 0 ? sched_getcpu() : cpu));
}

// This thread has preempted every thread that is in a sequence on its CPU, and that sequence is
// lost. It is enough to have been there once with the lock held: later sequences see the lock.
static bool keeps_sequences_out(unsigned cpu)
{
	return rseq_cpu(cpu_sequences.rseq) == (int)cpu;
}

struct cpu_slot *cpu_enter_beside_sequences(void)
{
	if (fence_is_helpless())
		cpu_sequences_end();
	for (;;) {
		unsigned cpu = cpu_current();
		struct cpu_slot *slot = cpu_slot(cpu);

		lock_take(&slot->lock);
		SEQUENCES_ACQUIRE();
		if (keeps_sequences_out(cpu))
			return slot;
		if (!topology_has_cpu((unsigned)rseq_cpu(cpu_sequences.rseq))) {
			fence_cpu(cpu);
			return slot;
		}
		lock_release(&slot->lock); // moved meanwhile
	}
}

void cpu_enter_other(struct cpu_slot *slot)
{
	lock_take(&slot->lock);
	if (!has_sequences())
		return;
	if (!keeps_sequences_out(slot->cpu))
		fence_cpu(slot->cpu);
	SEQUENCES_ACQUIRE();
}

void cpus_lock_all(void)
{
	for_each_cpu(cpu)
		lock_take(&cpu_slot(cpu)->lock);
	if (has_sequences())
		SEQUENCES_ACQUIRE();
}

void cpus_enter_all(void)
{
	cpus_lock_all();
	if (has_sequences())
		fence_all_cpus();
}

// A sequence that read the number of CPUs before it became 0 sees a slot taken, or is fenced.
void cpu_sequences_end(void)
{
	if (!has_sequences())
		return;
	cpus_lock_all();
	__atomic_store_n(&cpu_sequences.cpus, 0, __ATOMIC_SEQ_CST);
	for_each_fast_copy(copy)
		__atomic_store_n(&copy->sequences->cpus, 0, __ATOMIC_SEQ_CST);
	fence_all_cpus();
	for_each_cpu(cpu)
		lock_release(&cpu_slot(cpu)->lock);
}

void cpus_leave_all(void)
{
	if (has_sequences())
		SEQUENCES_RELEASE();
	for_each_cpu(cpu)
		lock_release(&cpu_slot(cpu)->lock);
}

bool cpu_is_online(unsigned cpu)
{
	return topology_has_cpu(cpu) && cpu_slot(cpu)->is_online;
}

void cpu_slot_start(unsigned cpu)
{
	struct cpu_slot *slot = cpu_slot(cpu);

	slot->is_online = true;
	slot->reap_node = (slot->node + 1) % topology.nr_nodes;
}

// The slot itself and its counts.
static size_t slot_bytes(void)
{
	return sizeof(struct cpu_slot) + sizeof(struct cpu_counts) +
	       topology.nr_nodes * sizeof(unsigned long);
}

static void slot_init(unsigned cpu)
{
	struct cpu_slot *slot = cpu_slot(cpu);

	lock_init(&slot->lock, LOCK_OF_CPU);
	slot->cpu = cpu;
	slot->node = topology.cpu_node[cpu];
	slot->home = page_map.base + ((size_t)slot->node << page_map.node_shift);
	cpu_slot_start(cpu);
}

static bool slots_reserve(void)
{
	for (unsigned shift = SLOT_SHIFT_MAX; shift >= SLOT_SHIFT_MIN; shift--) {
		char *memory = reserve((size_t)topology.nr_cpus << shift, SLOT_ALIGN);

		if (!memory)
			continue;
		cpu_map.base = memory + HOT_PLACE;
		cpu_map.shift = shift;
		return true;
	}
	return false;
}

// A sequence looks at the slot of whatever CPU it is on. That of a number without a CPU is closed
// for ever.
static bool close_unknown_slots(void)
{
	for (unsigned cpu = 0; cpu < topology.nr_cpus; cpu++) {
		if (topology_has_cpu(cpu))
			continue;
		if (!reserve_commit(cpu_slot_memory(cpu), HOT_PLACE + sizeof(struct cpu_slot)))
			return false;
		lock_init(&cpu_slot(cpu)->lock, LOCK_OF_CPU);
		lock_take(&cpu_slot(cpu)->lock);
	}
	return true;
}

// A virtual CPU may have several threads at a time, unless the user says that it has not.
static enum rseq_area find_area(enum slab_percpu wish)
{
	if (wish == SLAB_PERCPU_LOCKED || (topology.is_virtual && wish == SLAB_PERCPU_AUTO))
		return rseq_init_none(&cpu_sequences.rseq);
	if (topology.is_virtual)
		return rseq_init_virtual(&cpu_sequences.rseq);
	return rseq_init(&cpu_sequences.rseq);
}

static void sequences_start(enum slab_percpu wish)
{
	cpu_sequences.area = find_area(wish);
	if (cpu_sequences.area == RSEQ_VIRTUAL)
		rcu_do_without_thread(); // nobody keeps two threads of one virtual CPU apart
	cpu_sequences.slots = cpu_map.base;
	cpu_sequences.slot_bytes = (size_t)1 << cpu_map.shift;
	cpu_sequences.home_bytes = (size_t)1 << page_map.node_shift;
	if (cpu_sequences.area != RSEQ_NONE && close_unknown_slots())
		cpu_sequences.cpus = topology.nr_cpus;
}

int cpu_init(enum slab_percpu wish)
{
	cpu_sequences = (struct cpu_sequences){.cpus = 0};
	if (!slots_reserve())
		return -ENOMEM;
	if (percpu_init(slot_bytes())) {
		reserve_release(cpu_slot_memory(0), (size_t)topology.nr_cpus << cpu_map.shift);
		return -ENOMEM;
	}
	for_each_cpu(cpu)
		slot_init(cpu);
	sequences_start(wish);
	return 0;
}

void cpu_slots_wait(void)
{
	for_each_cpu(cpu) {
		lock_take(&cpu_slot(cpu)->lock);
		lock_release(&cpu_slot(cpu)->lock);
	}
}
