// SPDX-License-Identifier: GPL-2.0-or-later
// Fills a struct problem. The one place where the text of an error is put together.
#include "problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "escape.h"

// What a bad file or a child said may be quoted: neither line breaks nor a terminal's commands get
// through.
static void keep_to_one_line(char *text)
{
	size_t length = strlen(text);

	while (length > 0 && text[length - 1] == '\n')
		text[--length] = '\0';
	text_clean(text);
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
