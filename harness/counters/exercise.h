// SPDX-License-Identifier: GPL-2.0-or-later
// Work with known effect for the self-test: what runs here makes a counter count that is worth
// being believed.
#ifndef HARNESS_COUNTERS_EXERCISE_H
#define HARNESS_COUNTERS_EXERCISE_H

#include <stdint.h>

#define EXERCISE_NOWHERE (-1)

// CPUs that the exercise may use; EXERCISE_NOWHERE where there is none.
struct exercise_places {
	int here; // of the calling thread
	int beside; // another one, to move to and back
	int remote; // one of another node
};

// Does what the effects (enum figure_effect) ask for, in the calling thread, in a few milliseconds
// at most. What there is no place for is left out.
void exercise(unsigned effects, const struct exercise_places *places);

// A loop of two instructions, so that 2 × rounds of them are known; what is around it is a handful.
void exercise_instructions(uint64_t rounds);

#endif
