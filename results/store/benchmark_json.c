// SPDX-License-Identifier: GPL-2.0-or-later
// Makes JSON of Google Benchmark's output. Entry: benchmark_json_read(). What the members mean is
// results' business.
//
// Google Benchmark prints NaN and Infinity bare, which no JSON parser takes. They become null in
// place (a blank always stands before them, so that null fits), and members that are null are then
// left out: no figure is made up.
#include "benchmark_json.h"

#include <stdbool.h>
#include <string.h>

// The end of the string that begins at text[at].
static size_t string_end(const char *text, size_t size, size_t at)
{
	for (at++; at < size && text[at] != '"'; at++)
		at += text[at] == '\\';
	return at;
}

// How long the word is that stands for no number; 0: it is something else.
static size_t no_number_length(const char *text, size_t left)
{
	static const char *const words[] = {"NaN", "-NaN", "Infinity", "-Infinity"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) <= left && strncmp(text, words[i], strlen(words[i])) == 0)
			return strlen(words[i]);
	return 0;
}

static void no_numbers_null(char *text, size_t size)
{
	static const char null[] = {'n', 'u', 'l', 'l'};

	for (size_t at = 1; at < size; at++) {
		if (text[at] == '"') {
			at = string_end(text, size, at);
			continue;
		}
		size_t length = text[at - 1] == ' ' ? no_number_length(text + at, size - at) : 0;
		if (length == 0)
			continue;
		memset(text + at - 1, ' ', length + 1);
		memcpy(text + at - 1, null, sizeof(null));
		at += length - 1;
	}
}

static void nulls_drop(json_t *object)
{
	const char *key;
	json_t *value;
	void *next;

	json_object_foreach_safe(object, next, key, value)
	{
		if (json_is_null(value))
			json_object_del(object, key);
	}
}

json_t *benchmark_json_read(char *text, size_t size, json_error_t *error)
{
	no_numbers_null(text, size);
	json_t *document = json_loadb(text, size, JSON_REJECT_DUPLICATES, error);
	json_t *benchmarks = json_object_get(document, "benchmarks");
	for (size_t i = 0; i < json_array_size(benchmarks); i++)
		nulls_drop(json_array_get(benchmarks, i));
	return document;
}
