// SPDX-License-Identifier: GPL-2.0-or-later
// Series of counters, beside those of times.
#ifndef RESULTS_HISTORY_COUNTERS_H
#define RESULTS_HISTORY_COUNTERS_H

#include "history.h"
#include "results/store/stored_sample.h"

// Adds a series "BENCHMARK [COUNTER]" for each benchmark, config and machine that counted it. wanted:
// which samples, sorted, with STORED_COUNTERS. EXIT_NOT_MEASURED: nobody counted it.
bool history_counter_read(struct store *store, const struct stored_samples *wanted,
	const char *counter, struct history *history, struct problem *problem);

#endif
