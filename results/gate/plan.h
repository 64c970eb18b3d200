// SPDX-License-Identifier: GPL-2.0-or-later
// What a session was to do, as it was written before its first process.
#ifndef RESULTS_GATE_PLAN_H
#define RESULTS_GATE_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "results/store/store.h"

// A number of the plan; `otherwise` where it has none above 0.
double gate_plan_real(const json_t *plan, const char *name, double otherwise);

#endif
