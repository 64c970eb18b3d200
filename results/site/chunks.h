// SPDX-License-Identifier: GPL-2.0-or-later
// The files of a site while they are made, and how data becomes one. A chunk of data is a script,
// because file:// forbids a page to fetch: `SLABMARK.take("series/0123", {…});`. DATA.md says what
// is in each.
#ifndef RESULTS_SITE_CHUNKS_H
#define RESULTS_SITE_CHUNKS_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "results/text/folder.h"

enum { CHUNK_NAME_SIZE = 64 };

struct chunks {
	struct site_file *files; // names and texts are theirs
	size_t count;
	bool has_failed; // no memory was left, or a text is not UTF-8: what is there is not all
};

// Adds DATA/NAME.js, "index" or "series/0123" for example. Takes the data over; NULL is a failure.
void chunk_add(struct chunks *chunks, const char *name, json_t *data);
// Adds any file. Takes the text over, which malloc() made; NULL is a failure.
void chunk_file_add(struct chunks *chunks, const char *name, char *text, size_t length);

void chunks_free(struct chunks *chunks);

// A number of JSON; null where it is not known. Chunks hold six digits of it.
json_t *real_or_null(double value);

#endif
