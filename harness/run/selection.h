// SPDX-License-Identifier: GPL-2.0-or-later
// What a run is about: the chosen configs and workloads, checked against what the measured programs
// say they have, so that nothing wrong is found out halfway.
#ifndef HARNESS_RUN_SELECTION_H
#define HARNESS_RUN_SELECTION_H

#include <stdbool.h>
#include <stddef.h>

#include "programs.h"
#include "results/text/problem.h"

// What the user asked for; borrowed.
struct selection_request {
	const char *const *configs;
	size_t configs_count;
	const char *const *workloads; // none: all
	size_t workloads_count;
	const char *const *settings; // "WORKLOAD.PARAMETER=VALUE"
	size_t settings_count;
};

struct selection {
	struct programs programs;
	const struct program **chosen; // one for each config of the request
	const char *const *configs; // the request's
	size_t configs_count;
	const char **workloads; // texts of the catalogues
	size_t workloads_count;
	bool *has; // [workload * configs_count + config]: can be run here
};

// Asks the chosen configs' programs and checks every name and value. selection_free() after
// success.
bool selection_make(struct selection *selection, const struct selection_request *request,
	struct problem *problem);
void selection_free(struct selection *selection);

// Why a config can't run a workload here, for a message; only where !has.
const char *selection_reason(const struct selection *selection, size_t workload, size_t config);

// Whether "WORKLOAD.PARAMETER=VALUE" is about this workload.
bool setting_is_of(const char *setting, const char *workload);

#endif
