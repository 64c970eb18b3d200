// SPDX-License-Identifier: GPL-2.0-or-later
// A series that moves all the time, cut into lines: where it began to move another way. Pure
// functions.
#ifndef RESULTS_SERIES_BENDS_H
#define RESULTS_SERIES_BENDS_H

#include "cut.h"

// Replaces the segments by those of the lines. Returns false, and leaves them as they are, where the
// series does not move so smoothly, goes along one line, or is better said by its steps, whose
// levels leave series->left_by_steps over.
bool bends_cut(struct cut_series *series, struct cut *cut);

// How the slope changes at the start of segment i, a position: from shift->before … as slopes of the
// lines on both sides.
struct level_shift bend_measure(
	struct cut_series *series, const struct cut *cut, size_t i, double *before, double *after);

#endif
