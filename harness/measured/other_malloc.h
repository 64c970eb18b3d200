// SPDX-License-Identifier: GPL-2.0-or-later
// A malloc that somebody else has built, preloaded into a peer's program: whether it is really the one
// that is measured, and what the results say of it. Which one is meant stands in the environment
// variable SLABMARK_MALLOC, as a path; LD_PRELOAD brings it.
#ifndef HARNESS_MEASURED_OTHER_MALLOC_H
#define HARNESS_MEASURED_OTHER_MALLOC_H

#include <stdbool.h>

#include "results/text/problem.h"

// Whether malloc and the functions that go with it come from the library that the environment names;
// true, too, where it names none. False: wrong use, with the reason.
bool other_malloc_check(struct problem *problem);

// Adds malloc_path, malloc_bytes, malloc_digest and, where the library tells, malloc_version to the
// report's context; nothing where none is named.
void other_malloc_say(void);

#endif
