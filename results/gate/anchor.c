// SPDX-License-Identifier: GPL-2.0-or-later
// The anchor of last-good: a session from long ago, so that many small steps, each of which passes
// against the night before, do not pass together. Entry: gate_anchor_add().
#include <stdlib.h>
#include <string.h>

#include "internal.h"

// Of alpha. Small steps add up night after night, so a later one will do; and the baseline, of which a
// step must be seen at once, keeps nearly all.
static const double ANCHOR_SHARE = 0.2;

static bool is_worse(const struct gate_row *row)
{
	return strcmp(row->metric, "time") == 0 &&
	       (row->outcome == GATE_REGRESSION || row->is_candidate) &&
	       row->outcome != GATE_ACCEPTED;
}

// Whether the session is as bad against the baseline already.
static bool is_told(const struct gate *gate, const struct gate_row *row)
{
	for (size_t i = 0; i < gate->rows_count; i++) {
		const struct gate_row *other = &gate->rows[i];

		if (strcmp(other->series, row->series) == 0 &&
			strcmp(other->config, row->config) == 0 &&
			strcmp(other->metric, row->metric) == 0)
			return other->outcome >= row->outcome && is_worse(other);
	}
	return false;
}

static bool row_copy(
	struct gate *gate, const struct gate_row *row, int64_t anchor, struct problem *problem)
{
	struct gate_row *added =
		gate_row_add(gate, row->series, row->workload, row->config, row->metric, problem);
	struct gate_row texts;

	if (!added)
		return false;
	texts = *added;
	*added = *row;
	added->series = texts.series;
	added->workload = texts.workload;
	added->config = texts.config;
	added->metric = texts.metric;
	added->remark = row->remark ? strdup(row->remark) : NULL;
	added->anchor = anchor;
	return true;
}

double gate_alpha(const struct gate *gate, double alpha, bool is_of_anchor)
{
	if (!gate->anchor)
		return alpha;
	return alpha * (is_of_anchor ? ANCHOR_SHARE : 1 - ANCHOR_SHARE);
}

bool gate_anchor_add(struct store *store, const struct gate_options *options, struct gate *gate,
	struct problem *problem)
{
	struct gate_options against = *options;
	struct gate *held;
	char baseline[64];
	bool is_good = true;

	(void)snprintf(baseline, sizeof(baseline), "session:%lld", (long long)gate->anchor);
	against.alpha = gate_alpha(gate, options->alpha, true);
	against.session = gate->session;
	against.baseline = baseline;
	if (!gate_make(store, &against, &held, problem))
		return false;
	gate->anchor_commit = held->baseline_commit ? strdup(held->baseline_commit) : NULL;
	for (size_t i = 0; is_good && i < held->rows_count; i++) {
		const struct gate_row *row = &held->rows[i];

		if (is_worse(row) && !is_told(gate, row))
			is_good = row_copy(gate, row, gate->anchor, problem);
	}
	gate_free(held);
	return is_good;
}
