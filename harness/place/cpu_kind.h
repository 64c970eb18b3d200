// SPDX-License-Identifier: GPL-2.0-or-later
// Processors whose CPUs are not all alike: performance and efficiency cores. hwloc ranks the kinds;
// what is measured runs on one of them.
#ifndef HARNESS_PLACE_CPU_KIND_H
#define HARNESS_PLACE_CPU_KIND_H

#include <hwloc.h>
#include <stdbool.h>
#include <stddef.h>

#include "results/text/problem.h"

// Leaves in `cpus` those of one kind: the fastest that is among them (NULL or "fastest"), or the one
// that is named: by its number, from 0, the slowest, on, or as hwloc's info CoreType names it
// ("IntelAtom"). `words` becomes what a reader should know of it, "" where all CPUs of the machine
// are of one kind. False: there is no such kind, or none of its CPUs may be used; the problem names
// those that there are.
bool cpu_kind_choose(hwloc_topology_t topology, hwloc_bitmap_t cpus, const char *kind, char *words,
	size_t words_size, struct problem *problem);

// The kind of a number below hwloc_cpukinds_get_nr(), in words: "IntelCore, kind 1 of 0 to 1, CPUs
// 0-15".
void cpu_kind_describe(hwloc_topology_t topology, unsigned number, char *words, size_t words_size);

#endif
