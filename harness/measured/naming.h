// SPDX-License-Identifier: GPL-2.0-or-later
// What a benchmark is called and what its label says.
#ifndef HARNESS_MEASURED_NAMING_H
#define HARNESS_MEASURED_NAMING_H

#include "benchmark.h"

// Writes benchmark->name, as Google Benchmark will show it, from workload, values, counts and relation.
void naming_name(struct measured_benchmark *benchmark);
// Writes benchmark->label from the placement, which must have been found.
void naming_label(struct measured_benchmark *benchmark);

#endif
