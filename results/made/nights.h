// SPDX-License-Identifier: GPL-2.0-or-later
// Made-up nights: sessions whose processes scatter around what their night does to all of them. For
// tests only. Every failure ends the test.
#ifndef RESULTS_MADE_NIGHTS_H
#define RESULTS_MADE_NIGHTS_H

#include <gsl/gsl_rng.h>

#include "results.h"

enum { MADE_NIGHT_SLOWER = 7 }; // the series that a slower build is slower in

struct made_night {
	int night; // began so many days after the first
	double effect; // log, of all that it measures
	double scatter; // standard deviation of a process's log
	int series, rounds;
	const char *commit; // of config default
	double slower; // log, of one series of that build
	const char
		*beside[2]; // commits that are measured in the same rounds; NULL: none, or no more
	const char *purpose; // of the session; NULL: results
};

int64_t made_night_session(struct store *store, const struct made_night *night, gsl_rng *random);

#endif
