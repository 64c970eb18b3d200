// SPDX-License-Identifier: GPL-2.0-or-later
// The programs that belong to slabmark, one for each config: where they lie and what they say they
// can measure.
#ifndef HARNESS_RUN_PROGRAMS_H
#define HARNESS_RUN_PROGRAMS_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "results/text/problem.h"
#include "texts.h"

#define PROGRAM_MEASURED "slabmark-run-" // followed by the config's name
#define PROGRAM_INSPECT  "slabmark-inspect-"

struct program {
	char *config;
	char *path;
	char *preload; // a malloc that it runs with; NULL: its own
	json_t *catalogue; // what program_ask() got; NULL before
};

// The programs with one prefix: "default" first, the others by name.
struct programs {
	struct program *items;
	size_t count;
	const char **configs; // their configs, for messages
};

// Looks in the folder that the environment variable SLABMARK_PROGRAMS names, in the folder of the
// running program, and in ../libexec/slabmark beside that; the first program of a config counts.
// False when there are none at all.
bool programs_find(struct programs *programs, const char *prefix, struct problem *problem);
void programs_free(struct programs *programs);

// The program of a config. NULL fills the problem with the nearest right names (EXIT_WRONG_USE).
struct program *programs_get(
	const struct programs *programs, const char *config, struct problem *problem);

// Asks a measured program what it offers (`--slabmark_list`) when it is told these options, and
// checks the answer's shape. Options that it does not take are wrong use.
bool program_ask(struct program *program, struct texts told, struct problem *problem);

// What a program said of options that it does not take, in the user's words: without the program's name,
// and with the user's options for ours. Changes the text, and points into it.
const char *program_refusal(const struct program *program, char *errors);

// Makes a program of the file at a path, which should be one of this config. Copies the texts.
// False: no memory. program_free() afterwards in any case.
bool program_make(struct program *program, const char *config, const char *path);
void program_free(struct program *program);

// What a program's environment needs, "NAME=VALUE", for its preload: NULL-terminated, in room for
// PROGRAM_WORDS texts; *texts holds them, and is the caller's. False: no memory.
enum { PROGRAM_WORDS = 3 };
bool program_environment(const struct program *program, const char **words, char **texts);

// The variable that the programs take a made-up machine from ("HWLOC_SYNTHETIC"); NULL: they run on the
// machine as it is.
const char *program_simulated(const struct program *program);

// The entry of a workload in a program's catalogue; NULL where it has none.
const json_t *program_workload(const struct program *program, const char *workload);

#endif
