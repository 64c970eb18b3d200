// SPDX-License-Identifier: GPL-2.0-or-later
// A clock for single operations: the processor's own counter where the harness believes it (TSC of
// x86-64, CNTVCT of aarch64), clock_gettime(CLOCK_MONOTONIC) elsewhere. A reading costs some 10 ns on
// either way, so time what is longer, or many operations at once.
//
//	uint64_t begin = clock_ticks(context->clock);
//	...
//	double ns = clock_ns(context->clock, clock_ticks(context->clock) - begin);
//
// The harness chooses once, before any benchmark (harness/measured/clock.h); the report's fact
// `timestamps` says what it chose.
#ifndef WORKLOADS_CLOCK_H
#define WORKLOADS_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct workload_clock {
	bool reads_register; // else ticks are nanoseconds of CLOCK_MONOTONIC
	double ns_per_tick;
	uint64_t cost_ticks; // the least difference of two readings: part of whatever is timed
};

// The processor's counter, after all instructions before it have ended; 0 where there is none that
// we know. Only a clock that reads_register may be asked.
static inline uint64_t clock_register(void)
{
#if defined(__x86_64__)
	uint32_t low;
	uint32_t high;

	__asm__ volatile("lfence\n\trdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
#elif defined(__aarch64__)
	uint64_t ticks;

	__asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(ticks) : : "memory");
	return ticks;
#else
	return 0;
#endif
}

static inline uint64_t clock_system_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

// Now, in ticks since some moment that is the same for all threads of the process.
static inline uint64_t clock_ticks(const struct workload_clock *clock)
{
	return clock->reads_register ? clock_register() : clock_system_ns();
}

static inline double clock_ns(const struct workload_clock *clock, uint64_t ticks)
{
	return (double)ticks * clock->ns_per_tick;
}

#endif
