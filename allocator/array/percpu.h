// SPDX-License-Identifier: GPL-2.0-or-later
// The fast path on this CPU's array: one object or many, out or in, by a restartable sequence.
//
// Why this is safe. A sequence finds its CPU's slot, gives up if the slot's lock is held, works on
// the array and ends in one store of `avail`. If another thread runs on the CPU meanwhile, or this
// one is moved or gets a signal, the kernel sends it to its abort address before it can store. So
// between its first look and its store nobody else has worked on this array, but one: a thread that
// works on the array under the slot's lock, from another CPU. Such a thread, once it holds the
// lock, fences the CPU (cpu_enter_other()): sequences that began before it are aborted, later ones
// see the lock. A thread on the CPU itself needs no fence: it has preempted every thread that was
// in a sequence there (cpu_enter()).
//
// A thread whose sequence gives up or is aborted does the same work under the lock. It tries
// nothing twice, so a debugger that steps through a sequence gets past it.
//
// offset: the address of a cache's cpu_cache or cpu_quick. It is read within the sequence, so that
// nobody uses an array that tune has replaced. A file whose caches nobody tunes may define
// PERCPU_OFFSET_IS_FIXED first: it is read beforehand then, which is quicker from a register. One that
// defines PERCPU_REFUSES_NEWEST has an object refused that is the array's newest entry already.
#ifndef SLAB_ARRAY_PERCPU_H
#define SLAB_ARRAY_PERCPU_H

#include "types.h"

// No sequence moves more at a time: a long one would be interrupted often.
#define PERCPU_MANY_MAX 64

#ifdef PERCPU_OFFSET_IS_FIXED
#define PERCPU_OFFSET "r"
#else
#define PERCPU_OFFSET "m"
#endif

#if CONFIG_SLAB_RSEQ && defined(__x86_64__)
#include "array/percpu_x86_64.h"
#elif CONFIG_SLAB_RSEQ && defined(__aarch64__)
#include "array/percpu_aarch64.h"
#else

static inline bool percpu_pop_one(const size_t *offset, void **popped)
{
	(void)offset;
	(void)popped;
	return false;
}

static inline bool percpu_push_one(const size_t *offset, void *object)
{
	(void)offset;
	(void)object;
	return false;
}

static inline bool percpu_push_found(const void *object)
{
	(void)object;
	return false;
}

static inline unsigned percpu_pop_many(const size_t *offset, void **objects, unsigned max)
{
	(void)offset;
	(void)objects;
	(void)max;
	return 0;
}

static inline unsigned percpu_push_many(const size_t *offset, void **objects, unsigned max)
{
	(void)offset;
	(void)objects;
	(void)max;
	return 0;
}

#endif

_Static_assert(offsetof(struct array_cache, limit) == offsetof(struct lock, kind) ||
		       offsetof(struct array_cache, limit) == offsetof(struct cpu_slot, none),
	"percpu_push_found() finds no room at offset 0");

#endif
