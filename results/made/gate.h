// SPDX-License-Identifier: GPL-2.0-or-later
// What the tests of the gate share: a store of their own, sessions that are like this or that, and
// what the gate says of the newest. Every failure ends the test.
#ifndef RESULTS_MADE_GATE_H
#define RESULTS_MADE_GATE_H

#include "results.h"
#include "results/gate/gate.h"

enum { MADE_GATE_PROCESSES = 10 };

extern struct store *made_gate_store; // of the test that runs; its set-up makes it

// Fixtures of one test.
int made_gate_set_up(void **state);
int made_gate_tear_down(void **state);

// What a session is to be like.
struct made_session_like {
	double pair_ns; // 0: pair was not measured
	double batch_ns;
	const char *counter; // an exact one, of pair; NULL: none
	double counter_value;
	bool is_of_all; // batch has it, too
	double batch_more; // by which batch's lies above it
	const char *config; // NULL: default
	const char *side; // what the store calls it; NULL: the config
	int64_t session; // one that it is added to, before its end; 0: a new one
	int night; // began so many days after the first
	const char *commit; // NULL: as made_document() has it
	const char *machine; // NULL: likewise; "": none
	const char *kernel; // NULL: likewise
	const char *memory; // a node; NULL: not told
	const char *options; // of the allocator; NULL: none
	const char *plan; // NULL: {}
	const char *ended; // NULL: complete
	int processes; // 0: PROCESSES
	int first_samples; // that the first process has, of first_ns; 0: one as all others
	double first_ns;
};

int64_t made_session_of(struct made_session_like made);

// The newest session against a baseline; nights are taken for equal.
struct gate_options made_gate_options(const char *baseline);
struct gate *made_gate(const char *baseline);
const struct gate_row *made_gate_row(
	const struct gate *gate, const char *series, const char *metric);

void assert_gate_outcome(
	const struct gate *gate, const char *series, const char *metric, enum gate_outcome outcome);
void assert_gate_refused(const char *baseline, enum exit_status status, const char *part);

#endif
