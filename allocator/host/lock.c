// SPDX-License-Identifier: GPL-2.0-or-later
// The contended paths of the small lock: a short spin, then sleep on a futex.
#include "host/lock.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

// About two microseconds on current machines: longer than any holder needs that is not itself
// preempted.
#define SPINS_MAX 100

// Each on its own cache line: two kinds' contention is not to meet here as well.
static struct {
	atomic_ulong count;
} __attribute__((aligned(64))) contended[LOCK_KINDS];

unsigned long lock_contended(enum lock_kind kind)
{
	return atomic_load_explicit(&contended[kind].count, memory_order_relaxed);
}

static void cpu_relax(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

static bool lock_spin(struct lock *lock)
{
	for (int i = 0; i < SPINS_MAX; i++) {
		if (atomic_load_explicit(&lock->state, memory_order_relaxed) == LOCK_FREE &&
			lock_try(lock))
			return true;
		cpu_relax();
	}
	return false;
}

void lock_take_slow(struct lock *lock)
{
	atomic_fetch_add_explicit(&contended[lock->kind].count, 1, memory_order_relaxed);
	if (lock_spin(lock))
		return;
	while (atomic_exchange_explicit(&lock->state, LOCK_SLEEPERS, memory_order_acquire) !=
		LOCK_FREE)
		syscall(SYS_futex, &lock->state, FUTEX_WAIT_PRIVATE, LOCK_SLEEPERS, NULL, NULL, 0);
}

void lock_wake(struct lock *lock)
{
	syscall(SYS_futex, &lock->state, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}
