// SPDX-License-Identifier: GPL-2.0-or-later
// This CPU's own memory, and the right to use it. Each CPU has a slot: a lock, its node, and behind
// them the array caches of all caches at the same offsets for every CPU. Here the slot's lock
// stands for the kernel's "interrupts off": between cpu_enter() and cpu_leave() no other thread
// touches the slot's arrays, whichever CPU it runs on.
#ifndef SLAB_HOST_CPU_H
#define SLAB_HOST_CPU_H

#include <stdbool.h>
#include <stddef.h>

#include "host/lock.h"

struct cpu_slot {
	struct lock lock;
	unsigned cpu;
	unsigned node; // nearest node with memory
	unsigned is_online; // written under slab_mutex and the lock
	unsigned reap_node; // whose alien array the next reap pass looks at
} __attribute__((aligned(64)));

// Written by cpu_init() alone.
struct cpu_map {
	char *base; // CPU 0's slot
	unsigned shift; // log2 of the bytes a CPU
};

extern struct cpu_map cpu_map;
extern __thread int cpu_virtual; // the CPU that this thread says it is; -1: cpu_ask()

// Makes the slots of the topology's CPUs. Returns 0 or -ENOMEM.
int cpu_init(void);

static inline struct cpu_slot *cpu_slot(unsigned cpu)
{
	return (struct cpu_slot *)(cpu_map.base + ((size_t)cpu << cpu_map.shift));
}

// The CPU of a thread that has said nothing: the kernel's answer, or CPU 0 of a virtual topology.
unsigned cpu_ask(void);

// The CPU is up from now on, and its reaping starts over. slab_mutex held.
void cpu_slot_start(unsigned cpu);

// Whether the CPU exists and is up.
bool cpu_is_online(unsigned cpu);

static inline unsigned cpu_current(void)
{
	int cpu = cpu_virtual;

	return cpu >= 0 ? (unsigned)cpu : cpu_ask();
}

// From here to cpu_leave() the slot's arrays are the caller's. No system call and no second
// cpu_enter() in between.
static inline struct cpu_slot *cpu_enter(void)
{
	struct cpu_slot *slot = cpu_slot(cpu_current());

	lock_take(&slot->lock);
	return slot;
}

static inline void cpu_leave(struct cpu_slot *slot)
{
	lock_release(&slot->lock);
}

#endif
