// SPDX-License-Identifier: GPL-2.0-or-later
// Reads one column of CSV (RFC 4180) as a series. The first line is a header when one of its fields
// is neither a number nor a missing value. Entry: history_csv().
#include "input.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "results/text/escape.h"
#include "results/text/memory.h"

enum { FIELDS_MAX = 4096, SHOWN_SIZE = 48 };

// Where the reader stands. Fields are cut out of the text in place.
struct csv {
	char *next; // the next line's first character
	char *end; // of the text; a zero byte is there
	size_t line; // of the fields, from 1
	size_t lines_in_quotes; // that the fields reached over
	char **fields;
	size_t count;
	const char *source;
	struct problem *problem;
};

// What an error shows of a field: no control characters, not too much.
static const char *shown(const char *text, char room[SHOWN_SIZE])
{
	size_t length = strnlen(text, SHOWN_SIZE);

	memcpy(room, text, length);
	if (length < SHOWN_SIZE)
		room[length] = '\0';
	else
		memcpy(room + SHOWN_SIZE - 4, "...", 4);
	text_clean(room);
	return room;
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
	bool is_quoted = *field == '"';
	char *stop;

	if (csv->count == FIELDS_MAX)
		return problem_set(csv->problem, EXIT_WRONG_USE,
			"%s, line %zu: more than %d fields, the most that is read", csv->source,
			csv->line, FIELDS_MAX);
	if (is_quoted && !quoted_read(csv, cursor))
		return false;
	stop = *cursor + strcspn(*cursor, ",\n");
	if (is_quoted && *cursor + strspn(*cursor, " \t\r") < stop)
		return problem_set(csv->problem, EXIT_WRONG_USE,
			"%s, line %zu: text behind the closing quote of field %zu", csv->source,
			csv->line, csv->count + 1);
	csv->fields[csv->count++] = field;
	*ends_line = *stop != ',';
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

// ---- values

static bool is_missing(const char *field)
{
	static const char *const WORDS[] = {"", "nan", "na", "n/a", "null", "none"};

	for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++) {
		if (strcasecmp(field, WORDS[i]) == 0)
			return true;
	}
	return false;
}

// Decimal numbers only: strtod() would take "0x10", "inf" and "infinity" too. One too large becomes
// infinite.
static bool number_read(const char *field, double *value)
{
	char *end;

	if (!*field || field[strspn(field, "0123456789+-.eE")])
		return false;
	*value = strtod(field, &end);
	return !*end;
}

static bool value_read(struct csv *csv, size_t column, double *value)
{
	const char *field = csv->fields[column];
	char room[SHOWN_SIZE];

	*value = NAN;
	if (is_missing(field))
		return true;
	if (!number_read(field, value))
		return problem_set(csv->problem, EXIT_WRONG_USE,
			"%s, line %zu, field %zu: '%s' is no number; a missing value is empty, "
			"NaN or "
			"null",
			csv->source, csv->line, column + 1, shown(field, room));
	if (!isfinite(*value))
		return problem_set(csv->problem, EXIT_WRONG_USE,
			"%s, line %zu, field %zu: '%s' is beyond the largest number, about "
			"1.8e308",
			csv->source, csv->line, column + 1, shown(field, room));
	return true;
}

// ---- columns

static bool is_header(const struct csv *csv)
{
	double ignored;

	for (size_t i = 0; i < csv->count; i++) {
		if (!is_missing(csv->fields[i]) && !number_read(csv->fields[i], &ignored))
			return true;
	}
	return false;
}

// The column's number, as far as `text` is one.
static bool column_number(const struct csv *csv, const char *text, size_t *column)
{
	size_t number = 0;

	if (!*text || strlen(text) > 6 || text[strspn(text, "0123456789")])
		return false;
	for (; *text; text++)
		number = number * 10 + (size_t)(*text - '0');
	*column = number - 1;
	return number >= 1 && number <= csv->count;
}

static bool column_missing(const struct csv *csv, const char *name, bool has_header)
{
	char names[512] = "";
	size_t used = 0;
	char room[SHOWN_SIZE];

	for (size_t i = 0; has_header && i < csv->count && used + SHOWN_SIZE < sizeof(names); i++)
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s'%s'",
			i ? ", " : "", shown(csv->fields[i], room));
	if (!has_header)
		(void)snprintf(names, sizeof(names), "the numbers 1 to %zu, for it has no header",
			csv->count);
	if (name)
		return problem_set(csv->problem, EXIT_WRONG_USE,
			"%s: has no column '%s'; there are %s", csv->source, name, names);
	return problem_set(csv->problem, EXIT_WRONG_USE,
		"%s: has %zu columns; --column=NAME says which, of %s", csv->source, csv->count,
		names);
}

static bool column_named(const struct csv *csv, const char *name, size_t *column)
{
	size_t found = 0;

	for (size_t i = csv->count; i-- > 0;) {
		if (strcmp(csv->fields[i], name) != 0)
			continue;
		found++;
		*column = i;
	}
	if (found > 1)
		return problem_set(csv->problem, EXIT_WRONG_USE,
			"%s: %zu columns are called '%s'; --column takes a number from 1, too",
			csv->source, found, name);
	return found == 1 || column_number(csv, name, column) || column_missing(csv, name, true);
}

static bool column_choose(const struct csv *csv, const char *name, bool has_header, size_t *column)
{
	*column = 0;
	if (!name)
		return csv->count == 1 || column_missing(csv, NULL, has_header);
	if (has_header)
		return column_named(csv, name, column);
	return column_number(csv, name, column) || column_missing(csv, name, false);
}

// ---- the file

static bool csv_no_memory(const struct csv *csv)
{
	no_memory(csv->problem, "it");
	return problem_locate(csv->problem, csv->source);
}

static struct history_series *series_make(
	const struct csv *csv, const char *name, struct history *history)
{
	struct history_series *series = history_add(history, name);

	if (series)
		series->source = strdup(csv->source);
	if (series && series->source)
		return series;
	csv_no_memory(csv);
	return NULL;
}

// Appends the column's value of the line that was read. An empty line is a missing value in a file
// of one column, and of all columns in others.
static bool row_append(
	struct csv *csv, size_t columns, size_t column, struct history_series *series)
{
	bool is_empty = csv->count == 1 && !*csv->fields[0];
	double value = NAN;

	if (csv->count != columns && !is_empty)
		return problem_set(csv->problem, EXIT_WRONG_USE,
			"%s, line %zu: %zu fields, but the first line has %zu", csv->source,
			csv->line, csv->count, columns);
	if (!is_empty && !value_read(csv, column, &value))
		return false;
	return history_append(series, value, csv->problem);
}

static bool rows_read(struct csv *csv, const char *name, struct history *history)
{
	struct history_series *series;
	bool has_header;
	size_t columns;
	size_t column;

	if (!line_read(csv))
		return false;
	has_header = is_header(csv);
	columns = csv->count;
	if (!column_choose(csv, name, has_header, &column))
		return false;
	series = series_make(csv, has_header ? csv->fields[column] : csv->source, history);
	if (!series || (!has_header && !row_append(csv, columns, column, series)))
		return false;
	while (csv->next < csv->end) {
		if (!line_read(csv) || !row_append(csv, columns, column, series))
			return false;
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
	if (csv->next == csv->end)
		return problem_set(csv->problem, EXIT_WRONG_USE,
			"%s: is empty; numbers are expected, one a line, or JSON", csv->source);
	return true;
}

bool history_csv(char *text, size_t size, const char *source, const char *column,
	struct history *history, struct problem *problem)
{
	struct csv csv = {.next = text, .end = text + size, .source = source, .problem = problem};
	bool is_good;

	if (!check_bytes(&csv))
		return false;
	csv.fields = calloc(FIELDS_MAX, sizeof(*csv.fields));
	is_good = csv.fields ? rows_read(&csv, column, history) : csv_no_memory(&csv);
	free(csv.fields);
	return is_good;
}
