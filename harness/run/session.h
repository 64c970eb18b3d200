// SPDX-License-Identifier: GPL-2.0-or-later
// Carries out a plan: a fresh process for each step, its document into the store at once, failures
// told and counted, the user's Ctrl-C honoured.
#ifndef HARNESS_RUN_SESSION_H
#define HARNESS_RUN_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "plan.h"
#include "process.h"
#include "progress.h"
#include "results/store/store.h"
#include "results/text/problem.h"
#include "selection.h"

// What each measured process is told besides its step.
struct session_settings {
	const char *command; // the subcommand, for messages
	double min_time_s;
	double timeout_s;
	const char *const *settings; // "WORKLOAD.PARAMETER=VALUE"
	size_t settings_count;
	char *const *passed; // Google Benchmark's own options
	size_t passed_count;
};

struct session;

// Somebody who decides while the session runs what of the rest is still wanted.
struct session_watch {
	// Called before each round but the first, when `rounds` rounds are done. False ends the
	// session with the problem.
	bool (*round)(void *context, struct session *session, int rounds, struct problem *problem);
	// Whether a step is still wanted; one that is not is left out.
	bool (*wants)(void *context, const struct plan_step *step);
	void *context;
};

struct session {
	const struct session_settings *settings;
	const struct selection *selection;
	const struct plan *plan;
	const struct session_watch *watch; // NULL: nobody
	double deadline_s; // of the monotonic clock; no process is started after it. 0: none
	struct store *store;
	int64_t id; // in the store
	struct progress progress;
	struct interruption interruption;
	size_t measured; // processes whose document is stored
	size_t left_out; // steps that the watch did not want
	size_t *failed; // [step]: 1 where its process failed
	bool is_interrupted;
	double elapsed_s; // when it has ended
	bool is_out_of_time; // the deadline came before the plan's end
};

// Runs every step, or as many as the user lets it. False when it couldn't go on (the store can't be
// written); a process that fails is counted in failed[] and the session goes on.
bool session_run(struct session *session, struct problem *problem);

// Says which processes failed: "nocolour pair (3 times), default batch (once)".
char *session_failures(const struct session *session, char *text, size_t size);

#endif
