// SPDX-License-Identifier: GPL-2.0-or-later
// The parts of the ring that are not timed one by one: its memory, and how a side waits.
#include "ring.h"

#include <stdlib.h>

// About a microsecond of looking before the CPU is offered to others, who may be the other side.
enum { TURNS_MAX = 256 };

bool ring_open(struct ring *ring, size_t entries, bool yields)
{
	*ring = (struct ring){.mask = entries - 1, .yields = yields};
	ring->entries = aligned_alloc(
		RING_LINE, (entries * sizeof(void *) + RING_LINE - 1) / RING_LINE * RING_LINE);
	return ring->entries != NULL;
}

void ring_free(struct ring *ring)
{
	free(ring->entries);
	ring->entries = NULL;
}

static void cpu_relax(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

bool ring_wait(struct ring *ring, unsigned *turns)
{
	if (atomic_load_explicit(&ring->is_closed, memory_order_acquire))
		return false;
	if (ring->yields || ++*turns > TURNS_MAX)
		sched_yield();
	else
		cpu_relax();
	return true;
}
