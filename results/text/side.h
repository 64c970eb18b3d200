// SPDX-License-Identifier: GPL-2.0-or-later
// The names of sides. A side is a config ("default"), a config as a commit has it
// ("default@4d5f347a81b2"), a config out of a folder of programs ("default=FOLDER"), or a malloc that
// somebody else has built ("malloc:NAME").
#ifndef RESULTS_TEXT_SIDE_H
#define RESULTS_TEXT_SIDE_H

#include <stdbool.h>
#include <stddef.h>

#define SIDE_OF_COMMIT '@'
#define SIDE_OF_FOLDER '='
// Before the name of a malloc that is preloaded: "malloc:NAME" in results, "malloc:NAME=LIBRARY" where it is asked for.
#define SIDE_OF_MALLOC "malloc:"

// How many letters of the name are the config's.
size_t side_config_length(const char *name);
// What the config comes from: SIDE_OF_COMMIT, SIDE_OF_FOLDER, or 0: nothing is said. The commit or
// folder stands behind it.
char side_kind(const char *name);
// Whether it is a build of the config that says where it comes from.
bool side_is_build_of(const char *name, const char *config);
// Whether a word means this side: its name, or of a commit's the beginning of the name with at
// least four letters of the commit. What is written of a commit further than the name does no harm.
bool side_is_named(const char *name, const char *word);

#endif
