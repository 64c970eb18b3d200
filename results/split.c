// SPDX-License-Identifier: GPL-2.0-or-later
// The two statistics of a run: standardise, take running sums, look at every place. Entry: split_measure(). The
// largest standardised difference over all places is the likelihood-ratio test for one change of the mean (Sen and
// Srivastava, Annals of Statistics 1975); over stretches it is that of Levin and Kline (1985), on a grid of lengths.
#include "split.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>

static const double CUT_OFF = 3; // robust deviations; costs 1 % of power in Gaussian noise
static const double MAD_TO_DEVIATION = 1.4826; // of a Gaussian
static const double ROUNDING = 1e-24; // a square that is but the rounding of values about 1

bool split_work_make(struct split_work *work, size_t room)
{
	*work = (struct split_work){
		.sorted = calloc(room + 1, sizeof(double)),
		.order = calloc(room + 1, sizeof(size_t)),
		.values = calloc(room + 1, sizeof(double)),
		.scores = calloc(room + 1, sizeof(double)),
		.sums = calloc(room + 1, sizeof(double)),
		.room = room,
	};
	if (work->sorted && work->order && work->values && work->scores && work->sums)
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
	*work = (struct split_work){0};
}

// ---- standardising -------------------------------------------------------------------------------------------------

static double sorted_median(const double *sorted, size_t count)
{
	return count % 2 ? sorted[count / 2] : sorted[count / 2 - 1] / 2 + sorted[count / 2] / 2;
}

// The median distance from the centre. Both halves of the sorted values grow away from it: a merge finds the middle.
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

// Equal values share the mean of their scores. They are not stretched to a deviation of 1 afterwards: in a run of
// equal values one that is not would otherwise weigh as much as half of the run.
static void fill_scores(struct split_work *work, size_t count)
{
	double squares = 0;
	double factor;

	for (size_t i = 0; i < count; i++) {
		double score = gsl_cdf_ugaussian_Pinv(((double)i + 0.5) / (double)count);

		work->sums[i] = score;
		squares += score * score;
	}
	factor = sqrt((double)count / squares);
	for (size_t first = 0, end; first < count; first = end) {
		double sum = 0;

		for (end = first; end < count && work->sorted[end] == work->sorted[first]; end++)
			sum += work->sums[end];
		for (size_t i = first; i < end; i++)
			work->scores[work->order[i]] = sum / (double)(end - first) * factor;
	}
}

// Where more than half of the values are equal there is no scale to cut off by; the scores then stand for the values.
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
		work->values[i] = fmax(-1, fmin(1, (values[i] - centre) / limit));
	standardise(work->values, count);
}

// ---- the largest difference ----------------------------------------------------------------------------------------

// sums[k] is the sum of the first k values.
static void fill_sums(struct split_work *work, const double *values, size_t count)
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

// Stretches in the middle of the run; one that touches an end is a split.
static double largest_stretch(const double *sums, size_t count, size_t *first, size_t *end)
{
	double largest = 0;

	*first = *end = 0;
	for (size_t length = SPLIT_STRETCH_MIN; length <= count / 2; length += (length + 2) / 3) {
		double weight = 1 / ((double)length * (double)(count - length));

		for (size_t i = SPLIT_SEGMENT_MIN; i + length + SPLIT_SEGMENT_MIN <= count; i++) {
			double sum = sums[i + length] - sums[i];

			if (sum * sum * weight > largest) {
				largest = sum * sum * weight;
				*first = i;
				*end = i + length;
			}
		}
	}
	return sqrt(largest * (double)count);
}

// ---- autocorrelation -----------------------------------------------------------------------------------------------

// What each of the two sides leaves over its mean, into left.
static void fill_left(const double *values, size_t count, size_t at, double *left)
{
	double means[2] = {0, 0};

	for (size_t i = 0; i < count; i++)
		means[i >= at] += values[i] / (double)(i < at ? at : count - at);
	for (size_t i = 0; i < count; i++)
		left[i] = values[i] - means[i >= at];
}

static double plain_autocorrelation(const double *left, size_t count)
{
	double squares = left[0] * left[0];
	double products = 0;

	for (size_t i = 1; i < count; i++) {
		squares += left[i] * left[i];
		products += left[i] * left[i - 1];
	}
	return squares > ROUNDING * (double)count ? products / squares : 0;
}

// 1 + rho is the ratio of the squared differences over two places and over one, in first-order noise; steps hardly
// touch it when large differences are bounded (after Chakar, Lebarbier, Levy-Leduc and Robin, Bernoulli 2017).
static double differences_autocorrelation(const double *left, size_t count)
{
	double limit = 0;
	double sums[2] = {0, 0};

	for (size_t i = 2; i < count; i++)
		limit += fabs(left[i] - left[i - 1]) * 3 / (double)(count - 2);
	for (size_t i = 2; i < count; i++) {
		double one = fmin(fabs(left[i] - left[i - 1]), limit);
		double two = fmin(fabs(left[i] - left[i - 2]), limit);

		sums[0] += one * one;
		sums[1] += two * two;
	}
	return sums[0] > ROUNDING * (double)count ? sums[1] / sums[0] - 1 : 0;
}

// The plain estimate, corrected for what subtracting the segments' means took from it, and bounded by the other one,
// because steps that are still in there raise it. What chance alone gives is shrunk away, or every run would pay for it.
double split_autocorrelation(const double *left, size_t count, size_t segments)
{
	static const double BOUND_SLACK =
		0.15; // the bound scatters more; about its deviation at 120 values
	static const double SHRINKING =
		3; // times the estimate's variance in independent noise; by simulation
	double n = (double)count;
	double rho = plain_autocorrelation(left, count);

	rho += (double)segments * (1 + 2 * rho) / n;
	rho = fmin(rho, differences_autocorrelation(left, count) + BOUND_SLACK);
	if (!(rho > 0))
		return 0;
	rho = fmin(rho, 0.95);
	return rho * rho * rho / (rho * rho + SHRINKING / n);
}

double split_widening(double autocorrelation)
{
	return sqrt((1 + autocorrelation) / (1 - autocorrelation));
}

// ---- together ------------------------------------------------------------------------------------------------------

void split_measure(struct split_work *work, const double *values, size_t count, struct split *split)
{
	size_t ignored;

	*split = (struct split){0};
	if (count < (size_t)2 * SPLIT_SEGMENT_MIN)
		return;
	gsl_sort_index(work->order, values, 1, count);
	for (size_t i = 0; i < count; i++)
		work->sorted[i] = values[work->order[i]];
	fill_scores(work, count);
	fill_values(work, values, count);
	fill_sums(work, work->scores, count);
	split->by_scores = largest_split(work->sums, count, &ignored);
	split->stretch_by_scores = largest_stretch(work->sums, count, &ignored, &ignored);
	fill_sums(work, work->values, count);
	split->by_values = largest_split(work->sums, count, &split->at);
	split->stretch_by_values =
		largest_stretch(work->sums, count, &split->stretch_first, &split->stretch_end);
	fill_left(work->values, count, split->at, work->sums);
	split->autocorrelation = split_autocorrelation(work->sums, count, 2);
}

// A statistic that cannot be larger whatever the values equals its critical value up to rounding.
static bool exceeds(double statistic, double critical)
{
	return statistic > critical * (1 + 1e-9);
}

bool split_is_change(const struct split *split, size_t count, double autocorrelation)
{
	struct split_critical critical = split_critical(count);
	double widening = split_widening(autocorrelation);

	return count >= (size_t)2 * SPLIT_SEGMENT_MIN &&
	       exceeds(split->by_values / widening, critical.by_values) &&
	       exceeds(split->by_scores / widening, critical.by_scores);
}

bool split_is_stretch(const struct split *split, size_t count, double autocorrelation)
{
	struct split_critical critical = split_critical(count);
	double widening = split_widening(autocorrelation);

	return count >= (size_t)2 * SPLIT_STRETCH_MIN &&
	       exceeds(split->stretch_by_values / widening, critical.stretch_by_values) &&
	       exceeds(split->stretch_by_scores / widening, critical.stretch_by_scores);
}

bool split_is_change_of_part(const struct split *split, size_t count, double autocorrelation)
{
	struct split_critical critical = split_critical(count);
	double widening = split_widening(autocorrelation);

	return exceeds(split->by_values / widening, critical.stretch_by_values) &&
	       exceeds(split->by_scores / widening, critical.stretch_by_scores);
}
