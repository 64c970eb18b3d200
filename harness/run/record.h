// SPDX-License-Identifier: GPL-2.0-or-later
// A session from its plan to its end in the store: what run, calibrate and gate share. It records
// what was asked for, has session.h measure, and closes the session whatever happens.
#ifndef HARNESS_RUN_RECORD_H
#define HARNESS_RUN_RECORD_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "harness/command/command_line.h"
#include "plan.h"
#include "session.h"

struct record_request {
	const struct command_call
		*call; // whose words go into the record; its option --db names the store
	const struct session_settings *settings;
	const struct selection *selection;
	const struct plan_choice *choice;
	const struct plan *plan;
	const struct session_watch *watch; // NULL: nobody watches
	const json_t *until; // the plan's member "until": when the session looks; NULL: it does not
	const char *
		purpose; // the plan's member "purpose": "calibration", "confirmation"; NULL: the results themselves
	double budget_s; // 0: none
};

// Runs the plan within a session of the open store. False: it could not go on, or not be closed.
// Afterwards *session says what was measured; record_free() in any case.
bool record_run(const struct record_request *request, struct store *store, struct session *session,
	struct problem *problem);
void record_free(struct session *session);

// The exit status of a session that ended: not measured when any process failed or none was
// measured (then the problem says which), EXIT_INTERRUPTED when the user ended it.
int record_verdict(const struct session *session, struct problem *problem);

// How many processes were measured in what time, and where they are: one line without its end.
void record_say(const struct record_request *request, const struct session *session);

// A new seed, small enough to be typed again.
uint64_t record_seed_draw(void);

// A word as a shell needs it: quoted where it must be.
void record_word_write(FILE *stream, const char *word);

// The store as messages name it; the caller's.
char *record_store_name(const struct command_call *call);

#endif
