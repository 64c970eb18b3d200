// SPDX-License-Identifier: GPL-2.0-or-later
// Writes fields of CSV. A spreadsheet runs a cell that begins with = + - or @ as a formula, and
// names come from files that may be foreign; a leading apostrophe makes a text of it again (OWASP,
// "CSV injection").
#include "csv.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

void csv_quoted(FILE *output, const char *text)
{
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', output);
		fputc(*text, output);
	}
}

void csv_text(FILE *output, const char *text)
{
	if (!text || !*text)
		return;
	// Readers guess at separators and comments.
	if (!strpbrk(text, ",;\t\"\r\n") && !strchr("=+-@#", *text)) {
		fputs(text, output);
		return;
	}
	fputc('"', output);
	if (strchr("=+-@\t", *text))
		fputc('\'', output);
	csv_quoted(output, text);
	fputc('"', output);
}

void csv_next_text(FILE *output, const char *text)
{
	fputc(',', output);
	csv_text(output, text);
}

void csv_next_real(FILE *output, double value)
{
	fputc(',', output);
	if (isfinite(value))
		fprintf(output, "%.17g", value);
}

void csv_next_integer(FILE *output, int64_t value)
{
	fprintf(output, ",%" PRId64, value);
}
