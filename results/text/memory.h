// SPDX-License-Identifier: GPL-2.0-or-later
// Memory that ran out, in words for the user, and arrays that grow element by element.
#ifndef RESULTS_TEXT_MEMORY_H
#define RESULTS_TEXT_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "problem.h"

// Fills *problem with "no memory left for WHAT" ("the comparison"). Returns false.
bool no_memory(struct problem *problem, const char *what);

// The array of `count` elements with room for one more, which is not set: itself, or a larger one
// in its place. NULL when memory runs out; the array is then as it was. An array must grow by this
// function alone, from NULL on; its count may fall at any time.
void *array_grown(void *items, size_t count, size_t element_size);

#endif
