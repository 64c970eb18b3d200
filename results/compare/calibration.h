// SPDX-License-Identifier: GPL-2.0-or-later
// How finely a machine can tell two builds apart: what equal programs differed by on it, series by
// series. Made of the session in which `slabmark calibrate` measured one program under two names,
// kept in the store under the machine's fingerprint, and read by compare and gate as the margin, by
// doctor as a fact about the machine.
#ifndef RESULTS_COMPARE_CALIBRATION_H
#define RESULTS_COMPARE_CALIBRATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "results/store/store.h"

// The rounds for which the smallest effect that is seen is worked out; the second is that of a
// usual run.
enum { CALIBRATION_KINDS = 4, CALIBRATION_KIND_USUAL = 1 };
extern const size_t calibration_rounds[CALIBRATION_KINDS]; // 6, 10, 20, 40

// The margin's limits. Without a second build of the program nothing is known of layout luck, so
// that the margin then never falls below the usual one; and noise alone never makes it wider than
// _MOST: more rounds are the answer to noise.
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
	double layout; // how far another build of the program lies from it at least, beyond the noise; NaN: none was measured
	bool is_loaded; // other programs were running meanwhile, so that their noise is in it
	double smallest
		[CALIBRATION_KINDS]; // slowdown that so many rounds call changed in 80 of 100 cases
	double margin; // within which differences mean nothing here
};
struct calibrations {
	struct calibration *items; // sorted by series
	size_t count;
};

// ---- making

// What equal programs' differences (log ratios by round, at least 6) say: spread, smallest, and the
// margin, which is the least within which a usual run calls equal programs equivalent in 80 of 100
// cases, within the limits above. Both come from random choices of that many of the differences,
// either sign as likely, with a fixed seed (Efron's bootstrap, 1979, of a law made symmetric), put
// through shift_of_pairs(): no normal law is assumed. `layout` as in struct calibration. False when
// memory runs out.
bool calibration_fill(
	struct calibration *calibration, const double *differences, size_t count, double layout);

struct calibration_sides {
	const char *base; // the configs' names in the session: the program,
	const char *copy; // the same again,
	const char *const *others; // and other builds of it
	size_t others_count;
};

// Judges a session. Series with fewer than 6 rounds of both sides are left out. EXIT_NOT_MEASURED:
// no series is left, or the session names no machine; EXIT_WRONG_USE: it was measured on several.
bool calibrations_make(struct store *store, int64_t session, const struct calibration_sides *sides,
	struct calibrations *calibrations, struct problem *problem);

// Adds them to the store, all or none.
bool calibrations_write(struct store *store, const struct calibrations *calibrations,
	int64_t now_unix_ns, struct problem *problem);

// ---- reading

// Everything that is known of a machine (NULL: of all), the newest of each series.
bool calibrations_read(struct store *store, const char *machine, struct calibrations *calibrations,
	struct problem *problem);

// A table in per cent, and a sentence of what 20 rounds can see; and as JSON, shares, NULL when memory runs out.
void calibrations_text(const struct calibrations *calibrations, FILE *output);
json_t *calibrations_json(const struct calibrations *calibrations);

void calibrations_free(struct calibrations *calibrations);

#endif
