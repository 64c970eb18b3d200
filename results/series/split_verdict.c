// SPDX-License-Identifier: GPL-2.0-or-later
// Whether what was measured of a run (split.c) is a change, given how much the noise's neighbours
// resemble each other and how much the values near it scatter. Both widen the law of a mean.
#include "split.h"

#include <math.h>

#include "autocorrelation.h"
#include "split_internal.h"

static const double ROUNDING = 1e-24; // a share that is but the rounding of values about 1

// The statistic by the deviation that the change leaves over, where it was by that of all values:
// by that one no change could be larger than the root of the count, however large its step is.
static double by_rest(double statistic, size_t count)
{
	double left = 1 - statistic * statistic / (double)count;

	return statistic / sqrt(larger(left, ROUNDING));
}

static bool exceeds_by_rest(double statistic, double critical, double widening, size_t count)
{
	return split_exceeds(by_rest(statistic, count), by_rest(critical, count) * widening);
}

// A pair of statistics and their critical values.
struct pair {
	double by_values, by_scores;
	double critical_by_values, critical_by_scores;
};

static bool both_exceed(const struct pair *pair, double widening)
{
	return split_exceeds(pair->by_values / widening, pair->critical_by_values) &&
	       split_exceeds(pair->by_scores / widening, pair->critical_by_scores);
}

static bool both_exceed_by_rest(const struct pair *pair, double widening, size_t count)
{
	return exceeds_by_rest(pair->by_values, pair->critical_by_values, widening, count) &&
	       exceeds_by_rest(pair->by_scores, pair->critical_by_scores, widening, count);
}

// A change that no noise makes, however its neighbours resemble each other. Ranks cannot show how
// large it is: that they are in order is enough.
static bool is_huge(const struct pair *pair, double widening, size_t count)
{
	static const double HUGE_FACTOR = 2.5; // by simulation: no kind of noise reaches it

	return exceeds_by_rest(pair->by_values, pair->critical_by_values,
		       HUGE_FACTOR * widening * sqrt(widening), count) &&
	       split_exceeds(pair->by_scores, pair->critical_by_scores);
}

static struct pair pair_of_split(const struct split *split, size_t count)
{
	struct split_critical critical = split_critical(count);

	return (struct pair){
		split->by_values, split->by_scores, critical.by_values, critical.by_scores};
}

static struct pair pair_of_stretch(const struct split *split, size_t count)
{
	struct split_critical critical = split_critical(count);

	return (struct pair){split->stretch_by_values, split->stretch_by_scores,
		critical.stretch_by_values, critical.stretch_by_scores};
}

static double split_widening(const struct split *split, double autocorrelation)
{
	return autocorrelation_widening(autocorrelation) * larger(1, split->local);
}

bool split_is_change(const struct split *split, size_t count, double autocorrelation)
{
	struct pair pair = pair_of_split(split, count);
	double widening = split_widening(split, autocorrelation);

	return count >= (size_t)2 * SPLIT_SEGMENT_MIN &&
	       (both_exceed(&pair, widening) || is_huge(&pair, widening, count));
}

bool split_is_kept(const struct split *split, size_t count, double autocorrelation)
{
	struct pair pair = pair_of_split(split, count);
	double widening = split_widening(split, autocorrelation);

	return count >= (size_t)2 * SPLIT_SEGMENT_MIN &&
	       (both_exceed_by_rest(&pair, widening, count) || is_huge(&pair, widening, count));
}

// Half as strict again for noise whose neighbours resemble each other: of such noise a stretch is
// made sooner than a step.
bool split_is_stretch(const struct split *split, size_t count, double autocorrelation)
{
	struct pair pair = pair_of_stretch(split, count);
	double widening =
		autocorrelation_widening(autocorrelation) * larger(1, split->stretch_local);

	return count >= (size_t)2 * SPLIT_STRETCH_MIN &&
	       (both_exceed_by_rest(&pair, widening * sqrt(widening), count) ||
		       is_huge(&pair, widening, count));
}

// Against the critical values of a stretch, which are the stricter ones.
bool split_is_change_of_part(const struct split *split, size_t count, double autocorrelation)
{
	struct pair pair = pair_of_stretch(split, count);

	pair.by_values = split->by_values;
	pair.by_scores = split->by_scores;
	return both_exceed(&pair, split_widening(split, autocorrelation));
}
