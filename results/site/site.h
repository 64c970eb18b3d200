// SPDX-License-Identifier: GPL-2.0-or-later
// A site while it is made: what its parts (history.c, night.c, runs.c, tables.c) share. report.c is
// the core.
#ifndef RESULTS_SITE_SITE_H
#define RESULTS_SITE_SITE_H

#include "chunks.h"
#include "report.h"
#include "results/compare/compare.h"
#include "results/history/history.h"

enum { SITE_DATA_VERSION = 1, SERIES_ID_SIZE = 13, NS_A_SECOND = 1000000000 };

// The session of a machine that the site is about: its newest one, or the one that was asked for.
struct night {
	int64_t session;
	bool is_asked; // by the options
	const char *machine; // fingerprint, "unknown" where there is none; the sessions'
	const char *base; // of the ratios: the one asked for where the session has it; the configs'
	struct store_names configs; // that it measured
	struct comparison *comparison; // with the base; NULL: why_not
	json_t *gate; // its judgement against the nights before; NULL: why_no_gate
	struct problem why_not, why_no_gate;
};

struct site {
	struct store *store;
	const struct report_options *options;
	bool is_brief; // no chunks: the index alone is wanted
	struct history history; // judged, with what people made of it
	json_t *sessions; // as store_sessions() has them
	struct night *nights; // the one asked for, then those with regressions, then the newest
	size_t nights_count;
	// Members of the index. What else is in the site names these by their place.
	json_t *machines;
	json_t *configs;
	json_t *benchmarks;
	struct chunks chunks;
	struct problem *problem;
};

// The place of a name in a list of objects with the member `name`; a new one is added.
size_t site_place(json_t *list, const char *name);

// The stable address of a series: digits made of its three names.
void site_series_id(
	const char *name, const char *config, const char *machine, char id[SERIES_ID_SIZE]);

// The lowest and the highest figure (logs) of a value's processes.
void site_range(const struct history_series *series, size_t value, double *low, double *high);

// ---- the parts. Each adds chunks, and members to the index (borrowed). False: site->problem.

bool site_history(struct site *site, json_t *index); // all series, changes and events
bool site_nights_find(struct site *site); // fills nights, machines and configs
bool site_nights(struct site *site, json_t *index); // comparisons and judgements
bool site_runs(struct site *site, json_t *index); // processes of some sessions
void site_nights_free(struct site *site);

#endif
