// SPDX-License-Identifier: GPL-2.0-or-later
// Aggregates of formats that do not say of a row what it is: Google Benchmark's JSON before version
// 1.5, and its CSV.
#ifndef RESULTS_DOCUMENT_AGGREGATE_H
#define RESULTS_DOCUMENT_AGGREGATE_H

#include <jansson.h>

// Gives rows without a "run_type" that are aggregates what newer versions write of one.
void aggregates_mark(json_t *rows);

#endif
