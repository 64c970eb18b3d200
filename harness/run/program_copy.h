// SPDX-License-Identifier: GPL-2.0-or-later
// A copy of a program in a folder of its own: the same code at the same addresses, in other pages
// of memory.
#ifndef HARNESS_RUN_PROGRAM_COPY_H
#define HARNESS_RUN_PROGRAM_COPY_H

#include <stdbool.h>

#include "results/text/problem.h"

struct program_copy {
	char folder[256];
	char path[512];
};

// Copies the file into a new folder below $TMPDIR (else /tmp), under its own name.
// EXIT_NOT_MEASURED on failure, and then nothing is left behind.
bool program_copy_make(struct program_copy *copy, const char *program, struct problem *problem);
void program_copy_remove(const struct program_copy *copy);

#endif
