// SPDX-License-Identifier: GPL-2.0-or-later
// Measured processes under callgrind, valgrind's simulator of caches: what they count repeats exactly,
// and their times say nothing. All that could move an address is held fixed: the environment is not the
// user's, addresses are not randomised, and every program goes by one path, whose length is always the
// same, in a working directory likewise (a shell in between tells its child of it).
#ifndef HARNESS_RUN_CALLGRIND_H
#define HARNESS_RUN_CALLGRIND_H

#include <stdbool.h>
#include <stddef.h>

#include "functions.h"
#include "harness/process/tool.h"
#include "results/text/problem.h"

// The caches that are simulated where nobody names others.
#define SIMULATED_I1         "32768,8,64"
#define SIMULATED_D1         "32768,8,64"
#define SIMULATED_LL         "8388608,16,64"
#define SIMULATED_OPERATIONS "100000" // of each benchmark

enum { SIMULATION_SEED = 1 };

// "SIZE,WAYS,LINE", in bytes, as valgrind takes them.
struct simulated_caches {
	const char *i1;
	const char *d1;
	const char *ll;
};

enum {
	CALLGRIND_ENVIRONMENT_MAX = 64,
	CALLGRIND_FOLDER_SIZE = 512,
	CALLGRIND_PATH_SIZE = CALLGRIND_FOLDER_SIZE + 16,
	CALLGRIND_OPTION_SIZE = CALLGRIND_PATH_SIZE + 32,
};

struct callgrind {
	char valgrind[TOOL_PATH_SIZE]; // the program's path
	char setarch[TOOL_PATH_SIZE]; // ""; addresses stay random
	char folder[CALLGRIND_FOLDER_SIZE]; // of our own; "": not made
	char program[CALLGRIND_PATH_SIZE]; // in it: the path that every program goes by
	char output[CALLGRIND_PATH_SIZE]; // in it: callgrind's
	char options[4][CALLGRIND_OPTION_SIZE]; // of callgrind
	// What the processes get in place of our environment, NULL at the end.
	const char *environment[CALLGRIND_ENVIRONMENT_MAX + 1];
};

// Checks the geometries (EXIT_WRONG_USE), finds valgrind, makes the folder and tries all of it on a
// process that does nothing (EXIT_NOT_MEASURED). is_dry: the geometries alone. The caller closes it
// in any case.
bool callgrind_open(struct callgrind *callgrind, const struct simulated_caches *caches, bool is_dry,
	struct problem *problem);
void callgrind_close(const struct callgrind *callgrind);

// Puts the program in its place for the next process, without what the last one left there.
bool callgrind_place(
	const struct callgrind *callgrind, const char *program, struct problem *problem);

// The words before a program's options: setarch's, valgrind's, the program's path. Returns how many,
// at most CALLGRIND_WORDS_MAX; they point into *callgrind.
enum { CALLGRIND_WORDS_MAX = 14 };
size_t callgrind_words(const struct callgrind *callgrind, const char **words);

// Adds the instructions by function of the process that has just ended. Before the next callgrind_place().
bool callgrind_functions(
	const struct callgrind *callgrind, struct functions *functions, struct problem *problem);

#endif
