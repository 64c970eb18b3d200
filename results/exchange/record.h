// SPDX-License-Identifier: GPL-2.0-or-later
// Records: what the store holds beside measurements, as lines of our own JSON. What people made of
// changes, what a machine was calibrated to, which sessions are baselines, how gates ended, what
// was accepted. One table says how a kind's members and columns correspond; writing, checking and
// reading walk its rows.
#ifndef RESULTS_EXCHANGE_RECORD_H
#define RESULTS_EXCHANGE_RECORD_H

#include <stdio.h>

#include "results/store/store.h"

enum record_type {
	RECORD_TEXT,
	RECORD_TEXT_OR_NULL,
	RECORD_MACHINE, // a fingerprint; a former one becomes today's
	RECORD_WORD, // one of `choices`
	RECORD_NAME, // of a baseline
	RECORD_ID, // of a change, ten hexadecimal digits; another one where it is taken
	RECORD_INTEGER, // of at least `least`
	RECORD_STAMP, // an integer: when it was made; of two with the same key the newer stays
	RECORD_REAL, // of at least `least`
	RECORD_REAL_OR_NULL,
	RECORD_OBJECT, // of numbers
	RECORD_SESSION, // of this file
	RECORD_SESSION_OR_NULL, // null where the file has no such session
	RECORD_SESSION_NEAR, // where the file has no such session the next one that it has
};

struct record_column {
	const char *member;
	const char *column;
	enum record_type type;
	bool is_key; // all key columns together tell records of a kind apart
	const char *choices; // "a|b"
	double least;
};

enum { RECORD_COLUMNS_MAX = 11, RECORD_KINDS = 5 };

struct record_kind {
	const char *member; // "slabmark_…": what a line of it begins with; its value is 1
	const char *table;
	const char *rest; // of the query: which rows, in which order
	struct record_column columns[RECORD_COLUMNS_MAX]; // up to one without a member
};
extern const struct record_kind record_kinds[RECORD_KINDS];

// Writes all records, a line each.
bool records_export(struct store *store, FILE *output, struct problem *problem);

// The session of the store that is session `there` of the file; where is_near is set and the file
// has no such session, the next one or, after the last, the last. 0: none.
typedef int64_t (*record_session)(const void *context, int64_t there, bool is_near);

bool record_is_line(const json_t *line);

// Checks a line of a record and stores it; *is_new is false where the store holds it already, or a
// newer one in its place.
bool record_import(struct store *store, const json_t *line, record_session session,
	const void *context, bool *is_new, struct problem *problem);

#endif
