// SPDX-License-Identifier: GPL-2.0-or-later
// The folder of a page or an export: takes new files beside the old ones and puts all of them in
// place at the end, so that a failure in between (a full disk) leaves the earlier page as it was.
#ifndef RESULTS_TEXT_FOLDER_H
#define RESULTS_TEXT_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "problem.h"

// The file that says a folder is ours to write.
#define SITE_MARKER ".slabmark-site"

struct site_file {
	const char *
		name; // in the folder, or FOLDER/NAME in a folder of it, which is made when missing
	const char *text; // not ended by a zero
	size_t length;
};

// Makes the folder when missing, checks that it is empty or ours, and writes the files; the last
// one is put in place last, so it is the one that a reader opens. EXIT_WRONG_USE for a folder that
// is not ours.
bool site_folder_write(
	const char *folder, const struct site_file *files, size_t count, struct problem *problem);

#endif
