// SPDX-License-Identifier: GPL-2.0-or-later
// How finely a machine can tell two builds apart: what equal programs differed by on it, series by series. Made of the
// session in which `slabmark calibrate` measured one program under two names, kept in the store under the machine's
// fingerprint, and read by compare and gate as the margin, by doctor as a fact about the machine.
#ifndef RESULTS_CALIBRATION_H
#define RESULTS_CALIBRATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store.h"

// The rounds for which the smallest effect that is seen is worked out.
#define CALIBRATION_ROUNDS_KINDS 4
extern const size_t calibration_rounds[CALIBRATION_ROUNDS_KINDS]; // 6, 10, 20, 40

// The margin's limits. Without a second build of the program nothing is known of layout luck, so that the margin never
// falls below the usual one; and noise alone never makes it wider than MARGIN_MOST: more rounds are the answer to noise.
#define CALIBRATION_MARGIN_LEAST 0.005
#define CALIBRATION_MARGIN_MOST  0.05

// What was found of one series on one machine. Shares: 0.02 is 2 %.
struct calibration {
	char *machine; // fingerprint
	char *series; // the benchmark's name with its parameters
	char *config; // the program that was measured under two names
	int64_t session; // that measured it; 0: it was pruned since
	int64_t created_unix_ns;
	size_t rounds; // pairs that it rests on
	double spread; // standard deviation of a round's log ratio of equal programs
	double layout; // how far other builds of the program lay from it at most; NaN: none was measured
	double smallest
		[CALIBRATION_ROUNDS_KINDS]; // effect that so many rounds call changed in 80 of 100 cases
	double margin; // within which differences mean nothing here
};
struct calibrations {
	struct calibration *items; // sorted by series
	size_t count;
};

// The margin of a series on a machine, for compare and gate: that of the newest calibration. *margin is left as it is
// and *is_found false where the series was never calibrated there, or machine is NULL.
bool calibration_margin(struct store *store, const char *machine, const char *series,
	double *margin, bool *is_found, struct problem *problem);

// Everything that is known of a machine (NULL: of all), the newest of each series.
bool calibrations_read(struct store *store, const char *machine, struct calibrations *calibrations,
	struct problem *problem);
void calibrations_free(struct calibrations *calibrations);

#endif
