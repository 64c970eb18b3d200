// SPDX-License-Identifier: GPL-2.0-or-later
// Times as users type them: "90", "90s", "10m", "1.5h", "2d".
#ifndef HARNESS_RUN_DURATION_H
#define HARNESS_RUN_DURATION_H

#include <stdbool.h>

#include "results/text/problem.h"

// Reads the value of --option. EXIT_WRONG_USE: it is no time above 0 and below ten years.
bool duration_read(const char *option, const char *text, double *seconds, struct problem *problem);

#endif
