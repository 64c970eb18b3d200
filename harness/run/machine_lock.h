// SPDX-License-Identifier: GPL-2.0-or-later
// One session measures on a machine at a time: two would disturb each other, and neither could tell.
// The lock is a file that every user may lock; it ends with the process that holds it.
#ifndef HARNESS_RUN_MACHINE_LOCK_H
#define HARNESS_RUN_MACHINE_LOCK_H

#include <stdbool.h>

#include "results/text/problem.h"

// The environment variable that names another file.
#define MACHINE_LOCK_VARIABLE "SLABMARK_LOCK"

// Takes the lock. Where another process has it: waits for its end and says so on standard error, or,
// where refuses is set, fails (EXIT_NOT_MEASURED). *lock is a descriptor for machine_lock_release(), or
// -1 where this system has no place for the file; that is said, and all goes on without.
bool machine_lock_take(const char *command, bool refuses, int *lock, struct problem *problem);
void machine_lock_release(int lock);

#endif
