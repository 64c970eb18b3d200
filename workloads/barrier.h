// SPDX-License-Identifier: GPL-2.0-or-later
// A barrier at which threads spin, so that all of them go on within a fraction of a microsecond: a
// barrier that sleeps lets the first thread run alone for as long as it takes to wake the last one.
// Each arrival is one atomic addition, whatever the number of threads.
#ifndef WORKLOADS_BARRIER_H
#define WORKLOADS_BARRIER_H

#include <stdatomic.h>
#include <stdbool.h>

// Two lines of 64 bytes: processors fetch them in pairs.
#define BARRIER_LINE 128

struct barrier {
	_Alignas(BARRIER_LINE) atomic_uint arrived;
	_Alignas(BARRIER_LINE) atomic_uint phase; // changes when the last thread has arrived
	atomic_bool is_closed;
	unsigned threads;
	bool yields; // there are more threads than CPUs: waiting must let others run
};

void barrier_open(struct barrier *barrier, unsigned threads, bool yields);

// Waits for all threads. False: the barrier is closed, and nobody waits here any more.
bool barrier_wait(struct barrier *barrier);

// A thread that will not come lets the others go.
void barrier_close(struct barrier *barrier);

#endif
