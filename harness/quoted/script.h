// SPDX-License-Identifier: GPL-2.0-or-later
// The options of the scripts in ci/: those that a script's help header names, and those that its
// code reads.
#ifndef HARNESS_QUOTED_SCRIPT_H
#define HARNESS_QUOTED_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

enum { SCRIPT_OPTIONS_MAX = 32, SCRIPT_NAME_SIZE = 64 };

struct script_options {
	struct script_option {
		char name[SCRIPT_NAME_SIZE]; // with its dashes
		bool takes_value;
	} items[SCRIPT_OPTIONS_MAX];
	size_t count;
};

// Of a script's text. The header: what stands in brackets behind "Usage:", and the lines
// "#   --name[=VALUE]  what it does". The code: the patterns of its case, and comparisons with $1.
// --help is left out, which every script has.
void script_options_of_header(struct script_options *options, const char *text);
void script_options_of_code(struct script_options *options, const char *text);

const struct script_option *script_option_find(
	const struct script_options *options, const char *name, size_t length);

#endif
