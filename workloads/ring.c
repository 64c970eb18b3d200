// SPDX-License-Identifier: GPL-2.0-or-later
// The parts of the ring that are not timed one by one: its memory, and how a side waits.
#include "ring.h"

#include <stdlib.h>

#include "relax.h"

// A side looks for a few microseconds before it offers the CPU to others. The other side may need
// it.
enum { TURNS_MAX = 512 };

// A side waits for so many entries, or a quarter of a smaller ring, at most so many turns long.
enum { ENOUGH = 256, ENOUGH_TURNS = 400 };

bool ring_open(struct ring *ring, size_t entries, bool yields)
{
	void **memory = aligned_alloc(
		RING_LINE, (entries * sizeof(void *) + RING_LINE - 1) / RING_LINE * RING_LINE);

	*ring = (struct ring){
		.producer = {.mask = entries - 1, .entries = memory, .end = entries},
		.consumer = {.mask = entries - 1, .entries = memory},
		.enough = entries / 4 < ENOUGH ? entries / 4 : ENOUGH,
		.yields = yields,
	};
	return memory != NULL;
}

void ring_free(struct ring *ring)
{
	free(ring->producer.entries);
	ring->producer.entries = ring->consumer.entries = NULL;
}

// Waits a moment for the other side. False: it has ended.
static bool ring_wait(struct ring *ring, unsigned *turns)
{
	if (atomic_load_explicit(&ring->is_closed, memory_order_acquire))
		return false;
	++*turns;
	relax(ring->yields || *turns > TURNS_MAX);
	return true;
}

static bool is_worth_it(const struct ring *ring, size_t count, unsigned turns)
{
	return count >= ring->enough || turns >= ENOUGH_TURNS;
}

bool ring_push_later(struct ring *ring, void *pointer)
{
	size_t written = atomic_load_explicit(&ring->producer.at, memory_order_relaxed);
	unsigned turns = 0;

	do {
		size_t read = atomic_load_explicit(&ring->consumer.at, memory_order_acquire);

		if (is_worth_it(ring, ring->producer.mask + 1 - (written - read), turns) &&
			ring_try_push(ring, pointer))
			return true;
	} while (ring_wait(ring, &turns));
	return false;
}

void *ring_pop_later(struct ring *ring)
{
	size_t read = atomic_load_explicit(&ring->consumer.at, memory_order_relaxed);
	unsigned turns = 0;
	void *pointer;

	do {
		size_t written = atomic_load_explicit(&ring->producer.at, memory_order_acquire);

		pointer = is_worth_it(ring, written - read, turns) ? ring_try_pop(ring) : NULL;
		if (pointer)
			return pointer;
	} while (ring_wait(ring, &turns));
	return ring_try_pop(ring); // what came before the end counts
}
