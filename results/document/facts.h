// SPDX-License-Identifier: GPL-2.0-or-later
// The facts of a context: what a measured program says of its machine, its build and itself. One
// table says of each where it belongs, who looks whether it changed, and in which words a
// difference is told. A new fact is a new row; documents, the store's columns, comparisons, the
// gate and histories walk the rows.
#ifndef RESULTS_DOCUMENT_FACTS_H
#define RESULTS_DOCUMENT_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

enum fact_kind {
	FACT_MACHINE,
	FACT_BUILD,
	FACT_PROCESS,
};

// What is done with a fact. Any of them may be 0: it is kept in the context alone.
enum fact_use {
	FACT_COLUMN = 1, // of the table machines or builds
	FACT_SHOWN = 2, // in a comparison's JSON
	FACT_SIDES = 4, // checked: a comparison warns where sides differ in it
	FACT_FILES = 8, // checked: a comparison of files does
	FACT_GATE = 16, // checked: the gate warns where it is not what it was in the baseline
	FACT_HISTORY = 32, // checked: a history tells when it changed on a machine
	FACT_FOREIGN = 64, // Google Benchmark writes it, in whatever form
};

struct fact {
	const char *name; // in the context
	enum fact_kind kind;
	unsigned uses;
	const char *differs; // what a comparison says where it differs; NULL: it does not
	const char *absent; // what it means that a context lacks it; NULL: nobody knows
};

// In the order in which they are shown and told.
extern const struct fact facts[];
extern const size_t facts_count;

// Whether the fact is put to this use.
bool fact_is(const struct fact *fact, enum fact_use use);

// A fact of a context ("cpu_model"); "unknown", or what its absence means, where it was not recorded.
const char *context_fact(const json_t *context, const char *name);

#endif
