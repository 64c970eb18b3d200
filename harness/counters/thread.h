// SPDX-License-Identifier: GPL-2.0-or-later
// The counters of one thread: opened on that thread, counting between start and stop alone.
#ifndef HARNESS_COUNTERS_THREAD_H
#define HARNESS_COUNTERS_THREAD_H

#include <stdbool.h>

#include "count.h"
#include "counters.h"

struct counted_thread {
	const struct counters *counters;
	int fds[COUNTERS_MAX]; // -1 where perf does not count
	int leaders[COUNTERS_MAX]; // [group]; -1
	struct perf_event_mmap_page *pages[COUNTERS_MAX]; // NULL where it is read by system calls
	struct reading called[COUNTERS_MAX]; // at the start, by the system call
	struct reading seen[COUNTERS_MAX]; // at the start, in user space
	bool is_seen[COUNTERS_MAX];
	double switches; // at the start
};

// Opens what the probe believed, on the calling thread. A counter that cannot be opened here is
// left out: its count will be NaN, and *lost is its index (-1: none), with the reason.
void counted_thread_open(struct counted_thread *thread, const struct counters *counters, int *lost,
	char *reason, size_t reason_size);
void counted_thread_start(struct counted_thread *thread);
// counts[i] of counters->items[i]; NaN where it was not counted, and of ratios.
void counted_thread_stop(struct counted_thread *thread, struct count *counts);
void counted_thread_close(struct counted_thread *thread);

#endif
