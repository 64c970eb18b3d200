// SPDX-License-Identifier: GPL-2.0-or-later
// The figures that a counter can be asked for by question rather than by event: "remote-dram-loads"
// is one event on Intel's processors, another on AMD's. Presets are named sets of figures.
#ifndef HARNESS_COUNTERS_FIGURE_H
#define HARNESS_COUNTERS_FIGURE_H

#include <stddef.h>

enum figure_source {
	FIGURE_EVENT, // counted by perf, by the first candidate that works
	FIGURE_USAGE, // taken from getrusage(2)
	FIGURE_RATIO, // of two other figures
};

// What makes a counter count, so that the self-test can do it.
enum figure_effect {
	EFFECT_WORK = 1, // 200000 instructions and more, half of them branches; wrong guesses
	EFFECT_MEMORY = 2, // loads that no cache can serve
	EFFECT_PAGES = 4, // page faults, and more pages than a TLB holds
	EFFECT_CODE = 8, // code that no cache holds
	EFFECT_REMOTE = 16, // loads from another node
	EFFECT_SLEEP = 32,
	EFFECT_MOVE = 64, // to another CPU and back
	EFFECT_ALL = 127,
};

struct figure_candidate {
	const char *pmus; // libpfm4's names of processors between blanks; "*" is any
	const char *event;
};

enum { FIGURE_CANDIDATES_MAX = 9 };

struct figure {
	const char *name; // perf's word where it has one
	const char *summary;
	enum figure_source source;
	unsigned effects;
	const struct figure_candidate *candidates; // ends with a row of NULL
	double least; // that the self-test's work makes of it; 0: it must only not be 0
	const char *over[2]; // of a ratio: which figure over which
};

struct preset {
	const char *name;
	const char *summary;
	const char *figures; // names between blanks
};

extern const struct figure figures[]; // ends with a row without name
extern const struct preset presets[]; // likewise

const struct figure *figure_find(const char *name); // NULL: there is none
const struct preset *preset_find(const char *name);

#endif
