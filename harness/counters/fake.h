// SPDX-License-Identifier: GPL-2.0-or-later
// A kernel for tests, behind the table of system calls: a PMU with so many counters, a clock that
// tests set, and whatever refusal a test asks for. Of one thread.
#ifndef HARNESS_COUNTERS_FAKE_H
#define HARNESS_COUNTERS_FAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "system_calls.h"

struct fake {
	int counters; // of the PMU; a larger group is refused with EINVAL
	int counters_taken; // of these, by somebody else: a group that needs them never runs
	int files_max; // more open files than these: EMFILE; 0: no limit
	int refusal; // errno of every event of the hardware; 0: none
	int software_refusal;
	uint64_t silent_config; // this one opens and stays 0; UINT64_MAX: none
	int paranoid;
	bool has_pmu;
	uint64_t first_value; // what counters begin at
	uint64_t events; // that happen between two looks at a group
	uint64_t enabled_ns; // and how long that takes, of which the group is counted for
	uint64_t running_ns;
	bool has_pages; // whether an event can be mapped
	bool is_interrupted; // whether a mapped event is taken off the PMU between two reads
	// What was done.
	int opened;
	int groups_max; // members of the largest group that ever was started
};

extern struct fake fake;
extern const struct system_calls fake_calls;

// A PMU of seven counters where everything works.
void fake_reset(void);

#endif
