// SPDX-License-Identifier: GPL-2.0-or-later
// What people made of the changes in a history: a state and a note for each, kept in the store. A
// change is found anew each time, and as values come in its place may move by one or two; a
// judgement stays with the nearest change of the same kind and direction in its series, so that it
// has a name of its own: ten hexadecimal digits, made of what it was when it was first judged.
#ifndef RESULTS_HISTORY_TRIAGE_H
#define RESULTS_HISTORY_TRIAGE_H

#include "history.h"

// Nobody looked yet; meant to be so; was a mistake and is mended; nothing changed but the noise.
#define TRIAGE_STATES      "new|expected|fixed|noise"
#define TRIAGE_STATE_NONE  "new"
#define TRIAGE_PLACE_SLACK 2 // values by which a change may have moved

// Gives every change of the store's series its id, its state and note, and what changed on its
// machine then. After history_judge().
bool triage_read(struct store *store, struct history *history, struct problem *problem);

// Keeps a judgement of the change whose id begins so, in the store and in *history. EXIT_WRONG_USE:
// a state that is none, no such change, or several. NULL as note keeps the one before.
bool triage_write(struct store *store, struct history *history, const char *id, const char *state,
	const char *note, int64_t now_unix_ns, struct problem *problem);

// Several judgements as one: after triage_begin() none is kept before triage_end(), and none at all
// unless is_good. Returns is_good, or false where the store could not keep them.
bool triage_begin(struct store *store, struct problem *problem);
bool triage_end(struct store *store, bool is_good, struct problem *problem);

// The id that a change of a series gets in a session when it is first seen.
void triage_id(const char *name, const char *config, const char *machine, const char *kind,
	int64_t session, char id[HISTORY_ID_SIZE]);

// Leaves only changes whose state is one of these, and only series that have such.
void triage_keep(struct history *history, const char *const *states, size_t count);

#endif
