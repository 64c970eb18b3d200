// SPDX-License-Identifier: GPL-2.0-or-later
// Sets what makes figures quieter, and puts it back. What was found is kept in a file before
// anything is set, so that a process that was killed in between loses nothing. Settings end with
// the machine's next start by themselves, and so does what the file says.
#ifndef HARNESS_DOCTOR_TUNE_H
#define HARNESS_DOCTOR_TUNE_H

#include <stdbool.h>
#include <stdio.h>

#include "results/text/problem.h"

// Where the state lies when nobody says otherwise.
#define TUNE_STATE "/var/lib/slabmark/tune.json"

// Sets each setting below root ("" or a test's folder) that is worse for measuring than it could
// be, and prints a line for each. What was found is in the file `state`; where that file is there
// already, it keeps what it says. EXIT_WRONG_USE: the file is no such state. EXIT_NOT_MEASURED:
// something could not be set, or the state not written; then nothing was set.
bool tune_set(const char *root, const char *state, FILE *output, struct problem *problem);

// Puts back what tune_set() found, last first, prints a line for each, and removes the state. What
// somebody else has changed since stays, and is said. EXIT_WRONG_USE: there is no state.
// EXIT_NOT_MEASURED: something could not be put back; the state stays.
bool tune_restore(const char *root, const char *state, FILE *output, struct problem *problem);

#endif
