// SPDX-License-Identifier: GPL-2.0-or-later
// Finds what texts of ours quote: command lines in code blocks, spans between backticks or quotes,
// and comments and messages in which an option or a file may be named. Pure: it judges nothing; line.h does.
#ifndef HARNESS_QUOTED_TEXT_H
#define HARNESS_QUOTED_TEXT_H

enum quoted_kind {
	QUOTED_LINE, // a line as one would type it, whole
	QUOTED_SPAN, // between backticks or quotes: a line, a part of one, a path, or a word
	QUOTED_COMMENT, // a comment, whole
	QUOTED_MESSAGE, // a literal, with all that it is made of
	QUOTED_LINK, // the address of a link in Markdown
};

struct quoted {
	enum quoted_kind kind;
	const char *file;
	int line; // where the text begins that this is a part of
	const char *text; // without quotes; a line break in a span is a blank
};

typedef void quoted_visit(const struct quoted *quoted, void *context);

// Markdown: lines of code blocks, spans, links.
void quoted_in_markdown(const char *file, const char *text, quoted_visit *visit, void *context);

// C: comments and string literals, neighbours joined; in both the spans, too.
void quoted_in_c(const char *file, const char *text, quoted_visit *visit, void *context);

// Scripts and what CMake reads: comments, and the spans in them.
void quoted_in_script(const char *file, const char *text, quoted_visit *visit, void *context);

// What slabmark prints of itself: spans, and the lines that begin with a program, alone or behind
// "Usage:". A paragraph that begins so is one line. Takes roff, too.
void quoted_in_help(const char *file, const char *text, quoted_visit *visit, void *context);

#endif
