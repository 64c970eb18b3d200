// SPDX-License-Identifier: GPL-2.0-or-later
// What disturbed a thread while it was measured, by the kernel's own counts: migrations to another
// CPU, context switches, page faults. The plain facts that every measurement carries.
#ifndef HARNESS_MEASURED_THREAD_EVENTS_H
#define HARNESS_MEASURED_THREAD_EVENTS_H

#include <stdbool.h>
#include <stddef.h>

struct thread_events {
	double migrations; // NAN where they can't be counted
	double context_switches_voluntary; // the thread waited; includes the harness's own barriers
	double context_switches_involuntary; // the kernel took the CPU away
	double page_faults; // without disk access
};

// An open measurement of the calling thread.
struct thread_watch {
	int migrations_fd; // -1 where there is no such event
	struct thread_events before;
};

// Whether migrations can be counted here; reason says why not. A counter that opens is believed
// only after it has seen the calling thread move between two of its CPUs (some open and then read
// 0). Moves the thread and puts it back.
bool thread_events_test(char *reason, size_t reason_size);

// Opens what is counted of the calling thread, which sleeps for a moment; so before the warm-up.
// counts_migrations: thread_events_test() has said so.
void thread_watch_open(struct thread_watch *watch, bool counts_migrations);
// From start to stop; of an open watch, any number of times.
void thread_watch_start(struct thread_watch *watch);
struct thread_events thread_watch_stop(const struct thread_watch *watch);
void thread_watch_close(struct thread_watch *watch);

#endif
