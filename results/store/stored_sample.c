// SPDX-License-Identifier: GPL-2.0-or-later
// Reads samples out of the store. Entry: stored_samples_visit().
#include "stored_sample.h"

#include <stdio.h>

#include "internal.h"

enum {
	COLUMN_NAME,
	COLUMN_WORKLOAD,
	COLUMN_CONFIG,
	COLUMN_COMMIT,
	COLUMN_COMPILER,
	COLUMN_MACHINE,
	COLUMN_SIMULATOR,
	COLUMN_SESSION,
	COLUMN_PROCESS,
	COLUMN_ROUND,
	COLUMN_FAILED,
	COLUMN_ERROR,
	COLUMN_TIME,
	COLUMN_ITERATIONS,
	COLUMN_MIGRATIONS,
	COLUMN_COUNTERS,
	COLUMN_EXACT_COUNTERS,
	COLUMN_AGGREGATE,
};

// The three columns before the last, by what is asked for.
static const char *const PARTS[] = {
	[STORED_TIMES] = "NULL, NULL, NULL",
	[STORED_MIGRATIONS] = "json_extract(s.counters, '$.migrations'), NULL, NULL",
	[STORED_COUNTERS] = ("json_extract(s.counters, '$.migrations'), s.counters,"
			     " json_extract(p.context, '$.exact_counters')"),
};

static const char OF_SESSION[] = " AND p.session_id = ?1";
static const char OF_ALL[] = " AND (?1 IS NULL AND NOT " SIDE_IS_OF_BUILD(
	"p", "b") " OR p.config IN (SELECT value FROM json_each(?1)))"
		  " AND (?2 IS NULL OR p.workload IN (SELECT value FROM json_each(?2)))"
		  " AND p.session_id NOT IN (SELECT id FROM sessions"
		  "  WHERE " SESSION_HAS_PURPOSE("plan") ")";
static const char REPETITIONS[] = "s.run_type = 'iteration'";
// In the alphabet the median comes behind the mean.
static const char OR_AGGREGATES[] =
	"(s.run_type = 'iteration' OR (s.aggregate_name = (SELECT max(a.aggregate_name) FROM "
	"samples"
	" AS a WHERE a.process_id = p.id AND a.aggregate_name IN ('mean', 'median'))"
	" AND NOT EXISTS (SELECT 1 FROM samples AS i WHERE i.process_id = p.id"
	" AND i.run_type = 'iteration')))";
static const char SORTED[] =
	" ORDER BY s.name, p.config, coalesce(m.fingerprint, 'unknown'), p.session_id, p.round,"
	" p.id, s.id";

static bool prepare(struct statement *statement, struct store *store,
	const struct stored_samples *wanted, struct problem *problem)
{
	char sql[2048];

	(void)snprintf(sql, sizeof(sql),
		"SELECT s.name, p.workload, p.config, b.\"commit\", b.compiler, m.fingerprint,"
		" p.simulator, p.session_id, p.id, p.round, s.failed, s.error_message,"
		" s.real_time_ns, s.iterations, %s, s.aggregate_name"
		// The sign keeps SQLite from walking every sample and looking up its process.
		" FROM processes AS p JOIN samples AS s ON s.process_id = +p.id"
		" LEFT JOIN builds AS b ON b.id = p.build_id"
		" LEFT JOIN machines AS m ON m.id = p.machine_id"
		" WHERE %s%s%s",
		PARTS[wanted->parts], wanted->with_aggregates ? OR_AGGREGATES : REPETITIONS,
		wanted->session ? OF_SESSION : OF_ALL, wanted->is_sorted ? SORTED : "");
	if (!statement_prepare(statement, store, sql, problem))
		return false;
	if (wanted->session) {
		statement_bind_integer(statement, wanted->session);
	} else {
		statement_bind_text(statement, wanted->configs);
		statement_bind_text(statement, wanted->workloads);
	}
	return true;
}

static struct stored_sample sample_of(const struct statement *row)
{
	return (struct stored_sample){
		.source =
			{
				.session = statement_integer(row, COLUMN_SESSION),
				.name = statement_peek(row, COLUMN_NAME),
				.workload = statement_peek(row, COLUMN_WORKLOAD),
				.config = statement_peek(row, COLUMN_CONFIG),
				.commit = statement_peek(row, COLUMN_COMMIT),
				.compiler = statement_peek(row, COLUMN_COMPILER),
				.machine = statement_peek(row, COLUMN_MACHINE),
				.simulator = statement_peek(row, COLUMN_SIMULATOR),
			},
		.process = statement_integer(row, COLUMN_PROCESS),
		.round = statement_integer(row, COLUMN_ROUND),
		.failed = statement_integer(row, COLUMN_FAILED) != 0,
		.error_message = statement_peek(row, COLUMN_ERROR),
		.real_time_ns = statement_real(row, COLUMN_TIME),
		.iterations = statement_real(row, COLUMN_ITERATIONS),
		.migrations = statement_real(row, COLUMN_MIGRATIONS),
		.counters = statement_peek(row, COLUMN_COUNTERS),
		.exact_counters = statement_peek(row, COLUMN_EXACT_COUNTERS),
		.aggregate = statement_peek(row, COLUMN_AGGREGATE),
	};
}

bool stored_samples_visit(struct store *store, const struct stored_samples *wanted,
	bool (*visit)(const struct stored_sample *sample, void *context, struct problem *problem),
	void *context, struct problem *problem)
{
	struct statement statement = {0};
	bool has_row = true;
	bool is_good = prepare(&statement, store, wanted, problem);

	while (is_good && has_row) {
		struct stored_sample sample;

		is_good = statement_next(&statement, &has_row, problem);
		if (!is_good || !has_row)
			break;
		sample = sample_of(&statement);
		is_good = (sample.source.name && sample.source.workload && sample.source.config) ||
			  store_damaged(store, "a sample without a name or a config", problem);
		is_good = is_good && visit(&sample, context, problem);
	}
	statement_close(&statement);
	return is_good;
}
