// SPDX-License-Identifier: GPL-2.0-or-later
// Normal scores, from GSL's quantiles. Those of few ranks are reckoned once in a process.
#include "normal_scores.h"

#include <math.h>
#include <threads.h>

#include <gsl/gsl_cdf.h>

enum {
	KNOWN_MAX = 128, // ranks; a history of some months
	KNOWN_SCORES = (KNOWN_MAX / 2) * (KNOWN_MAX / 2 + 1),
};

// Written by known_fill() alone, once, before anybody reads.
static double known_scores[KNOWN_SCORES]; // one count's after the other's
static double known_factors[KNOWN_MAX + 1];
static once_flag known_once = ONCE_FLAG_INIT;

static double fill(size_t count, double *lower)
{
	double squares = 0;

	for (size_t i = 0; i < (count + 1) / 2; i++) {
		lower[i] = gsl_cdf_ugaussian_Pinv(((double)i + 0.5) / (double)count);
		squares += 2 * lower[i] * lower[i]; // the middle one of an odd number is 0
	}
	return sqrt((double)count / squares);
}

// How many scores the counts below this one have together: of 1, 1, 2, 2, 3, 3, ….
static size_t known_first(size_t count)
{
	return (count / 2) * ((count + 1) / 2);
}

static void known_fill(void)
{
	for (size_t count = 2; count <= KNOWN_MAX; count++)
		known_factors[count] = fill(count, known_scores + known_first(count));
}

struct normal_scores normal_scores_of(size_t count, double *room)
{
	if (count > KNOWN_MAX)
		return (struct normal_scores){.factor = fill(count, room), .lower = room};
	call_once(&known_once, known_fill);
	return (struct normal_scores){known_scores + known_first(count), known_factors[count]};
}
