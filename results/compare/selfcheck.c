// SPDX-License-Identifier: GPL-2.0-or-later
// Counts what verdicts say of programs whose difference is known. Entry: selfcheck_read().
#include "selfcheck.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "results/statistics/proportion.h"
#include "results/store/sessions.h"

// ---- one session

static const char *label_with(const json_t *labels, const char *part)
{
	const json_t *label;
	size_t i;

	json_array_foreach(labels, i, label)
	{
		if (strstr(json_string_value(label), part))
			return json_string_value(label);
	}
	return NULL;
}

static const char *base_label(const json_t *labels)
{
	const json_t *label;
	size_t i;

	json_array_foreach(labels, i, label)
	{
		if (!strchr(json_string_value(label), '~'))
			return json_string_value(label);
	}
	return NULL;
}

static void percent_note(struct selfcheck *check, const char *slow)
{
	double percent = strtod(strstr(slow, SELFCHECK_SLOW) + strlen(SELFCHECK_SLOW), NULL);

	if (check->slowed == 0 || percent < check->slow_least)
		check->slow_least = percent;
	if (check->slowed == 0 || percent > check->slow_most)
		check->slow_most = percent;
}

static void row_count(struct selfcheck *check, const struct compare_row *row, const char *slow)
{
	bool is_changed = row->verdict == VERDICT_CHANGED;

	if (strcmp(row->other, slow) == 0) {
		percent_note(check, slow);
		check->slowed++;
		check->found += is_changed && row->ratio > 1;
	} else {
		check->equal++;
		check->alarms += is_changed;
	}
}

static bool session_count(struct store *store, int64_t session, const json_t *labels,
	struct selfcheck *check, struct problem *problem)
{
	const char *sides[] = {base_label(labels), label_with(labels, SELFCHECK_COPY),
		label_with(labels, SELFCHECK_SLOW)};
	const struct compare_options options = {
		.sides = sides,
		.sides_count = 3,
		.session = session,
		.margin = COMPARE_MARGIN_CALIBRATED,
		.alpha = COMPARE_ALPHA_DEFAULT,
	};
	struct comparison *comparison;

	if (!sides[0] || !sides[1] || !sides[2])
		return true; // nothing was measured of one
	if (!compare_make(store, &options, &comparison, problem))
		return false;
	for (size_t i = 0; i < comparison->rows_count; i++)
		row_count(check, &comparison->rows[i], sides[2]);
	check->sessions++;
	comparison_free(comparison);
	return true;
}

// ---- the store

static bool is_counted(const json_t *row, int64_t session)
{
	const char *purpose = json_string_value(json_object_get(row, "purpose"));
	const char *ended = json_string_value(json_object_get(row, "ended"));
	int64_t id = json_integer_value(json_object_get(row, "session"));

	return purpose && strcmp(purpose, SELFCHECK_PURPOSE) == 0 && ended &&
	       strcmp(ended, "complete") == 0 && (session == 0 || session == id);
}

bool selfcheck_read(
	struct store *store, int64_t session, struct selfcheck *check, struct problem *problem)
{
	json_t *sessions = store_sessions(store, problem);
	bool is_good = sessions != NULL;
	const json_t *row;
	size_t i;

	*check = (struct selfcheck){0};
	json_array_foreach(sessions, i, row)
	{
		if (is_good && is_counted(row, session))
			is_good = session_count(store,
				json_integer_value(json_object_get(row, "session")),
				json_object_get(row, "configs"), check, problem);
	}
	json_decref(sessions);
	return is_good;
}

// ---- telling it

static void rate_text(const char *what, size_t count, size_t all, FILE *output)
{
	struct proportion rate = proportion_of(count, all);

	fprintf(output, "%-16s %zu of %zu", what, count, all);
	if (all > 0)
		fprintf(output, ", %.1f %% (%.1f to %.1f %%)", 100 * rate.share, 100 * rate.low,
			100 * rate.high);
	fputc('\n', output);
}

void selfcheck_text(const struct selfcheck *check, FILE *output)
{
	fprintf(output, "self-checks      %zu\n", check->sessions);
	rate_text("false alarms", check->alarms, check->equal, output);
	rate_text("slowdowns found", check->found, check->slowed, output);
	if (check->slowed > 0 && check->slow_least < check->slow_most)
		fprintf(output, "slowed by        %g to %g %%\n", check->slow_least,
			check->slow_most);
	else if (check->slowed > 0)
		fprintf(output, "slowed by        %g %%\n", check->slow_least);
}

static json_t *rate_json(size_t count, size_t all)
{
	struct proportion rate = proportion_of(count, all);

	return json_pack("{s:o, s:f, s:f}", "share",
		isnan(rate.share) ? json_null() : json_real(rate.share), "low", rate.low, "high",
		rate.high);
}

json_t *selfcheck_json(const struct selfcheck *check)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:[f, f], s:o, s:o}", "sessions",
		(json_int_t)check->sessions, "equal", (json_int_t)check->equal, "alarms",
		(json_int_t)check->alarms, "slowed", (json_int_t)check->slowed, "found",
		(json_int_t)check->found, "slow_percent", check->slow_least, check->slow_most,
		"alarm_rate", rate_json(check->alarms, check->equal), "detection_rate",
		rate_json(check->found, check->slowed));
}
