// SPDX-License-Identifier: GPL-2.0-or-later
// A counter from a seed of the kernel's, through a mixing function (SplitMix64, Steele, Lea and
// Flood 2014): no lock and no state but the counter.
#include "host/random.h"

#include <stdatomic.h>
#include <stdint.h>
#include <sys/random.h>

#define GOLDEN_GAMMA UINT64_C(0x9e3779b97f4a7c15)

static _Atomic uint64_t counter; // 0 until the first number

static uint64_t seed(void)
{
	uint64_t value = 0;

	if (getrandom(&value, sizeof(value), GRND_NONBLOCK) != sizeof(value))
		value = (uintptr_t)&value; // early in the boot: where the stack lies is all there is
	return value | 1;
}

unsigned random_number(void)
{
	uint64_t value = atomic_load_explicit(&counter, memory_order_relaxed), unset = 0;

	if (value == 0)
		atomic_compare_exchange_strong(&counter, &unset, seed());
	value = atomic_fetch_add_explicit(&counter, GOLDEN_GAMMA, memory_order_relaxed) +
		GOLDEN_GAMMA;
	value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (unsigned)((value ^ (value >> 31)) >> 32);
}
