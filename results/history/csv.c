// SPDX-License-Identifier: GPL-2.0-or-later
// Reads CSV (RFC 4180) as a table of texts, with ';' or a tab for a comma, too, and lines that begin
// with '#' as comments. Entry: table_read(). What the texts mean is table.c's business.
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "results/text/figure.h"
#include "results/text/memory.h"
#include "table.h"

enum { FIELDS_MAX = 4096 };

// Where the reader stands. Fields are cut out of the text in place.
struct csv {
	char *next; // the next line's first character
	char *end; // of the text; a zero byte is there
	size_t line; // of the fields, from 1
	size_t lines_in_quotes; // that the fields reached over
	char separator;
	char **fields;
	size_t count;
	const char *source;
	struct problem *problem;
};

// ---- the separator

// How often a character stands outside of quotes in a line, whose end is `end`.
static size_t occurrences(const char *line, const char *end, char wanted)
{
	bool is_quoted = false;
	size_t count = 0;

	for (; line < end; line++) {
		is_quoted ^= *line == '"';
		count += !is_quoted && *line == wanted;
	}
	return count;
}

// Whether every comma outside of quotes stands between two digits, as in a number.
static bool commas_are_decimal(const char *line, const char *end)
{
	bool is_quoted = false;

	for (const char *c = line; c < end; c++) {
		is_quoted ^= *c == '"';
		if (!is_quoted && *c == ',' &&
			(c == line || !isdigit((unsigned char)c[-1]) ||
				!isdigit((unsigned char)c[1])))
			return false;
	}
	return true;
}

static char separator_of(const char *line, const char *end)
{
	while (line < end && strchr(" \t\r", *line))
		line++;
	while (end > line && strchr(" \t\r", end[-1]))
		end--;
	if (occurrences(line, end, ';') > 0 && commas_are_decimal(line, end))
		return ';';
	return occurrences(line, end, ',') == 0 && occurrences(line, end, '\t') > 0 ? '\t' : ',';
}

// ---- fields

// Undoes the quotes of a field in place; *cursor moves behind the closing one.
static bool quoted_read(struct csv *csv, char **cursor)
{
	char *from = *cursor + 1;
	char *to = *cursor;

	for (; from < csv->end; from++) {
		if (*from == '"' && from[1] != '"')
			break;
		from += *from == '"';
		csv->lines_in_quotes += *from == '\n';
		*to++ = *from;
	}
	if (from >= csv->end)
		return problem_set(csv->problem, EXIT_WRONG_USE,
			"%s, line %zu: a quoted field does not end", csv->source, csv->line);
	*cursor = from + 1;
	*to = '\0';
	return true;
}

// Reads one field and ends it with a zero byte. *ends_line says whether it was the line's last.
static bool field_read(struct csv *csv, char **cursor, bool *ends_line)
{
	char *field = *cursor;
	const char stops[] = {csv->separator, '\n', '\0'};
	bool is_quoted = *field == '"';
	char *stop;

	if (csv->count == FIELDS_MAX)
		return problem_set(csv->problem, EXIT_WRONG_USE,
			"%s, line %zu: more than %d fields, the most that is read", csv->source,
			csv->line, FIELDS_MAX);
	if (is_quoted && !quoted_read(csv, cursor))
		return false;
	stop = *cursor + strcspn(*cursor, stops);
	if (is_quoted && *cursor + strspn(*cursor, " \t\r") < stop)
		return problem_set(csv->problem, EXIT_WRONG_USE,
			"%s, line %zu: text behind the closing quote of field %zu", csv->source,
			csv->line, csv->count + 1);
	csv->fields[csv->count++] = field;
	*ends_line = *stop != csv->separator;
	*cursor = stop < csv->end ? stop + 1 : stop;
	*stop = '\0';
	return true;
}

static void trim(char **field)
{
	char *text = *field;
	size_t length;

	text += strspn(text, " \t\r");
	length = strlen(text);
	while (length > 0 && strchr(" \t\r", text[length - 1]))
		text[--length] = '\0';
	*field = text;
}

static void comments_skip(struct csv *csv)
{
	while (csv->next < csv->end && csv->next[strspn(csv->next, " \t")] == '#') {
		char *line_end = memchr(csv->next, '\n', (size_t)(csv->end - csv->next));

		csv->line++;
		csv->next = line_end ? line_end + 1 : csv->end;
	}
}

// Reads the fields of the next line.
static bool line_read(struct csv *csv)
{
	char *cursor = csv->next;
	bool ends_line = false;

	csv->line += 1 + csv->lines_in_quotes;
	csv->lines_in_quotes = 0;
	csv->count = 0;
	while (!ends_line) {
		if (!field_read(csv, &cursor, &ends_line))
			return false;
	}
	csv->next = cursor;
	for (size_t i = 0; i < csv->count; i++)
		trim(&csv->fields[i]);
	return true;
}

// ---- the table

static bool csv_no_memory(const struct csv *csv)
{
	no_memory(csv->problem, "it");
	return problem_locate(csv->problem, csv->source);
}

// An empty line is a row without fields.
static bool row_add(const struct csv *csv, struct table *table)
{
	bool is_empty = csv->count == 1 && !*csv->fields[0];
	struct table_row *rows;

	if (!is_empty && !table->has_fields)
		table->columns = csv->count;
	table->has_fields |= !is_empty;
	if (csv->count != table->columns && !is_empty)
		return problem_set(csv->problem, EXIT_WRONG_USE,
			"%s, line %zu: %zu %s, but the first line has %zu", csv->source, csv->line,
			csv->count, plural(csv->count, "field", "fields"), table->columns);
	if (table->rows_count > HISTORY_VALUES_MAX) // and a header
		return problem_set(csv->problem, EXIT_WRONG_USE,
			"%s: has more than %d values, the most that is read", csv->source,
			HISTORY_VALUES_MAX);
	rows = array_grown(table->rows, table->rows_count, sizeof(*rows));
	if (!rows)
		return csv_no_memory(csv);
	table->rows = rows;
	rows += table->rows_count;
	*rows = (struct table_row){.line = csv->line};
	if (!is_empty) {
		rows->fields = malloc(csv->count * sizeof(*rows->fields));
		if (!rows->fields)
			return csv_no_memory(csv);
		memcpy(rows->fields, csv->fields, csv->count * sizeof(*rows->fields));
	}
	table->rows_count++;
	return true;
}

static bool rows_read(struct csv *csv, struct table *table)
{
	char *line_end;

	comments_skip(csv);
	line_end = memchr(csv->next, '\n', (size_t)(csv->end - csv->next));
	csv->separator = separator_of(csv->next, line_end ? line_end : csv->end);
	table->has_decimal_comma = csv->separator != ',';
	while (csv->next < csv->end) {
		if (!line_read(csv) || !row_add(csv, table))
			return false;
		comments_skip(csv);
	}
	return true;
}

static bool check_bytes(const struct csv *csv)
{
	size_t line = 1;

	for (const char *c = csv->next; c < csv->end; c++) {
		line += *c == '\n';
		if (!*c)
			return problem_set(csv->problem, EXIT_WRONG_USE,
				"%s, line %zu: a zero byte; this is no text", csv->source, line);
	}
	return true;
}

bool table_read(
	char *text, size_t size, const char *source, struct table *table, struct problem *problem)
{
	struct csv csv = {.next = text, .end = text + size, .source = source, .problem = problem};
	bool is_good;

	*table = (struct table){.source = source, .columns = 1};
	if (!check_bytes(&csv))
		return false;
	csv.fields = calloc(FIELDS_MAX, sizeof(*csv.fields));
	is_good = csv.fields ? rows_read(&csv, table) : csv_no_memory(&csv);
	free(csv.fields);
	if (is_good && table->rows_count == 0)
		return problem_set(problem, EXIT_WRONG_USE,
			"%s: is empty; numbers are expected, one a line, or JSON", source);
	return is_good;
}

void table_free(struct table *table)
{
	for (size_t i = 0; i < table->rows_count; i++)
		free(table->rows[i].fields);
	free(table->rows);
	*table = (struct table){0};
}
