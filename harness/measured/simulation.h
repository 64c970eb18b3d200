// SPDX-License-Identifier: GPL-2.0-or-later
// Counting by callgrind, valgrind's simulator of caches, in place of measuring: instructions and misses
// that repeat exactly. `slabmark run --simulate` starts this program under it. Only what lies between two
// calls of simulation_toggle() is counted; the caches see all from simulation_warm_up() on.
//
// The client requests are instructions that do nothing without valgrind.
#ifndef HARNESS_MEASURED_SIMULATION_H
#define HARNESS_MEASURED_SIMULATION_H

#include <stdbool.h>
#include <stddef.h>

#include "results/text/problem.h"

enum { SIMULATION_WORDS_SIZE = 256 };

struct simulation {
	const char *file; // that callgrind was told for its output; NULL: nothing is simulated
	unsigned parts; // that it has written: FILE.1, FILE.2 …
	char words[SIMULATION_WORDS_SIZE]; // the fact `simulated`: the simulator and its caches
};

// What is made of callgrind's events.
enum simulated_figure {
	SIMULATED_INSTRUCTIONS,
	SIMULATED_DATA_ACCESSES, // instructions' loads and stores
	SIMULATED_I1_MISSES,
	SIMULATED_D1_MISSES,
	SIMULATED_LL_MISSES, // of instructions and data
	SIMULATED_FIGURES
};

struct simulated_counts {
	double of[SIMULATED_FIGURES];
};

// "simulated_instructions" and so on.
const char *simulated_figure_name(enum simulated_figure figure);

// Shows on a loop of known instructions that callgrind counts, and reads what its caches are. False:
// this is no valgrind (EXIT_WRONG_USE), or no callgrind that simulates caches (EXIT_NOT_MEASURED).
bool simulation_open(struct simulation *simulation, const char *file, struct problem *problem);

// From here on the simulated caches, empty at first, see what the program does.
void simulation_warm_up(void);
// Begins to count, or ends it.
void simulation_toggle(void);
// What was counted since the last time; the caches see nothing any more. False: the problem says why.
bool simulation_end(
	struct simulation *simulation, struct simulated_counts *counts, struct problem *problem);

// Reads one of callgrind's files. words: SIMULATION_WORDS_SIZE bytes for simulator and caches; NULL:
// not wanted.
bool simulation_read(
	const char *path, struct simulated_counts *counts, char *words, struct problem *problem);

#endif
