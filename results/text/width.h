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

// Prints the text as print_clean() does, in lines of at most 79 columns that begin with so many blanks. A word
// that is longer than a line stands alone.
void print_wrapped(FILE *output, int indent, const char *text);

#endif
