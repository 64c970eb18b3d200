// SPDX-License-Identifier: GPL-2.0-or-later
// Makes scripts of data and keeps them until all are written. Entry: chunk_add().
#include "chunks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/text/memory.h"

json_t *real_or_null(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

// The name of a chunk's file; "series/0123" lies in the folder series.
static void file_name(const char *name, char file[CHUNK_NAME_SIZE])
{
	(void)snprintf(file, CHUNK_NAME_SIZE, "%s%s.js", strchr(name, '/') ? "" : "data/", name);
}

void chunk_file_add(struct chunks *chunks, const char *name, char *text, size_t length)
{
	struct site_file *files = array_grown(chunks->files, chunks->count, sizeof(*files));
	char *copy = strdup(name);

	if (files)
		chunks->files = files;
	if (!files || !copy || !text) {
		chunks->has_failed = true;
		free(copy);
		free(text);
		return;
	}
	files[chunks->count++] = (struct site_file){copy, text, length};
}

// '<' occurs in texts only; escaped there, no text can end a script element or open a comment,
// wherever the chunk stands.
static void print_escaped(FILE *output, const char *text)
{
	for (const char *end; (end = strchr(text, '<')); text = end + 1) {
		(void)fwrite(text, 1, (size_t)(end - text), output);
		fputs("\\u003c", output);
	}
	fputs(text, output);
}

void chunk_add(struct chunks *chunks, const char *name, json_t *data)
{
	char *dump =
		data ? json_dumps(data, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(6))
		     : NULL;
	char file[CHUNK_NAME_SIZE];
	char *text = NULL;
	size_t length = 0;
	FILE *output = open_memstream(&text, &length);

	if (output && dump) {
		fprintf(output, "SLABMARK.take(\"%s\",", name);
		print_escaped(output, dump);
		fputs(");\n", output);
	}
	if (output)
		(void)fclose(output);
	file_name(name, file);
	if (!dump) {
		free(text);
		text = NULL;
	}
	chunk_file_add(chunks, file, text, length);
	free(dump);
	json_decref(data);
}

void chunks_free(struct chunks *chunks)
{
	for (size_t i = 0; i < chunks->count; i++) {
		free((char *)chunks->files[i].name);
		free((char *)chunks->files[i].text);
	}
	free(chunks->files);
	*chunks = (struct chunks){0};
}
