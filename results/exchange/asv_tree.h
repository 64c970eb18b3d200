// SPDX-License-Identifier: GPL-2.0-or-later
// The results tree of asv (airspeed velocity), made in memory: what asv's own `asv run` would have
// left in its results folder, had it measured our series. `asv publish` makes a site of it, `asv
// compare` compares two commits.
//
//   benchmarks.json              every benchmark with its parameters
//   MACHINE/machine.json         what the machine is
//   MACHINE/COMMIT-ENV.json      the results of one commit in one environment: config, compiler, build type
//
// A series' name becomes a benchmark and its parameters:
// handover/size:192/relation:same-node/real_time is the benchmark handover.real_time with size=192
// and relation='same-node'. Results are lists over the product of all values.
#ifndef RESULTS_EXCHANGE_ASV_TREE_H
#define RESULTS_EXCHANGE_ASV_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

struct asv_tree;

// The series of one config of one session; all texts are borrowed for the call.
struct asv_place {
	const char *machine;
	const char *commit; // hexadecimal digits
	int64_t commit_unix_ns;
	int64_t started_unix_ns; // of the session
	const char *config;
	const char *compiler; // these NULL where not known
	const char *build_type;
	const char *cpu;
	const char *system; // "Linux 6.1.0-13-amd64"
	const char *topology;
};

// Of one series: a figure a process, in seconds.
struct asv_point {
	const char *series;
	const double *samples_s;
	size_t count; // at least 1
	double result_s;
};

// NULL when memory runs out.
struct asv_tree *asv_tree_new(void);
void asv_tree_free(struct asv_tree *tree);

// Adds a point, in place of one of the same series, commit, machine and environment that came
// before. Returns false when memory runs out or a name is no UTF-8.
bool asv_tree_add(
	struct asv_tree *tree, const struct asv_place *place, const struct asv_point *point);

// The files: an object of path and content. Owned by the caller; NULL when memory runs out.
json_t *asv_tree_files(const struct asv_tree *tree);

#endif
