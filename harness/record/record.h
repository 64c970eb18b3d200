// SPDX-License-Identifier: GPL-2.0-or-later
// Recordings (workloads/recording) from a running program, and from what perf saw of a kernel.
#ifndef HARNESS_RECORD_RECORD_H
#define HARNESS_RECORD_RECORD_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "ledger.h"
#include "results/text/problem.h"

// Makes an empty capture file (capture.h), which must not be there yet.
bool capture_make(const char *path, struct problem *problem);
// Reads what was noted in it; `lost` calls found no room on the disk.
bool capture_read(struct ledger *ledger, const char *path, uint64_t *lost, struct problem *problem);

// Reads the text of `perf script` with the kernel's kmem events. Other events and call chains are
// passed over and, of events, counted. A kmem event that cannot be read is EXIT_WRONG_USE with its
// line, and so is a text without any. `name` is for messages.
bool perf_script_read(struct ledger *ledger, FILE *file, const char *name, uint64_t *passed_over,
	struct problem *problem);

// What a recording holds. Reads the file to its end; a bad one is EXIT_WRONG_USE with the offset.
struct recording_summary {
	struct recording_header header;
	uint64_t allocs, frees, resizes;
	uint64_t remote_frees; // by another thread than the one that made the object
	uint64_t left; // objects alive at the end
	uint64_t time_ns; // of the last event
	uint32_t threads; // that appeared
	uint32_t cpus; // highest number + 1
	uint64_t bytes; // of the file
};
bool recording_summarise(
	struct recording_summary *summary, FILE *file, const char *name, struct problem *problem);

#endif
