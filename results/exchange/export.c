// SPDX-License-Identifier: GPL-2.0-or-later
// Finds the format and the session of an export. Entry: export_write(). The formats are in
// export_<format>.c.
#include "export.h"

#include <string.h>

#include "export_internal.h"

static const struct {
	const char *name;
	bool (*write)(
		struct store *store, const struct export_request *request, struct problem *problem);
	bool wants_session; // false: all sessions, where none is named
} FORMATS[] = {
	{"gbench", export_gbench, true},
	{"jsonl", export_jsonl, false},
	{"csv", export_csv, true},
	{"gobench", export_gobench, true},
	{"github-action", export_github_action, true},
	{"bmf", export_bmf, true},
	{"lnt", export_lnt, true},
	{"otava", export_otava, false},
	{"openmetrics", export_openmetrics, true},
	{"junit", export_junit, true},
	{"asv", export_asv, false},
};

static bool session_check(struct store *store, int64_t session, struct problem *problem)
{
	struct store_session_facts facts;
	bool is_found;

	if (!store_session_read(store, session, &facts, &is_found, problem))
		return false;
	if (!is_found)
		return problem_set(problem, EXIT_WRONG_USE, "there is no session %lld in the store",
			(long long)session);
	store_session_facts_free(&facts);
	return true;
}

static bool session_choose(struct store *store, const struct export_request *request,
	int64_t *session, struct problem *problem)
{
	const char *const configs[] = {request->config};

	if (request->session) {
		*session = request->session;
		return session_check(store, request->session, problem);
	}
	if (!store_session_newest(store, configs, request->config != NULL, session, problem))
		return false;
	if (*session)
		return true;
	if (request->config)
		return problem_set(problem, EXIT_WRONG_USE, "no session measured config '%s'",
			request->config);
	return problem_set(
		problem, EXIT_NOT_MEASURED, "nothing is stored yet; `slabmark run` measures");
}

bool export_write(
	struct store *store, const struct export_request *request, struct problem *problem)
{
	struct export_request chosen = *request;

	for (size_t i = 0; i < sizeof(FORMATS) / sizeof(FORMATS[0]); i++) {
		if (strcmp(FORMATS[i].name, request->format) != 0)
			continue;
		if ((FORMATS[i].wants_session || request->session) &&
			!session_choose(store, request, &chosen.session, problem))
			return false;
		return FORMATS[i].write(store, &chosen, problem);
	}
	return problem_set(problem, EXIT_WRONG_USE, "no format '%s'; expected one of %s",
		request->format, EXPORT_FORMATS);
}
