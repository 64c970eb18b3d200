// SPDX-License-Identifier: GPL-2.0-or-later
// Which clock workloads read for single operations: the processor's counter, where it is steady and
// the kernel itself keeps time by it, else clock_gettime().
#ifndef HARNESS_MEASURED_CLOCK_H
#define HARNESS_MEASURED_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "workloads/clock.h"

// What the choice asks of the machine, so that a test can be another one.
struct clock_machine {
	const char *name; // of the counter; also the kernel's clocksource that reads it
	bool (*is_steady)(
		void); // whether it counts at one rate, whatever the CPU's frequency and sleep
	uint64_t (*ticks)(void);
	uint64_t (*system_ns)(void);
	const char *root; // put before /sys
};

extern const struct clock_machine clock_machine_real;

enum { CLOCK_WORDS_SIZE = 256 };

// Chooses and calibrates; takes some 10 ms. words become the fact `timestamps`: the counter's name, or
// "clock_gettime: " and why no counter is read. They hold no figure, so that they are the same in each
// process of a machine.
void clock_choose(struct workload_clock *clock, const struct clock_machine *machine,
	char words[CLOCK_WORDS_SIZE]);

#endif
