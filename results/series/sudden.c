// SPDX-License-Identifier: GPL-2.0-or-later
// Values far off that stand side by side. Noise may have such values, too, spikes: then there are
// more of them elsewhere, and they seldom meet. So a spell must lie beyond all other values of its
// level, and the chance that the largest of so many values stand side by side must be small. Entry:
// sudden_cut().
#include "sudden.h"

#include <math.h>

#include "results/statistics/order.h"

enum {
	SPELL_MIN = 3, // values; of a level without any noise two
	SIDE_MIN = 3, // values of the level before and after a spell
	LEVEL_MIN = 10, // values of a level that the newest have left
	NEWEST_MAX = 5, // of a level without any noise; later the test of means finds them
};

static const double MAD_TO_DEVIATION = 1.4826; // of a Gaussian
static const double FAR = 4; // deviations from the level that each value of a spell is off
static const double GAP =
	1; // between them and the farthest of the others: noise that has grown has none
static const double CHANCE =
	0.035; // of an order of ranks; few kinds of noise have values so far off

struct run {
	const double *values;
	size_t count;
	double level;
	double deviation; // robust
};

static struct run run_of(
	struct cut_series *series, const struct cut *cut, size_t i, size_t without_last)
{
	size_t first = cut->starts[i].at;
	struct run run = {
		.values = series->values + first,
		.count = cut->starts[i + 1].at - first - without_last,
	};

	for (size_t k = 0; k < run.count; k++)
		series->room[k] = run.values[k];
	run.level = order_median(series->room, run.count);
	for (size_t k = 0; k < run.count; k++)
		series->room[k] = fabs(run.values[k] - run.level);
	run.deviation = order_median(series->room, run.count) * MAD_TO_DEVIATION;
	return run;
}

// How far a value lies on one side of the level: 1 above, -1 below.
static double off(const struct run *run, size_t i, double side)
{
	return side * (run->values[i] - run->level);
}

// ---- spells

struct spell {
	size_t first, end;
	double nearest; // how far off the nearest of its values is
	double others; // and the farthest of all others on that side
};

static struct spell spell_around(const struct run *run, double side)
{
	double limit = FAR * run->deviation;
	size_t farthest = 0;
	struct spell spell = {.others = -INFINITY, .nearest = INFINITY};

	for (size_t i = 1; i < run->count; i++)
		farthest = off(run, i, side) > off(run, farthest, side) ? i : farthest;
	spell.first = farthest;
	spell.end = farthest + 1;
	while (spell.first > 0 && off(run, spell.first - 1, side) > limit)
		spell.first--;
	while (spell.end < run->count && off(run, spell.end, side) > limit)
		spell.end++;
	for (size_t i = 0; i < run->count; i++) {
		bool is_in = i >= spell.first && i < spell.end;

		if (is_in)
			spell.nearest = fmin(spell.nearest, off(run, i, side));
		else
			spell.others = fmax(spell.others, off(run, i, side));
	}
	return spell;
}

// The chance that the largest of the run's values, or the smallest, stand side by side.
static double order_chance(size_t count, size_t length)
{
	double chance = 2 * (double)(count - length + 1);

	for (size_t i = 0; i < length; i++)
		chance *= (double)(length - i) / (double)(count - i);
	return chance;
}

static bool is_exact(const struct run *run, const struct spell *spell, double side)
{
	if (run->deviation > 0 || spell->others > 0)
		return false;
	for (size_t i = 0; i < run->count; i++) {
		bool is_in = i >= spell->first && i < spell->end;

		if (!is_in && off(run, i, side) != 0)
			return false;
	}
	return true;
}

static bool is_spell(const struct run *run, const struct spell *spell, double side)
{
	size_t length = spell->end - spell->first;

	if (spell->first < SIDE_MIN || spell->end + SIDE_MIN > run->count ||
		!(spell->nearest > fmax(0, spell->others)))
		return false;
	if (is_exact(run, spell, side))
		return length >= 2 && run->count >= LEVEL_MIN + length;
	return length >= SPELL_MIN && run->deviation > 0 && spell->nearest > FAR * run->deviation &&
	       spell->nearest > spell->others + GAP * run->deviation &&
	       order_chance(run->count, length) <= CHANCE;
}

// A cheap look first: whether three values side by side are all off by more than a deviation, as
// plain means say it, or the values may be without any noise.
static bool may_have_spell(const double *values, size_t count)
{
	static const double OFF = 1.2; // deviations: so far off even a third of the values can be
	double mean = 0;
	double squares = 0;
	size_t above = 0;
	size_t below = 0;

	for (size_t i = 0; i < count; i++)
		mean += values[i] / (double)count;
	for (size_t i = 0; i < count; i++)
		squares += (values[i] - mean) * (values[i] - mean);
	squares *= OFF * OFF / (double)count;
	for (size_t i = 0; i < count; i++) {
		double difference = values[i] - mean;
		bool is_off = difference * difference > squares;

		above = is_off && difference > 0 ? above + 1 : 0;
		below = is_off && difference < 0 ? below + 1 : 0;
		if (above == SPELL_MIN || below == SPELL_MIN)
			return true;
	}
	return values[0] == values[1];
}

// Cuts at most one spell out of segment i. Returns whether it did.
static bool segment_cut(struct cut_series *series, struct cut *cut, size_t i)
{
	size_t first = cut->starts[i].at;
	struct run run;

	if (cut->starts[i + 1].at - first < 2 * SIDE_MIN + 2 ||
		!may_have_spell(series->values + first, cut->starts[i + 1].at - first))
		return false;
	run = run_of(series, cut, i, 0);
	for (int side = -1; side <= 1; side += 2) {
		struct spell spell = spell_around(&run, side);

		if (!is_spell(&run, &spell, side))
			continue;
		cut_start_add(cut, i + 1, first + spell.end);
		cut_start_add(cut, i + 1, first + spell.first);
		return true;
	}
	return false;
}

// ---- the newest values

// Whether the newest values of the last segment are far beyond anything before them, all on one
// side.
static bool is_left(struct cut_series *series, const struct cut *cut, size_t newest)
{
	// By the number of newest values: deviations, and times the farthest that was seen.
	static const double DEVIATIONS[] = {0, 30, 10};
	static const double SEEN[] = {0, 5, 2.5};
	struct run run = run_of(series, cut, cut->segments - 1, newest);
	double side = run.values[run.count] > run.level ? 1 : -1;
	double seen = 0;
	double nearest = INFINITY;

	for (size_t i = 0; i < run.count; i++)
		seen = fmax(seen, fabs(off(&run, i, 1)));
	for (size_t i = 0; i < newest; i++)
		nearest = fmin(nearest, off(&run, run.count + i, side));
	if (seen == 0)
		return nearest > 0;
	return newest < sizeof(SEEN) / sizeof(SEEN[0]) && run.deviation > 0 &&
	       nearest > DEVIATIONS[newest] * run.deviation && nearest > SEEN[newest] * seen;
}

// Most series end here: their newest value is neither the largest nor the smallest.
static bool is_extreme(const double *values, size_t count)
{
	size_t above = 0;
	size_t below = 0;

	for (size_t i = 0; i + 1 < count; i++) {
		above += values[i] > values[count - 1];
		below += values[i] < values[count - 1];
	}
	return above < NEWEST_MAX || below < NEWEST_MAX;
}

static void newest_cut(struct cut_series *series, struct cut *cut)
{
	size_t end = cut->starts[cut->segments].at;
	size_t first = cut->starts[cut->segments - 1].at;

	if (!is_extreme(series->values + first, end - first))
		return;
	for (size_t newest = 1; newest <= NEWEST_MAX && first + LEVEL_MIN + newest <= end;
		newest++) {
		if (is_left(series, cut, newest)) {
			cut_start_add(cut, cut->segments, end - newest);
			return;
		}
	}
}

void sudden_cut(struct cut_series *series, struct cut *cut)
{
	size_t segments = cut->segments;

	for (size_t i = 0; i < cut->segments;) {
		if (!segment_cut(series, cut, i))
			i++;
	}
	newest_cut(series, cut);
	if (cut->segments > segments)
		cut_left_fill(series, series->values, cut, series->left_by_steps);
}
