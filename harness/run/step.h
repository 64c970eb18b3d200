// SPDX-License-Identifier: GPL-2.0-or-later
// One step of a plan: its process, told what the run says, and what came of it. It stores nothing
// and says nothing.
#ifndef HARNESS_RUN_STEP_H
#define HARNESS_RUN_STEP_H

#include <jansson.h>

#include "harness/process/process.h"
#include "run.h"

enum { STEP_FAULT_SIZE = 1200 };

// Who is asked while the process runs, as struct process_request has it.
struct step_watch {
	struct interruption *interruption;
	void (*tick)(void *context);
	void *context;
};

struct step_outcome {
	struct process_outcome process;
	json_t *document; // what it printed, with at least one benchmark; NULL: it is of no use
	char fault[STEP_FAULT_SIZE]; // what failed, to follow "the process "; "": nothing
};

// Runs the process of a step to its end. False only when it could not be started; a process that
// fails is an outcome. step_outcome_free() after success.
bool step_measure(const struct run *run, const struct plan_step *step,
	const struct step_watch *watch, struct step_outcome *outcome, struct problem *problem);
void step_outcome_free(struct step_outcome *outcome);

#endif
