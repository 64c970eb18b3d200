// SPDX-License-Identifier: GPL-2.0-or-later
// How long a run will take. Each workload of each side runs once for a moment, and what that took is
// carried over to the time that the run asks for.
#ifndef HARNESS_RUN_ESTIMATE_H
#define HARNESS_RUN_ESTIMATE_H

#include "run.h"

// A loop that Google Benchmark repeats with ever more operations until it lasts long enough.
struct estimate_loops {
	double seconds; // of all loops together
	double last_s; // of the last one, which is reported
	int count;
};

// smallest_s: what the smallest loop takes. Follows Google Benchmark's rule (PredictNumItersNeeded):
// ten times as many operations while a loop lasts less than a tenth of the time, then as many as make
// it last 1.4 times as long.
struct estimate_loops estimate_loops(double smallest_s, double min_time_s);

// Of the whole plan, which must be there. False: a process could not be started, or told nothing; the
// problem says which.
bool estimate_make(const struct run *run, double *seconds, struct problem *problem);

#endif
