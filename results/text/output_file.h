// SPDX-License-Identifier: GPL-2.0-or-later
// A file that users ask for (`--out=FILE`), written so that what it names stays what it is. A
// regular file is there whole or as it was before; its mode and owner stay, and a symlink is
// followed. A device, a FIFO, a socket and a descriptor of ours (/dev/stdout, /dev/fd/3) are
// written straight.
#ifndef RESULTS_TEXT_OUTPUT_FILE_H
#define RESULTS_TEXT_OUTPUT_FILE_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

#include "problem.h"

enum output_way {
	OUTPUT_STRAIGHT, // into what is there
	OUTPUT_BESIDE, // into a file beside it, which takes its place at the end
	OUTPUT_INTO, // into a file without a name, whose bytes go into the file at the end
};

// Between begin and end the caller writes to `stream`, and to nothing else in here.
struct output_file {
	FILE *stream; // NULL after output_file_written()
	enum output_way way;
	const char *path; // as the user gave it
	char *place; // without symlinks; NULL where OUTPUT_STRAIGHT
	char *beside; // NULL unless OUTPUT_BESIDE
	int descriptor; // what the stream writes to
	bool is_ours; // a descriptor that was open before
	int error; // the first errno of a write; 0: none
	struct sigaction pipe_action; // of SIGPIPE before a straight output
};

// Opens what will become the file; *file must not move until it is ended. `path` outlives the output; "-" is standard output. A FIFO waits
// some seconds for its reader. EXIT_WRONG_USE: it is a folder; EXIT_NOT_MEASURED: it cannot be written. On
// failure nothing has to be ended.
bool output_file_begin(struct output_file *file, const char *path, struct problem *problem);

// All is written: tells whether every byte of it arrived (a full disk).
bool output_file_written(struct output_file *file, struct problem *problem);

// Puts the file in its place when all was good, else leaves what was there. Returns whether the file
// is there as it should be. The problem is the caller's own where that came first, unless a write
// failed: then that is why.
bool output_file_end(struct output_file *file, bool is_good, struct problem *problem);

#endif
