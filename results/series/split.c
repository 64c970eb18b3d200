// SPDX-License-Identifier: GPL-2.0-or-later
// The two statistics of a run: standardise, take running sums, look at every place. Entry:
// split_measure(). The largest standardised difference over all places is the likelihood-ratio test
// for one change of the mean (Sen and Srivastava, Annals of Statistics 1975); over stretches it is
// that of Levin and Kline (1985), on a grid of lengths.
#include "split.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "autocorrelation.h"
#include "results/statistics/normal_scores.h"
#include "results/statistics/order.h"
#include "split_internal.h"

static const double CUT_OFF = 3; // robust deviations; costs 1 % of power in Gaussian noise
static const double MAD_TO_DEVIATION = 1.4826; // of a Gaussian

static const double ROUNDING = 1e-24; // a square that is but the rounding of values about 1

static double squared(double value)
{
	return value * value;
}

bool split_work_make(struct split_work *work, size_t room)
{
	*work = (struct split_work){
		.sorted = calloc(room + 1, sizeof(double)),
		.order = calloc(room + 1, sizeof(size_t)),
		.values = calloc(room + 1, sizeof(double)),
		.scores = calloc(room + 1, sizeof(double)),
		.sums = calloc(room + 1, sizeof(double)),
		.room = room,
		.whole_order = calloc(room + 1, sizeof(size_t)),
		.order_room = calloc(room + 1, sizeof(size_t)),
	};
	if (work->sorted && work->order && work->values && work->scores && work->sums &&
		work->whole_order && work->order_room)
		return true;
	split_work_free(work);
	return false;
}

void split_work_free(struct split_work *work)
{
	free(work->sorted);
	free(work->order);
	free(work->values);
	free(work->scores);
	free(work->sums);
	free(work->whole_order);
	free(work->order_room);
	*work = (struct split_work){0};
}

// ---- order

void split_work_know(struct split_work *work, const double *values, size_t count)
{
	work->whole = values;
	work->whole_count = count;
	order_fill(values, count, work->whole_order, work->order_room);
}

// Whether to pick a part's order out of the whole's is quicker than to sort it.
static bool is_large_part(const struct split_work *work, const double *values, size_t count)
{
	enum { SORTING = 8 }; // about what sorting takes a value, in values looked at
	uintptr_t first = (uintptr_t)values;

	return work->whole && first >= (uintptr_t)work->whole &&
	       first < (uintptr_t)(work->whole + work->whole_count) &&
	       count * SORTING >= work->whole_count;
}

void split_work_order(struct split_work *work, const double *values, size_t count)
{
	size_t first;
	size_t found = 0;

	if (!is_large_part(work, values, count)) {
		order_fill(values, count, work->order, work->order_room);
		return;
	}
	first = (size_t)(values - work->whole);
	for (size_t i = 0; i < work->whole_count && found < count; i++) {
		size_t at = work->whole_order[i] - first; // wraps around for what lies before

		work->order[found] = at;
		found += at < count;
	}
}

// ---- standardising

static double sorted_median(const double *sorted, size_t count)
{
	return count % 2 ? sorted[count / 2] : sorted[count / 2 - 1] / 2 + sorted[count / 2] / 2;
}

// The median distance from the centre. Both halves of the sorted values grow away from it: a merge
// finds the middle.
static double sorted_deviation(const double *sorted, size_t count, double centre)
{
	size_t above = 0;
	double distance = 0;

	while (above < count && sorted[above] < centre)
		above++;
	for (size_t i = 0, below = above; i <= count / 2; i++) {
		bool takes_above =
			below == 0 ||
			(above < count && sorted[above] - centre <= centre - sorted[below - 1]);

		distance = takes_above ? sorted[above++] - centre : centre - sorted[--below];
	}
	return distance;
}

// Mean 0 and mean square 1; all zero where the values do not differ.
static void standardise(double *values, size_t count)
{
	double sum = 0;
	double squares = 0;
	double factor;

	for (size_t i = 0; i < count; i++)
		sum += values[i];
	for (size_t i = 0; i < count; i++) {
		values[i] -= sum / (double)count;
		squares += values[i] * values[i];
	}
	factor = squares > 0 ? sqrt((double)count / squares) : 0;
	for (size_t i = 0; i < count; i++)
		values[i] *= factor;
}

static double normal_score(const struct normal_scores *normal, size_t count, size_t rank)
{
	return rank < (count + 1) / 2 ? normal->lower[rank] : -normal->lower[count - 1 - rank];
}

// Equal values share the mean of their scores. They are not stretched to a deviation of 1
// afterwards: in a run of equal values one that is not would otherwise weigh as much as half of the
// run.
static void fill_scores(struct split_work *work, size_t count)
{
	struct normal_scores normal = normal_scores_of(count, work->values);

	for (size_t first = 0, end; first < count; first = end) {
		double sum = 0;

		for (end = first; end < count && work->sorted[end] == work->sorted[first]; end++)
			sum += normal_score(&normal, count, end);
		if (end - first > 1)
			sum /= (double)(end - first);
		for (size_t i = first; i < end; i++)
			work->scores[work->order[i]] = sum * normal.factor;
	}
}

// Where more than half of the values are equal there is no scale to cut off by; the scores then
// stand for the values.
static void fill_values(struct split_work *work, const double *values, size_t count)
{
	double centre = sorted_median(work->sorted, count);
	double limit = sorted_deviation(work->sorted, count, centre) * MAD_TO_DEVIATION * CUT_OFF;

	if (!(limit > 0)) {
		for (size_t i = 0; i < count; i++)
			work->values[i] = work->scores[i];
		return;
	}
	for (size_t i = 0; i < count; i++)
		work->values[i] = smaller(1, larger(-1, (values[i] - centre) / limit));
	standardise(work->values, count);
}

// ---- the largest difference

void split_sums_fill(struct split_work *work, const double *values, size_t count)
{
	work->sums[0] = 0;
	for (size_t i = 0; i < count; i++)
		work->sums[i + 1] = work->sums[i] + values[i];
}

static double largest_split(const double *sums, size_t count, size_t *at)
{
	double largest = 0;

	*at = SPLIT_SEGMENT_MIN;
	for (size_t k = SPLIT_SEGMENT_MIN; k + SPLIT_SEGMENT_MIN <= count; k++) {
		double square = sums[k] * sums[k] / ((double)k * (double)(count - k));

		if (square > largest) {
			largest = square;
			*at = k;
		}
	}
	return sqrt(largest * (double)count);
}

// The largest square of a sum over so many values, of those that start from `first` to before
// `end`. Four at a time, because the next maximum need not wait for the last.
static double largest_square(const double *sums, size_t length, size_t first, size_t end)
{
	double largest[4] = {0};
	size_t i = first;

	for (; i + 4 <= end; i += 4) {
		for (size_t k = 0; k < 4; k++) {
			double sum = sums[i + k + length] - sums[i + k];

			largest[k] = larger(sum * sum, largest[k]);
		}
	}
	for (; i < end; i++) {
		double sum = sums[i + length] - sums[i];

		largest[0] = larger(sum * sum, largest[0]);
	}
	return larger(larger(largest[0], largest[1]), larger(largest[2], largest[3]));
}

// Stretches in the middle of the run; one that touches an end is a split.
static double largest_stretch(const double *sums, size_t count, size_t *first, size_t *end)
{
	double largest = 0;

	*first = *end = 0;
	for (size_t length = SPLIT_STRETCH_MIN; length <= count / 2; length += (length + 2) / 3) {
		double weight = 1 / ((double)length * (double)(count - length));

		size_t past = count - length - SPLIT_SEGMENT_MIN + 1;
		double square = largest_square(sums, length, SPLIT_SEGMENT_MIN, past) * weight;
		size_t i = SPLIT_SEGMENT_MIN;

		if (!(square > largest))
			continue;
		largest = square;
		while (squared(sums[i + length] - sums[i]) * weight < square)
			i++;
		*first = i;
		*end = i + length;
	}
	return sqrt(largest * (double)count);
}

static double stretch_square(const double *sums, size_t count, size_t first, size_t end)
{
	double length = (double)(end - first);
	double sum = sums[end] - sums[first];

	return sum * sum / (length * ((double)count - length));
}

// The lengths that are tried are some way apart: moves the ends, one after the other, to where they
// fit best. The statistic stays what it was, because that is what the critical values are of.
static void stretch_refine(const double *sums, size_t count, size_t *first, size_t *end)
{
	enum { ROUNDS_MAX = 4 };

	double best;

	if (*end == 0)
		return; // the run has no place for a stretch
	best = stretch_square(sums, count, *first, *end);
	for (int round = 0; round < ROUNDS_MAX; round++) {
		double before = best;

		for (size_t k = SPLIT_SEGMENT_MIN, last = *end; k + SPLIT_STRETCH_MIN <= last;
			k++) {
			double square = stretch_square(sums, count, k, last);

			*first = square > best ? k : *first;
			best = larger(square, best);
		}
		for (size_t k = *first + SPLIT_STRETCH_MIN; k + SPLIT_SEGMENT_MIN <= count; k++) {
			double square = stretch_square(sums, count, *first, k);

			*end = square > best ? k : *end;
			best = larger(square, best);
		}
		if (!(best > before))
			return;
	}
}

// ---- what is left over

void split_left_fill(const double *values, size_t first, size_t end, double *left)
{
	double mean = 0;

	for (size_t i = first; i < end; i++)
		mean += values[i] / (double)(end - first);
	for (size_t i = first; i < end; i++)
		left[i] = values[i] - mean;
}

// ---- spread

// The mean square of what is left over in [first, end).
static double mean_square(const double *left, size_t first, size_t end)
{
	double squares = 0;

	for (size_t i = first; i < end; i++)
		squares += left[i] * left[i];
	return squares / (double)(end - first);
}

// What a few values scatter by chance: a factor on a deviation. The search over the many places of a
// long run meets noisy ones more often; in a short run there is little beside them to compare with.
static double chance_spread(size_t count)
{
	return count < 90 ? 1.12 : 1.08 + 0.12 * smaller(1, 120 / (double)count);
}

double split_local_widening(const double *left, size_t count, size_t first, size_t end)
{
	enum { NEARBY = 15, SIDE_MIN = 8 };
	size_t from = first > NEARBY ? first - NEARBY : 0;
	size_t to = end + NEARBY < count ? end + NEARBY : count;
	double local = mean_square(left, from, to);

	if (end - from >= SIDE_MIN)
		local = larger(local, mean_square(left, from, end));
	if (to - first >= SIDE_MIN)
		local = larger(local, mean_square(left, first, to));
	return larger(1,
		sqrt(local / larger(mean_square(left, 0, count), ROUNDING)) / chance_spread(count));
}

// ---- one run

static void scores_scale(struct split_work *work, const double *values, size_t count)
{
	split_work_order(work, values, count);
	for (size_t i = 0; i < count; i++)
		work->sorted[i] = values[work->order[i]];
	fill_scores(work, count);
}

void split_scale(struct split_work *work, const double *values, size_t count)
{
	scores_scale(work, values, count);
	fill_values(work, values, count);
}

static void scores_measure(
	struct split_work *work, const double *values, size_t count, struct split *split)
{
	size_t ignored;

	scores_scale(work, values, count);
	split_sums_fill(work, work->scores, count);
	split->by_scores = largest_split(work->sums, count, &ignored);
	split->stretch_by_scores = largest_stretch(work->sums, count, &ignored, &ignored);
}

// After scores_measure().
static void values_measure(
	struct split_work *work, const double *values, size_t count, struct split *split)
{
	fill_values(work, values, count);
	split_sums_fill(work, work->values, count);
	split->by_values = largest_split(work->sums, count, &split->at);
	split->stretch_by_values =
		largest_stretch(work->sums, count, &split->stretch_first, &split->stretch_end);
}

// After values_measure().
static void autocorrelation_measure(struct split_work *work, size_t count, struct split *split)
{
	split_left_fill(work->values, 0, split->at, work->sums);
	split_left_fill(work->values, split->at, count, work->sums);
	split->autocorrelation = autocorrelation_believed(work->sums, count, 2);
	split->local = split_local_widening(work->sums, count, split->at, split->at);
}

// After values_measure().
static void stretch_autocorrelation_measure(
	struct split_work *work, size_t count, struct split *split)
{
	split_left_fill(work->values, 0, split->stretch_first, work->sums);
	split_left_fill(work->values, split->stretch_first, split->stretch_end, work->sums);
	split_left_fill(work->values, split->stretch_end, count, work->sums);
	split->stretch_autocorrelation = autocorrelation_believed(work->sums, count, 3);
	split->stretch_local =
		split_local_widening(work->sums, count, split->stretch_first, split->stretch_end);
}

void split_measure(struct split_work *work, const double *values, size_t count, struct split *split)
{
	*split = (struct split){0};
	if (count < (size_t)2 * SPLIT_SEGMENT_MIN)
		return;
	scores_measure(work, values, count, split);
	values_measure(work, values, count, split);
}

void split_judge(struct split_work *work, const double *values, size_t count, bool is_whole,
	double autocorrelation, struct split *split)
{
	struct split_critical critical = split_critical(count);
	bool is_stretch;

	*split = (struct split){0};
	if (count < (size_t)2 * SPLIT_SEGMENT_MIN)
		return;
	scores_measure(work, values, count, split);
	if (!is_whole && !split_exceeds(split->by_scores, critical.by_scores) &&
		!split_exceeds(split->stretch_by_scores, critical.stretch_by_scores))
		return;
	values_measure(work, values, count, split);
	is_stretch = split_is_stretch(split, count, 0);
	if (is_whole || is_stretch)
		stretch_refine(work->sums, count, &split->stretch_first, &split->stretch_end);
	if (is_whole || split_is_change(split, count, autocorrelation) ||
		(is_stretch && split_is_stretch(split, count, autocorrelation)))
		autocorrelation_measure(work, count, split);
	if (is_whole || is_stretch)
		stretch_autocorrelation_measure(work, count, split);
}
