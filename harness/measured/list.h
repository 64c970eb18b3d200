// SPDX-License-Identifier: GPL-2.0-or-later
// The program's description of itself, for `slabmark list` and everything else that wants to know
// what there is: config, workloads, parameters, benchmarks.
#ifndef HARNESS_MEASURED_LIST_H
#define HARNESS_MEASURED_LIST_H

#include <jansson.h>

#include "benchmark.h"

// A new reference; NULL: no memory. The form is described in README.md.
json_t *measured_list(const struct measured_process *process);

#endif
