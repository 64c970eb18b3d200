// SPDX-License-Identifier: GPL-2.0-or-later
// One turn of a loop that waits for another thread.
#ifndef WORKLOADS_RELAX_H
#define WORKLOADS_RELAX_H

#include <sched.h>
#include <stdbool.h>

// yields: the other thread may need this CPU.
static inline void relax(bool yields)
{
	if (yields)
		sched_yield();
#if defined(__x86_64__)
	else
		__builtin_ia32_pause();
#elif defined(__aarch64__)
	else
		__asm__ volatile("yield");
#endif
}

#endif
