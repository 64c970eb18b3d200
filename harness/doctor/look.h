// SPDX-License-Identifier: GPL-2.0-or-later
// What the examinations share: reading a machine's files, and saying what was found.
#ifndef HARNESS_DOCTOR_LOOK_H
#define HARNESS_DOCTOR_LOOK_H

#include <stdbool.h>

#include "examination.h"

enum { LINE_SIZE = 8192, PATH_SIZE = 4096 };

// One look each. It fills the finding's state and text, and its advice where there is something to
// do; the rest comes from the table in examination.c.
typedef void look(const struct machine *machine, struct finding *finding);

// processor.c
look look_governor, look_turbo, look_smt, look_isolated, look_kinds, look_throttling;
// memory.c
look look_thp, look_huge_pages, look_numa_balancing, look_nodes, look_aslr, look_swap, look_merging;
// counting.c
look look_counters, look_rights, look_watchdog, look_rseq, look_membarrier, look_clock;
// others.c
look look_load, look_host, look_quota, look_memory_limit, look_cpuset;

// Says what was found.
__attribute__((format(printf, 3, 4))) void found(
	struct finding *finding, enum finding_state state, const char *format, ...);

// Says what to type or to do.
void advise(struct finding *finding, const char *advice);

// The first line of a file below machine->root; false where there is none.
bool line_read(const struct machine *machine, const char *path, char line[LINE_SIZE]);

// The whole number that a file below machine->root begins with; false where it begins with none.
bool number_read(const struct machine *machine, const char *path, long *number);

// A fact as measured programs record it: text has MACHINE_FACT_SIZE bytes.
void fact_read(const struct machine *machine, const char *key, char *text);

// A fact that could not be read: "unknown: …".
bool is_unknown(const char *fact);

// Numbers as a list, "0-3,8"; "" where there are none.
void list_write(hwloc_const_bitmap_t set, char *list, size_t size);

#endif
