// SPDX-License-Identifier: GPL-2.0-or-later
// Layouts: a session may have linked each side several times, each time in another order. Rounds take
// the layouts in turn, so that round r ran layout r mod K of each side. Rounds of one layout share its
// luck, as repetitions share their process's.
#ifndef RESULTS_COMPARE_LAYOUTS_H
#define RESULTS_COMPARE_LAYOUTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "results/store/store.h"

// How many layouts each side of a session had, as its plan says; 0: one, or nobody knows.
bool layouts_of_session(
	struct store *store, int64_t session, size_t *layouts, struct problem *problem);

// Makes one pair a layout of the pairs of rounds: the mean of its rounds, under the block of the
// first. *count: pairs before and after. Leaves all as it is for less than two layouts. False: no
// memory.
bool layouts_condense(
	size_t layouts, double *base, double *difference, int64_t *blocks, size_t *count);

#endif
