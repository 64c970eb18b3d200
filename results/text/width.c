// SPDX-License-Identifier: GPL-2.0-or-later
// Asks the C library for the width of each character. Entries: text_width(), print_filled().
#include "width.h"

#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "escape.h"

enum { LINE_WIDTH = 79 }; // of a terminal of 80

// A character's columns; *length is its bytes. The thread's locale is one of UTF-8.
static int character_width(const char *text, size_t *length)
{
	mbstate_t state = {0};
	wchar_t character;
	int width;

	*length = control_length(text);
	if (*length > 0)
		return 1;
	*length = mbrtowc(&character, text, strlen(text), &state);
	if (*length == 0 || *length > MB_CUR_MAX) {
		*length = 1;
		return 1;
	}
	width = wcwidth(character);
	return width < 0 ? 1 : width;
}

int text_width(const char *text)
{
	static locale_t utf8; // written once; the same whoever writes it
	locale_t before;
	int width = 0;

	if (!utf8)
		utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL);
	before = uselocale(utf8); // without such a locale, NULL only asks
	while (*text) {
		size_t length;

		width += character_width(text, &length);
		text += length;
	}
	uselocale(before);
	return width;
}

void print_padded(FILE *output, const char *text, int width)
{
	print_clean(output, text);
	for (int i = text_width(text); i < width; i++)
		fputc(' ', output);
}

void print_filled(FILE *output, const char *text, size_t length, int column, int indent)
{
	bool is_first = true;

	for (size_t at = 0; at < length;) {
		size_t bytes = strcspn(text + at, " \n");
		char *word = strndup(text + at, bytes < length - at ? bytes : length - at);
		int width = word ? text_width(word) : 0;

		if (!is_first && column + 1 + width > LINE_WIDTH)
			column = fprintf(output, "\n%*s", indent, "") - 1;
		else if (!is_first)
			column += fprintf(output, " ");
		print_clean(output, word ? word : "");
		column += width;
		is_first = false;
		free(word);
		at += bytes;
		at += strspn(text + at, " \n");
	}
	fputc('\n', output);
}

void print_wrapped(FILE *output, int indent, const char *text, size_t length)
{
	if (length > 0)
		fprintf(output, "%*s", indent, "");
	print_filled(output, text, length, indent, indent);
}
