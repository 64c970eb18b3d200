// SPDX-License-Identifier: GPL-2.0-or-later
// What needs an instruction of the processor: reading a counter's register in user space, throwing
// a line out of all caches, and a loop whose instructions are known. The one place of this room that
// asks what processor it is built for.
#ifndef HARNESS_COUNTERS_PROCESSOR_H
#define HARNESS_COUNTERS_PROCESSOR_H

#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)

#define REGISTER_ACCESS_SETTING NULL
#define REGISTER_ACCESS_CONFIG1 0

static inline uint64_t register_read(uint32_t index)
{
	uint32_t low;
	uint32_t high;

	__asm__ volatile("rdpmc" : "=a"(low), "=d"(high) : "c"(index));
	return (uint64_t)high << 32 | low;
}

static inline void line_flush(const void *line)
{
	__asm__ volatile("clflush (%0)" : : "r"(line) : "memory");
}

static inline void flush_wait(void)
{
	__asm__ volatile("mfence" ::: "memory");
}

// Two instructions a round, and one before them.
static inline void loop_run(uint64_t rounds)
{
	__asm__ volatile("1: dec %0\n\tjnz 1b" : "+r"(rounds) : : "cc");
}

#elif defined(__aarch64__)

// An event asks for it, by bit 1 of config1, and the administrator must have allowed it.
#define REGISTER_ACCESS_SETTING "kernel/perf_user_access"
#define REGISTER_ACCESS_CONFIG1 2

enum { REGISTER_CYCLES = 31 };

#define REGISTER_CASE(n)                                                                           \
	case n:                                                                                    \
		__asm__ volatile("mrs %0, pmevcntr" #n "_el0" : "=r"(value));                      \
		break;

// The number of a register is part of the instruction, hence a case for each.
static inline uint64_t register_read(uint32_t index)
{
	uint64_t value = 0;

	__asm__ volatile("isb" ::: "memory");
	switch (index) {
		REGISTER_CASE(0)
		REGISTER_CASE(1)
		REGISTER_CASE(2)
		REGISTER_CASE(3)
		REGISTER_CASE(4)
		REGISTER_CASE(5)
		REGISTER_CASE(6)
		REGISTER_CASE(7)
		REGISTER_CASE(8)
		REGISTER_CASE(9)
		REGISTER_CASE(10)
		REGISTER_CASE(11)
		REGISTER_CASE(12)
		REGISTER_CASE(13)
		REGISTER_CASE(14)
		REGISTER_CASE(15)
		REGISTER_CASE(16)
		REGISTER_CASE(17)
		REGISTER_CASE(18)
		REGISTER_CASE(19)
		REGISTER_CASE(20)
		REGISTER_CASE(21)
		REGISTER_CASE(22)
		REGISTER_CASE(23)
		REGISTER_CASE(24)
		REGISTER_CASE(25)
		REGISTER_CASE(26)
		REGISTER_CASE(27)
		REGISTER_CASE(28)
		REGISTER_CASE(29)
		REGISTER_CASE(30)
	case REGISTER_CYCLES:
		__asm__ volatile("mrs %0, pmccntr_el0" : "=r"(value));
		break;
	default:
		break;
	}
	return value;
}

static inline void line_flush(const void *line)
{
	__asm__ volatile("dc civac, %0" : : "r"(line) : "memory");
}

static inline void flush_wait(void)
{
	__asm__ volatile("dsb sy" ::: "memory");
}

static inline void loop_run(uint64_t rounds)
{
	__asm__ volatile("1: subs %0, %0, #1\n\tb.ne 1b" : "+r"(rounds) : : "cc");
}

#else
#error "this processor is not known here"
#endif
#endif
