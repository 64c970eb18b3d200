// SPDX-License-Identifier: GPL-2.0-or-later
// What the fuzz targets of the parsers share: the calls that libFuzzer makes, and what every one of
// them asks for: an input is read, or it is refused in one line that says what is wrong with it. It
// never ends the program.
#ifndef RESULTS_FUZZ_TARGET_H
#define RESULTS_FUZZ_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "results/text/problem.h"

// libFuzzer's side; allocator/fuzz/standalone.c makes these calls where there is no libFuzzer.
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// The input showed a bug: says what, also where libFuzzer has closed standard error, and aborts.
__attribute__((format(printf, 1, 2), noreturn)) void fuzz_fail(const char *format, ...);

// A copy that the parsers may change, followed by a zero byte; for the caller to free.
char *fuzz_copy(const uint8_t *data, size_t size);

// Fails unless the problem is what a user may be shown of a bad file: EXIT_WRONG_USE, and one line
// of text.
void fuzz_check_problem(const struct problem *problem);

#endif
