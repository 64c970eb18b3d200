// SPDX-License-Identifier: GPL-2.0-or-later
// A bounded queue of pointers between one producer and one consumer thread, without locks. Each
// side writes only its own cache lines and reads the other side's index only when its own copy of
// it says that the ring is full or empty, so that a hand-over costs one shared line, not three.
//
// The faster side is always the one that waits. If it took each entry as soon as there was one, the
// indexes' lines would travel for every entry, and the ring would be what is measured. So a side that
// has to wait goes on only when there are some entries to take, or some room, at once.
//
// A side that ends calls ring_close(): a producer then finds no room any more, a consumer gets what
// is left and then nothing. Neither waits for ever.
#ifndef WORKLOADS_RING_H
#define WORKLOADS_RING_H

#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Two lines of 64 bytes: processors fetch them in pairs.
#define RING_LINE 128

struct ring {
	_Alignas(RING_LINE) _Atomic size_t written; // entries ever pushed; the producer's
	size_t read_seen; // the producer's copy of `read`
	_Alignas(RING_LINE) _Atomic size_t read; // entries ever popped; the consumer's
	size_t written_seen; // the consumer's copy of `written`
	_Alignas(RING_LINE) atomic_bool is_closed;
	size_t mask; // entries - 1
	size_t enough; // what a side that waits waits for, a while
	bool yields; // the sides share a CPU: waiting for the other must let it run
	void **entries;
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
	size_t written = atomic_load_explicit(&ring->written, memory_order_relaxed);
	if (written - ring->read_seen > ring->mask) {
		ring->read_seen = atomic_load_explicit(&ring->read, memory_order_acquire);
		if (written - ring->read_seen > ring->mask)
			return false;
	}
	ring->entries[written & ring->mask] = pointer;
	atomic_store_explicit(&ring->written, written + 1, memory_order_release);
	return true;
}

// Takes the oldest pointer; NULL when the ring is empty.
static inline void *ring_try_pop(struct ring *ring)
{
	size_t read = atomic_load_explicit(&ring->read, memory_order_relaxed);
	if (read == ring->written_seen) {
		ring->written_seen = atomic_load_explicit(&ring->written, memory_order_acquire);
		if (read == ring->written_seen)
			return NULL;
	}
	void *pointer = ring->entries[read & ring->mask];
	atomic_store_explicit(&ring->read, read + 1, memory_order_release);
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
