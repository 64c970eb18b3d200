// SPDX-License-Identifier: GPL-2.0-or-later
// What a run is about: its sides and workloads, checked against what the measured programs say they
// have, so that nothing wrong is found out halfway.
#ifndef HARNESS_RUN_SELECTION_H
#define HARNESS_RUN_SELECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "programs.h"
#include "results/text/problem.h"
#include "texts.h"

// One side of a run: a build of a config, under the name that its samples go by. A config's own
// program is labelled as the config; other builds of a config are sides with labels of their own.
struct side {
	char *label; // in the store and in messages: "default", "default@4d5f347a81b2", "default~copy"
	struct program program; // its config, where it lies, what it offers
	const char *told; // an option for its processes alone; borrowed; NULL: none
	char **layouts; // paths of the same program, each linked in another order; NULL: it has one
	size_t layouts_count;
};

// What the user asked for.
struct selection_request {
	struct texts
		sides; // "CONFIG", "CONFIG@COMMIT", "CONFIG=FOLDER" or "malloc:NAME=LIBRARY"; see results/text/side.h
	struct texts workloads; // none: all
	struct texts settings; // "WORKLOAD.PARAMETER=VALUE"
	struct texts told; // options that the programs are asked with; borrowed by the selection
	size_t layouts; // that each side is linked in; 0: as it is
	uint64_t layouts_seed; // draws them
};

struct selection {
	struct texts told; // of the request
	size_t layouts; // likewise
	uint64_t layouts_seed;
	struct side *sides;
	size_t sides_count;
	const char **labels; // of the sides
	const char **workloads; // texts of the catalogues
	size_t workloads_count;
	bool *has; // [workload * sides_count + side]: is measured; at first whatever can run here
};

// Finds and asks the program of each config and checks every name and value. selection_free() after
// success.
bool selection_make(struct selection *selection, const struct selection_request *request,
	struct problem *problem);
// Adds a side: another build of the first side's config, the program at `path`. Asks it what it
// offers. On failure the selection is as it was.
bool selection_build_add(
	struct selection *selection, const char *label, const char *path, struct problem *problem);
void selection_free(struct selection *selection);

// The program that a side runs in a round: its layouts take turns.
const char *selection_path(const struct selection *selection, size_t side, int round);

static inline bool *selection_has(const struct selection *selection, size_t workload, size_t side)
{
	return &selection->has[workload * selection->sides_count + side];
}

// Why the side's program can't run a workload here, for a message; NULL: it can.
const char *selection_reason(const struct selection *selection, size_t workload, size_t side);

// Whether the settings name parameters that the chosen workloads have, with values in their range, each
// once. What has several values is left to the program that measures them.
bool run_settings_check(
	const struct selection *selection, struct texts settings, struct problem *problem);

// Asks the programs again, told the settings: which benchmarks there are depends on them. What the
// selection points to in their answers is to be chosen anew.
bool run_settings_ask(struct selection *selection, struct texts settings, struct problem *problem);

// Says that a name is none of those that are known, and offers the nearest. Returns false.
bool selection_unknown(
	const char *what, const char *name, struct texts known, struct problem *problem);

// Whether "WORKLOAD.PARAMETER=VALUE" is about this workload.
bool setting_is_of(const char *setting, const char *workload);

#endif
