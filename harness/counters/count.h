// SPDX-License-Identifier: GPL-2.0-or-later
// What two readings of an event make: how often it happened between them. Pure arithmetic.
//
// Where there are more events than the PMU has counters, the kernel lets groups of them take turns,
// and each is counted for a share of the time only. The count is then scaled: a counter that saw 300
// in a third of the time stands for 900. Without the times this could not be told from 300.
#ifndef HARNESS_COUNTERS_COUNT_H
#define HARNESS_COUNTERS_COUNT_H

#include <stdint.h>

struct reading {
	uint64_t value;
	uint64_t enabled_ns; // how long the event wanted to be counted
	uint64_t running_ns; // how long it was
};

struct count {
	double events; // scaled to the whole time; NaN: not counted at all
	double share; // of the time that was really counted, from 0 to 1
};

// A counter that wrapped between the readings is no harm: the difference wraps, too.
struct count count_between(const struct reading *before, const struct reading *after);

#endif
