// SPDX-License-Identifier: GPL-2.0-or-later
// Names from anywhere, as text and nothing else.
#include "escape.h"

#include <string.h>

size_t control_length(const char *text)
{
	const unsigned char *byte = (const unsigned char *)text;

	if (byte[0] == '\0')
		return 0;
	if (byte[0] < 0x20 || byte[0] == 0x7f)
		return 1;
	return byte[0] == 0xc2 && (byte[1] & 0xe0) == 0x80 ? 2 : 0;
}

// Prints `instead` where the text starts with a control character. Returns the bytes that it stands
// for.
static size_t print_instead(FILE *output, const char *text, char instead)
{
	size_t length = control_length(text);

	if (length > 0)
		fputc(instead, output);
	return length;
}

void print_clean(FILE *output, const char *text)
{
	while (*text) {
		size_t length = print_instead(output, text, '?');

		if (length == 0)
			fputc(*text, output);
		text += length > 0 ? length : 1;
	}
}

// The character's entity; NULL where it needs none.
static const char *entity(char character)
{
	switch (character) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

static void print_markdown_character(FILE *output, char character)
{
	if (character == '@')
		fputs("&#64;", output); // no account is to be notified
	else if (character != '"' && entity(character))
		fputs(entity(character), output);
	else if (strchr("\\`*_{}[]()#+!|~$", character))
		fprintf(output, "\\%c", character);
	else
		fputc(character, output);
}

void print_markdown(FILE *output, const char *text)
{
	while (*text) {
		size_t length = print_instead(output, text, ' ');

		if (length == 0)
			print_markdown_character(output, *text);
		text += length > 0 ? length : 1;
	}
}

void print_xml(FILE *output, const char *text)
{
	while (*text) {
		size_t length = print_instead(output, text, '?');

		if (length == 0 && entity(*text))
			fputs(entity(*text), output);
		else if (length == 0)
			fputc(*text, output);
		text += length > 0 ? length : 1;
	}
}

void text_clean(char *text)
{
	while (*text) {
		size_t length = control_length(text);

		memset(text, '?', length);
		text += length > 0 ? length : 1;
	}
}
