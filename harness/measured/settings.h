// SPDX-License-Identifier: GPL-2.0-or-later
// What --slabmark_set makes of the workloads' parameters: one value or several of each, and the numbers
// of threads of their roles.
#ifndef HARNESS_MEASURED_SETTINGS_H
#define HARNESS_MEASURED_SETTINGS_H

#include <stdbool.h>

#include "results/text/problem.h"
#include "sweep.h"
#include "workloads/workload.h"

// As many CPUs as a 5.10 kernel can be built for on x86 are as many threads as there can be.
enum { MEASURED_WORKLOADS_MAX = 128, MEASURED_THREADS_MAX = 8192 };

struct settings {
	// By row of the workload table. No values: the parameter's default.
	struct sweep values[MEASURED_WORKLOADS_MAX][WORKLOAD_PARAMETERS_MAX];
	// NULL: the role's default. Read when the number of CPUs is known.
	const char *threads[MEASURED_WORKLOADS_MAX][WORKLOAD_ROLES_MAX];
};

// Takes "WORKLOAD.PARAMETER=VALUES"; the text must outlive the settings.
bool settings_take(struct settings *settings, const char *text, struct problem *problem);
// Values may be right one by one and wrong together. Where several are to be measured, what does not
// fit is left out later, with the reason.
bool settings_check(const struct settings *settings, struct problem *problem);
void settings_free(struct settings *settings);

// The values of a parameter: those that were set, or the default. Points into the settings or to
// *initial, which is filled.
struct sweep settings_values(
	const struct settings *settings, size_t row, size_t parameter, int64_t *initial);

// Reads a number of threads of a role, 1..all and so on, for this many CPUs.
bool settings_threads_read(struct sweep *sweep, size_t row, size_t role, const char *text,
	size_t cpus, struct problem *problem);

#endif
