// SPDX-License-Identifier: GPL-2.0-or-later
// What goes into the store: sessions, and processes with their samples. Entry: store_process_add(),
// one transaction. Values reach SQL as bound parameters only; names in a document may hold
// anything.
#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver.h"
#include "machines.h"
#include "results/document/counters_text.h"
#include "results/document/document.h"
#include "results/document/facts.h"
#include "results/text/memory.h"
#include "writer.h"

// Runs an INSERT … RETURNING id.
static bool run_for_id(struct statement *statement, int64_t *id, struct problem *problem)
{
	bool has_row;

	if (!statement_next(statement, &has_row, problem))
		return false;
	*id = has_row ? statement_integer(statement, 0) : 0;
	// SQLite ends the statement, and a transaction of its own, with the step after the last
	// row.
	return statement_next(statement, &has_row, problem);
}

bool store_session_begin(struct store *store, const struct store_session *session, int64_t *id,
	struct problem *problem)
{
	char writer[WRITER_SIZE];
	struct statement statement;
	bool is_good = statement_prepare(&statement, store,
		"INSERT INTO sessions (command, plan, started_unix_ns, writer) VALUES (?, ?, ?, ?) "
		"RETURNING id",
		problem);

	if (is_good) {
		statement_bind_text(&statement, session->command);
		statement_bind_text(&statement, session->plan);
		statement_bind_integer(&statement, session->started_unix_ns);
		statement_bind_text(&statement, session->is_copy ? NULL : writer_name(writer));
		is_good = run_for_id(&statement, id, problem);
	}
	statement_close(&statement);
	return is_good;
}

bool store_session_end(struct store *store, int64_t id, const char *how, struct problem *problem)
{
	struct statement statement;
	int64_t ended = 0;
	bool is_good = statement_prepare(
		&statement, store, "UPDATE sessions SET ended = ? WHERE id = ?", problem);

	if (is_good) {
		statement_bind_text(&statement, how);
		statement_bind_integer(&statement, id);
		is_good = statement_run(&statement, problem);
		ended = statement_changes(&statement);
	}
	statement_close(&statement);
	if (is_good && ended != 1)
		return problem_set(problem, EXIT_WRONG_USE, "%s: there is no session %lld to end",
			store->path, (long long)id);
	return is_good;
}

// Most processes come from the machine and the build of the one before. Their ids are remembered by
// what tells them apart, because asking for them takes a server longer than storing a sample. A
// rollback forgets them.
struct identity {
	const char *table; // its columns are facts, under their own names but for one
	enum fact_kind kind;
	const char *key; // the fact that tells rows apart; NULL: all of them do
};

static const char *column_of(const struct fact *fact)
{
	return strcmp(fact->name, "machine") == 0 ? "fingerprint" : fact->name;
}

static bool is_column(const struct identity *identity, const struct fact *fact)
{
	return fact_is(fact, FACT_COLUMN) && fact->kind == identity->kind;
}

static bool is_key(const struct identity *identity, const struct fact *fact)
{
	return is_column(identity, fact) &&
	       (!identity->key || strcmp(fact->name, identity->key) == 0);
}

// INSERT INTO machines ("cpu_model", …) VALUES (?, …) ON CONFLICT DO NOTHING
static void insert_write(FILE *output, const struct identity *identity)
{
	const char *separator = "(";

	(void)fprintf(output, "INSERT INTO %s ", identity->table);
	for (size_t i = 0; i < facts_count; i++) {
		if (!is_column(identity, &facts[i]))
			continue;
		(void)fprintf(output, "%s\"%s\"", separator, column_of(&facts[i]));
		separator = ", ";
	}
	separator = ") VALUES (";
	for (size_t i = 0; i < facts_count; i++) {
		if (!is_column(identity, &facts[i]))
			continue;
		(void)fprintf(output, "%s?", separator);
		separator = ", ";
	}
	(void)fputs(") ON CONFLICT DO NOTHING", output);
}

// SELECT id FROM machines WHERE "fingerprint" IS NOT DISTINCT FROM ?
static void select_write(FILE *output, const struct identity *identity)
{
	const char *separator = "WHERE";

	(void)fprintf(output, "SELECT id FROM %s ", identity->table);
	for (size_t i = 0; i < facts_count; i++) {
		if (!is_key(identity, &facts[i]))
			continue;
		(void)fprintf(output, "%s \"%s\" IS NOT DISTINCT FROM ?", separator,
			column_of(&facts[i]));
		separator = " AND";
	}
}

// Runs what `write` writes with the document's facts that `takes` picks as parameters, and gives the
// first column of its row; 0 where it has none.
static bool run_with_facts(struct store *store, const json_t *document,
	const struct identity *identity,
	void (*write)(FILE *output, const struct identity *identity),
	bool (*takes)(const struct identity *identity, const struct fact *fact), int64_t *id,
	struct problem *problem)
{
	struct statement statement = {0};
	bool has_row = false;
	char sql[1024];
	FILE *output = fmemopen(sql, sizeof(sql), "w");
	bool is_good = output || no_memory(problem, "the store");

	if (output) {
		write(output, identity);
		(void)fclose(output);
	}
	is_good = is_good && statement_prepare(&statement, store, sql, problem);
	for (size_t i = 0; is_good && i < facts_count; i++) {
		if (takes(identity, &facts[i]))
			statement_bind_text(&statement, document_fact(document, facts[i].name));
	}
	is_good = is_good && statement_next(&statement, &has_row, problem);
	*id = has_row ? statement_integer(&statement, 0) : 0;
	statement_close(&statement);
	return is_good;
}

// The facts of a key as one text, each behind a sign that no text has in common with the lack of
// one.
static char *key_text(const json_t *document, const struct identity *identity)
{
	char *text = NULL;
	size_t size = 0;
	FILE *output = open_memstream(&text, &size);

	if (!output)
		return NULL;
	for (size_t i = 0; i < facts_count; i++) {
		const char *value = document_fact(document, facts[i].name);

		if (is_key(identity, &facts[i]))
			(void)fprintf(output, "%s%zu%s%s", facts[i].name, value ? strlen(value) : 0,
				value ? "=" : "-", value ? value : "");
	}
	if (fclose(output) == 0)
		return text;
	free(text);
	return NULL;
}

static bool find_or_add(struct store *store, const json_t *document,
	const struct identity *identity, int64_t *id, struct problem *problem)
{
	char *key = key_text(document, identity);
	bool is_good = key || no_memory(problem, "the store");

	*id = key ? json_integer_value(json_object_get(store->ids, key)) : 0;
	if (is_good && !*id) {
		is_good = run_with_facts(store, document, identity, insert_write, is_column, id,
				  problem) &&
			  run_with_facts(
				  store, document, identity, select_write, is_key, id, problem);
		if (!store->ids)
			store->ids = json_object();
		if (is_good)
			json_object_set_new(store->ids, key, json_integer(*id));
	}
	free(key);
	return is_good;
}

static bool machine_find_or_add(
	struct store *store, const json_t *document, int64_t *id, struct problem *problem)
{
	static const struct identity MACHINE = {"machines", FACT_MACHINE, "machine"};

	*id = 0;
	return !document_fact(document, "machine") ||
	       find_or_add(store, document, &MACHINE, id, problem);
}

static bool build_find_or_add(
	struct store *store, const json_t *document, int64_t *id, struct problem *problem)
{
	static const struct identity BUILD = {"builds", FACT_BUILD, NULL};

	return find_or_add(store, document, &BUILD, id, problem);
}

static void bind_process(struct statement *statement, const struct store_process *process,
	const json_t *document, int64_t machine, int64_t build, const char *context)
{
	const char *simulator = document_simulator(document);

	statement_bind_integer(statement, process->session);
	if (machine)
		statement_bind_integer(statement, machine);
	else
		statement_bind_null(statement);
	statement_bind_integer(statement, build);
	statement_bind_integer(statement, process->round);
	statement_bind_integer(statement, process->position);
	statement_bind_text(statement, process->config);
	statement_bind_text(statement, process->workload);
	statement_bind_integer(statement, process->started_unix_ns);
	statement_bind_real(statement, process->elapsed_s);
	statement_bind_text(statement, document_fact(document, "seed"));
	statement_bind_text(statement, document_fact(document, "page_backing"));
	statement_bind_text(statement, document_fact(document, "time_source"));
	statement_bind_integer(statement, simulator != NULL);
	statement_bind_text(statement, simulator);
	statement_bind_text(statement, context);
}

static bool insert_process(struct store *store, const struct store_process *process,
	const json_t *document, int64_t machine, int64_t build, int64_t *id,
	struct problem *problem)
{
	struct statement statement;
	char *context = json_dumps(json_object_get(document, "context"), JSON_COMPACT);
	bool is_good = statement_prepare(&statement, store,
		"INSERT INTO processes (session_id, machine_id, build_id, round, position, config, "
		"workload,"
		" started_unix_ns, elapsed_s, seed, page_backing, time_source, "
		"simulated, simulator, context)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
		problem);

	if (is_good) {
		bind_process(&statement, process, document, machine, build, context);
		is_good = run_for_id(&statement, id, problem);
	}
	statement_close(&statement);
	free(context);
	return is_good;
}

static void bind_count(struct statement *statement, int64_t count)
{
	if (count == DOCUMENT_ABSENT)
		statement_bind_null(statement);
	else
		statement_bind_integer(statement, count);
}

static bool insert_sample(struct statement *statement, int64_t process,
	const struct document_sample *sample, struct problem *problem)
{
	char *counters = counters_text(sample->counters);
	bool is_good;

	if (!counters)
		return no_memory(problem, "the store");

	statement_bind_integer(statement, process);
	statement_bind_text(statement, sample->name);
	statement_bind_text(statement, sample->run_type);
	statement_bind_text(statement, sample->aggregate_name);
	bind_count(statement, sample->repetition);
	bind_count(statement, sample->repetitions);
	bind_count(statement, sample->threads);
	bind_count(statement, sample->iterations);
	statement_bind_real(statement, sample->real_time_ns);
	statement_bind_real(statement, sample->cpu_time_ns);
	statement_bind_real(statement, sample->items_per_second);
	statement_bind_real(statement, sample->bytes_per_second);
	statement_bind_text(statement, sample->label);
	statement_bind_integer(statement, sample->failed);
	statement_bind_text(statement, sample->error_message);
	statement_bind_text(statement, counters);
	is_good = statement_run(statement, problem);
	free(counters);
	return is_good;
}

static bool insert_samples(struct store *store, int64_t process, const json_t *document,
	bool is_foreign, struct problem *problem)
{
	bool (*read)(const json_t *document, size_t index, struct document_sample *sample,
		struct problem *problem) =
		is_foreign ? document_sample_read_foreign : document_sample_read;
	size_t count = json_array_size(json_object_get(document, "benchmarks"));
	struct statement statement;
	bool is_good = statement_prepare_rows(&statement, store, "samples",
		"process_id, name, run_type, aggregate_name, repetition, repetitions, threads,"
		" iterations, real_time_ns, cpu_time_ns, items_per_second, bytes_per_second,"
		" label, failed, error_message, counters",
		problem);

	for (size_t i = 0; is_good && i < count; i++) {
		struct document_sample sample;

		is_good = read(document, i, &sample, problem) &&
			  insert_sample(&statement, process, &sample, problem);
		document_sample_clear(&sample);
	}
	is_good = is_good && statement_flush(&statement, problem);
	statement_close(&statement);
	return is_good;
}

static bool add_in_transaction(struct store *store, const struct store_process *process,
	const json_t *document, struct problem *problem)
{
	int64_t machine;
	int64_t build;
	int64_t id;

	json_t *led = store_document_lead(store, document, problem);
	bool is_good = led && machine_find_or_add(store, led, &machine, problem) &&
		       build_find_or_add(store, led, &build, problem) &&
		       insert_process(store, process, led, machine, build, &id, problem) &&
		       insert_samples(store, id, led, process->is_foreign, problem);

	json_decref(led);
	return is_good;
}

bool store_process_add(struct store *store, const struct store_process *process,
	const json_t *document, struct problem *problem)
{
	if (!document_check(document, problem))
		return false;
	// Within a transaction of the caller's (an import) the process joins it.
	if (store_is_in_transaction(store))
		return add_in_transaction(store, process, document, problem);
	if (!store_begin(store, problem))
		return false;
	if (add_in_transaction(store, process, document, problem) && store_commit(store, problem))
		return true;
	store_rollback(store);
	return false;
}
