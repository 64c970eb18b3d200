// SPDX-License-Identifier: GPL-2.0-or-later
// One commit held against another: both builds measured in the same rounds until a verdict, and an
// answer in one word. `slabmark try` asks for
// one, `slabmark bisect` for several.
#ifndef HARNESS_RUN_TRIAL_H
#define HARNESS_RUN_TRIAL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "harness/process/revision.h"
#include "results/compare/compare.h"
#include "run.h"

struct trial_request {
	const char *config;
	const char *base; // commits, by their whole names
	const char *other;
	struct texts workloads; // none: all
	size_t every; // rounds between looks
	double margin; // a share, or COMPARE_MARGIN_CALIBRATED
	struct texts counters; // shown beside the times; none: none
};

enum trial_answer {
	TRIAL_SLOWER, // a series is slower by more than its margin, beyond chance
	TRIAL_NOT_SLOWER, // every series is decided, and none is slower
	TRIAL_UNDECIDED, // none is shown to be slower, and some could be
};

struct trial {
	int64_t session;
	struct comparison *comparison;
	enum trial_answer answer;
	int status; // the session's exit status
};

// Measures. The caller has filled the run's command, words, store, rounds, times and settings; its
// sides and workloads are the request's. Builds what is not built yet. False where nothing could be
// measured or compared. trial_free() in any case. Frees the run.
bool trial_run(struct trial *trial, struct run *run, const struct trial_request *request,
	struct problem *problem);
void trial_free(struct trial *trial);

// Runs both sides of the request once under callgrind, and adds which functions their instructions are in:
// base, other. The run as for trial_run(); its rounds and its seed are the simulation's. Frees the run.
bool trial_simulate(struct run *run, const struct trial_request *request,
	struct functions functions[2], struct problem *problem);

// The answer from a comparison of two sides. series: the one that counts; NULL: all.
enum trial_answer trial_answer_of(const struct comparison *comparison, const char *series);

// Says the answer in a sentence or two, with the rows that it rests on, largest first.
void trial_say(const struct trial *trial, FILE *output);

#endif
