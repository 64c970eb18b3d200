// SPDX-License-Identifier: GPL-2.0-or-later
// What the watch and its evidence share.
#ifndef RESULTS_SERIES_WATCH_INTERNAL_H
#define RESULTS_SERIES_WATCH_INTERNAL_H

#include "watch.h"

enum {
	WATCH_WINDOW = 365, // values of a level that are looked at
	WATCH_LEVEL = 60, // values whose median is a level
};

// The median of the newest of the segment's values from `first` to before `end`, and how they
// scatter around it.
double watch_level(const struct watch *watch, size_t first, size_t end, double *deviation);

// What the newest value says of the level now.
struct watch_evidence watch_evidence(struct watch *watch);

#endif
