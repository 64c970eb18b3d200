// SPDX-License-Identifier: GPL-2.0-or-later
// Changes that are too short for means, and too large for noise: a bad spell of a few values within a
// level, and a level that the newest values have just left. Pure functions.
#ifndef RESULTS_SERIES_SUDDEN_H
#define RESULTS_SERIES_SUDDEN_H

#include "cut.h"

// Cuts them out of the segments of a series that were found already.
void sudden_cut(struct cut_series *series, struct cut *cut);

#endif
