// SPDX-License-Identifier: GPL-2.0-or-later
// How much neighbours in noise resemble each other, estimated from what segments leave over, so
// that steps which are still in there hardly count. Entry: autocorrelation_believed().
#include "autocorrelation.h"

#include <math.h>
#include <stdbool.h>

static const double ROUNDING = 1e-24; // a square that is but the rounding of values about 1

// fmin() minds NaN, which never comes here, and is a call.
static double smaller(double one, double two)
{
	return one < two ? one : two;
}

static bool is_noiseless(const double *left, size_t count)
{
	double squares = 0;

	for (size_t i = 0; i < count; i++)
		squares += left[i] * left[i];
	return squares <= ROUNDING * (double)count;
}

static double plain_autocorrelation(const double *left, size_t count)
{
	double squares = left[0] * left[0];
	double products = 0;

	for (size_t i = 1; i < count; i++) {
		squares += left[i] * left[i];
		products += left[i] * left[i - 1];
	}
	return products / squares;
}

// The mean absolute difference of neighbours, none counted as more than the limit.
static double mean_difference(const double *left, size_t count, double limit)
{
	double sum = 0;

	for (size_t i = 2; i < count; i++)
		sum += smaller(fabs(left[i] - left[i - 1]), limit);
	return sum / (double)(count - 2);
}

// Three times the mean difference bounds differences in noise. Where steps are much larger than the
// noise they are most of the mean; then the mean of what is so bounded is taken, again and again,
// until the bound holds still.
static double difference_limit(const double *left, size_t count)
{
	enum {
		ROUNDS_MAX = 40
	}; // each divides a bound that is too wide by about count / (3 * steps)
	double limit = 3 * mean_difference(left, count, INFINITY);

	for (int round = 0; round < ROUNDS_MAX; round++) {
		double next = 3 * mean_difference(left, count, limit);

		if (next > 0.8 * limit)
			break;
		limit = next;
	}
	return limit;
}

// Differences up to a limit; those that are beyond all noise are steps or spikes, and left out.
struct differences {
	double squares;
	double count;
};

static void difference_add(struct differences *differences, double difference, double limit)
{
	static const double BEYOND = 1.5; // times the limit: 3.6 deviations of Gaussian differences
	double bounded = smaller(difference, limit);
	bool counts = difference <= BEYOND * limit;

	differences->squares += counts ? bounded * bounded : 0;
	differences->count += counts;
}

static double difference_square(const struct differences *differences)
{
	return differences->count > 0 ? differences->squares / differences->count : 0;
}

// 1 + rho is the ratio of the mean squared differences over two places and over one, in first-order
// noise; steps hardly touch it when large differences are bounded (after Chakar, Lebarbier,
// Levy-Leduc and Robin, Bernoulli 2017).
static double differences_autocorrelation(const double *left, size_t count)
{
	double limit = difference_limit(left, count);
	struct differences over_one = {0};
	struct differences over_two = {0};

	for (size_t i = 2; i < count; i++) {
		difference_add(&over_one, fabs(left[i] - left[i - 1]), limit);
		difference_add(&over_two, fabs(left[i] - left[i - 2]), limit);
	}
	if (!(difference_square(&over_one) > ROUNDING))
		return 0;
	return difference_square(&over_two) / difference_square(&over_one) - 1;
}

// The plain estimate, corrected for what subtracting the segments' means took from it, and bounded
// by the other one, because steps that are still in there raise it. What chance alone gives is
// shrunk away, or every run would pay for it. Short runs show little of the likeness of neighbours:
// there the search for the best place takes more of it away, and little is shrunk (the numbers are
// by simulation, so that series of 15 values and rho 0.7 are called changed in 5 % at most).
double autocorrelation_believed(const double *left, size_t count, size_t segments)
{
	static const double BOUND_SLACK = 0.15; // about the bound's deviation at 120 values
	static const double SHRINKING = 3; // times the estimate's variance in independent noise
	static const double SHRINKING_MAX = 0.02;
	double n = (double)count;
	double taken = (1.4 + 50 / n) * (double)segments / n;
	double shrinking = smaller(SHRINKING / n, SHRINKING_MAX);
	double rho;

	if (is_noiseless(left, count))
		return 0;
	rho = plain_autocorrelation(left, count);
	rho += taken * (1 + 2 * rho);
	rho = smaller(rho,
		differences_autocorrelation(left, count) + BOUND_SLACK * fmax(1, sqrt(120 / n)));
	if (!(rho > 0))
		return 0;
	rho = smaller(rho, 0.95);
	return rho * rho * rho / (rho * rho + shrinking);
}

double autocorrelation_plain(const double *left, size_t count, size_t segments)
{
	double rho;

	if (count < 3 || is_noiseless(left, count))
		return 0;
	rho = plain_autocorrelation(left, count);
	return rho + (1 + 2 * rho) * (double)segments / (double)count;
}

double autocorrelation_widening(double autocorrelation)
{
	return sqrt((1 + autocorrelation) / (1 - autocorrelation));
}
