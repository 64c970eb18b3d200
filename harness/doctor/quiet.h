// SPDX-License-Identifier: GPL-2.0-or-later
// A machine that is quiet enough to measure on.
#ifndef HARNESS_DOCTOR_QUIET_H
#define HARNESS_DOCTOR_QUIET_H

#include <stdbool.h>

#include "results/text/problem.h"

// Whether no finding of this machine is bad. EXIT_NOT_MEASURED, with the names of those that are.
bool quiet_require(struct problem *problem);

#endif
