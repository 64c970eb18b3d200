// SPDX-License-Identifier: GPL-2.0-or-later
// How many columns of a terminal a text takes, so that tables stay tables: Chinese letters and most
// emoji take two, combining marks none. Texts are UTF-8; a byte that is none takes one column. What
// print_clean() replaces takes the column of its '?'.
#ifndef RESULTS_TEXT_WIDTH_H
#define RESULTS_TEXT_WIDTH_H

#include <stdio.h>

int text_width(const char *text);

// Prints the text as print_clean() does, and blanks up to that width.
void print_padded(FILE *output, const char *text, int width);

// Prints so many bytes of the text as print_clean() does, broken into lines at blanks and ends of lines: at
// most 79 columns, which a terminal of 80 shows whole. column: where the pen stands; further lines begin
// with `indent` blanks. A word that is longer than a line stands alone. Ends the last line.
void print_filled(FILE *output, const char *text, size_t length, int column, int indent);

// The same with `indent` blanks before each line.
void print_wrapped(FILE *output, int indent, const char *text, size_t length);

#endif
