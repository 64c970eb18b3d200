// SPDX-License-Identifier: GPL-2.0-or-later
// What the files of the gate share.
#ifndef RESULTS_GATE_INTERNAL_H
#define RESULTS_GATE_INTERNAL_H

#include "compare_internal.h"
#include "gate.h"
#include "gate_plan.h"

// A row, zeroed but for NaNs, in the gate's array; NULL when memory runs out.
struct gate_row *gate_row_add(struct gate *gate, const char *series, const char *workload,
	const char *config, const char *metric, struct problem *problem);

// Compares the exact metrics of both sides and adds a row for each.
bool gate_exact_add(struct store *store, struct gate *gate, struct problem *problem);

#endif
