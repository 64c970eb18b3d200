// SPDX-License-Identifier: GPL-2.0-or-later
// Which CPUs the threads of a benchmark run on: relations (workloads/workload.h) become CPUs of this
// machine, out of the list of those that this process may use (sites.h).
#ifndef HARNESS_PLACE_PLACEMENT_H
#define HARNESS_PLACE_PLACEMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "sites.h"
#include "workloads/relation.h"

// What is to be placed: threads, counted through the roles in order, and how they lie to each other.
struct placement_request {
	enum relation relation;
	const unsigned *counts; // threads of each role
	size_t roles_count;
	unsigned from, to; // RELATION_MATRIX: the first role's node and the others'
	hwloc_const_bitmap_t cpus; // RELATION_CPUS: one for each thread, in this order
};

struct placement {
	enum relation relation;
	unsigned threads_count;
	struct site *threads; // where each thread runs
	hwloc_bitmap_t nodes; // of all threads' memory, by the operating system's numbers
};

// Finds CPUs for the request. False where the machine, or what this process may use of it, lacks
// such CPUs; reason then says so. The same topology gives the same CPUs. No two threads get one CPU,
// but at RELATION_SAME_CPU. placement_free() afterwards, whatever came of it.
bool placement_choose(struct placement *placement, const struct sites *sites,
	const struct placement_request *request, char *reason, size_t reason_size);
void placement_free(struct placement *placement);

#endif
