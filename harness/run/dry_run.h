// SPDX-License-Identifier: GPL-2.0-or-later
// What `slabmark run --dry-run` says.
#ifndef HARNESS_RUN_DRY_RUN_H
#define HARNESS_RUN_DRY_RUN_H

#include <stdio.h>

#include "run.h"

// Writes the plan, a line a process, to output, and what is in it and how long it takes to standard
// error, where it is in nobody's way who reads the table. Returns the exit status: good, also where the
// time is not known, which is said.
int dry_run_show(const struct run *run, FILE *output);

#endif
