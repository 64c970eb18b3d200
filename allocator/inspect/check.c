// SPDX-License-Identifier: GPL-2.0-or-later
// The first difference between two texts of results, in context. Entries: check_compare,
// check_print. Lines are compared as they are; only where they differ are they taken apart, word by
// word.
#include "inspect/check.h"

#include <stdlib.h>
#include <string.h>

#define CONTEXT_LINES 6

// A piece of a text that goes on behind it. start NULL: there is none.
struct piece {
	const char *start;
	size_t length;
};

static bool piece_is(struct piece one, struct piece other)
{
	if (!one.start || !other.start)
		return one.start == other.start;
	return one.length == other.length && memcmp(one.start, other.start, one.length) == 0;
}

static void piece_copy(char *to, size_t size, struct piece piece)
{
	if (!piece.start)
		snprintf(to, size, "nothing");
	else
		snprintf(to, size, "%.*s", (int)piece.length, piece.start);
}

// ---- lines

static struct piece line_at(const char *text)
{
	if (!*text)
		return (struct piece){NULL, 0};
	return (struct piece){text, strcspn(text, "\n")};
}

static bool is_statistics(const char *text)
{
	return strncmp(text, " stats ", 7) == 0;
}

static struct piece next_line(const char **text, bool skip_statistics)
{
	struct piece line;

	do {
		line = line_at(*text);
		if (!line.start)
			return line;
		*text += line.length + (line.start[line.length] == '\n');
	} while (skip_statistics && is_statistics(line.start));
	return line;
}

// ---- words

// Cuts the next word off the line.
static struct piece next_word(struct piece *line)
{
	struct piece word = {NULL, 0};

	while (line->length && *line->start == ' ') {
		line->start++;
		line->length--;
	}
	if (!line->length)
		return word;
	word.start = line->start;
	while (word.length < line->length && word.start[word.length] != ' ')
		word.length++;
	line->start += word.length;
	line->length -= word.length;
	return word;
}

static bool word_is(struct piece word, const char *text)
{
	return word.start && word.length == strlen(text) &&
	       memcmp(word.start, text, word.length) == 0;
}

// "name=value" gives the value, and the name's length; else the whole word and 0.
static struct piece word_value(struct piece word, size_t *name_length)
{
	const char *equals = word.start ? memchr(word.start, '=', word.length) : NULL;

	*name_length = equals ? (size_t)(equals - word.start) : 0;
	if (!equals)
		return word;
	return (struct piece){equals + 1, word.length - *name_length - 1};
}

// A word's place in its line: behind ":" the entries of an array are counted, behind "ev" the
// events, else words.
struct position {
	const char *unit;
	unsigned number;
};

static void position_pass(struct position *position, struct piece word)
{
	position->number++;
	if (word_is(word, ":"))
		*position = (struct position){"entry", 0};
	else if (word_is(word, "ev"))
		*position = (struct position){"event", 0};
}

static void describe_field(struct check_difference *difference, struct piece ours,
	struct piece theirs, const struct position *position)
{
	size_t our_name, their_name;
	struct piece our_value = word_value(ours, &our_name);
	struct piece their_value = word_value(theirs, &their_name);

	if (our_name && our_name == their_name && memcmp(ours.start, theirs.start, our_name) == 0) {
		snprintf(difference->field, sizeof(difference->field), "%.*s", (int)our_name,
			ours.start);
		piece_copy(difference->ours, sizeof(difference->ours), our_value);
		piece_copy(difference->theirs, sizeof(difference->theirs), their_value);
		return;
	}
	snprintf(difference->field, sizeof(difference->field), "%s %u", position->unit,
		position->number + 1);
	piece_copy(difference->ours, sizeof(difference->ours), ours);
	piece_copy(difference->theirs, sizeof(difference->theirs), theirs);
}

static void find_field(
	struct check_difference *difference, struct piece our_line, struct piece their_line)
{
	struct position position = {"word", 0};
	struct piece ours, theirs;

	for (;;) {
		ours = next_word(&our_line);
		theirs = next_word(&their_line);
		if (!piece_is(ours, theirs) || !ours.start)
			break;
		position_pass(&position, ours);
	}
	if (ours.start || theirs.start) {
		describe_field(difference, ours, theirs, &position);
		return;
	}
	snprintf(difference->field, sizeof(difference->field), "blanks");
}

// The first words of a dump's line that say what it is about.
static void find_row(struct check_difference *difference, struct piece line)
{
	struct piece rest = line, kind = next_word(&rest), number = next_word(&rest);
	bool has_number = number.start && !memchr(number.start, '=', number.length);

	if (!line.start || *line.start != ' ' || !kind.start)
		return;
	snprintf(difference->row, sizeof(difference->row), "%.*s%s%.*s", (int)kind.length,
		kind.start, has_number ? " " : "", has_number ? (int)number.length : 0,
		has_number ? number.start : "");
}

// ---- comparing

// A result begins with the number of the trace's line; a dump's further lines don't.
static void note_number(struct check_difference *difference, struct piece line)
{
	if (line.start && *line.start >= '0' && *line.start <= '9')
		difference->line = (unsigned)strtoul(line.start, NULL, 10);
}

static bool describe(
	struct check_difference *difference, struct piece our_line, struct piece their_line)
{
	struct piece full = their_line.start ? their_line : our_line;

	note_number(difference, full);
	find_row(difference, full);
	difference->our_line = our_line.start;
	difference->their_line = their_line.start;
	if (our_line.start && their_line.start) {
		find_field(difference, our_line, their_line);
		return false;
	}
	snprintf(difference->field, sizeof(difference->field), "line");
	snprintf(difference->ours, sizeof(difference->ours), "%s",
		our_line.start ? "one more" : "nothing");
	snprintf(difference->theirs, sizeof(difference->theirs), "%s",
		their_line.start ? "one more" : "nothing");
	return false;
}

bool check_compare(const char *ours, const char *theirs, bool skip_statistics,
	struct check_difference *difference)
{
	struct piece our_line, their_line;

	memset(difference, 0, sizeof(*difference));
	do {
		our_line = next_line(&ours, skip_statistics);
		their_line = next_line(&theirs, skip_statistics);
		if (!piece_is(our_line, their_line))
			return describe(difference, our_line, their_line);
		note_number(difference, their_line);
	} while (our_line.start);
	return true;
}

// ---- saying it

static void print_whole(FILE *output, const char *whose, const char *line)
{
	struct piece piece = line ? line_at(line) : (struct piece){NULL, 0};

	if (piece.start)
		fprintf(output, "  %s %.*s\n", whose, (int)piece.length, piece.start);
	else
		fprintf(output, "  %s (the results end here)\n", whose);
}

static void print_context(FILE *output, const struct trace *trace, unsigned line)
{
	unsigned from = line > CONTEXT_LINES ? line - CONTEXT_LINES : 1;

	for (unsigned i = from; i <= line && i <= trace->lines_count; i++)
		fprintf(output, "  %s%5u: %.160s\n", i == line ? ">" : " ", i, trace->lines[i - 1]);
}

static const char *operation_text(const struct trace *trace, unsigned line)
{
	return line && line <= trace->lines_count ? trace->lines[line - 1] : "the first line";
}

void check_print(FILE *output, const char *name, const struct trace *trace,
	const struct check_difference *difference)
{
	fprintf(output, "%s:%u: %.100s: %s%s%s: ours %s, expected %s\n", name, difference->line,
		operation_text(trace, difference->line), difference->row,
		*difference->row ? ": " : "", difference->field, difference->ours,
		difference->theirs);
	print_context(output, trace, difference->line);
	print_whole(output, "ours:    ", difference->our_line);
	print_whole(output, "expected:", difference->their_line);
}
