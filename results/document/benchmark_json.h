// SPDX-License-Identifier: GPL-2.0-or-later
// Reads what a measured program prints: Google Benchmark's JSON, which isn't quite JSON.
#ifndef RESULTS_DOCUMENT_BENCHMARK_JSON_H
#define RESULTS_DOCUMENT_BENCHMARK_JSON_H

#include <stddef.h>

#include <jansson.h>

// A member that the reader adds to a document: an array of the line, from 1, where each benchmark
// begins.
#define BENCHMARK_JSON_LINES "slabmark_lines"

// Parses the text, which is changed in doing so. Numbers that are none (NaN, Infinity, -inf; a
// coefficient of variation whose mean is 0 is printed so) are left out of the benchmarks. A counter
// with the name of another member gets a capital letter: "Iterations". A byte-order mark is passed
// over. NULL: *error says where the text is wrong.
json_t *benchmark_json_read(char *text, size_t size, json_error_t *error);

#endif
