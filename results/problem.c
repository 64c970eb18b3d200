// SPDX-License-Identifier: GPL-2.0-or-later
// Fills a struct problem. The one place where the text of an error is put together.
#include "problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

// U+0080 to U+009F in UTF-8: to a terminal they are commands as those below U+0020 are.
static bool is_long_control(const char *text)
{
	return (unsigned char)text[0] == 0xc2 && ((unsigned char)text[1] & 0xe0) == 0x80;
}

// What a bad file or a child said may be quoted: neither line breaks nor a terminal's commands get through.
static void keep_to_one_line(char *text)
{
	size_t length = strlen(text);

	while (length > 0 && text[length - 1] == '\n')
		text[--length] = '\0';
	for (; *text; text++) {
		if (is_long_control(text)) {
			text[0] = '?';
			text[1] = '?';
		}
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = '?';
	}
}

bool problem_set(struct problem *problem, enum exit_status status, const char *format, ...)
{
	va_list arguments;

	if (!problem)
		return false;
	problem->status = status;
	va_start(arguments, format);
	vsnprintf(problem->text, sizeof(problem->text), format, arguments);
	va_end(arguments);
	keep_to_one_line(problem->text);
	return false;
}

bool problem_locate(struct problem *problem, const char *where)
{
	struct problem inner;

	if (!problem)
		return false;
	inner = *problem;
	return problem_set(problem, inner.status, "%s: %s", where, inner.text);
}
