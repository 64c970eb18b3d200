// SPDX-License-Identifier: GPL-2.0-or-later
// Names from anywhere, as text and nothing else.
#include "escape.h"

#include <string.h>

// Marks that turn the direction of what stands around them: U+061C, U+200E and F, U+202A to E,
// U+2066 to 9.
static size_t direction_length(const unsigned char *byte)
{
	if (byte[0] == 0xd8 && byte[1] == 0x9c)
		return 2;
	if (byte[0] != 0xe2)
		return 0;
	if (byte[1] == 0x80)
		return byte[2] == 0x8e || byte[2] == 0x8f || (byte[2] >= 0xaa && byte[2] <= 0xae)
			       ? 3
			       : 0;
	return byte[1] == 0x81 && byte[2] >= 0xa6 && byte[2] <= 0xa9 ? 3 : 0;
}

size_t control_length(const char *text)
{
	const unsigned char *byte = (const unsigned char *)text;

	if (byte[0] == '\0')
		return 0;
	if (byte[0] < 0x20 || byte[0] == 0x7f)
		return 1;
	if (byte[0] == 0xc2 && (byte[1] & 0xe0) == 0x80)
		return 2;
	return direction_length(byte);
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
