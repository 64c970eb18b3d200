// SPDX-License-Identifier: GPL-2.0-or-later
// Makes series of the columns of a table. Entry: history_csv(). The first row is a header when one
// of its fields is neither a number nor a date nor a missing value.
#include "table.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "results/text/date.h"
#include "results/text/escape.h"
#include "results/text/memory.h"

enum { SHOWN_SIZE = 48, NUMBER_SIZE = 64 };

// What is made of the table.
struct making {
	struct table table;
	const struct history_input_options *options;
	const struct table_row *header; // NULL: there is none
	struct history *history;
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

static bool making_no_memory(const struct making *making)
{
	no_memory(making->problem, "it");
	return problem_locate(making->problem, making->table.source);
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

// strtod() would take "0x10", "inf" and "infinity" too.
bool table_number(const struct table *table, const char *field, double *value)
{
	const char *comma = table->has_decimal_comma ? strchr(field, ',') : NULL;
	char number[NUMBER_SIZE];
	char *end;

	if (!*field || field[strspn(field, comma ? "0123456789+-,eE" : "0123456789+-.eE")])
		return false;
	if (comma && strlen(field) < sizeof(number)) {
		(void)snprintf(number, sizeof(number), "%s", field);
		number[comma - field] = '.';
		field = number;
	}
	*value = strtod(field, &end);
	return !*end;
}

static bool value_read(
	const struct making *making, const struct table_row *row, size_t column, double *value)
{
	const char *field = row->fields ? row->fields[column] : "";
	char room[SHOWN_SIZE];

	*value = NAN;
	if (is_missing(field))
		return true;
	if (!table_number(&making->table, field, value))
		return problem_set(making->problem, EXIT_WRONG_USE,
			"%s, line %zu, field %zu: '%s' is no number; a missing value is empty, "
			"NaN or null",
			making->table.source, row->line, column + 1, shown(field, room));
	if (!isfinite(*value))
		return problem_set(making->problem, EXIT_WRONG_USE,
			"%s, line %zu, field %zu: '%s' is beyond the largest number, about "
			"1.8e308",
			making->table.source, row->line, column + 1, shown(field, room));
	return true;
}

// Seconds since 1970, or whatever number orders the rows.
static bool time_read(
	const struct making *making, const struct table_row *row, size_t column, double *time)
{
	const char *field = row->fields ? row->fields[column] : "";
	char room[SHOWN_SIZE];
	int64_t unix_ns;

	if (table_number(&making->table, field, time) && isfinite(*time))
		return true;
	if (date_read(field, &unix_ns)) {
		*time = (double)unix_ns / 1e9;
		return true;
	}
	return problem_set(making->problem, EXIT_WRONG_USE,
		"%s, line %zu, field %zu: '%s' is no time; expected a date, such as 2026-01-31 "
		"12:00:00, or a number",
		making->table.source, row->line, column + 1, shown(field, room));
}

// ---- columns

static bool is_header(const struct table *table, const struct table_row *row)
{

	for (size_t i = 0; row->fields && i < table->columns; i++) {
		double number;
		int64_t date;

		if (!is_missing(row->fields[i]) && !table_number(table, row->fields[i], &number) &&
			!date_read(row->fields[i], &date))
			return true;
	}
	return false;
}

// The column's number, as far as `text` is one.
static bool column_number(const struct making *making, const char *text, size_t *column)
{
	size_t number = 0;

	if (!*text || strlen(text) > 6 || text[strspn(text, "0123456789")])
		return false;
	for (; *text; text++)
		number = number * 10 + (size_t)(*text - '0');
	*column = number - 1;
	return number >= 1 && number <= making->table.columns;
}

// "'time', 'size'", or that there are no names.
static void columns_list(const struct making *making, char *names, size_t size)
{
	size_t used = 0;
	char room[SHOWN_SIZE];

	names[0] = '\0';
	for (size_t i = 0; making->header && i < making->table.columns && used + SHOWN_SIZE < size;
		i++)
		used += (size_t)snprintf(names + used, size - used, "%s'%s'", i ? ", " : "",
			shown(making->header->fields[i], room));
	if (!making->header)
		(void)snprintf(names, size, "the numbers 1 to %zu, for it has no header",
			making->table.columns);
}

static bool column_missing(const struct making *making, const char *name)
{
	char names[512];

	columns_list(making, names, sizeof(names));
	return problem_set(making->problem, EXIT_WRONG_USE, "%s: has no column '%s'; there are %s",
		making->table.source, name, names);
}

static bool column_find(const struct making *making, const char *name, size_t *column)
{
	size_t found = 0;

	for (size_t i = making->header ? making->table.columns : 0; i-- > 0;) {
		if (strcmp(making->header->fields[i], name) != 0)
			continue;
		found++;
		*column = i;
	}
	if (found > 1)
		return problem_set(making->problem, EXIT_WRONG_USE,
			"%s: %zu columns are called '%s'; a number from 1 names a column, too",
			making->table.source, found, name);
	return found == 1 || column_number(making, name, column) || column_missing(making, name);
}

// ---- rows

// Keeps the rows that is_kept() wants, in their order.
static void rows_keep(struct making *making, size_t column, const char *value, bool is_wanted)
{
	struct table *table = &making->table;
	size_t kept = 0;

	for (size_t i = 0; i < table->rows_count; i++) {
		struct table_row *row = &table->rows[i];
		bool fits = row->fields && strcmp(row->fields[column], value) == 0;

		if (row->fields && fits == is_wanted)
			table->rows[kept++] = *row;
		else
			free(row->fields);
	}
	table->rows_count = kept;
}

// `name` is what stands before the filter's colon.
static bool filter_apply(struct making *making, const char *filter, const char *name,
	const char *value, bool is_wanted)
{
	size_t column = 0;

	if (!column_find(making, name, &column))
		return false;
	rows_keep(making, column, value, is_wanted);
	return making->table.rows_count > 0 ||
	       problem_set(making->problem, EXIT_WRONG_USE, "%s: no row fits --filter=%s",
		       making->table.source, filter);
}

// "machine:a" wants these rows, "-machine:a" all others.
static bool filter_read(struct making *making, const char *filter)
{
	bool is_wanted = *filter != '-';
	const char *colon = strchr(filter, ':');
	char *name;
	bool is_good;

	if (!colon)
		return problem_set(making->problem, EXIT_WRONG_USE,
			"--filter=%s: expected COLUMN:VALUE, or -COLUMN:VALUE for all others",
			filter);
	name = strndup(filter + !is_wanted, (size_t)(colon - filter) - !is_wanted);
	is_good = name ? filter_apply(making, filter, name, colon + 1, is_wanted)
		       : making_no_memory(making);
	free(name);
	return is_good;
}

static int row_order(const void *left, const void *right)
{
	const struct table_row *one = left;
	const struct table_row *two = right;

	if (one->time != two->time)
		return one->time < two->time ? -1 : 1;
	return (one->line > two->line) - (one->line < two->line);
}

// Of sorted rows.
static bool rows_cut(struct making *making)
{
	const char *as_of = making->options->as_of;
	struct table *table = &making->table;
	int64_t unix_ns;
	double latest;

	if (!as_of)
		return true;
	if (date_read_end(as_of, &unix_ns))
		latest = (double)unix_ns / 1e9;
	else if (!table_number(table, as_of, &latest))
		return problem_set(making->problem, EXIT_WRONG_USE,
			"--as-of=%s: is neither a date, such as 2026-01-31, nor a number", as_of);
	while (table->rows_count > 0 && table->rows[table->rows_count - 1].time > latest)
		free(table->rows[--table->rows_count].fields);
	return table->rows_count > 0 ||
	       problem_set(making->problem, EXIT_WRONG_USE, "%s: no row is as old as --as-of=%s",
		       table->source, as_of);
}

static bool rows_sort(struct making *making)
{
	struct table *table = &making->table;
	size_t column = 0;

	if (!making->options->time)
		return true;
	if (!column_find(making, making->options->time, &column))
		return false;
	for (size_t i = 0; i < table->rows_count; i++) {
		if (!time_read(making, &table->rows[i], column, &table->rows[i].time))
			return false;
	}
	qsort(table->rows, table->rows_count, sizeof(*table->rows), row_order);
	return rows_cut(making);
}

// ---- series

// The texts of a column, a value each; the caller's.
static bool texts_take(const struct making *making, const char *name, char ***texts)
{
	const struct table *table = &making->table;
	size_t column = 0;

	if (!name)
		return true;
	if (!column_find(making, name, &column))
		return false;
	*texts = calloc(table->rows_count, sizeof(**texts));
	for (size_t i = 0; *texts && i < table->rows_count; i++) {
		const struct table_row *row = &table->rows[i];

		(*texts)[i] = strdup(row->fields ? row->fields[column] : "");
		if (!(*texts)[i])
			return making_no_memory(making);
	}
	return *texts || making_no_memory(making);
}

// A column without a name is called by the file, and of several by its number.
static struct history_series *series_make(const struct making *making, size_t column)
{
	const char *source = making->table.source;
	char *numbered = NULL;
	struct history_series *series = NULL;

	if (making->header)
		series = history_add(making->history, making->header->fields[column]);
	else if (making->table.columns == 1 || making->options->columns_count == 1)
		series = history_add(making->history, source);
	else if (asprintf(&numbered, "%s, column %zu", source, column + 1) >= 0)
		series = history_add(making->history, numbered);
	free(numbered);
	if (series)
		series->source = strdup(source);
	if (series && series->source)
		return series;
	making_no_memory(making);
	return NULL;
}

static bool column_take(const struct making *making, size_t column)
{
	struct history_series *series = series_make(making, column);

	if (!series)
		return false;
	for (size_t i = 0; i < making->table.rows_count; i++) {
		double value;

		if (!value_read(making, &making->table.rows[i], column, &value) ||
			!history_append(series, value, making->problem))
			return false;
	}
	return texts_take(making, making->options->time, &series->times) &&
	       texts_take(making, making->options->commit, &series->commits);
}

// The first value that is there tells; a text behind it is then a mistake of that line.
static bool holds_numbers(const struct making *making, size_t column)
{
	for (size_t i = 0; i < making->table.rows_count; i++) {
		const struct table_row *row = &making->table.rows[i];
		double number;

		if (row->fields && !is_missing(row->fields[column]))
			return table_number(&making->table, row->fields[column], &number);
	}
	return false;
}

// Whether the name that an option gives is this column's.
static bool is_named(const struct making *making, const char *name, size_t column)
{
	size_t found = 0;

	return name && column_find(making, name, &found) && found == column;
}

static bool is_figure(const struct making *making, size_t column)
{
	return !is_named(making, making->options->time, column) &&
	       !is_named(making, making->options->commit, column) && holds_numbers(making, column);
}

static const char *column_name(const struct making *making, size_t column)
{
	return making->header ? making->header->fields[column] : NULL;
}

static bool leave_out(const struct making *making, size_t column)
{
	struct history *history = making->history;
	char **grown = array_grown(history->left_out, history->left_out_count, sizeof(*grown));
	char room[SHOWN_SIZE];

	if (!grown)
		return making_no_memory(making);
	history->left_out = grown;
	if (asprintf(&grown[history->left_out_count],
		    "%s: column %zu, '%s', numbers the rows and is no figure; --time=%zu tells it "
		    "with each change, --column=%zu takes it as a figure",
		    making->table.source, column + 1, shown(column_name(making, column), room),
		    column + 1, column + 1) < 0)
		return making_no_memory(making);
	history->left_out_count++;
	return true;
}

static bool figures_take(const struct making *making)
{
	size_t before = making->history->count;
	char names[512];

	if (making->table.columns == 1)
		return column_take(making, 0);
	for (size_t i = 0; i < making->table.columns; i++) {
		if (!is_figure(making, i))
			continue;
		if (!(table_column_numbers_rows(&making->table, i, column_name(making, i))
				    ? leave_out(making, i)
				    : column_take(making, i)))
			return false;
	}
	if (making->history->count > before)
		return true;
	columns_list(making, names, sizeof(names));
	return problem_set(making->problem, EXIT_WRONG_USE,
		"%s: no column holds figures; there are %s", making->table.source, names);
}

static bool columns_take(const struct making *making)
{
	const struct history_input_options *options = making->options;

	if (options->columns_count == 0)
		return figures_take(making);
	for (size_t i = 0; i < options->columns_count; i++) {
		size_t column = 0;

		if (!column_find(making, options->columns[i], &column) ||
			!column_take(making, column))
			return false;
	}
	return true;
}

// The first row that has fields may be a header. Then it is no row, and neither are empty lines
// above it.
static void header_take(struct making *making, struct table_row *header)
{
	struct table *table = &making->table;
	size_t first = 0;

	while (first < table->rows_count && !table->rows[first].fields)
		first++;
	if (first == table->rows_count || !is_header(table, &table->rows[first]))
		return;
	*header = table->rows[first];
	making->header = header;
	table->rows_count -= first + 1;
	memmove(table->rows, table->rows + first + 1, table->rows_count * sizeof(*header));
}

static bool table_take(struct making *making)
{
	struct table_row header = {0};
	bool is_good = true;

	header_take(making, &header);
	for (size_t i = 0; is_good && i < making->options->filters_count; i++)
		is_good = filter_read(making, making->options->filters[i]);
	is_good = is_good && rows_sort(making) && columns_take(making);
	free(header.fields);
	making->header = NULL;
	return is_good;
}

bool history_csv(char *text, size_t size, const char *source,
	const struct history_input_options *options, struct history *history,
	struct problem *problem)
{
	struct making making = {.options = options, .history = history, .problem = problem};
	bool is_good =
		table_read(text, size, source, &making.table, problem) && table_take(&making);

	table_free(&making.table);
	return is_good;
}
