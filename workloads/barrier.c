// SPDX-License-Identifier: GPL-2.0-or-later
// The waiting of the barrier. The last thread to arrive resets the count before it lets the others
// go, so that whoever is quick finds the barrier ready for the next time.
#include "barrier.h"

#include "relax.h"

// A thread spins for some microseconds before it offers the CPU to others: one of those that it
// waits for may need it.
enum { TURNS_MAX = 2048 };

void barrier_open(struct barrier *barrier, unsigned threads, bool yields)
{
	atomic_init(&barrier->arrived, 0);
	atomic_init(&barrier->phase, 0);
	atomic_init(&barrier->is_closed, false);
	barrier->threads = threads;
	barrier->yields = yields;
}

static bool is_closed(struct barrier *barrier)
{
	return atomic_load_explicit(&barrier->is_closed, memory_order_acquire);
}

bool barrier_wait(struct barrier *barrier)
{
	unsigned phase = atomic_load_explicit(&barrier->phase, memory_order_relaxed);
	unsigned turns = 0;

	if (atomic_fetch_add_explicit(&barrier->arrived, 1, memory_order_acq_rel) + 1 ==
		barrier->threads) {
		// Who goes on may close it at once: that is of the next meeting.
		bool is_met = !is_closed(barrier);

		atomic_store_explicit(&barrier->arrived, 0, memory_order_relaxed);
		atomic_store_explicit(&barrier->phase, phase + 1, memory_order_release);
		return is_met;
	}
	while (atomic_load_explicit(&barrier->phase, memory_order_acquire) == phase &&
		!is_closed(barrier))
		relax(barrier->yields || ++turns > TURNS_MAX);
	return atomic_load_explicit(&barrier->phase, memory_order_acquire) != phase;
}

void barrier_close(struct barrier *barrier)
{
	atomic_store_explicit(&barrier->is_closed, true, memory_order_release);
}
