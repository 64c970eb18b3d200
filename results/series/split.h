// SPDX-License-Identifier: GPL-2.0-or-later
// Whether, and where, a run of values falls apart in two: the test that change points rest on. Pure
// functions. Two statistics are taken over all places: one of the values themselves, cut off at
// three robust deviations, which is the likelihood-ratio test for Gaussian noise; one of their
// normal scores (van der Waerden, 1952), whose law is the same for every kind of independent noise.
// Both must exceed their critical value, which simulation gave (split_critical.c).
#ifndef RESULTS_SERIES_SPLIT_H
#define RESULTS_SERIES_SPLIT_H

#include <stdbool.h>
#include <stddef.h>

// A segment has at least so many values.
#define SPLIT_SEGMENT_MIN 3
// A stretch that differs from what surrounds it has at least so many; fewer are a burst of spikes.
#define SPLIT_STRETCH_MIN 5

// Room for the work on one run, made once for the longest.
struct split_work {
	double *sorted;
	size_t *order; // of the values, ascending
	double *values; // cut off, mean 0, deviation 1
	double *scores; // likewise, of the ranks
	double *sums; // running sums
	size_t room;
	const double *whole; // what runs are parts of; NULL: not known
	size_t whole_count;
	size_t *whole_order; // ascending
	size_t *order_room; // to sort in
};
// False only when memory runs out; then nothing needs to be freed.
bool split_work_make(struct split_work *work, size_t room);
void split_work_free(struct split_work *work);

// Sorts the values whose parts are to be measured, once for all of them. They must not change as
// long as parts are measured.
void split_work_know(struct split_work *work, const double *values, size_t count);

// Fills work->order with the indices of a run, ascending by their values.
void split_work_order(struct split_work *work, const double *values, size_t count);

// What the statistics say of one run.
struct split {
	size_t at; // first index after the best single split
	double by_values; // its statistic: the standardised difference of the two means
	double by_scores; // the largest over all places, of the scores
	size_t stretch_first, stretch_end; // the stretch that differs most from the rest
	double stretch_by_values;
	double stretch_by_scores;
	// What split_judge() fills:
	double autocorrelation; // of what the single split leaves over; 0 to below 1
	double local, stretch_local; // how much more the values near it scatter, at least 1
	double stretch_autocorrelation; // of what the stretch leaves over; of the whole series only
};

// Fills the statistics for a run of at least 2 * SPLIT_SEGMENT_MIN values; shorter ones have no
// split.
void split_measure(
	struct split_work *work, const double *values, size_t count, struct split *split);

// The same, and the autocorrelations, without what cannot matter, but for a run that is_whole:
// where one of the statistics that must exceed their critical values does not, the other may be
// left 0, and so may the run's own autocorrelation where the run does not fall apart even if the
// noise has only the one given.
void split_judge(struct split_work *work, const double *values, size_t count, bool is_whole,
	double autocorrelation, struct split *split);

// Whether the statistics exceed their critical values, given the noise's autocorrelation.
bool split_is_change(const struct split *split, size_t count, double autocorrelation);
// The same of a step that the whole series shows, between its neighbours: however short the run is,
// a large step stays.
bool split_is_kept(const struct split *split, size_t count, double autocorrelation);
bool split_is_stretch(const struct split *split, size_t count, double autocorrelation);

// Whether the single split is so clear that it would pass for the end of a stretch in a series of
// so many values, of which the run is but a part.
bool split_is_change_of_part(const struct split *split, size_t count, double autocorrelation);

// The critical values of independent noise for a run of so many values.
struct split_critical {
	double by_values; // exceeded by 0.8 % of Gaussian runs
	double by_scores; // exceeded by 2.5 % of runs of any independent noise
	double stretch_by_values; // 0.15 %
	double stretch_by_scores; // 0.5 %
};
#define SPLIT_SHARE_BY_VALUES         0.008
#define SPLIT_SHARE_BY_SCORES         0.025
#define SPLIT_SHARE_STRETCH_BY_VALUES 0.0015
#define SPLIT_SHARE_STRETCH_BY_SCORES 0.005
struct split_critical split_critical(size_t count);

#endif
