// SPDX-License-Identifier: GPL-2.0-or-later
// A gate's candidates, measured side by side with the baseline's builds. The set is a session of its
// own in the store, marked by its purpose, so that no baseline and no comparison takes it for results.
#ifndef HARNESS_RUN_CONFIRMATION_H
#define HARNESS_RUN_CONFIRMATION_H

#include "results/gate/gate.h"
#include "run.h"

struct confirmation_request {
	const struct gate *gate;
	bool is_beside; // every series of times, and not the candidates alone
	const char *programs; // a folder with the baseline's; NULL: they are built by its commit
};

// Measures in the same rounds what the gate judged and what it holds it against, with the workloads,
// settings and times of the judged session. The caller has filled the run's command, words, store and
// rounds (0: as many as the judged session had). Without a folder of programs both builds are built by
// their commits, so that they are built alike. Returns the exit status of the session; EXIT_NOT_MEASURED
// where a build cannot be had. Frees the run.
int confirmation_measure(struct run *run, const struct confirmation_request *request,
	int64_t *session, struct problem *problem);

#endif
