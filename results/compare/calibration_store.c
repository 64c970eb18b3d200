// SPDX-License-Identifier: GPL-2.0-or-later
// Calibrations in the store: a row a series and calibration, never changed; the newest counts, by
// its date, because an older one may be imported later. Entries: calibrations_write(),
// calibrations_read().
#include "calibration.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "results/store/internal.h"
#include "results/text/memory.h"

// The smallest effects as a JSON object, and whether there was load: {"6": 0.04, …, "loaded": 1}.
// The caller's; NULL: no memory.
static char *smallest_text(const struct calibration *calibration)
{
	json_t *object = json_object();
	char *text;

	for (size_t kind = 0; kind < CALIBRATION_KINDS; kind++) {
		char rounds[24];

		(void)snprintf(rounds, sizeof(rounds), "%zu", calibration_rounds[kind]);
		json_object_set_new(object, rounds, json_real(calibration->smallest[kind]));
	}
	if (calibration->is_loaded)
		json_object_set_new(object, "loaded", json_integer(1));
	text = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	return text;
}

// What the object lacks is NaN.
static void smallest_read(struct calibration *calibration, const char *text)
{
	json_t *object = text ? json_loads(text, 0, NULL) : NULL;

	for (size_t kind = 0; kind < CALIBRATION_KINDS; kind++) {
		char rounds[24];
		const json_t *value;

		(void)snprintf(rounds, sizeof(rounds), "%zu", calibration_rounds[kind]);
		value = json_object_get(object, rounds);
		calibration->smallest[kind] = value ? json_number_value(value) : NAN;
	}
	calibration->is_loaded = json_integer_value(json_object_get(object, "loaded")) != 0;
	json_decref(object);
}

static bool calibration_write(struct store *store, const struct calibration *calibration,
	int64_t now_unix_ns, struct problem *problem)
{
	struct statement statement;
	char *smallest = smallest_text(calibration);
	bool is_good = statement_prepare(&statement, store,
		"INSERT INTO calibrations (fingerprint, series, config, session_id, "
		"created_unix_ns, rounds, spread, layout, smallest, margin)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		problem);

	if (is_good) {
		statement_bind_text(&statement, calibration->machine);
		statement_bind_text(&statement, calibration->series);
		statement_bind_text(&statement, calibration->config);
		statement_bind_integer(&statement, calibration->session);
		statement_bind_integer(&statement, now_unix_ns);
		statement_bind_integer(&statement, (int64_t)calibration->rounds);
		statement_bind_real(&statement, calibration->spread);
		statement_bind_real(&statement, calibration->layout);
		statement_bind_text(&statement, smallest);
		statement_bind_real(&statement, calibration->margin);
		is_good = statement_run(&statement, problem);
	}
	statement_close(&statement);
	free(smallest);
	return is_good;
}

bool calibrations_write(struct store *store, const struct calibrations *calibrations,
	int64_t now_unix_ns, struct problem *problem)
{
	bool is_good = store_begin(store, problem);

	if (!is_good)
		return false;
	for (size_t i = 0; is_good && i < calibrations->count; i++)
		is_good = calibration_write(store, &calibrations->items[i], now_unix_ns, problem);
	if (is_good && store_commit(store, problem))
		return true;
	store_rollback(store);
	return false;
}

static bool calibration_read(
	const struct statement *statement, void *context, struct problem *problem)
{
	struct calibrations *calibrations = context;
	size_t count = calibrations->count;
	struct calibration *items = array_grown(calibrations->items, count, sizeof(*items));

	if (!items)
		return no_memory(problem, "the calibrations");
	calibrations->items = items;
	calibrations->count++;
	items[count] = (struct calibration){
		.machine = statement_text(statement, 0),
		.series = statement_text(statement, 1),
		.config = statement_text(statement, 2),
		.session = statement_integer(statement, 3),
		.created_unix_ns = statement_integer(statement, 4),
		.rounds = (size_t)statement_integer(statement, 5),
		.spread = statement_real(statement, 6),
		.layout = statement_real(statement, 7),
		.margin = statement_real(statement, 9),
	};
	smallest_read(&items[count], statement_peek(statement, 8));
	return true;
}

#define CALIBRATIONS_SQL(where)                                                                    \
	"SELECT fingerprint, series, config, session_id, created_unix_ns, rounds, spread, "        \
	"layout, smallest, margin FROM calibrations AS c WHERE " where " NOT EXISTS ("             \
	" SELECT 1 FROM calibrations AS d WHERE d.fingerprint = c.fingerprint"                     \
	" AND d.series = c.series AND (d.created_unix_ns, d.id) > (c.created_unix_ns, c.id))"      \
	" ORDER BY series, fingerprint"

bool calibrations_read(struct store *store, const char *machine, struct calibrations *calibrations,
	struct problem *problem)
{
	struct statement statement;
	bool is_good = statement_prepare(&statement, store,
		machine ? CALIBRATIONS_SQL("fingerprint = ? AND") : CALIBRATIONS_SQL(""), problem);

	*calibrations = (struct calibrations){0};
	if (is_good && machine)
		statement_bind_text(&statement, machine);
	is_good = is_good && statement_each(&statement, calibration_read, calibrations, problem);
	statement_close(&statement);
	if (!is_good)
		calibrations_free(calibrations);
	return is_good;
}
