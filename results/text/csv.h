// SPDX-License-Identifier: GPL-2.0-or-later
// Fields of CSV as RFC 4180 wants them. A text that a spreadsheet would take for a formula is kept
// from being one.
#ifndef RESULTS_TEXT_CSV_H
#define RESULTS_TEXT_CSV_H

#include <stdint.h>
#include <stdio.h>

// The first field of a line, quoted where it must be; NULL is empty.
void csv_text(FILE *output, const char *text);
// The same after a comma.
void csv_next_text(FILE *output, const char *text);
// A number with all its digits after a comma; NaN and infinity are empty.
void csv_next_real(FILE *output, double value);
void csv_next_integer(FILE *output, int64_t value);
// Text within a field whose quotes the caller writes.
void csv_quoted(FILE *output, const char *text);

#endif
