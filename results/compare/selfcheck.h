// SPDX-License-Identifier: GPL-2.0-or-later
// The harness watches itself: sessions of purpose "selfcheck" measure a config's program, a copy of
// it (nothing differs), and the same program slowed down by a known share. What is called changed
// between equal ones is a false alarm; what is found of the slowdown is a detection.
#ifndef RESULTS_COMPARE_SELFCHECK_H
#define RESULTS_COMPARE_SELFCHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "results/store/store.h"
#include "results/text/problem.h"

// The sides' labels: the config with these behind it, the latter with the percent behind that.
#define SELFCHECK_PURPOSE "selfcheck"
#define SELFCHECK_COPY    "~copy"
#define SELFCHECK_SLOW    "~slow"

struct selfcheck {
	size_t sessions;
	size_t equal; // series of equal programs
	size_t alarms; // of them called changed
	size_t slowed; // series of slowed programs
	size_t found; // of them called slower
	double slow_least; // percent that they were slowed down by
	double slow_most;
};

// What one session found, or all that the store holds where session is 0. A session that was not
// ended well does not count. Verdicts are made anew from the samples.
bool selfcheck_read(
	struct store *store, int64_t session, struct selfcheck *check, struct problem *problem);

// Both rates with their 95 % intervals, as a sentence each.
void selfcheck_text(const struct selfcheck *check, FILE *output);

// {"sessions", "equal", "alarms", "slowed", "found", "slow_percent": [least, most], "alarm_rate": {"share"
// (null: nothing counted), "low", "high"}, "detection_rate": likewise}. The caller's; NULL: no memory.
json_t *selfcheck_json(const struct selfcheck *check);

#endif
