// SPDX-License-Identifier: GPL-2.0-or-later
// The counter must pass three looks before a workload reads it.
//
// 1. It is steady. On x86-64 CPUID says so (leaf 0x80000007, bit 8 of EDX: the TSC is invariant); on
//    aarch64 the architecture does.
// 2. The kernel's clocksource is this very counter. That it agrees on all CPUs, and that no firmware
//    or hypervisor changes it under us, is the kernel's to watch: it drops a counter that fails.
// 3. Two spans of time, one after the other, give the same rate within RATE_TOLERANCE.
//
// The rate is measured against CLOCK_MONOTONIC, which also times the loops, so that both have the same
// nanosecond. A reading of that clock is put between two readings of the counter; of several tries the
// one with the narrowest gap counts, so that an interruption spoils nothing.
#include "clock.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

enum { SPAN_NS = 5000000, TRIES = 16 };

static const double RATE_TOLERANCE = 0.001;

// ---- the machine that there is

#if defined(__x86_64__)
enum { POWER_LEAF = (int)0x80000007, INVARIANT_BIT = 1 << 8 };

static bool real_is_steady(void)
{
	unsigned a;
	unsigned b;
	unsigned c;
	unsigned d;

	return __get_cpuid((unsigned)POWER_LEAF, &a, &b, &c, &d) && (d & INVARIANT_BIT);
}
#define COUNTER_NAME "tsc"
#elif defined(__aarch64__)
static bool real_is_steady(void)
{
	return true;
}
#define COUNTER_NAME "arch_sys_counter"
#else
static bool real_is_steady(void)
{
	return false;
}
#define COUNTER_NAME "counter"
#endif

const struct clock_machine clock_machine_real = {
	COUNTER_NAME, real_is_steady, clock_register, clock_system_ns, ""};

// ---- the three looks

static bool is_kernels_clock(const struct clock_machine *machine, char *words)
{
	static const char path[] =
		"/sys/devices/system/clocksource/clocksource0/current_clocksource";
	char full[256];
	char name[64] = "";

	snprintf(full, sizeof(full), "%s%s", machine->root, path);
	FILE *file = fopen(full, "re");
	if (!file || !fgets(name, sizeof(name), file))
		snprintf(words, CLOCK_WORDS_SIZE,
			"clock_gettime: the kernel's clocksource cannot be read from %s: %s", path,
			file ? "it is empty" : strerror(errno));
	if (file)
		fclose(file);
	name[strcspn(name, "\n")] = '\0';
	if (name[0] != '\0' && strcmp(name, machine->name) != 0)
		snprintf(words, CLOCK_WORDS_SIZE,
			"clock_gettime: the kernel's clocksource is %s, not %s", name,
			machine->name);
	return strcmp(name, machine->name) == 0;
}

struct moment {
	uint64_t ticks;
	uint64_t ns;
};

static struct moment moment_now(const struct clock_machine *machine)
{
	struct moment best = {0, 0};
	uint64_t narrowest = UINT64_MAX;

	for (int i = 0; i < TRIES; i++) {
		uint64_t before = machine->ticks();
		uint64_t ns = machine->system_ns();
		uint64_t gap = machine->ticks() - before;

		if (gap >= narrowest)
			continue;
		narrowest = gap;
		best = (struct moment){before + gap / 2, ns};
	}
	return best;
}

static struct moment moment_after(const struct clock_machine *machine, const struct moment *begin)
{
	while (machine->system_ns() - begin->ns < SPAN_NS)
		;
	return moment_now(machine);
}

// 0 where the counter stood still or went back.
static double rate(const struct moment *begin, const struct moment *end)
{
	if (end->ticks <= begin->ticks || end->ns <= begin->ns)
		return 0;
	return (double)(end->ns - begin->ns) / (double)(end->ticks - begin->ticks);
}

static bool calibrate(struct workload_clock *clock, const struct clock_machine *machine)
{
	struct moment begin = moment_now(machine);
	struct moment middle = moment_after(machine, &begin);
	struct moment end = moment_after(machine, &middle);
	double first = rate(&begin, &middle);
	double second = rate(&middle, &end);

	clock->ns_per_tick = rate(&begin, &end);
	return first > 0 && second > 0 && fabs(first - second) <= RATE_TOLERANCE * first;
}

static bool counter_is_believed(
	struct workload_clock *clock, const struct clock_machine *machine, char *words)
{
	if (!machine->is_steady()) {
		snprintf(words, CLOCK_WORDS_SIZE,
			"clock_gettime: the processor does not say that its %s counts at one rate",
			machine->name);
		return false;
	}
	if (!is_kernels_clock(machine, words))
		return false;
	if (calibrate(clock, machine))
		return true;
	snprintf(words, CLOCK_WORDS_SIZE,
		"clock_gettime: the %s counts at two rates within 10 ms of CLOCK_MONOTONIC",
		machine->name);
	return false;
}

// ---- the choice

static uint64_t cost(const struct workload_clock *clock, const struct clock_machine *machine)
{
	uint64_t (*read)(void) = clock->reads_register ? machine->ticks : machine->system_ns;
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < TRIES; i++) {
		uint64_t begin = read();
		uint64_t took = read() - begin;

		if (took < least)
			least = took;
	}
	return least;
}

void clock_choose(struct workload_clock *clock, const struct clock_machine *machine,
	char words[CLOCK_WORDS_SIZE])
{
	clock->reads_register = counter_is_believed(clock, machine, words);
	if (clock->reads_register)
		snprintf(words, CLOCK_WORDS_SIZE, "%s", machine->name);
	else
		clock->ns_per_tick = 1;
	clock->cost_ticks = cost(clock, machine);
}
