// SPDX-License-Identifier: GPL-2.0-or-later
// The table of a measured program's options, which parsing and help walk.
#ifndef HARNESS_MEASURED_OPTIONS_TABLE_H
#define HARNESS_MEASURED_OPTIONS_TABLE_H

#include "options.h"

enum value_kind { VALUE_SWITCH, VALUE_TEXT, VALUE_WHOLE, VALUE_REAL, VALUE_CHOICE, VALUE_PAIR };

struct measured_option {
	const char *name;
	enum value_kind kind;
	const char *argument; // NULL for switches; of choices, the words: "console|json|csv"
	const char *help; // NULL for Google Benchmark's, which prints its own
	// Takes the value; NULL: the argument stays for Google Benchmark.
	bool (*take)(struct measured_options *options, const char *value, struct problem *problem);
};

// Ours, then Google Benchmark's.
extern const struct measured_option measured_options_table[];
extern const size_t measured_options_count;

#endif
