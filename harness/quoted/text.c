// SPDX-License-Identifier: GPL-2.0-or-later
// Reads Markdown, C and help as far as it takes to find what they quote. Entries:
// quoted_in_markdown(), quoted_in_c(), quoted_in_help().
#include "text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	const char *file;
	int line; // where `at` stands
	const char *at;
	quoted_visit *visit;
	void *context;
};

// A text that grows, and the line it began at.
struct piece {
	char *text;
	size_t size;
	FILE *stream;
	int line;
};

static void piece_begin(struct piece *piece, int line)
{
	*piece = (struct piece){.line = line};
	piece->stream = open_memstream(&piece->text, &piece->size);
	if (!piece->stream)
		abort();
}

static void piece_end(struct piece *piece)
{
	(void)fclose(piece->stream);
	free(piece->text);
}

// What was written so far, as text; valid until more is written.
static const char *piece_text(struct piece *piece)
{
	(void)fflush(piece->stream);
	return piece->text;
}

static void show(const struct reader *reader, enum quoted_kind kind, int line, const char *text)
{
	const struct quoted quoted = {
		.kind = kind, .file = reader->file, .line = line, .text = text};

	reader->visit(&quoted, reader->context);
}

// Shows a part of a text on one line: line breaks and the blanks behind them become one blank.
static void show_part(const struct reader *reader, enum quoted_kind kind, int line,
	const char *start, size_t length)
{
	struct piece piece;

	piece_begin(&piece, line);
	for (size_t i = 0; i < length; i++) {
		if (start[i] != '\n') {
			fputc(start[i], piece.stream);
			continue;
		}
		fputc(' ', piece.stream);
		while (i + 1 < length && isblank((unsigned char)start[i + 1]))
			i++;
	}
	show(reader, kind, line, piece_text(&piece));
	piece_end(&piece);
}

// ---- spans

static int lines_between(const char *start, const char *end)
{
	int count = 0;

	for (; start < end; start++)
		count += *start == '\n';
	return count;
}

// The end of a span that begins behind `start`; NULL: it does not end in this paragraph. A quote
// ends one where no letter follows, so that "machine's" is whole.
static const char *span_end(const char *start, char mark)
{
	for (; *start && strncmp(start, "\n\n", 2) != 0; start++)
		if (*start == mark && (mark == '`' || !isalnum((unsigned char)start[1])))
			return start;
	return NULL;
}

static bool span_begins(const char *text, const char *at, char mark)
{
	return *at == mark && (mark == '`' || at == text || strchr(" (\n", at[-1]));
}

static void spans_show(const struct reader *reader, const char *text, int line, char mark)
{
	for (const char *at = text; *at; at++) {
		const char *end = span_begins(text, at, mark) ? span_end(at + 1, mark) : NULL;

		if (!end)
			continue;
		show_part(reader, QUOTED_SPAN, line + lines_between(text, at), at + 1,
			(size_t)(end - at) - 1);
		at = end;
	}
}

// ---- lines

static bool begins_with_program(const char *text)
{
	if (strncmp(text, "./", 2) == 0)
		text += 2;
	return strncmp(text, "slabmark ", 9) == 0 || strncmp(text, "slabmark-run-", 13) == 0 ||
	       strncmp(text, "ci/", 3) == 0;
}

// The next line of the text, without its end; the reader stands at the one after it.
static size_t line_take(struct reader *reader)
{
	size_t length = strcspn(reader->at, "\n");

	reader->at += length + (reader->at[length] == '\n');
	reader->line++;
	return length;
}

// ---- Markdown

static void links_show(const struct reader *reader, const char *text, int line)
{
	for (const char *at = strstr(text, "]("); at; at = strstr(at + 2, "]("))
		show_part(reader, QUOTED_LINK, line + lines_between(text, at), at + 2,
			strcspn(at + 2, ") \n"));
}

// A code block, from the line behind its fence. Lines that end in a backslash go on on the next.
static void block_read(struct reader *reader)
{
	struct piece piece;

	piece_begin(&piece, reader->line);
	while (*reader->at && strncmp(reader->at, "```", 3) != 0) {
		const char *start = reader->at;
		size_t length = line_take(reader);
		bool goes_on = length > 0 && start[length - 1] == '\\';

		fprintf(piece.stream, "%.*s", (int)(length - goes_on), start);
		if (goes_on)
			continue;
		const char *text = piece_text(&piece);
		text += strspn(text, " \t");
		show(reader, QUOTED_LINE, piece.line, text + (strncmp(text, "$ ", 2) == 0 ? 2 : 0));
		piece_end(&piece);
		piece_begin(&piece, reader->line);
	}
	piece_end(&piece);
	line_take(reader);
}

void quoted_in_markdown(const char *file, const char *text, quoted_visit *visit, void *context)
{
	struct reader reader = {
		.file = file, .line = 1, .at = text, .visit = visit, .context = context};

	while (*reader.at) {
		struct piece prose;

		piece_begin(&prose, reader.line);
		while (*reader.at && strncmp(reader.at, "```", 3) != 0) {
			const char *start = reader.at;

			fprintf(prose.stream, "%.*s\n", (int)line_take(&reader), start);
		}
		spans_show(&reader, piece_text(&prose), prose.line, '`');
		links_show(&reader, prose.text, prose.line);
		piece_end(&prose);
		line_take(&reader); // the fence
		block_read(&reader);
	}
}

// ---- C

static void prose_show(struct reader *reader, enum quoted_kind kind, struct piece *piece)
{
	const char *text = piece_text(piece);

	show(reader, kind, piece->line, text);
	spans_show(reader, text, piece->line, '`');
}

static void literal_show(struct reader *reader, struct piece *piece)
{
	const char *text = piece_text(piece);

	prose_show(reader, QUOTED_MESSAGE, piece);
	spans_show(reader, text, piece->line, '\'');
	if (begins_with_program(text) && strstr(text, " --"))
		show_part(reader, QUOTED_LINE, piece->line, text, strcspn(text, "\n"));
}

static void skip_blanks(struct reader *reader)
{
	for (; isspace((unsigned char)*reader->at) || strncmp(reader->at, "\\\n", 2) == 0;
		reader->at++)
		reader->line += *reader->at == '\n';
}

// Lines that begin with `mark` and follow each other are one comment.
static void comment_read(struct reader *reader, const char *mark)
{
	struct piece piece;

	piece_begin(&piece, reader->line);
	while (strncmp(reader->at, mark, strlen(mark)) == 0) {
		const char *start = reader->at + strlen(mark);
		int length = (int)(line_take(reader) - strlen(mark));

		fprintf(piece.stream, "%.*s\n", length, start);
		reader->at += strspn(reader->at, " \t");
	}
	prose_show(reader, QUOTED_COMMENT, &piece);
	piece_end(&piece);
}

// One literal, from behind its quote to behind the next.
static void literal_take(struct reader *reader, struct piece *piece)
{
	for (; *reader->at && *reader->at != '"'; reader->at++) {
		bool is_escaped = *reader->at == '\\' && reader->at[1];

		reader->at += is_escaped;
		reader->line += *reader->at == '\n';
		fputc(is_escaped && *reader->at == 'n' ? '\n' : *reader->at, piece->stream);
	}
	reader->at += *reader->at == '"';
}

static void literals_read(struct reader *reader)
{
	struct piece piece;

	piece_begin(&piece, reader->line);
	while (*reader->at == '"') {
		reader->at++;
		literal_take(reader, &piece);
		skip_blanks(reader);
	}
	literal_show(reader, &piece);
	piece_end(&piece);
}

static void character_skip(struct reader *reader)
{
	reader->at++;
	reader->at += *reader->at == '\\';
	for (; *reader->at && *reader->at != '\'' && *reader->at != '\n'; reader->at++)
		;
	reader->at += *reader->at == '\'';
}

void quoted_in_c(const char *file, const char *text, quoted_visit *visit, void *context)
{
	struct reader reader = {
		.file = file, .line = 1, .at = text, .visit = visit, .context = context};

	while (*reader.at) {
		if (strncmp(reader.at, "//", 2) == 0)
			comment_read(&reader, "//");
		else if (*reader.at == '"')
			literals_read(&reader);
		else if (*reader.at == '\'')
			character_skip(&reader);
		else
			reader.line += *reader.at++ == '\n';
	}
}

// ---- scripts

void quoted_in_script(const char *file, const char *text, quoted_visit *visit, void *context)
{
	struct reader reader = {
		.file = file, .line = 1, .at = text, .visit = visit, .context = context};

	while (*reader.at) {
		reader.at += strspn(reader.at, " \t");
		if (*reader.at == '#')
			comment_read(&reader, "#");
		else
			line_take(&reader);
	}
}

// ---- help

// Roff as text: what roff_text() of command/help.c made of its characters, undone; requests fall away.
static void roff_undo(struct piece *piece, const char *text)
{
	static const char *const escapes[][2] = {
		{"\\-", "-"}, {"\\(aq", "'"}, {"\\e", "\\"}, {"\\&", ""}, {"\\:", ""}};
	bool is_line = true;

	while (*text) {
		size_t skipped = 0;

		if (is_line && *text == '.')
			text += strcspn(text, " \n");
		text += is_line && *text == ' ' && text[1] != ' ';
		for (size_t i = 0; !skipped && i < sizeof(escapes) / sizeof(escapes[0]); i++) {
			if (strncmp(text, escapes[i][0], strlen(escapes[i][0])) != 0)
				continue;
			skipped = strlen(escapes[i][0]);
			fputs(escapes[i][1], piece->stream);
		}
		is_line = *text == '\n';
		if (!skipped && *text)
			fputc(*text, piece->stream);
		text += skipped ? skipped : *text != '\0';
	}
}

// A line of its own: "Usage: slabmark …", or a program's line and, two blanks on, what it means.
static void help_line_show(const struct reader *reader, const char *start, size_t length)
{
	const char *end;

	if (strncmp(start, "Usage: ", strlen("Usage: ")) == 0) {
		start += strlen("Usage: ");
		length -= strlen("Usage: ");
	}
	while (length > 0 && *start == ' ') {
		start++;
		length--;
	}
	if (strncmp(start, "slabmark ", strlen("slabmark ")) != 0)
		return;
	end = strstr(start, "  ");
	if (end && end < start + length)
		length = (size_t)(end - start);
	show_part(reader, QUOTED_LINE, reader->line, start, length);
}

// The reader stands at its first line; afterwards at the empty line behind it.
static void paragraph_show(struct reader *reader, bool is_wrapped)
{
	const char *start = reader->at;
	const char *end = strstr(start, "\n\n");

	if (!end)
		end = start + strlen(start);
	if (is_wrapped && begins_with_program(start)) {
		show_part(reader, QUOTED_LINE, reader->line, start, (size_t)(end - start));
		reader->line += lines_between(start, end);
		reader->at = end;
	}
	while (reader->at < end) {
		const char *line = reader->at;

		help_line_show(reader, line, strcspn(line, "\n"));
		line_take(reader);
	}
}

void quoted_in_help(const char *file, const char *text, quoted_visit *visit, void *context)
{
	struct reader reader = {.file = file, .line = 1, .visit = visit, .context = context};
	struct piece piece;
	bool is_roff = *text == '.';

	piece_begin(&piece, 1);
	if (is_roff)
		roff_undo(&piece, text);
	else
		fputs(text, piece.stream);
	reader.at = piece_text(&piece);
	spans_show(&reader, reader.at, 1, '\'');
	while (*reader.at) {
		if (*reader.at == '\n')
			line_take(&reader);
		else
			paragraph_show(&reader, !is_roff);
	}
	piece_end(&piece);
}
