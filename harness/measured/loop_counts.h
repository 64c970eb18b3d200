// SPDX-License-Identifier: GPL-2.0-or-later
// What the threads of a timed loop counted, brought together: by node, in total, an operation. The
// thread that ends last writes it, when all others have theirs, so nobody waits.
#ifndef HARNESS_MEASURED_LOOP_COUNTS_H
#define HARNESS_MEASURED_LOOP_COUNTS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gbench.h"
#include "harness/counters/count.h"
#include "harness/counters/counters.h"
#include "harness/counters/thread.h"
#include "workloads/workload.h"

struct loop_part { // one thread's; written by that thread alone
	struct count counts[COUNTERS_MAX];
	int64_t operations; // as Google Benchmark counts them for this thread
	int64_t share; // what its run() was told to do
	uint64_t elapsed_ns; // from the start barrier to the end of its last run()
	unsigned role;
	double migrations; // NaN: not counted
	unsigned node;
	int lost; // a counter that could not be opened, or -1
	char reason[COUNTER_REASON_SIZE];
};

struct loop_counts {
	const struct counters *counters;
	unsigned threads;
	atomic_uint ended;
	struct loop_part *parts; // one a thread
};

// False: no memory. loop_counts_free() afterwards.
bool loop_counts_make(struct loop_counts *loop, unsigned threads);
void loop_counts_free(struct loop_counts *loop);

// Before any thread is in the loop.
void loop_counts_begin(struct loop_counts *loop, const struct counters *counters);

// Of all threads; all have written their parts.
double loop_counts_operations(const struct loop_counts *loop);

// A thread has written its part; true for the last one. The last one sets the counters of Google Benchmark's report and
// the label, which is where the threads ran and what is to be known of this sample: a counter that
// was asked for and not counted, migrations.
bool loop_counts_end(struct loop_counts *loop, struct gbench_state *state, const char *label);

#endif
