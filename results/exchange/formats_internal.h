// SPDX-License-Identifier: GPL-2.0-or-later
// The formats that formats.c knows. Each gives an array of documents, the caller's, or NULL with a
// problem.
#ifndef RESULTS_EXCHANGE_FORMATS_INTERNAL_H
#define RESULTS_EXCHANGE_FORMATS_INTERNAL_H

#include "formats.h"

bool hyperfine_is(const json_t *json);
json_t *hyperfine_read(const json_t *json, struct problem *problem);

bool pyperf_is(const json_t *json);
json_t *pyperf_read(const json_t *json, struct problem *problem);

// Google Benchmark's CSV, with what stands before its header.
bool benchmark_csv_is(const char *text);
json_t *benchmark_csv_read(char *text, size_t size, struct problem *problem);

// A row with these members alone, its time in seconds an operation; NULL: no memory.
json_t *format_row(const char *name, size_t repetition, double seconds);
// The same without a figure.
json_t *format_row_failed(const char *name, const char *reason);

#endif
