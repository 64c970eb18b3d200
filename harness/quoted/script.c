// SPDX-License-Identifier: GPL-2.0-or-later
// Reads the options of a script of ci/ out of its text, line by line. Entries:
// script_options_of_header(), script_options_of_code().
#include "script.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static size_t name_length(const char *option)
{
	size_t length = 2;

	while (isalnum((unsigned char)option[length]) || option[length] == '-')
		length++;
	return length;
}

static void option_add(struct script_options *options, const char *option)
{
	size_t length = name_length(option);

	if (length <= 2 || length >= SCRIPT_NAME_SIZE || options->count == SCRIPT_OPTIONS_MAX ||
		(length == strlen("--help") && strncmp(option, "--help", length) == 0) ||
		script_option_find(options, option, length))
		return;
	struct script_option *added = &options->items[options->count++];
	snprintf(added->name, sizeof(added->name), "%.*s", (int)length, option);
	added->takes_value = option[length] == '=';
}

// All options that begin in text[0…length).
static void options_add(struct script_options *options, const char *text, size_t length)
{
	for (const char *at = text; at < text + length; at++) {
		if (strncmp(at, "--", 2) != 0)
			continue;
		option_add(options, at);
		at += name_length(at) - 1;
	}
}

void script_options_of_header(struct script_options *options, const char *text)
{
	static const char ROW[] = "#   --";

	*options = (struct script_options){0};
	for (; *text == '#'; text += strcspn(text, "\n") + 1) {
		size_t length = strcspn(text, "\n");
		const char *usage = strstr(text, "Usage: ");

		if (usage && usage < text + length)
			options_add(options, usage, length - (size_t)(usage - text));
		if (strncmp(text, ROW, strlen(ROW)) == 0)
			options_add(options, text, strcspn(text + strlen(ROW), " ") + strlen(ROW));
		if (text[length] == '\0')
			return;
	}
}

// A line of the script's code that looks at its arguments: as long as its pattern is, or 0.
static size_t pattern_length(const char *line, size_t length)
{
	const char *end = memchr(line, ')', length);
	const char *equal = strstr(line, "$1 == --");

	if (strncmp(line, "--", 2) == 0 && end)
		return (size_t)(end - line);
	equal = equal ? equal : strstr(line, "${1:-} == --");
	return equal && equal < line + length ? length : 0;
}

void script_options_of_code(struct script_options *options, const char *text)
{
	*options = (struct script_options){0};
	while (*text) {
		text += strspn(text, " \t");
		size_t length = strcspn(text, "\n");

		if (*text != '#')
			options_add(options, text, pattern_length(text, length));
		text += length + (text[length] == '\n');
	}
}

const struct script_option *script_option_find(
	const struct script_options *options, const char *name, size_t length)
{
	for (size_t i = 0; i < options->count; i++)
		if (strlen(options->items[i].name) == length &&
			strncmp(options->items[i].name, name, length) == 0)
			return &options->items[i];
	return NULL;
}
