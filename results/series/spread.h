// SPDX-License-Identifier: GPL-2.0-or-later
// Whether a series scatters more, or less, from some place on. That is no step: its level may be the
// same. Pure functions.
#ifndef RESULTS_SERIES_SPREAD_H
#define RESULTS_SERIES_SPREAD_H

#include "cut.h"

struct spread {
	bool is_there;
	size_t at; // the first value that scatters so
	double before, after; // robust deviations
};

// What the levels leave over, series->left_by_steps, is judged.
struct spread spread_find(struct cut_series *series);

#endif
