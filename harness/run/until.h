// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark run --until=verdict`: looks at the session while it runs, as compare would, and wants
// further rounds only for what is undecided. results/statistics/sequential.h says what a look may
// claim.
#ifndef HARNESS_RUN_UNTIL_H
#define HARNESS_RUN_UNTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "results/compare/compare.h"
#include "results/statistics/sequential.h"
#include "session.h"

// Below this chance of a verdict by the plan's end a row gets no further rounds.
#define UNTIL_HOPE_LEAST 0.05

struct until_request {
	const struct run *run; // its first side is the base
	size_t every; // rounds between looks
	const struct compare_options *options; // how rows are judged
	bool is_stubborn; // rows without hope are measured to the end, too
};

struct until {
	const struct until_request *request;
	struct sequential looks;
	json_t *looks_json; // the same, for the session's record
	bool *is_done; // [workload * sides_count + side]
	struct run_watch watch; // for the run
};

// What the last look found.
struct until_tally {
	size_t changed, equivalent, undecided;
	size_t hopeless; // of the undecided: those that got no further rounds
	double rounds_needed; // that would about do for the first of the hopeless
	size_t rounds_least, rounds_most; // behind a row
};

// False: no memory. until_free() in any case.
bool until_make(struct until *until, const struct until_request *request);
void until_free(struct until *until);

// Looks at a session that has ended.
bool until_tally(const struct until *until, int64_t session, struct until_tally *tally,
	struct problem *problem);

// Says what was found, spent and saved.
void until_say(const struct until *until, const struct session *session,
	const struct until_tally *tally, FILE *output);

#endif
