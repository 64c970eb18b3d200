// SPDX-License-Identifier: GPL-2.0-or-later
// Asks the C library for the width of each character. Entry: text_width().
#include "width.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "escape.h"

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
