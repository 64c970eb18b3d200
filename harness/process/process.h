// SPDX-License-Identifier: GPL-2.0-or-later
// Runs one child from start to end: its output through a pipe with a size limit, the end of its
// messages kept, a time limit, and the user's Ctrl-C honoured without losing what is under way.
#ifndef HARNESS_PROCESS_PROCESS_H
#define HARNESS_PROCESS_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "results/text/problem.h"

enum { PROCESS_ERRORS_SIZE = 2048 };

// Counts SIGINT and SIGTERM in place of dying by them: the first asks to end after the process in
// flight, the second to end now. One at a time in a program.
struct interruption {
	int fd; // a signalfd; -1: signals are left alone
	int count; // seen so far
};

bool interruption_open(struct interruption *interruption, struct problem *problem);
void interruption_close(struct interruption *interruption);
// Takes note of signals that came; returns how many have come in all.
int interruption_poll(struct interruption *interruption);

struct process_request {
	const char *const *arguments; // argv, NULL at the end; arguments[0] is the program's path
	const char *const
		*environment; // "NAME=VALUE" to add to ours, NULL at the end; NULL: nothing
	bool is_environment_whole; // it replaces ours
	const char *folder; // the child's working directory; NULL: ours
	size_t output_bytes_max; // more output than this ends the child
	double timeout_s;
	struct interruption *interruption; // NULL: none; else the second signal ends the child
	void (*tick)(void *context); // called about twice a second and at a signal; may be NULL
	void *tick_context;
};

enum process_end {
	PROCESS_EXITED, // by itself; code is its exit status
	PROCESS_SIGNALLED, // by a signal that wasn't ours; code is its number
	PROCESS_TIMED_OUT, // killed after timeout_s
	PROCESS_TOO_LARGE, // killed for its output's size
	PROCESS_STOPPED, // killed because the user insisted
};

struct process_outcome {
	enum process_end end;
	int code;
	char *output; // standard output, NUL-terminated; process_outcome_free()
	size_t output_size;
	char errors[PROCESS_ERRORS_SIZE]; // the last of its standard error
	int64_t started_unix_ns;
	double elapsed_s;
};

// Runs the child in its own process group (a Ctrl-C of the terminal doesn't reach it), with
// standard input from /dev/null, and waits for its end. It dies with us. False only when no child
// could be started; a child that fails is an outcome.
bool process_run(const struct process_request *request, struct process_outcome *outcome,
	struct problem *problem);
void process_outcome_free(struct process_outcome *outcome);

// How the child ended, to follow its name: "exited with status 3", "was killed by SIGSEGV
// (Segmentation fault)".
char *process_describe(const struct process_request *request, const struct process_outcome *outcome,
	char *text, size_t size);

#endif
