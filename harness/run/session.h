// SPDX-License-Identifier: GPL-2.0-or-later
// Carries out a run as one session of the store: a fresh process for each step of the plan, its
// document into the store at once, failures told and counted, the user's Ctrl-C honoured.
#ifndef HARNESS_RUN_SESSION_H
#define HARNESS_RUN_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "harness/process/process.h"
#include "progress.h"
#include "run.h"

// The exit status of a session that the user stopped: a shell shows it for a program that ended by
// Ctrl-C.
#define EXIT_INTERRUPTED 130

struct session {
	const struct run *run;
	double deadline_s; // of the monotonic clock; no process is started after it. 0: none
	int64_t id; // in the store
	struct progress progress;
	struct interruption interruption;
	size_t measured; // processes whose document is stored
	size_t *failed; // [workload * sides_count + side]: processes that failed
	bool is_interrupted;
	double elapsed_s; // when it has ended
	bool is_out_of_time; // the deadline came before the plan's end
};

// Measures what the run says, step after step, into a new session of run->store. False: it could
// not go on (the store can't be written), or the session could not be closed; a process that fails
// is counted and the session goes on. Afterwards *session says what was measured; session_free() in
// any case.
bool session_measure(const struct run *run, struct session *session, struct problem *problem);
void session_free(struct session *session);

// The exit status of a session that ended: not measured when any process failed or none was
// measured (then the problem says which), EXIT_INTERRUPTED when the user ended it.
int session_status(const struct session *session, struct problem *problem);

// How many processes were measured in what time, and where they are: one line without its end.
void session_say(const struct session *session, FILE *output);

#endif
