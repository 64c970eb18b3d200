// SPDX-License-Identifier: GPL-2.0-or-later
// Reads a file of Google Benchmark's JSON from anywhere, so that nothing in it can do harm: a limit
// to its size, and an error that names the file and the place.
#ifndef RESULTS_DOCUMENT_BENCHMARK_FILE_H
#define RESULTS_DOCUMENT_BENCHMARK_FILE_H

#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

#include "results/text/problem.h"

#define BENCHMARK_FILE_BYTES_MAX ((size_t)256 << 20)

// What some programs write first, to say that a text is UTF-8.
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

// The whole file as text, but for a mark of the byte order; the caller's. A zero byte follows it. "-" is
// standard input. EXIT_NOT_MEASURED: it cannot be read; EXIT_WRONG_USE: it is too large, or no text.
// NULL on failure.
char *benchmark_file_text(const char *path, size_t *size, struct problem *problem);

// The same of a stream that is open.
char *benchmark_stream_text(FILE *file, const char *path, size_t *size, struct problem *problem);

// The document in a text, which is changed in doing so. `line` is where the text begins in its
// file, from 1.
json_t *benchmark_file_parse(
	char *text, size_t size, const char *path, int line, struct problem *problem);

// Both: the document in a file.
json_t *benchmark_file_read(const char *path, struct problem *problem);

#endif
