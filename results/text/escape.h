// SPDX-License-Identifier: GPL-2.0-or-later
// Names may come from anywhere: files, programs, people. How they are printed so that they stay
// text, whatever reads it. Control characters, U+0080 to U+009F and DEL among them, and marks that
// turn the direction of writing come out as '?': to a terminal they are commands, and a line that is
// turned says something else than it holds.
#ifndef RESULTS_TEXT_ESCAPE_H
#define RESULTS_TEXT_ESCAPE_H

#include <stddef.h>
#include <stdio.h>

// The bytes of the control character that the UTF-8 text starts with; 0 when it starts with another
// one.
size_t control_length(const char *text);

// For a terminal.
void print_clean(FILE *output, const char *text);

// For Markdown: nothing in it is markup, nor the name of an account. Control characters become
// blanks.
void print_markdown(FILE *output, const char *text);

// For XML 1.0, in elements and attributes.
void print_xml(FILE *output, const char *text);

// Does in place what print_clean() does; the length stays.
void text_clean(char *text);

#endif
