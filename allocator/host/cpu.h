// SPDX-License-Identifier: GPL-2.0-or-later
// This CPU's own memory, and the right to use it. Each CPU has a slot: a lock, its node, and behind
// them the array caches of all caches at the same offsets for every CPU. Here the slot's lock
// stands for the kernel's "interrupts off": between cpu_enter() and cpu_leave() no other thread
// touches the slot's arrays, whichever CPU it runs on.
//
// Where the kernel has restartable sequences, the fast path takes no lock at all (array/percpu.h);
// the lock is then for everybody else, and what keeps sequences out.
#ifndef SLAB_HOST_CPU_H
#define SLAB_HOST_CPU_H

#include <stdbool.h>
#include <stddef.h>

#include <slab/slab.h>

#include "config.h"
#include "counts.h"
#include "host/hidden.h"
#include "host/lock.h"
#include "host/rseq.h"
#include "host/sanitizer.h"

// Where in a cache line the arrays' heads begin. A processor compares a load with earlier stores by the
// addresses' low bits first, and a load that once seemed to hit a store may have to wait for stores
// from then on. Users write an object's start most, and that is most often a line's start or middle. A
// pair stores an array's `avail` and `touched`, at 40 and 52 of some line; so the other words that the
// fast path loads lie at 8, 16, 24, 48 and 56 of theirs.
#define HOT_PLACE 40

// Starts at HOT_PLACE of a page; the arrays behind it start at HOT_PLACE of a line. A page of no slab
// says that its arrays lie at offset 0: whoever pushes there finds a limit of 0, whatever the lock.
struct cpu_slot {
	struct lock lock; // LOCK_OF_CPU is 0
	unsigned none[2]; // 0
	const char *home; // first byte of the node's memory
	unsigned cpu;
	unsigned node; // nearest node with memory
	unsigned is_online; // written under slab_mutex and the lock
	unsigned reap_node; // whose alien array the next reap pass looks at
	unsigned never[4]; // an array_cache that is both empty and full
};

// Written by cpu_init() alone.
struct cpu_map {
	char *base; // CPU 0's slot
	unsigned shift; // log2 of the bytes a CPU
};

extern struct cpu_map cpu_map SLAB_OWN;

// What a sequence needs to find its CPU's slot, in one cache line. Written by cpu_init() alone.
struct cpu_sequences {
	char unused[8]; // for this order see HOT_PLACE
	ptrdiff_t rseq; // where a thread's area lies from its thread pointer
	size_t home_bytes; // a node's range of addresses
	const char *slots; // CPU 0's
	enum rseq_area area;
	unsigned unused_too[3];
	unsigned cpus; // 0: there are no sequences, so that each gives up at its first test
	size_t slot_bytes;
} __attribute__((aligned(64)));

_Static_assert(offsetof(struct cpu_sequences, rseq) == 8 &&
		       offsetof(struct cpu_sequences, slots) == 24 &&
		       offsetof(struct cpu_sequences, cpus) == 48 &&
		       offsetof(struct cpu_sequences, slot_bytes) == 56,
	"see HOT_PLACE");

extern struct cpu_sequences cpu_sequences SLAB_OWN;
extern __thread int cpu_virtual SLAB_OWN_TLS; // the CPU that this thread says it is; -1: cpu_ask()

// Makes the slots of the topology's CPUs; after pages_init(). wish: whether sequences are used.
// Returns 0 or -ENOMEM.
int cpu_init(enum slab_percpu wish);

static inline struct cpu_slot *cpu_slot(unsigned cpu)
{
	return (struct cpu_slot *)(cpu_map.base + ((size_t)cpu << cpu_map.shift));
}

// They lie right behind the slot.
static inline struct cpu_counts *cpu_counts(struct cpu_slot *slot)
{
	return (struct cpu_counts *)(slot + 1);
}

// The start of the slot's first page.
static inline char *cpu_slot_memory(unsigned cpu)
{
	return (char *)cpu_slot(cpu) - HOT_PLACE;
}

// The CPU of a thread that has said nothing: the kernel's answer, or the first CPU of a
// virtual topology.
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

// Sequences that were aborted. One may be missed where two are counted at once.
extern unsigned long cpu_sequences_lost SLAB_OWN;

static inline void cpu_count_lost_sequence(void)
{
	unsigned long lost = __atomic_load_n(&cpu_sequences_lost, __ATOMIC_RELAXED);

	__atomic_store_n(&cpu_sequences_lost, lost + 1, __ATOMIC_RELAXED);
}

// The thread sanitizer does not see what a sequence does: that what one thread wrote before it gave
// an object back is there for the one that gets it next, or that works on the array under the lock.
#if HAS_THREAD_SANITIZER
#include <sanitizer/tsan_interface.h>
#define SEQUENCES_RELEASE() __tsan_release(&cpu_sequences)
#define SEQUENCES_ACQUIRE() __tsan_acquire(&cpu_sequences)
#else
#define SEQUENCES_RELEASE() ((void)0)
#define SEQUENCES_ACQUIRE() ((void)0)
#endif

static inline bool has_sequences(void)
{
	return IS_ENABLED(CONFIG_SLAB_RSEQ) && cpu_sequences.cpus > 0;
}

struct cpu_slot *cpu_enter_beside_sequences(void);

// From here to cpu_leave() the slot's arrays are the caller's. No system call and no second
// cpu_enter() in between.
static inline struct cpu_slot *cpu_enter(void)
{
	struct cpu_slot *slot;

	if (has_sequences())
		return cpu_enter_beside_sequences();
	slot = cpu_slot(cpu_current());
	lock_take(&slot->lock);
	return slot;
}

static inline void cpu_leave(struct cpu_slot *slot)
{
	if (has_sequences())
		SEQUENCES_RELEASE();
	lock_release(&slot->lock);
}

// The same for the slot of any CPU. May enter the kernel before it returns.
void cpu_enter_other(struct cpu_slot *slot);

// All slots at once, in ascending order.
void cpus_enter_all(void);
void cpus_leave_all(void);

// The same, but that sequences which have begun may still end: enough for whoever only wants all
// arrays to be whole, as each is before and after the one store of a sequence.
void cpus_lock_all(void);

// From now on there are no sequences: locks alone guard the arrays. No slot held.
void cpu_sequences_end(void);

// Returns when every thread that held a CPU slot has left it since.
void cpu_slots_wait(void);

#endif
