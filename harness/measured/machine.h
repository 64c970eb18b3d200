// SPDX-License-Identifier: GPL-2.0-or-later
// What must be known about the machine to believe a figure, as texts for the context of the JSON. A
// fact that can't be read is "unknown: " and why; nothing is guessed.
#ifndef HARNESS_MEASURED_MACHINE_H
#define HARNESS_MEASURED_MACHINE_H

#include <hwloc.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MACHINE_FACT_SIZE = 4096 }; // the kernel's command line is the longest

// Where facts are read from.
struct machine {
	hwloc_topology_t topology; // borrowed
	hwloc_const_bitmap_t usable; // CPUs that this process may use; borrowed
	const char *root; // put before /proc and /sys: "" or a test's directory
};

struct machine_fact {
	const char *key;
	// Writes the fact; text has MACHINE_FACT_SIZE bytes.
	void (*read)(const struct machine *machine, char *text);
};

// Every fact; a row without a key ends the table.
extern const struct machine_fact machine_facts[];

#endif
