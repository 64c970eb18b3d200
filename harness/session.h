// SPDX-License-Identifier: GPL-2.0-or-later
// Carries out a plan: a fresh process for each step, its document into the store at once, failures told and counted,
// the user's Ctrl-C honoured.
#ifndef HARNESS_SESSION_H
#define HARNESS_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "../results/problem.h"
#include "../results/store.h"
#include "plan.h"
#include "process.h"
#include "progress.h"
#include "selection.h"

// What each measured process is told besides its step.
struct session_settings {
	double min_time_s;
	double timeout_s;
	const char *const *settings; // "WORKLOAD.PARAMETER=VALUE"
	size_t settings_count;
	char *const *passed; // Google Benchmark's own options
	size_t passed_count;
};

struct session {
	const struct session_settings *settings;
	const struct selection *selection;
	const struct plan *plan;
	struct store *store;
	int64_t id; // in the store
	struct progress progress;
	struct interruption interruption;
	size_t measured; // processes whose document is stored
	size_t *failed; // [step]: 1 where its process failed
	bool is_interrupted;
};

// Runs every step, or as many as the user lets it. False when it couldn't go on (the store can't be written); a
// process that fails is counted in failed[] and the session goes on.
bool session_run(struct session *session, struct problem *problem);

// Says which processes failed: "nocolour pair (3 times), default batch (once)".
char *session_failures(const struct session *session, char *text, size_t size);

#endif
