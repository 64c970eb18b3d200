// SPDX-License-Identifier: GPL-2.0-or-later
// What workloads tell beside the time: figures become counters of the report, and the lines that the
// published programs print are kept for --slabmark_classic.
#ifndef HARNESS_MEASURED_FIGURES_H
#define HARNESS_MEASURED_FIGURES_H

#include "benchmark.h"
#include "gbench.h"

// All threads have ended a timed loop: lets the workload tell, and keeps its lines.
void figures_report(struct measured_benchmark *benchmark, struct gbench_state *state);

// Writes the lines of the last timed loop of each benchmark to the file that was asked for, behind
// what is there. True where none was asked for.
bool figures_print(const struct measured_process *process, struct problem *problem);

#endif
