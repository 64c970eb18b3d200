// SPDX-License-Identifier: GPL-2.0-or-later
// Reads files of Google Benchmark's JSON. Entry: benchmark_file_read(). What their members mean is
// results' business.
#include "benchmark_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "benchmark_json.h"

enum { CHUNK_BYTES = 1 << 16 };

static bool is_standard_input(const char *path)
{
	return strcmp(path, "-") == 0;
}

// Files that hold no text, by their first bytes, and what the user can do.
static const struct {
	const char *start;
	size_t length;
	const char *advice;
} NO_TEXTS[] = {
	{"\x1f\x8b", 2, "compressed; 'gzip -d' unpacks it"},
	{"\xfd\x37zXZ", 6, "compressed; 'xz -d' unpacks it"},
	{"\x28\xb5\x2f\xfd", 4, "compressed; 'zstd -d' unpacks it"},
	{"PK\x03\x04", 4, "an archive; 'unzip' unpacks it"},
	{"\xff\xfe", 2, "UTF-16; 'iconv -f UTF-16 -t UTF-8' makes text of it"},
	{"\xfe\xff", 2, "UTF-16; 'iconv -f UTF-16 -t UTF-8' makes text of it"},
	{"SQLite format 3", 16,
		"a database; 'slabmark export --db=FILE --format=jsonl' makes text of a store"},
};

static bool is_text(const char *text, size_t size, const char *path, struct problem *problem)
{
	for (size_t i = 0; i < sizeof(NO_TEXTS) / sizeof(NO_TEXTS[0]); i++) {
		if (size >= NO_TEXTS[i].length &&
			memcmp(text, NO_TEXTS[i].start, NO_TEXTS[i].length) == 0)
			return problem_set(
				problem, EXIT_WRONG_USE, "%s: it is %s", path, NO_TEXTS[i].advice);
	}
	return true;
}

static void mark_drop(char *text, size_t *size)
{
	size_t length = strlen(BYTE_ORDER_MARK);

	if (*size < length || memcmp(text, BYTE_ORDER_MARK, length) != 0)
		return;
	*size -= length;
	memmove(text, text + length, *size + 1);
}

// Doubles the room until the file ends. A pipe has no size to ask for.
char *benchmark_stream_text(FILE *file, const char *path, size_t *size, struct problem *problem)
{
	size_t room = CHUNK_BYTES;
	char *text = malloc(room);

	*size = 0;
	while (text && *size <= BENCHMARK_FILE_BYTES_MAX) {
		size_t got = fread(text + *size, 1, room - *size - 1, file);
		char *larger;

		*size += got;
		text[*size] = '\0';
		if (got == 0 && !ferror(file)) {
			if (!is_text(text, *size, path, problem)) {
				free(text);
				return NULL;
			}
			mark_drop(text, size);
			return text;
		}
		if (ferror(file)) {
			problem_set(problem, EXIT_NOT_MEASURED, "%s: could not read it: %s", path,
				strerror(errno));
			free(text);
			return NULL;
		}
		if (*size + 1 < room)
			continue;
		room *= 2;
		larger = realloc(text, room);
		if (!larger)
			free(text);
		text = larger;
	}
	if (text)
		problem_set(problem, EXIT_WRONG_USE,
			"%s: larger than %zu MiB, the most that is read", path,
			BENCHMARK_FILE_BYTES_MAX >> 20);
	else
		problem_set(problem, EXIT_NOT_MEASURED, "%s: no memory left to read it", path);
	free(text);
	return NULL;
}

char *benchmark_file_text(const char *path, size_t *size, struct problem *problem)
{
	FILE *file = is_standard_input(path) ? stdin : fopen(path, "rb");
	char *text;

	if (!file) {
		problem_set(problem, EXIT_NOT_MEASURED, "%s: could not open it: %s", path,
			strerror(errno));
		return NULL;
	}
	text = benchmark_stream_text(file, path, size, problem);
	if (file != stdin)
		(void)fclose(file);
	return text;
}

json_t *benchmark_file_parse(
	char *text, size_t size, const char *path, int line, struct problem *problem)
{
	json_error_t error;
	json_t *document = benchmark_json_read(text, size, &error);

	if (!document)
		problem_set(problem, EXIT_WRONG_USE,
			"%s, line %d, column %d: not the JSON that Google Benchmark writes: %s",
			path, error.line > 0 ? line + error.line - 1 : line, error.column,
			error.text);
	return document;
}

json_t *benchmark_file_read(const char *path, struct problem *problem)
{
	size_t size;
	char *text = benchmark_file_text(path, &size, problem);
	json_t *document = text ? benchmark_file_parse(text, size, path, 1, problem) : NULL;

	free(text);
	return document;
}
