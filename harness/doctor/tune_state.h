// SPDX-License-Identifier: GPL-2.0-or-later
// What was found before anything was set, as a file: JSON, so that a person can put it back, too.
#ifndef HARNESS_DOCTOR_TUNE_STATE_H
#define HARNESS_DOCTOR_TUNE_STATE_H

#include <stdbool.h>
#include <stddef.h>

#include "results/text/problem.h"

enum { BOOT_SIZE = 64 };

struct tuned {
	char *name; // "governor"
	char *path; // from /, without the root
	char *before; // as it was found
	char *after; // as it was set
};

struct tune_state {
	char boot[BOOT_SIZE]; // which start of the machine it is of; "" where that is not known
	struct tuned *items;
	size_t count;
};

// Copies the texts into a further item.
bool tune_state_add(struct tune_state *state, const struct tuned *item, struct problem *problem);

// The item of a path; NULL where there is none.
const struct tuned *tune_state_find(const struct tune_state *state, const char *path);

// Reads the file into *state, which is empty. EXIT_WRONG_USE: the file is no state.
bool tune_state_read(struct tune_state *state, const char *file, struct problem *problem);

// Writes the file whole, and makes its folder where that is missing (one level).
bool tune_state_write(const struct tune_state *state, const char *file, struct problem *problem);

void tune_state_free(struct tune_state *state);

#endif
