// SPDX-License-Identifier: GPL-2.0-or-later
// What the exports share: one function a format, and the series that most of them are made of.
#ifndef RESULTS_EXCHANGE_EXPORT_INTERNAL_H
#define RESULTS_EXCHANGE_EXPORT_INTERNAL_H

#include "export.h"

// One benchmark of one config in one session, a figure a process.
struct export_series {
	const char *name; // borrowed from the samples
	const char *config;
	double *process_ns; // geometric mean of each process's good samples
	size_t processes;
	double ns; // geometric mean over the processes
	double ns_low; // 95 % interval of the median process; NaN where there are too few
	double ns_high;
};

// What most formats are made of; export_session_free() frees it.
struct export_session {
	int64_t id;
	struct store_session_facts facts;
	struct store_builds builds; // of the wanted configs
	struct store_samples samples;
	struct export_series
		*series; // sorted by name and config; those without a good sample are left out
	size_t series_count;
};
bool export_session_read(struct store *store, const struct export_request *request,
	struct export_session *session, struct problem *problem);
void export_session_free(struct export_session *session);

// Calls visit for each session that has a good sample, by time; those of the request alone. What it
// gets is borrowed for the call. Ends early, and returns false, when visit returns false.
bool export_sessions_visit(struct store *store, const struct export_request *request,
	bool (*visit)(const struct export_session *session, void *context, struct problem *problem),
	void *context, struct problem *problem);

// "NAME config:CONFIG", for formats that know a name only; owned by the caller.
char *export_series_title(const struct export_series *series);

// The formats. The request's session is never 0, but for asv, jsonl and otava.
bool export_gbench(
	struct store *store, const struct export_request *request, struct problem *problem);
bool export_jsonl(
	struct store *store, const struct export_request *request, struct problem *problem);
bool export_asv(struct store *store, const struct export_request *request, struct problem *problem);
bool export_csv(struct store *store, const struct export_request *request, struct problem *problem);
bool export_gobench(
	struct store *store, const struct export_request *request, struct problem *problem);
bool export_github_action(
	struct store *store, const struct export_request *request, struct problem *problem);
bool export_bmf(struct store *store, const struct export_request *request, struct problem *problem);
bool export_lnt(struct store *store, const struct export_request *request, struct problem *problem);
bool export_otava(
	struct store *store, const struct export_request *request, struct problem *problem);
bool export_openmetrics(
	struct store *store, const struct export_request *request, struct problem *problem);
bool export_junit(
	struct store *store, const struct export_request *request, struct problem *problem);

#endif
