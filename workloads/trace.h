// SPDX-License-Identifier: GPL-2.0-or-later
// The recording that the workload `trace` plays. The harness loads it before it makes its list of
// benchmarks; without one the workload is skipped.
#ifndef WORKLOADS_TRACE_H
#define WORKLOADS_TRACE_H

#include "recording/recording.h"

// Reads a whole recording and keeps it for the process's life; once. False: it is bad, or there is
// no memory; the problem says which. *digest is a number that other recordings are unlikely to have: the
// value of the workload's parameter `recording`, which names its history.
bool trace_load(FILE *file, int64_t *digest, struct recording_problem *problem);

#endif
