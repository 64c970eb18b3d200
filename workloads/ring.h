// SPDX-License-Identifier: GPL-2.0-or-later
// A bounded queue of pointers between one producer and one consumer thread, without locks. Each
// side writes only its own cache lines and reads the other side's index only when its own copy of
// it says that the ring is full or empty, so that a hand-over costs one shared line, not three.
//
// The faster side always waits. If it took each entry as soon as there was one, the indexes' lines
// would travel for every entry, and the benchmark would measure the ring. So a side that has to
// wait goes on only when it finds some entries to take, or some room, at once.
//
// A side that ends calls ring_close(): a producer then finds no room any more, a consumer gets what
// is left and then nothing. Neither waits for ever.
#ifndef WORKLOADS_RING_H
#define WORKLOADS_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Two lines of 64 bytes: processors fetch them in pairs.
#define RING_LINE 128

// One side: its index, which the other reads, and whatever else it needs for an entry. A load whose
// address ends as that of an earlier store may wait for the store, and objects are written at a
// line's start or middle. So no word that a side reads for every entry lies there.
struct ring_side {
	_Alignas(RING_LINE) size_t unused[2];
	size_t mask; // entries - 1
	void **entries;
	size_t unused_too;
	_Atomic size_t at; // entries ever written, or ever read
	size_t end; // where to look at the other's index again: full or empty, as last seen
};

struct ring {
	struct ring_side producer;
	struct ring_side consumer;
	_Alignas(RING_LINE) atomic_bool is_closed;
	bool yields; // the sides share a CPU: waiting for the other must let it run
	size_t enough; // entries, or room, that a side waits for, for a while
};

// entries: a power of two. False: no memory.
bool ring_open(struct ring *ring, size_t entries, bool yields);
void ring_free(struct ring *ring);

static inline void ring_close(struct ring *ring)
{
	atomic_store_explicit(&ring->is_closed, true, memory_order_release);
}

// Adds a pointer if there is room.
static inline bool ring_try_push(struct ring *ring, void *pointer)
{
	struct ring_side *side = &ring->producer;
	size_t at = atomic_load_explicit(&side->at, memory_order_relaxed);

	if (at == side->end) {
		side->end = atomic_load_explicit(&ring->consumer.at, memory_order_acquire) +
			    side->mask + 1;
		if (at == side->end)
			return false;
	}
	side->entries[at & side->mask] = pointer;
	atomic_store_explicit(&side->at, at + 1, memory_order_release);
	return true;
}

// Takes the oldest pointer; NULL when the ring is empty.
static inline void *ring_try_pop(struct ring *ring)
{
	struct ring_side *side = &ring->consumer;
	size_t at = atomic_load_explicit(&side->at, memory_order_relaxed);

	if (at == side->end) {
		side->end = atomic_load_explicit(&ring->producer.at, memory_order_acquire);
		if (at == side->end)
			return NULL;
	}
	void *pointer = side->entries[at & side->mask];
	atomic_store_explicit(&side->at, at + 1, memory_order_release);
	return pointer;
}

// The waiting of the two calls below, when there is nothing to be had at once.
bool ring_push_later(struct ring *ring, void *pointer);
void *ring_pop_later(struct ring *ring);

// Adds a pointer, waiting for room. False: the ring was closed, the pointer is still the caller's.
static inline bool ring_push(struct ring *ring, void *pointer)
{
	return ring_try_push(ring, pointer) || ring_push_later(ring, pointer);
}

// Takes the oldest pointer, waiting for one. NULL: the ring was closed and is empty.
static inline void *ring_pop(struct ring *ring)
{
	void *pointer = ring_try_pop(ring);

	return pointer ? pointer : ring_pop_later(ring);
}

#endif
