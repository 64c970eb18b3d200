// SPDX-License-Identifier: GPL-2.0-or-later
// Result files of other programs as documents of Google Benchmark's form, one a process. FORMATS.md
// describes each format. Pure.
#ifndef RESULTS_EXCHANGE_FORMATS_H
#define RESULTS_EXCHANGE_FORMATS_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "results/text/problem.h"

// The documents of a file, whose format its text tells: JSON of Google Benchmark, hyperfine, pyperf
// or asv, or Google Benchmark's CSV. The text is followed by a zero byte and is changed. The caller's
// array; NULL with a problem (EXIT_WRONG_USE) that names the file and the place.
json_t *formats_read(char *text, size_t size, const char *path, struct problem *problem);

#endif
