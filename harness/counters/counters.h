// SPDX-License-Identifier: GPL-2.0-or-later
// What --counters=LIST asks for, and what became of it on this machine. In a process: choose (names
// only, nothing is opened) · probe (each counter is opened alone and must count a known effect) ·
// then each measured thread opens all that are believed (thread.h).
#ifndef HARNESS_COUNTERS_COUNTERS_H
#define HARNESS_COUNTERS_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>

#include "event.h"
#include "exercise.h"
#include "figure.h"
#include "results/text/problem.h"
#include "system_calls.h"

enum { COUNTERS_MAX = 64, COUNTER_REASON_SIZE = 256 };

enum counter_state {
	COUNTER_UNTRIED,
	COUNTER_AVAILABLE,
	COUNTER_EMULATED, // from another source than perf
	COUNTER_UNAVAILABLE, // reason says why
};

struct counter {
	char name[EVENT_NAME_SIZE]; // as asked for and as stored
	const struct figure *figure; // NULL: an event by its own name
	enum counter_state state;
	struct event event; // the one taken, where perf counts it
	int group; // of those that are counted together; -1: perf does not count it
	char reason[COUNTER_REASON_SIZE];
};

struct counters {
	const struct system_calls *calls;
	struct counter items[COUNTERS_MAX];
	size_t count;
	int groups; // how many; more than one of the hardware: they take turns
	int hardware_groups;
};

// Reads a list of presets, figures and events between commas (commas between slashes belong to a
// raw code). A name that is neither here nor on another processor is refused, with the nearest
// right ones (EXIT_WRONG_USE).
bool counters_choose(struct counters *counters, const char *list, struct problem *problem);

// Finds out what can be counted here, and lays what can into groups that the PMU can hold. Every
// counter has its state afterwards. Of the calling thread, which is left where it is; takes a few
// milliseconds a counter.
void counters_probe(struct counters *counters, const struct system_calls *calls,
	const struct exercise_places *places);

// Whether perf counts it in the kernel itself.
bool counter_is_software(const struct counter *counter);
// What a reader is told was taken: the event with its encoding, or the other source.
const char *counter_taken(const struct counter *counter);
// The index of a counter by its name; -1.
int counters_index(const struct counters *counters, const char *name);

#endif
