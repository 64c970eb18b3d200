// SPDX-License-Identifier: GPL-2.0-or-later
// What on this machine makes figures noisy or leaves them out, and how to quiet it. Each row of a
// table looks at one thing; it changes nothing. tune.h does.
#ifndef HARNESS_DOCTOR_EXAMINATION_H
#define HARNESS_DOCTOR_EXAMINATION_H

#include <stddef.h>

#include "harness/measured/machine.h"

enum { FINDING_TEXT_SIZE = 512 };

enum finding_state {
	FINDING_GOOD,
	FINDING_NOTE, // good to know, or it could not be found out
	FINDING_BAD, // makes figures noisy, or leaves some out
};

struct finding {
	const char *name; // "governor"
	enum finding_state state;
	const char *better; // the value that is better for measuring: "performance"
	const char *why; // it matters, as a sentence without a capital letter and a full stop
	char text[FINDING_TEXT_SIZE]; // what was found
	char advice[FINDING_TEXT_SIZE]; // what to type or to do; "": nothing
};

const char *finding_state_name(enum finding_state state);

// How many findings there are.
size_t doctor_count(void);
// Makes the finding of a row.
void doctor_examine(const struct machine *machine, size_t row, struct finding *finding);

#endif
