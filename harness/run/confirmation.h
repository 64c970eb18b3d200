// SPDX-License-Identifier: GPL-2.0-or-later
// A second, fresh set of rounds for what a gate is about to call a regression: the same programs,
// parameters and times as in the session that is judged, the candidates' workloads and configs
// alone.
#ifndef HARNESS_RUN_CONFIRMATION_H
#define HARNESS_RUN_CONFIRMATION_H

#include "results/gate/gate.h"
#include "run.h"

// Measures into a session of its own. The caller fills in who asks (`command`, `words`) and the
// store, and `rounds`; 0: as many as the candidate with most has processes. The rest of *run is
// filled in here, from the plan of the judged session, and freed. Returns the exit status:
// EXIT_GOOD when *session has measured something; else the problem says why not.
int confirmation_measure(
	struct run *run, const struct gate *gate, int64_t *session, struct problem *problem);

#endif
