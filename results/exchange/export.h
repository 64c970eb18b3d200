// SPDX-License-Identifier: GPL-2.0-or-later
// The store in the formats of other programs. Entry: export_write(). What each format keeps is in
// FORMATS.md.
#ifndef RESULTS_EXCHANGE_EXPORT_H
#define RESULTS_EXCHANGE_EXPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "results/store/store.h"

// The formats' names, as an option lists its choices.
#define EXPORT_FORMATS "gbench|jsonl|csv|gobench|github-action|bmf|lnt|otava|openmetrics|junit|asv"

// A commit as a repository knows it.
struct export_commit {
	char name[72]; // in full
	int64_t unix_ns; // when it was made
};

// Where asv's commits are looked up. find() fails where the repository lacks one.
struct export_commits {
	bool (*find)(void *context, const char *name, struct export_commit *commit,
		struct problem *problem);
	void *context;
};

struct export_request {
	const char *format; // one of EXPORT_FORMATS
	int64_t session; // 0: the newest; of asv, jsonl and otava all
	const char *config; // only this one; NULL: all
	int round; // of gbench: only this one; below 0: all
	const char *base; // of junit: the config that the others are compared with
	const char *folder; // of asv: where its files go
	const struct export_commits *commits; // of asv; NULL: a commit is what the store calls it
	FILE *output; // of asv: what was done
};

// Writes what is asked for. EXIT_WRONG_USE: no such session or config; EXIT_NOT_MEASURED: nothing
// was measured, or the output could not be written.
bool export_write(
	struct store *store, const struct export_request *request, struct problem *problem);

#endif
