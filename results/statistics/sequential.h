// SPDX-License-Identifier: GPL-2.0-or-later
// Looking at a comparison again and again without more false alarms than one look would give, as
// pure functions. Each look may spend a part of alpha (Lan and DeMets, "Discrete sequential
// boundaries for clinical trials", Biometrika 1983) by a function of the O'Brien-Fleming type:
// hardly any at first, so that the last look is nearly as sharp as a single one. Levels follow from
// numerical integration (Armitage, McPherson and Rowe, JRSS A 1969, as in Jennison and Turnbull,
// Group Sequential Methods, 2000, chapter 19); at each look the exact test of statistics.h is held
// against its level, and the interval is widened alike (repeated intervals: Jennison and Turnbull,
// JRSS B 1989).
#ifndef RESULTS_STATISTICS_SEQUENTIAL_H
#define RESULTS_STATISTICS_SEQUENTIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "statistics.h"

enum { SEQUENTIAL_LOOKS_MAX = 64, SEQUENTIAL_ALPHAS = 25 };

// The part of alpha that may be spent, both sides together, when a share `information` (0 to 1) of
// the planned rounds is there: 2 - 2 Phi(z / sqrt(information)), z the two-sided quantile of alpha
// (Jennison and Turnbull 2000, 7.2).
double spending_obrien_fleming(double alpha, double information);

// The values that |Z| must reach at each look, so that under equal sides it has reached one of them
// with the chance may_spend[k] by look k. Both arrays rise. Infinite where too little may be spent
// to be reckoned with; it is left for the next look. False when memory runs out.
bool sequential_bounds(
	const double *information, const double *may_spend, size_t looks, double *bounds);

// The chance that |Z| reaches its bound at any look, when Z's mean would be `drift` at information
// 1. No verdict asks for it: the tests hold the bounds against published tables by it.
double sequential_crossing(
	const double *information, const double *bounds, size_t looks, double drift);

// When a session looks, and how strict each look is at each alpha. Made once, used for all rows.
struct sequential {
	int64_t first_block; // the block of round 0; blocks of rounds are consecutive
	size_t rounds_max;
	size_t looks_count;
	size_t looks[SEQUENTIAL_LOOKS_MAX]; // rounds that are done by then; rising
	size_t looks_held; // of a session that ran: how many there were
	// Bounds of |Z| at SEQUENTIAL_ALPHAS alphas, the smallest first.
	double bounds[SEQUENTIAL_LOOKS_MAX][SEQUENTIAL_ALPHAS];
};

// Looks from the first round on at which a sign-flip test can reach alpha's level, then every
// `every` rounds, and at rounds_max. More looks than SEQUENTIAL_LOOKS_MAX are spread further apart.
// rounds_max and every are at least 1.
bool sequential_make(struct sequential *schedule, size_t rounds_max, size_t every, double alpha);

// The same from looks that are known: those of a session that ran. Rounds that were done after the
// last look (the session was stopped) are a look of their own.
bool sequential_restore(struct sequential *schedule, size_t rounds_max, const size_t *looks,
	size_t looks_count, size_t rounds_done);

// The level of a look: what p has to be, at most.
double sequential_level(const struct sequential *schedule, size_t look, double alpha);

// The smallest alpha at which p would pass at this look: a p value that may be looked at often. 1
// where even the largest alpha would not do.
double sequential_p(const struct sequential *schedule, size_t look, double p);

// A row's figures: blocks[i] (rising) is that of differences[i]. p is the smallest of all looks
// held, below 1 % with their levels summed up (Bonferroni), because no law can be trusted there.
// The interval is that of the last one, at a level that holds at all looks together, and so is its
// confidence. The rest is as in shift_of_pairs(). False when memory runs out.
bool sequential_shift(const struct sequential *schedule, const double *differences,
	const int64_t *blocks, size_t count, double confidence, struct shift *shift);

// Its p alone, which takes a small part of the time.
double sequential_p_of(const struct sequential *schedule, const double *differences,
	const int64_t *blocks, size_t count);

// The smallest p that sequential_shift() can give for these rounds, whatever the differences.
double sequential_p_smallest(
	const struct sequential *schedule, const int64_t *blocks, size_t count);

// The chance of a verdict by the last look for a row that has none yet, if things go on as they
// look: `estimate` and `spread` (log ratio, standard deviation of a round's) of `rounds` rounds,
// margin as a share. Normal approximation.
double sequential_hope(const struct sequential *schedule, double estimate, double spread,
	size_t rounds, double margin, double alpha);

// About how many rounds would give a verdict, changed or equivalent, whichever comes first;
// infinite where the estimate lies at the margin itself.
double sequential_rounds_needed(double estimate, double spread, double margin, double alpha);

#endif
