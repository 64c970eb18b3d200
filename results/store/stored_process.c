// SPDX-License-Identifier: GPL-2.0-or-later
// Makes documents of the store's rows. Entry: stored_processes_visit().
#include "stored_process.h"

#include <stdlib.h>
#include <string.h>

#include "internal.h"

// The columns of a sample, in the order of SAMPLE_SQL.
enum {
	COLUMN_NAME,
	COLUMN_RUN_TYPE,
	COLUMN_AGGREGATE_NAME,
	COLUMN_REPETITION,
	COLUMN_REPETITIONS,
	COLUMN_THREADS,
	COLUMN_ITERATIONS,
	COLUMN_REAL_TIME,
	COLUMN_CPU_TIME,
	COLUMN_ITEMS,
	COLUMN_BYTES,
	COLUMN_LABEL,
	COLUMN_FAILED,
	COLUMN_ERROR,
	COLUMN_COUNTERS,
};
static const char SAMPLE_SQL[] =
	"SELECT name, run_type, aggregate_name, repetition, repetitions, threads, iterations, "
	"real_time_ns, cpu_time_ns, items_per_second, bytes_per_second, label, failed, "
	"error_message, counters FROM samples WHERE process_id = ? ORDER BY id";

static void set_text(
	json_t *benchmark, const char *member, const struct statement *statement, int column)
{
	if (!statement_is_null(statement, column))
		json_object_set_new(
			benchmark, member, json_string(statement_peek(statement, column)));
}

static void set_integer(
	json_t *benchmark, const char *member, const struct statement *statement, int column)
{
	if (!statement_is_null(statement, column))
		json_object_set_new(
			benchmark, member, json_integer(statement_integer(statement, column)));
}

static void set_real(
	json_t *benchmark, const char *member, const struct statement *statement, int column)
{
	if (!statement_is_null(statement, column))
		json_object_set_new(
			benchmark, member, json_real(statement_real(statement, column)));
}

// The name of the run that an aggregate sums up: its own without "_mean".
static void set_run_name(json_t *benchmark, const struct statement *statement)
{
	const char *name = statement_peek(statement, COLUMN_NAME);
	const char *aggregate = statement_peek(statement, COLUMN_AGGREGATE_NAME);
	size_t length = strlen(name);
	size_t suffix = aggregate ? strlen(aggregate) + 1 : 0;

	if (suffix && suffix < length && strcmp(name + length - suffix + 1, aggregate) == 0)
		length -= suffix;
	json_object_set_new(benchmark, "run_name", json_stringn(name, length));
}

// Google Benchmark writes zeros where a benchmark failed.
static void set_times(json_t *benchmark, const struct statement *statement)
{
	if (statement_integer(statement, COLUMN_FAILED)) {
		json_object_set_new(benchmark, "error_occurred", json_true());
		set_text(benchmark, "error_message", statement, COLUMN_ERROR);
		json_object_set_new(benchmark, "real_time", json_real(0));
		json_object_set_new(benchmark, "cpu_time", json_real(0));
	} else {
		set_real(benchmark, "real_time", statement, COLUMN_REAL_TIME);
		set_real(benchmark, "cpu_time", statement, COLUMN_CPU_TIME);
	}
	json_object_set_new(benchmark, "time_unit", json_string("ns"));
}

// What the schema does not let be absent; damage may.
static bool is_whole(const struct statement *statement)
{
	return statement_peek(statement, COLUMN_NAME) &&
	       statement_peek(statement, COLUMN_RUN_TYPE) &&
	       statement_peek(statement, COLUMN_COUNTERS);
}

static json_t *benchmark_of(const struct statement *statement)
{
	json_t *benchmark = json_object();
	json_t *counters = json_loads(statement_peek(statement, COLUMN_COUNTERS), 0, NULL);

	set_text(benchmark, "name", statement, COLUMN_NAME);
	set_run_name(benchmark, statement);
	set_text(benchmark, "run_type", statement, COLUMN_RUN_TYPE);
	set_integer(benchmark, "repetitions", statement, COLUMN_REPETITIONS);
	set_integer(benchmark, "repetition_index", statement, COLUMN_REPETITION);
	set_integer(benchmark, "threads", statement, COLUMN_THREADS);
	set_text(benchmark, "aggregate_name", statement, COLUMN_AGGREGATE_NAME);
	set_integer(benchmark, "iterations", statement, COLUMN_ITERATIONS);
	set_times(benchmark, statement);
	set_real(benchmark, "items_per_second", statement, COLUMN_ITEMS);
	set_real(benchmark, "bytes_per_second", statement, COLUMN_BYTES);
	json_object_update_missing(benchmark, counters);
	set_text(benchmark, "label", statement, COLUMN_LABEL);
	json_decref(counters);
	return benchmark;
}

static bool benchmark_take(const struct statement *row, void *context, struct problem *problem)
{
	json_t *benchmarks = context;

	if (!is_whole(row))
		return store_damaged(row->store, "a sample without a name", problem);
	json_array_append_new(benchmarks, benchmark_of(row));
	return true;
}

static json_t *benchmarks_of(struct store *store, int64_t process, struct problem *problem)
{
	json_t *benchmarks = json_array();
	struct statement statement;
	bool is_good = statement_prepare(&statement, store, SAMPLE_SQL, problem);

	if (is_good) {
		statement_bind_integer(&statement, process);
		is_good = statement_each(&statement, benchmark_take, benchmarks, problem);
	}
	statement_close(&statement);
	if (is_good)
		return benchmarks;
	json_decref(benchmarks);
	return NULL;
}

static json_t *document_of(
	struct store *store, int64_t process, const char *context_text, struct problem *problem)
{
	json_t *context = context_text ? json_loads(context_text, 0, NULL) : NULL;
	json_t *benchmarks;

	if (!context) {
		problem_set(problem, EXIT_WRONG_USE,
			"%s: the store is damaged: the context of process %lld is no JSON",
			store->path, (long long)process);
		return NULL;
	}
	benchmarks = benchmarks_of(store, process, problem);
	if (benchmarks)
		return json_pack("{s:o, s:o}", "context", context, "benchmarks", benchmarks);
	json_decref(context);
	return NULL;
}

static bool visit_row(const struct statement *statement,
	bool (*visit)(const struct stored_process *process, void *context, struct problem *problem),
	void *context, struct problem *problem)
{
	json_t *document = document_of(statement->store, statement_integer(statement, 0),
		statement_peek(statement, 8), problem);
	const struct stored_process process = {
		.place = {.session = statement_integer(statement, 1),
			.round = (int)statement_integer(statement, 2),
			.position = (int)statement_integer(statement, 3),
			.config = statement_peek(statement, 4),
			.workload = statement_peek(statement, 5),
			.started_unix_ns = statement_integer(statement, 6),
			.elapsed_s = statement_real(statement, 7)},
		.document = document,
		.session_command = statement_peek(statement, 9),
		.session_plan = statement_peek(statement, 10),
		.session_ended = statement_peek(statement, 11),
		.session_started_unix_ns = statement_integer(statement, 12),
	};
	bool is_good = document != NULL;

	if (is_good && (!process.place.config || !process.place.workload ||
			       !process.session_command || !process.session_plan))
		is_good = store_damaged(
			statement->store, "a process without a config or a plan", problem);
	is_good = is_good && visit(&process, context, problem);

	json_decref(document);
	return is_good;
}

bool stored_processes_visit(struct store *store, int64_t session, const char *config,
	bool (*visit)(const struct stored_process *process, void *context, struct problem *problem),
	void *context, struct problem *problem)
{
	struct statement statement;
	bool has_row = true;
	bool is_good = statement_prepare(&statement, store,
		"SELECT p.id, p.session_id, p.round, p.position, p.config, p.workload, "
		"p.started_unix_ns, p.elapsed_s, p.context, s.command, s.plan, s.ended, "
		"s.started_unix_ns FROM processes AS p JOIN sessions AS s ON s.id = p.session_id "
		"WHERE (?1 = 0 OR p.session_id = ?1) AND (?2 IS NULL OR p.config = ?2) ORDER BY "
		"p.session_id, p.id",
		problem);

	if (is_good) {
		statement_bind_integer(&statement, session);
		statement_bind_text(&statement, config);
	}
	while (is_good && has_row) {
		is_good = statement_next(&statement, &has_row, problem);
		if (is_good && has_row)
			is_good = visit_row(&statement, visit, context, problem);
	}
	statement_close(&statement);
	return is_good;
}
