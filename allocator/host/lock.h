// SPDX-License-Identifier: GPL-2.0-or-later
// A small lock that spins briefly, then sleeps: what stands here for a spinlock with interrupts
// off. Never held across a system call, but for the one that sleeps on it. Not recursive.
//
// Three states, so that an uncontended release needs no system call: free, taken, taken with
// sleepers. A taker that has given up spinning writes "sleepers" itself, and keeps writing it each
// time it wakes, because it cannot know whether others still sleep; the release then wakes one in
// vain at worst.
#ifndef SLAB_HOST_LOCK_H
#define SLAB_HOST_LOCK_H

#include <stdatomic.h>
#include <stdbool.h>

enum lock_state { LOCK_FREE, LOCK_TAKEN, LOCK_SLEEPERS };

// What a lock guards, for the counts of contended takes.
enum lock_kind { LOCK_OF_CPU, LOCK_OF_LIST, LOCK_OF_ALIEN, LOCK_OF_ARENA, LOCK_KINDS };

struct lock {
	atomic_int state; // enum lock_state, also the futex word
	int kind; // enum lock_kind
};

// How often a lock of a kind was wanted and found taken, since the start. A take that succeeds at
// once counts nothing: it is not even a store.
unsigned long lock_contended(enum lock_kind kind);

// The contended paths.
void lock_take_slow(struct lock *lock);
void lock_wake(struct lock *lock);

static inline void lock_init(struct lock *lock, enum lock_kind kind)
{
	lock->kind = kind;
	atomic_store_explicit(&lock->state, LOCK_FREE, memory_order_relaxed);
}

static inline bool lock_try(struct lock *lock)
{
	int expected = LOCK_FREE;

	return atomic_compare_exchange_strong_explicit(
		&lock->state, &expected, LOCK_TAKEN, memory_order_acquire, memory_order_relaxed);
}

static inline void lock_take(struct lock *lock)
{
	if (__builtin_expect(!lock_try(lock), 0))
		lock_take_slow(lock);
}

static inline void lock_release(struct lock *lock)
{
	int before = atomic_exchange_explicit(&lock->state, LOCK_FREE, memory_order_release);

	if (__builtin_expect(before == LOCK_SLEEPERS, 0))
		lock_wake(lock);
}

#endif
