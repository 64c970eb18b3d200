// SPDX-License-Identifier: GPL-2.0-or-later
// The autocorrelation of a series' noise, of the first order: from it follows how much surer or less
// sure a mean is than that of independent values.
#ifndef RESULTS_SERIES_AUTOCORRELATION_H
#define RESULTS_SERIES_AUTOCORRELATION_H

#include <stddef.h>

// The autocorrelation of neighbours in what the means of so many segments leave over, as far as it
// is believed: from 0 to 0.95. Values are about 1 at most.
double autocorrelation_believed(const double *left, size_t count, size_t segments);

// The plain estimate of it, corrected for the means that so many segments took away; it may be
// negative. 0 where nothing is left over.
double autocorrelation_plain(const double *left, size_t count, size_t segments);

// By how much neighbours that resemble each other widen the law of a mean: a factor on its
// deviation.
double autocorrelation_widening(double autocorrelation);

#endif
