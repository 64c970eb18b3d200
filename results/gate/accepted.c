// SPDX-License-Identifier: GPL-2.0-or-later
// Changes for the worse that somebody accepted, with the reason and the date. Entries:
// gate_accept(), gate_accepted_apply(). What was accepted is a level, not a name: of a time its
// ratio to the baseline, of an exact metric the figure. It holds against baselines that were
// measured before it was accepted, and for nothing worse.
#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "results/store/internal.h"
#include "results/text/timestamp.h"

// Whether there is something to accept.
static bool is_worse(const struct gate_row *row)
{
	return row->outcome == GATE_REGRESSION || row->outcome == GATE_WARNED ||
	       gate_row_is_candidate(row, false);
}

// which: CONFIG:SERIES or CONFIG:SERIES:METRIC, as they are or as a pattern of the shell.
static bool is_of(const struct gate_row *row, const char *which)
{
	char series[512], metric[640];

	(void)snprintf(series, sizeof(series), "%s:%s", row->config, row->series);
	(void)snprintf(metric, sizeof(metric), "%s:%s", series, row->metric);
	return strcmp(which, series) == 0 || strcmp(which, metric) == 0 ||
	       fnmatch(which, series, 0) == 0 || fnmatch(which, metric, 0) == 0;
}

// The first four parameters: of which machine, config, series and metric.
static void row_bind(
	struct statement *statement, const struct gate *gate, const struct gate_row *row)
{
	statement_bind_text(statement, gate->machine ? gate->machine : "");
	statement_bind_text(statement, row->config);
	statement_bind_text(statement, row->series);
	statement_bind_text(statement, row->metric);
}

static bool accept_row(struct store *store, const struct gate *gate, const struct gate_row *row,
	const char *reason, int64_t now_unix_ns, struct problem *problem)
{
	struct statement statement;
	bool is_time = strcmp(row->metric, "time") == 0;
	bool is_good = statement_prepare(&statement, store,
		"INSERT INTO accepted (fingerprint, config, series, metric, value, reason,"
		" created_unix_ns) VALUES (?, ?, ?, ?, ?, ?, ?)",
		problem);

	if (is_good) {
		row_bind(&statement, gate, row);
		statement_bind_real(&statement, is_time ? row->ratio : row->value);
		statement_bind_text(&statement, reason);
		statement_bind_integer(&statement, now_unix_ns);
		is_good = statement_run(&statement, problem);
	}
	statement_close(&statement);
	return is_good;
}

// "CONFIG:SERIES, …" of all regressions, as far as there is room.
static void regressions_list(const struct gate *gate, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < gate->rows_count && used < size; i++) {
		const struct gate_row *row = &gate->rows[i];

		if (is_worse(row))
			used += (size_t)snprintf(text + used, size - used, "%s%s:%s",
				used ? ", " : "", row->config, row->series);
	}
}

bool gate_accept(struct store *store, const struct gate *gate, const char *which,
	const char *reason, int64_t now_unix_ns, size_t *count, struct problem *problem)
{
	char list[512];
	bool is_good = store_begin(store, problem);

	*count = 0;
	if (!is_good)
		return false;
	for (size_t i = 0; is_good && i < gate->rows_count; i++) {
		if (!is_worse(&gate->rows[i]) || !is_of(&gate->rows[i], which))
			continue;
		is_good = accept_row(store, gate, &gate->rows[i], reason, now_unix_ns, problem);
		++*count;
	}
	if (is_good && *count > 0 && store_commit(store, problem))
		return true;
	store_rollback(store);
	if (!is_good || *count > 0)
		return false;
	regressions_list(gate, list, sizeof(list));
	return problem_set(problem, EXIT_WRONG_USE,
		"--accept=%s: no such regression; expected CONFIG:SERIES of %s", which,
		*list ? list : "those there are, and there is none");
}

// ---- applying

// The newest acceptance that covers the row becomes its remark. What is of a build may have been
// accepted benchmark by benchmark.
static bool row_apply(
	struct store *store, const struct gate *gate, struct gate_row *row, struct problem *problem)
{
	struct statement statement;
	bool has_row = true;
	bool is_time = strcmp(row->metric, "time") == 0;
	bool is_good = statement_prepare(&statement, store,
		"SELECT value, reason, created_unix_ns FROM accepted WHERE fingerprint = ?1 AND"
		" config = ?2 AND (series = ?3 OR (?3 = '" GATE_BUILD
		"' AND ?4 LIKE 'code_bytes%'))"
		" AND metric = ?4 AND created_unix_ns > ?5 ORDER BY id DESC",
		problem);

	if (is_good) {
		row_bind(&statement, gate, row);
		statement_bind_integer(&statement, gate->baseline_started_unix_ns);
	}
	while (is_good && is_worse(row)) {
		char date[TIMESTAMP_SIZE];
		double value;

		is_good = statement_next(&statement, &has_row, problem);
		if (!is_good || !has_row)
			break;
		value = statement_real(&statement, 0);
		if (is_time ? row->seen_low > value * (1 + row->margin) : row->value != value)
			continue;
		row->outcome = GATE_ACCEPTED;
		free(row->remark);
		if (asprintf(&row->remark, "accepted %s: %s",
			    timestamp(statement_integer(&statement, 2), date),
			    statement_peek(&statement, 1)) < 0)
			row->remark = NULL;
	}
	statement_close(&statement);
	return is_good;
}

bool gate_accepted_apply(struct store *store, struct gate *gate, struct problem *problem)
{
	bool is_good = true;

	for (size_t i = 0; is_good && i < gate->rows_count; i++) {
		if (is_worse(&gate->rows[i]))
			is_good = row_apply(store, gate, &gate->rows[i], problem);
	}
	return is_good;
}

static bool accepted_print(const struct statement *row, void *output, struct problem *problem)
{
	char date[TIMESTAMP_SIZE];

	(void)problem;
	(void)fprintf(output, "%s\t%s\t%s:%s\t%s %.6g\t%s\n",
		timestamp(statement_integer(row, 0), date), statement_peek(row, 1),
		statement_peek(row, 2), statement_peek(row, 3), statement_peek(row, 4),
		statement_real(row, 5), statement_peek(row, 6));
	return true;
}

bool gate_accepted_list(struct store *store, FILE *output, struct problem *problem)
{
	struct statement statement;
	bool is_good =
		statement_prepare(&statement, store,
			"SELECT created_unix_ns, fingerprint, config, series, metric, value, "
			"reason FROM accepted ORDER BY id",
			problem) &&
		statement_each(&statement, accepted_print, output, problem);

	statement_close(&statement);
	return is_good;
}
