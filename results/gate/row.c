// SPDX-License-Identifier: GPL-2.0-or-later
// The rows of a judgement: adding one, and counting them by outcome.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "results/text/memory.h"

const char *gate_outcome_name(enum gate_outcome outcome)
{
	static const char *const NAMES[GATE_OUTCOMES] = {"equivalent", "faster", "undecided",
		"slower", "unconfirmed", "warning", "accepted", "not measured", "regression"};

	return NAMES[outcome];
}

size_t gate_count(const struct gate *gate, enum gate_outcome outcome)
{
	size_t count = 0;

	for (size_t i = 0; i < gate->rows_count; i++)
		count += gate->rows[i].outcome == outcome;
	return count;
}

struct gate_row *gate_row_add(struct gate *gate, const char *series, const char *workload,
	const char *config, const char *metric, struct problem *problem)
{
	struct gate_row *rows = array_grown(gate->rows, gate->rows_count, sizeof(*rows));
	struct gate_row *row;

	if (!rows) {
		no_memory(problem, "the gate");
		return NULL;
	}
	gate->rows = rows;
	row = &rows[gate->rows_count++];
	*row = (struct gate_row){
		.series = strdup(series),
		.workload = strdup(workload),
		.config = strdup(config),
		.metric = strdup(metric),
		.baseline = NAN,
		.value = NAN,
		.ratio = NAN,
		.ratio_low = NAN,
		.ratio_high = NAN,
		.q = NAN,
		.margin = NAN,
		.seen_low = NAN,
		.night_spread = NAN,
	};
	if (row->series && row->workload && row->config && row->metric)
		return row;
	no_memory(problem, "the gate");
	return NULL;
}

void gate_row_remark(struct gate_row *row, const char *text)
{
	free(row->remark);
	row->remark = strdup(text);
}
