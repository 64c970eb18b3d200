// SPDX-License-Identifier: GPL-2.0-or-later
// How sure a counted share is: Clopper and Pearson's interval (Biometrika 26, 1934), which reaches its
// level whatever the true share is.
#ifndef RESULTS_STATISTICS_PROPORTION_H
#define RESULTS_STATISTICS_PROPORTION_H

#include <stddef.h>

struct proportion {
	double share; // NaN where nothing was counted
	double low; // of the 95 % interval; 0 and 1 where nothing was counted
	double high;
};

// count of all, count at most all.
struct proportion proportion_of(size_t count, size_t all);

#endif
