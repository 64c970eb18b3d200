// SPDX-License-Identifier: GPL-2.0-or-later
// Runs a workload as the harness does, from setup to teardown, in as many threads as it is told; for
// tests.
#ifndef WORKLOADS_TRIED_PERFORMANCE_H
#define WORKLOADS_TRIED_PERFORMANCE_H

#include <pthread.h>
#include <stdatomic.h>

#include "workloads/clock.h"
#include "workloads/workload.h"

enum { PERFORMANCE_THREADS_MAX = 64 };

struct performance {
	const struct workload *workload;
	int64_t values[WORKLOAD_PARAMETERS_MAX];
	unsigned counts[WORKLOAD_ROLES_MAX];
	struct workload_context contexts[PERFORMANCE_THREADS_MAX];
	int64_t operations; // as the benchmark counts them for each thread
	bool is_checked;
	// NULL, or called by one thread when all have started, and when all have done their operations;
	// only for a workload that does not fail.
	void (*before_run)(void);
	void (*after_run)(void);
	bool is_good[PERFORMANCE_THREADS_MAX];
	atomic_bool has_failed; // a thread could not start
	pthread_barrier_t barrier;
	struct barrier meeting;
};

// NULL: there is none.
const struct workload *workload_find(const char *name);

// With the workload's defaults. A name that does not exist fails the test.
void performance_make(struct performance *performance, const char *name);
// The same with values that make it quick: few objects, short rounds, the same kind of work.
void performance_make_small(struct performance *performance, const char *name);
void set_value(struct performance *performance, const char *name, int64_t value);

// Runs all threads from setup to teardown, so many operations a thread as the benchmark counts them.
// True when all of them were done.
bool perform(struct performance *performance, int64_t operations);

#endif
