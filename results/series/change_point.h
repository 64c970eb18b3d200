// SPDX-License-Identifier: GPL-2.0-or-later
// Change points in a history: where a series of figures, one a night or a commit, took another
// level and kept it. Pure functions; the same input gives the same answer, whatever was asked
// before. A spike is no change. Noise without a change is called changed in at most 1 % of Gaussian
// series and in at most 5 % of skewed, spiky, bimodal or (first order) autocorrelated ones;
// statistics/METHOD.md holds the measured rates.
#ifndef RESULTS_SERIES_CHANGE_POINT_H
#define RESULTS_SERIES_CHANGE_POINT_H

#include <stdbool.h>
#include <stddef.h>

#define CHANGE_CONFIDENCE 0.95

// From one level to another. Levels are 20 % trimmed means of the segments, the interval is Yuen's
// (Biometrika 1974), widened for autocorrelation. It does not know that the place was chosen by the
// data.
struct change_shift {
	double before;
	double after;
	double size; // after - before
	double size_low, size_high;
};

enum change_kind {
	CHANGE_STEP, // from one level to another
	CHANGE_INCIDENT, // a bad spell begins: the next change is the return from it
	CHANGE_RETURN, // the level before a bad spell is there again
	CHANGE_BEND, // a series that moves begins to move another way: the shift is one of slopes, a value
};
#define CHANGE_SPELL_MAX 30 // values of a bad spell; what lasts longer is a step

struct change_point {
	enum change_kind kind;
	size_t index; // of the first value of the new segment, as the caller counts
	struct change_shift shift;
};

// "step", "incident", "return" or "bend".
const char *change_kind_name(enum change_kind kind);

// A slow drift over the whole series: a line, or several with bends, say more about it than steps do.
struct change_drift {
	bool is_there;
	size_t first, last; // the ends of the line, as the caller counts
	struct change_shift shift; // from the line's one end to the other
};

// From some place on the series scatters more, or less. Its level may be the same: no step.
struct change_spread {
	bool is_there;
	size_t index; // of the first value that scatters so, as the caller counts
	double before, after; // robust deviations from the levels
};

struct change_points {
	struct change_point *items; // by index
	size_t count;
	struct change_drift drift;
	struct change_spread spread; // of a series that does not drift
	size_t values; // that are not missing
	double autocorrelation; // of neighbours, as far as it is believed
};

// Values that are not finite are missing: skipped, but counted in the indices. Returns false only
// when memory runs out; then nothing needs to be freed.
bool change_points_find(const double *values, size_t count, struct change_points *found);
void change_points_free(struct change_points *found);

#endif
