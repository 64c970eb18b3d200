// SPDX-License-Identifier: GPL-2.0-or-later
// What comes out of the store, as plain arrays that belong to the caller. No judgement here: which
// samples count and what they mean is decided in compare/compare.c.
#include "store.h"

#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "results/text/memory.h"
#include "stored_sample.h"

// Makes room for one more element of a growing array; the new element is zeroed.
static void *grow(void **items, size_t *count, size_t size, struct problem *problem)
{
	void *larger = array_grown(*items, *count, size);
	char *added;

	if (!larger) {
		no_memory(problem, "what the store holds");
		return NULL;
	}
	*items = larger;
	added = (char *)larger + *count * size;
	for (size_t i = 0; i < size; i++)
		added[i] = 0;
	++*count;
	return added;
}

static bool read_name(const struct statement *statement, void *context, struct problem *problem)
{
	struct store_names *names = context;
	char **name = grow((void **)&names->items, &names->count, sizeof(*name), problem);

	if (!name)
		return false;
	*name = statement_text(statement, 0);
	return *name || store_damaged(statement->store, "a process without a config", problem);
}

bool store_configs(struct store *store, struct store_names *configs, struct problem *problem)
{
	struct statement statement;
	bool is_good;

	*configs = (struct store_names){0};
	is_good = statement_prepare(&statement, store,
			  "SELECT DISTINCT config FROM processes ORDER BY config", problem) &&
		  statement_each(&statement, read_name, configs, problem);
	statement_close(&statement);
	if (!is_good)
		store_names_free(configs);
	return is_good;
}

bool store_session_configs(
	struct store *store, int64_t session, struct store_names *configs, struct problem *problem)
{
	struct statement statement;
	bool is_good;

	*configs = (struct store_names){0};
	is_good = statement_prepare(&statement, store,
		"SELECT config FROM processes WHERE session_id = ? GROUP BY config ORDER BY "
		"min(id)",
		problem);
	if (is_good) {
		statement_bind_integer(&statement, session);
		is_good = statement_each(&statement, read_name, configs, problem);
	}
	statement_close(&statement);
	if (!is_good)
		store_names_free(configs);
	return is_good;
}

// Runs a query of one text parameter that gives at most one number; 0 where it gives none.
static bool read_session(struct store *store, const char *sql, const char *parameter,
	int64_t *session, struct problem *problem)
{
	struct statement statement;
	bool has_row = false;
	bool is_good = statement_prepare(&statement, store, sql, problem);

	if (is_good) {
		statement_bind_text(&statement, parameter);
		is_good = statement_next(&statement, &has_row, problem);
	}
	*session = has_row ? statement_integer(&statement, 0) : 0;
	statement_close(&statement);
	return is_good;
}

bool store_session_newest(struct store *store, const char *const *configs, size_t configs_count,
	int64_t *session, struct problem *problem)
{
	json_t *list = json_array();
	char *text;
	bool is_good;

	for (size_t i = 0; i < configs_count; i++)
		json_array_append_new(list, json_string(configs[i]));
	text = json_dumps(list, JSON_COMPACT);
	is_good = read_session(store,
		"SELECT id FROM sessions WHERE NOT EXISTS ("
		" SELECT 1 FROM json_each(?) AS wanted WHERE NOT EXISTS ("
		"  SELECT 1 FROM processes WHERE session_id = sessions.id AND config = "
		"wanted.value)) ORDER BY " SESSION_HAS_PURPOSE("plan") ", id DESC LIMIT 1",
		text, session, problem);
	free(text);
	json_decref(list);
	return is_good;
}

bool store_session_read(struct store *store, int64_t session, struct store_session_facts *facts,
	bool *found, struct problem *problem)
{
	struct statement statement;
	bool is_good = statement_prepare(&statement, store,
		"SELECT started_unix_ns, command, ended FROM sessions WHERE id = ?", problem);

	*facts = (struct store_session_facts){0};
	*found = false;
	if (is_good) {
		statement_bind_integer(&statement, session);
		is_good = statement_next(&statement, found, problem);
	}
	if (*found) {
		facts->started_unix_ns = statement_integer(&statement, 0);
		facts->command = statement_text(&statement, 1);
		facts->ended = statement_text(&statement, 2);
	}
	statement_close(&statement);
	if (*found && !facts->command) {
		store_session_facts_free(facts);
		*found = false;
		return store_damaged(store, "a session without a command", problem);
	}
	return is_good;
}

void store_session_facts_free(struct store_session_facts *facts)
{
	free(facts->command);
	free(facts->ended);
	*facts = (struct store_session_facts){0};
}

bool store_session_plan(
	struct store *store, int64_t session, json_t **plan, struct problem *problem)
{
	struct statement statement;
	bool has_row = false;
	bool is_good = statement_prepare(
		&statement, store, "SELECT plan FROM sessions WHERE id = ?", problem);

	*plan = NULL;
	if (is_good) {
		statement_bind_integer(&statement, session);
		is_good = statement_next(&statement, &has_row, problem);
	}
	if (has_row && statement_peek(&statement, 0))
		*plan = json_loads(statement_peek(&statement, 0), 0, NULL);
	statement_close(&statement);
	return is_good;
}

static bool read_build(const struct statement *statement, void *context, struct problem *problem)
{
	struct store_builds *builds = context;
	struct store_build *build =
		grow((void **)&builds->items, &builds->count, sizeof(*build), problem);

	if (!build)
		return false;
	build->config = statement_text(statement, 0);
	build->machine = statement_text(statement, 1);
	if (!build->config || statement_is_null(statement, 3))
		return store_damaged(
			statement->store, "a process without a config or a context", problem);
	build->processes = statement_integer(statement, 2);
	build->context = json_loads(statement_peek(statement, 3), 0, NULL);
	if (!build->context)
		return problem_set(problem, EXIT_WRONG_USE,
			"%s: the store is damaged: the context of a process of '%s' is no JSON",
			statement->store->path, build->config);
	return true;
}

bool store_session_builds(
	struct store *store, int64_t session, struct store_builds *builds, struct problem *problem)
{
	struct statement statement;
	// The first process of each stands for all of them.
	bool is_good = statement_prepare(&statement, store,
		"SELECT p.config, m.fingerprint, alike.count, p.context FROM"
		" (SELECT min(id) AS first, count(*) AS count FROM processes WHERE session_id = ?"
		"  GROUP BY config, machine_id, build_id, simulator) AS alike"
		" JOIN processes AS p ON p.id = alike.first"
		" LEFT JOIN machines AS m ON m.id = p.machine_id ORDER BY p.id",
		problem);

	*builds = (struct store_builds){0};
	if (is_good) {
		statement_bind_integer(&statement, session);
		is_good = statement_each(&statement, read_build, builds, problem);
	}
	statement_close(&statement);
	if (!is_good)
		store_builds_free(builds);
	return is_good;
}

void store_builds_free(struct store_builds *builds)
{
	for (size_t i = 0; i < builds->count; i++) {
		free(builds->items[i].config);
		free(builds->items[i].machine);
		json_decref(builds->items[i].context);
	}
	free(builds->items);
	*builds = (struct store_builds){0};
}

static char *text_copy(const char *text)
{
	return text ? strdup(text) : NULL;
}

static bool sample_take(const struct stored_sample *stored, void *context, struct problem *problem)
{
	struct store_samples *samples = context;
	struct store_sample *sample =
		grow((void **)&samples->items, &samples->count, sizeof(*sample), problem);

	if (!sample)
		return false;
	*sample = (struct store_sample){
		.name = strdup(stored->source.name),
		.workload = strdup(stored->source.workload),
		.config = strdup(stored->source.config),
		.process = stored->process,
		.round = (int)stored->round,
		.failed = stored->failed,
		.error_message = text_copy(stored->error_message),
		.real_time_ns = stored->real_time_ns,
	};
	return (sample->name && sample->workload && sample->config) ||
	       no_memory(problem, "what the store holds");
}

bool store_session_samples(struct store *store, int64_t session, struct store_samples *samples,
	struct problem *problem)
{
	const struct stored_samples wanted = {.session = session, .is_sorted = true};
	bool is_good;

	*samples = (struct store_samples){0};
	is_good = stored_samples_visit(store, &wanted, sample_take, samples, problem);
	if (!is_good)
		store_samples_free(samples);
	return is_good;
}

void store_samples_free(struct store_samples *samples)
{
	for (size_t i = 0; i < samples->count; i++) {
		free(samples->items[i].name);
		free(samples->items[i].workload);
		free(samples->items[i].config);
		free(samples->items[i].error_message);
	}
	free(samples->items);
	*samples = (struct store_samples){0};
}
