// SPDX-License-Identifier: GPL-2.0-or-later
// The samples of a comparison: an array that grows, is sorted once and then only read. Entry for
// what comes out of the store: samples_read(); what counts as a sample there, and of which side, is
// its caller's business.
#include "internal.h"

#include <stdlib.h>
#include <string.h>

#include "results/store/internal.h"
#include "results/text/memory.h"

struct compare_sample *compare_samples_add(struct compare_samples *samples, struct problem *problem)
{
	struct compare_sample *items = array_grown(samples->items, samples->count, sizeof(*items));

	if (!items) {
		no_memory(problem, "the comparison");
		return NULL;
	}
	samples->items = items;
	items[samples->count] = (struct compare_sample){0};
	return &items[samples->count++];
}

static int sample_order(const void *left, const void *right)
{
	const struct compare_sample *one = left;
	const struct compare_sample *two = right;
	int order = strcmp(one->name, two->name);

	if (order == 0)
		order = strcmp(one->config, two->config);
	if (order == 0)
		order = (one->block > two->block) - (one->block < two->block);
	if (order == 0)
		order = (one->process > two->process) - (one->process < two->process);
	return order;
}

void compare_samples_sort(struct compare_samples *samples)
{
	if (samples->count > 0)
		qsort(samples->items, samples->count, sizeof(*samples->items), sample_order);
}

size_t compare_samples_rounds(const struct compare_samples *samples)
{
	int64_t done = 0;

	for (size_t i = 0; i < samples->count; i++) {
		int64_t round = samples->items[i].block & INT32_MAX;

		done = round + 1 > done ? round + 1 : done;
	}
	return (size_t)done;
}

void compare_samples_free(struct compare_samples *samples)
{
	for (size_t i = 0; i < samples->count; i++) {
		free(samples->items[i].name);
		free(samples->items[i].workload);
		free(samples->items[i].error_message);
		json_decref(samples->items[i].counters);
	}
	free(samples->items);
	*samples = (struct compare_samples){0};
}

// ---- the store

enum {
	COLUMN_NAME,
	COLUMN_WORKLOAD,
	COLUMN_CONFIG,
	COLUMN_COMMIT,
	COLUMN_COMPILER,
	COLUMN_MACHINE,
	COLUMN_SIMULATOR,
	COLUMN_PROCESS,
	COLUMN_ROUND,
	COLUMN_FAILED,
	COLUMN_ERROR,
	COLUMN_TIME,
	COLUMN_MIGRATIONS,
	COLUMN_COUNTERS,
};

#define SAMPLES_SQL(counters)                                                                      \
	"SELECT s.name, p.workload, p.config, b.\"commit\", b.compiler, m.fingerprint,"            \
	" p.simulator, p.id, p.round, s.failed, s.error_message, s.real_time_ns,"                  \
	" json_extract(s.counters, '$.migrations'), " counters                                     \
	" FROM processes AS p JOIN samples AS s ON s.process_id = p.id"                            \
	" JOIN builds AS b ON b.id = p.build_id LEFT JOIN machines AS m ON m.id = p.machine_id"    \
	" WHERE p.session_id = ? AND s.run_type = 'iteration'"

static struct compare_source source_of(const struct statement *statement, int64_t session)
{
	return (struct compare_source){
		.session = session,
		.name = statement_peek(statement, COLUMN_NAME),
		.workload = statement_peek(statement, COLUMN_WORKLOAD),
		.config = statement_peek(statement, COLUMN_CONFIG),
		.commit = statement_peek(statement, COLUMN_COMMIT),
		.compiler = statement_peek(statement, COLUMN_COMPILER),
		.machine = statement_peek(statement, COLUMN_MACHINE),
		.simulator = statement_peek(statement, COLUMN_SIMULATOR),
	};
}

static bool sample_fill(struct compare_sample *sample, const struct statement *statement,
	const struct compare_place *place, int64_t session, struct problem *problem)
{
	const char *counters = statement_peek(statement, COLUMN_COUNTERS);

	sample->config = place->side;
	sample->name = strdup(place->row);
	sample->workload = statement_text(statement, COLUMN_WORKLOAD);
	sample->process = statement_integer(statement, COLUMN_PROCESS);
	sample->block = (session << 32) + statement_integer(statement, COLUMN_ROUND);
	sample->failed = statement_integer(statement, COLUMN_FAILED) != 0;
	sample->error_message = statement_text(statement, COLUMN_ERROR);
	sample->real_time_ns = statement_real(statement, COLUMN_TIME);
	sample->migrations = statement_real(statement, COLUMN_MIGRATIONS);
	sample->counters = counters ? json_loads(counters, 0, NULL) : NULL;
	sample->is_simulated = statement_peek(statement, COLUMN_SIMULATOR) != NULL;
	return (sample->name && sample->workload) || no_memory(problem, "the comparison");
}

bool samples_read(struct store *store, int64_t session, bool with_counters,
	compare_samples_place place_of, void *context, struct compare_samples *samples,
	struct problem *problem)
{
	struct statement statement;
	bool has_row = true;
	bool is_good = statement_prepare(&statement, store,
		with_counters ? SAMPLES_SQL("s.counters") : SAMPLES_SQL("NULL"), problem);

	if (is_good)
		statement_bind_integer(&statement, session);
	while (is_good && has_row) {
		struct compare_place place = {0};
		struct compare_source source;
		struct compare_sample *sample;

		is_good = statement_next(&statement, &has_row, problem);
		if (!is_good || !has_row)
			break;
		source = source_of(&statement, session);
		is_good = (source.name && source.workload && source.config) ||
			  store_damaged(store, "a sample without a name or a config", problem);
		is_good = is_good && place_of(context, &source, &place, problem);
		if (!is_good || !place.side)
			continue;
		sample = compare_samples_add(samples, problem);
		is_good = sample && sample_fill(sample, &statement, &place, session, problem);
	}
	statement_close(&statement);
	return is_good;
}
