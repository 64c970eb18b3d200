// SPDX-License-Identifier: GPL-2.0-or-later
// The placements that a user asks for by --slabmark_place: relations by name, or CPUs. Which CPUs a
// relation gets is placement.h's business.
#ifndef HARNESS_PLACE_PLACE_H
#define HARNESS_PLACE_PLACE_H

#include <hwloc.h>
#include <stdbool.h>
#include <stddef.h>

#include "results/text/problem.h"
#include "sites.h"
#include "workloads/relation.h"

struct place {
	enum relation relation;
	unsigned from, to; // RELATION_MATRIX: nodes, by the operating system's numbers
	hwloc_bitmap_t cpus; // RELATION_CPUS; NULL else
};

struct places {
	struct place *items;
	size_t count;
};

// Reads "compact,spread" or "0-3,8", or both; "all" is every relation, "matrix" each ordered pair of
// nodes. False: no such placement, or a CPU that this process may not use; places_free() all the same.
bool places_read(struct places *places, const char *text, const struct sites *sites,
	struct problem *problem);
// Adds those whose RELATION_BITs are set.
bool places_add(struct places *places, unsigned relations, const struct sites *sites,
	struct problem *problem);
void places_free(struct places *places);

#endif
