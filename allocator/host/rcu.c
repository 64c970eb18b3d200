// SPDX-License-Identifier: GPL-2.0-or-later
// Grace periods by liburcu, with the order that it gives spelt out to the thread sanitizer.
#include "host/rcu.h"

#include "host/sanitizer.h"

#if HAS_THREAD_SANITIZER
// From its run-time library; no header declares them.
void __tsan_acquire(void *address);
void __tsan_release(void *address);

// liburcu is not built with the sanitizer: what its own threads do looks like races.
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
	return "called_from_lib:liburcu-bp.so\n";
}
#else
static inline void __tsan_acquire(void *address)
{
	(void)address;
}
static inline void __tsan_release(void *address)
{
	(void)address;
}
#endif

static char all_calls; // what rcu_wait() waits for, for the sanitizer

void rcu_call(struct rcu_head *head, void (*function)(struct rcu_head *head))
{
	__tsan_release(head);
	urcu_bp_call_rcu(head, function);
}

void rcu_call_begin(struct rcu_head *head)
{
	__tsan_acquire(head);
}

void rcu_call_end(void)
{
	__tsan_release(&all_calls);
}

void rcu_wait(void)
{
	urcu_bp_barrier();
	__tsan_acquire(&all_calls);
}
