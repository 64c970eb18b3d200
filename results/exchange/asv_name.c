// SPDX-License-Identifier: GPL-2.0-or-later
// Makes asv's names. Pure.
#include "asv_name.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/text/escape.h"

enum { PART_MAX = 80 }; // asv itself hashes an environment's name from 128 on

static bool is_decimal(const char *text, size_t length)
{
	char *end;

	if (length == 0 || strspn(text, "0123456789+-.eE") < length)
		return false;
	(void)strtod(text, &end);
	return end == text + length;
}

// A number as it is, else a text between quotes.
static json_t *value_of(const char *text, size_t length)
{
	char *quoted = NULL;
	size_t size;
	FILE *output;
	json_t *value;

	if (is_decimal(text, length))
		return json_stringn(text, length);
	output = open_memstream(&quoted, &size);
	if (!output)
		return NULL;
	fputc('\'', output);
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '\'' || text[i] == '\\')
			fputc('\\', output);
		if (control_length(&text[i]) > 0) {
			fputc('?', output);
			i += control_length(&text[i]) - 1;
		} else {
			fputc(text[i], output);
		}
	}
	fputc('\'', output);
	value = fclose(output) == 0 ? json_stringn(quoted, size) : NULL;
	free(quoted);
	return value;
}

// Whether the part is KEY:VALUE with a new key; then it is set.
static bool parameter_set(json_t *parameters, const char *part, size_t length, bool *is_good)
{
	const char *colon = memchr(part, ':', length);
	char *key;
	bool is_parameter;

	if (!colon || colon == part)
		return false;
	key = strndup(part, (size_t)(colon - part));
	is_parameter = key && !json_object_get(parameters, key);
	if (!key || (is_parameter &&
			    json_object_set_new(parameters, key,
				    value_of(colon + 1, length - (size_t)(colon + 1 - part))) != 0))
		*is_good = false;
	free(key);
	return is_parameter;
}

json_t *asv_name_split(const char *series)
{
	json_t *parameters = json_object();
	char *name = NULL;
	size_t size;
	FILE *output = open_memstream(&name, &size);
	bool is_good = output != NULL;
	json_t *split = NULL;

	for (const char *part = series; is_good; part++) {
		size_t length = strcspn(part, "/");

		if (part == series || !parameter_set(parameters, part, length, &is_good))
			fprintf(output, "%s%.*s", part == series ? "" : ".", (int)length, part);
		part += length;
		if (!*part)
			break;
	}
	// benchmarks.json has its own version under this key.
	if (output && strcmp(series, "version") == 0)
		fputc('_', output);
	if (output && fclose(output) == 0 && is_good)
		split = json_pack("{s:s, s:O}", "benchmark", name, "parameters", parameters);
	free(name);
	json_decref(parameters);
	return split;
}

// FNV-1a, 32 bits: to keep names apart, not against an enemy.
static uint32_t hash_of(const char *text)
{
	uint32_t hash = 2166136261U;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619U;
	return hash;
}

char *asv_path_part(const char *text)
{
	size_t length = strlen(text);
	char *part = malloc(PART_MAX + sizeof("-01234567"));
	bool is_same = length > 0 && length <= PART_MAX;
	size_t kept = length < PART_MAX ? length : PART_MAX;

	if (!part)
		return NULL;
	for (size_t i = 0; i < kept; i++) {
		unsigned char c = (unsigned char)text[i];
		bool is_plain = (c < 0x80 && isalnum(c)) || strchr(i ? "._+-" : "_+", c);

		part[i] = (char)(is_plain ? c : '_');
		is_same = is_same && is_plain;
	}
	part[kept] = '\0';
	if (!is_same)
		(void)sprintf(part + kept, "-%08x", hash_of(text));
	return part;
}
