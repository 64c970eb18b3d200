// SPDX-License-Identifier: GPL-2.0-or-later
// The newest values against those before: the largest difference of the two means over all recent
// places, of the values cut off and of their normal scores (split.h), each with the chance that a
// night of noise reaches it. Entry: watch_evidence(). The law of the largest difference over many
// places and nights is known by simulation.
#include <math.h>

#include "autocorrelation.h"
#include "split_internal.h"
#include "watch_internal.h"

enum { NEWEST_MAX = 120 }; // values that may be of another level

static const struct watch_evidence NONE = {.chance = 1};

// ---- the chance

// The chance a night that the largest standardised difference exceeds so much: log-linear in its
// square.
struct law {
	double at, chance; // a point
	double slope; // of the logarithm, a unit of the square
};

static double chance_of(const struct law *law, double statistic)
{
	double square = statistic * statistic;

	return smaller(1, law->chance * exp(-law->slope * (square - law->at * law->at)));
}

// Wallace (1959): the normal deviate that is as rare as this one of Student's distribution.
static double normal_deviate(double student, double freedom)
{
	return sqrt(freedom * log1p(student * student / freedom)) * (8 * freedom + 1) /
	       (8 * freedom + 3);
}

// By how much the variance of a mean of so many values exceeds that of independent ones, where
// neighbours resemble each other so much.
static double mean_widening(size_t count, double autocorrelation)
{
	double power = 1;
	double sum = 1;

	for (size_t lag = 1; lag < count && power > 1e-4; lag++) {
		power *= autocorrelation;
		sum += 2 * (1 - (double)lag / (double)count) * power;
	}
	return sum;
}

// The difference of the means of the newest values and of the others, of standardised values whose
// running sums are known, as a normal deviate.
static double difference(const double *sums, size_t count, size_t newest, double rho)
{
	double of_newest = (double)newest;
	double of_others = (double)(count - newest);
	double sum = sums[count - newest] * sqrt(1 / of_newest + 1 / of_others);
	double left = larger(1e-9, 1 - sum * sum / (double)count);
	double widening = (mean_widening(newest, rho) / of_newest +
				  mean_widening(count - newest, rho) / of_others) /
			  (1 / of_newest + 1 / of_others);

	return normal_deviate(
		fabs(sum) / sqrt(left * (double)count / (double)(count - 2) * widening),
		(double)(count - 2));
}

// ---- evidence

static struct watch_evidence evidence_of(
	const struct watch *watch, size_t newest, double chance, double autocorrelation)
{
	size_t end = watch->segment_count;
	double ignored;
	size_t since = end - newest;

	return (struct watch_evidence){
		.chance = chance,
		.since = watch->places[watch->segment[since]],
		.before = watch_level(watch, watch->segment_first, since, &ignored),
		.after = watch_level(watch, since, end, &ignored),
		.autocorrelation = autocorrelation,
	};
}

static bool are_equal(const double *values, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		if (values[i] != values[0])
			return false;
	}
	return true;
}

// Whether one value lies so far off that no noise like the one before makes it: far beyond the
// deviation, and beyond anything that was seen.
static bool is_beyond_all(const struct watch *watch, const double *values, size_t count)
{
	static const double DEVIATIONS = 30;
	static const double SEEN = 5;
	double deviation;
	double level = watch_level(
		watch, watch->segment_count - 1 - count, watch->segment_count - 1, &deviation);
	double largest = 0;
	double off = fabs(values[count] - level);

	for (size_t i = 0; i < count; i++)
		largest = larger(largest, fabs(values[i] - level));
	return off > DEVIATIONS * deviation && off > SEEN * largest && largest > 0;
}

static size_t next_newest(size_t newest)
{
	return newest + (newest + 7) / 8;
}

// The largest difference, and how many of the newest values it is of.
static double largest_difference(
	const double *sums, size_t count, double rho, size_t *newest_of_largest)
{
	double largest = 0;

	*newest_of_largest = 1;
	for (size_t newest = 1; newest <= NEWEST_MAX && newest + WATCH_BASE_MIN <= count;
		newest = next_newest(newest)) {
		double deviate = difference(sums, count, newest, rho);

		if (deviate > largest) {
			largest = deviate;
			*newest_of_largest = newest;
		}
	}
	return largest;
}

// What the two levels leave over tells how much neighbours resemble each other. A short series
// hardly shows it, so that some of it is presumed.
static double noise_autocorrelation(struct split_work *work, size_t count, size_t newest)
{
	static const double PRESUMED = 0.25;
	static const double WEIGHT = 40; // of what is presumed, in values
	static const double MEASURED_MAX = 0.5; // believed at once: a ramp looks like more
	double rho;
	double shrunk;

	split_left_fill(work->values, 0, count - newest, work->sums);
	split_left_fill(work->values, count - newest, count, work->sums);
	rho = autocorrelation_plain(work->sums, count, 4);
	shrunk = (rho * (double)count + PRESUMED * WEIGHT) / ((double)count + WEIGHT);
	rho = smaller(rho, MEASURED_MAX);
	return larger(0, smaller(0.95, larger(rho, shrunk)));
}

// By simulation of series that are watched for a year: 0.05 / 365 where Gaussian noise, and such of
// an autocorrelation of 0.3, stay well below 5 % (statistics/METHOD.md has the rates of all kinds).
static const struct law LAW_OF_VALUES = {4.4, 1.37e-4, 0.5};
static const struct law LAW_OF_SCORES = {3.65, 1.37e-4, 0.5};
// In short series even the most extreme order of the ranks is not very rare.
static const double SHORT_SCORES = 18; // over the count: what their deviate then lacks
static const double HOPELESS = 3; // a deviate that is never evidence

// The newest values, if they are all above, or all below, all others. The level is one of these.
struct separation {
	double chance; // of all ways to choose so many ranks two; 1: they are not
	double distance; // of the nearest of them from the level of the others
};

static struct separation separation_of(
	const double *values, size_t count, size_t newest, double level)
{
	struct separation separation = {.chance = 2, .distance = INFINITY};
	size_t others = count - newest;
	bool is_above = values[count - 1] > level;
	double most = -INFINITY; // of the others, as far as the newest lie

	for (size_t i = 0; i < others; i++)
		most = larger(most, is_above ? values[i] - level : level - values[i]);
	for (size_t i = others; i < count; i++)
		separation.distance = smaller(
			separation.distance, is_above ? values[i] - level : level - values[i]);
	if (!(separation.distance > most))
		return (struct separation){.chance = 1};
	for (size_t i = 0; i < newest; i++)
		separation.chance *= (double)(newest - i) / (double)(count - i);
	return separation;
}

// Whether the newest value is beyond all but a few before it: most nights end here.
static bool is_beyond_others(const double *values, size_t count, size_t few)
{
	double newest = values[count - 1];
	bool is_above = newest > values[0];

	for (size_t i = 0; i + few < count; i++) {
		if (is_above ? values[i] >= newest : values[i] <= newest)
			return false;
	}
	return true;
}

// A spell of a few values that lie far off, and beyond all others, is as rare as that order is.
// Means of values that are cut off do not show it.
static struct watch_evidence evidence_of_spell(struct watch *watch, size_t count)
{
	static const double FAR = 4; // deviations
	enum { SPELL_MIN = 3, SPELL_MAX = 6 };
	struct watch_evidence best = NONE;

	if (!is_beyond_others(watch->level, count, SPELL_MAX))
		return NONE;
	for (size_t newest = SPELL_MIN; newest <= SPELL_MAX && newest + WATCH_BASE_MIN <= count;
		newest++) {
		size_t end = watch->segment_count;
		double deviation;
		double level = watch_level(watch, end - count, end - newest, &deviation);
		struct separation separation = separation_of(watch->level, count, newest, level);

		if (separation.chance < best.chance && separation.distance > FAR * deviation)
			best = evidence_of(watch, newest, separation.chance, 0);
	}
	return best;
}

static struct watch_evidence evidence_of_means(struct watch *watch, size_t count)
{
	struct split_work *work = &watch->work;
	size_t newest;
	size_t ignored;
	double rho;
	double local;
	double by_values;
	double by_scores;
	double chance_by_scores;

	split_scale(work, watch->level, count);
	split_sums_fill(work, work->values, count);
	if (largest_difference(work->sums, count, 0, &newest) < HOPELESS)
		return NONE;
	rho = noise_autocorrelation(work, count, newest);
	local = split_local_widening(work->sums, count, count - newest, count - newest);
	split_sums_fill(work, work->values, count);
	by_values = largest_difference(work->sums, count, rho, &newest);
	split_sums_fill(work, work->scores, count);
	by_scores = largest_difference(work->sums, count, rho, &ignored);
	by_scores += SHORT_SCORES / (double)count;
	chance_by_scores = smaller(chance_of(&LAW_OF_SCORES, by_scores / local),
		separation_of(watch->level, count, newest, watch->level[0]).chance);
	return evidence_of(watch, newest,
		larger(chance_of(&LAW_OF_VALUES, by_values / local), chance_by_scores), rho);
}

struct watch_evidence watch_evidence(struct watch *watch)
{
	size_t count = watch->segment_count - watch->segment_first;
	double *values = watch->level;
	struct watch_evidence evidence;
	struct watch_evidence of_spell;

	count = count > WATCH_WINDOW ? WATCH_WINDOW : count;
	if (count < WATCH_BASE_MIN + 1)
		return NONE;
	for (size_t i = 0; i < count; i++)
		values[i] = watch->values[watch->segment[watch->segment_count - count + i]];
	if (are_equal(values, count - 1)) {
		if (values[count - 1] == values[0])
			return NONE;
		evidence = evidence_of(watch, 1, 0, 0);
		evidence.is_exact = true;
		return evidence;
	}
	if (is_beyond_all(watch, values, count - 1))
		return evidence_of(watch, 1, 0, 0);
	of_spell = evidence_of_spell(watch, count);
	evidence = evidence_of_means(watch, count);
	return of_spell.chance < evidence.chance ? of_spell : evidence;
}
