// SPDX-License-Identifier: GPL-2.0-or-later
// A second, fresh set of rounds for what a gate is about to call a regression: the same programs,
// parameters and times as in the session that is judged, the candidates' workloads and configs
// alone.
#ifndef HARNESS_RUN_CONFIRMATION_H
#define HARNESS_RUN_CONFIRMATION_H

#include "harness/command/command_line.h"
#include "results/gate/gate.h"

// Measures into a session of its own. `rounds` 0: as many as the candidate with most has processes.
// Returns the exit status: EXIT_GOOD when *session has measured something; else the problem says
// why not.
int confirmation_run(const struct command_call *call, struct store *store, const struct gate *gate,
	int rounds, int64_t *session, struct problem *problem);

#endif
