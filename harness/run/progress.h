// SPDX-License-Identifier: GPL-2.0-or-later
// What the user sees while a plan runs: on a terminal one line that is rewritten, in a log a line at
// least every half minute. The time is an argument everywhere, so that tests bring their own clock.
#ifndef HARNESS_RUN_PROGRESS_H
#define HARNESS_RUN_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

// The process that runs, as the line shows it.
struct progress_step {
	int round; // from 0
	const char *workload;
	const char *side; // its label
};

struct progress {
	FILE *stream;
	bool is_terminal;
	int width; // columns of the terminal
	int rounds;
	size_t total; // processes planned
	size_t done; // processes ended, the failed ones too
	size_t failed;
	double done_s; // time that the ended ones took
	bool is_running;
	struct progress_step running;
	double running_since_s;
	bool is_ending; // the user asked to stop after the running process
	bool is_line_open; // the rewritten line is on the screen
	bool is_logging; // logged_s is set
	double logged_s; // when a log got its last line, or the first step began
};

// Fills in what the stream is; stderr in real use.
void progress_start(struct progress *progress, FILE *stream, size_t total, int rounds);
void progress_step_begin(struct progress *progress, struct progress_step step, double now_s);
void progress_step_end(struct progress *progress, double now_s, bool is_good);
// Redraws the line; in a log adds one when the last is old enough.
void progress_draw(struct progress *progress, double now_s);
// Prints whole lines, above the rewritten one.
__attribute__((format(printf, 2, 3))) void progress_say(
	struct progress *progress, const char *format, ...);
// Takes the rewritten line off the screen.
void progress_clear(struct progress *progress);

// Seconds that the rest will take, from the mean of the ended processes; negative where none has
// ended.
double progress_left_s(const struct progress *progress, double now_s);

// "42 s", "3 min 20 s", "2 h 05 min".
char *duration_text(char *text, size_t size, double seconds);

#endif
