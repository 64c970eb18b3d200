// SPDX-License-Identifier: GPL-2.0-or-later
// Metrics that have no noise: what a simulator counts, the sizes of code, the layout of caches. Any
// difference is a change, and no statistic is asked. A counter is exact by its name, or because its
// process lists it in its context as "exact_counters": "NAME,NAME".
#ifndef RESULTS_COMPARE_EXACT_H
#define RESULTS_COMPARE_EXACT_H

#include <stdbool.h>

enum exact_kind {
	EXACT_NOT, // it has noise
	EXACT_CODE, // bytes of code: less is better; of a build, whatever benchmark tells it
	EXACT_GEOMETRY, // another layout is neither better nor worse, and always to be looked at
	EXACT_COUNT, // instructions, misses, steps: less is better
	EXACT_KINDS
};

// "code", "geometry", "counts".
const char *exact_kind_name(enum exact_kind kind);

// What kind of metric the counter is. `listed` is the context's "exact_counters"; NULL: none.
enum exact_kind exact_kind_of(const char *counter, const char *listed);

#endif
