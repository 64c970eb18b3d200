// SPDX-License-Identifier: GPL-2.0-or-later
// Google Benchmark's CSV (`--benchmark_out_format=csv`). Entry: benchmark_csv_read(). What it prints
// of the host before the header is read, too. Which rows are aggregates the format does not say;
// document/aggregate.c finds them.
#include "formats_internal.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/document/benchmark_json.h"
#include "results/text/memory.h"

enum { FIELDS_MAX = 1024 };

#define COUNT_MAX 1000000000000LL

static const char HEADER[] = "name,iterations,real_time,cpu_time,time_unit";

// The line that is the header, or NULL.
static char *header_find(const char *text)
{
	while (text) {
		if (strncmp(text, HEADER, sizeof(HEADER) - 1) == 0)
			return (char *)text;
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	return NULL;
}

bool benchmark_csv_is(const char *text)
{
	return *text != '{' && *text != '[' && header_find(text);
}

// ---- the host

// Passes over `words` where *text begins with them.
static bool words_pass(const char **text, const char *words)
{
	size_t length = strlen(words);

	if (strncmp(*text, words, length) != 0)
		return false;
	*text += length;
	return true;
}

// A whole number from 0 to a million millions.
static bool count_pass(const char **text, json_int_t *count)
{
	char *end;

	if (!isdigit((unsigned char)**text))
		return false;
	errno = 0;
	*count = strtoll(*text, &end, 10);
	*text = end;
	return errno == 0 && *count <= COUNT_MAX;
}

// "Run on (8 X 2400.5 MHz CPU s)"
static bool processors_take(json_t *context, const char *line)
{
	json_int_t count = 0;
	double clock;
	char *end;

	if (!words_pass(&line, "Run on (") || !count_pass(&line, &count) ||
		!words_pass(&line, " X "))
		return false;
	clock = strtod(line, &end);
	if (end == line || strncmp(end, " MHz", 4) != 0 || !isfinite(clock))
		return false;
	json_object_set_new(context, "num_cpus", json_integer(count));
	json_object_set_new(context, "mhz_per_cpu", json_real(clock));
	return true;
}

static void cache_add(json_t *context, json_t *cache)
{
	if (!json_object_get(context, "caches"))
		json_object_set_new(context, "caches", json_array());
	json_array_append_new(json_object_get(context, "caches"), cache);
}

// "  L1 Data 32 KiB (x4)", and "  L3 Unified 16384K (x1)" of old
static void cache_take(json_t *context, const char *line)
{
	json_int_t level = 0;
	json_int_t kib = 0;
	json_int_t sharing = 0;
	const char *type;
	size_t length;

	line += strspn(line, " ");
	if (!words_pass(&line, "L") || !count_pass(&line, &level) || !words_pass(&line, " "))
		return;
	type = line;
	length = strcspn(type, " ");
	line += length + strspn(line + length, " ");
	if (!count_pass(&line, &kib) || !(words_pass(&line, " KiB") || words_pass(&line, "K")))
		return;
	if (words_pass(&line, " (x"))
		(void)count_pass(&line, &sharing);
	cache_add(context, json_pack("{s:s%, s:I, s:I, s:I}", "type", type, length, "level", level,
				   "size", kib * 1024, "num_sharing", sharing));
}

static void preamble_line_take(json_t *context, const char *line)
{
	static const char RUNNING[] = "Running ";

	if (isdigit((unsigned char)*line) && !json_object_get(context, "date"))
		json_object_set_new(context, "date", json_string(line));
	else if (strncmp(line, RUNNING, sizeof(RUNNING) - 1) == 0)
		json_object_set_new(context, "executable", json_string(line + sizeof(RUNNING) - 1));
	else if (!processors_take(context, line))
		cache_take(context, line);
}

static json_t *preamble_read(char *text, char *header)
{
	json_t *context = json_object();

	while (text < header) {
		char *end = strchr(text, '\n');

		*end = '\0';
		if (end > text && end[-1] == '\r')
			end[-1] = '\0';
		preamble_line_take(context, text);
		text = end + 1;
	}
	return context;
}

// ---- rows

struct row {
	char *fields[FIELDS_MAX];
	size_t count;
};

// Cuts a field out of the line in place: `"a ""b""",` is a "b". Returns where the next one begins,
// NULL after the last.
static char *field_cut(char *text, char **field)
{
	char *to = text;
	bool is_quoted = *text == '"';
	char *from = text + is_quoted;

	*field = text;
	for (; *from && !(is_quoted ? *from == '"' && from[1] != '"' : *from == ','); from++) {
		from += is_quoted && *from == '"';
		*to++ = *from;
	}
	from += is_quoted && *from == '"';
	from = strchr(from, ',');
	*to = '\0';
	return from ? from + 1 : NULL;
}

static void line_cut(struct row *row, char *line)
{
	row->count = 0;
	while (line && row->count < FIELDS_MAX)
		line = field_cut(line, &row->fields[row->count++]);
}

// Ends the line that begins at `text` and returns the next; NULL after the last.
static char *line_end(char *text)
{
	char *end = strchr(text, '\n');
	size_t length = end ? (size_t)(end - text) : strlen(text);

	if (length > 0 && text[length - 1] == '\r')
		text[length - 1] = '\0';
	if (end)
		*end = '\0';
	return end ? end + 1 : NULL;
}

static json_t *value_of(const char *column, const char *text)
{
	static const char *const TEXTS[] = {"name", "time_unit", "label", "error_message"};
	char *end;
	double number;

	for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
		if (strcmp(column, TEXTS[i]) == 0)
			return json_string(text);
	}
	if (strcmp(column, "error_occurred") == 0)
		return json_boolean(strcmp(text, "true") == 0 || strcmp(text, "1") == 0);
	number = strtod(text, &end);
	if (end == text || *end)
		return json_string(text); // a row that is refused, with the member's name
	return isfinite(number) ? json_real(number) : NULL;
}

// A column's second occurrence is a counter of that name.
static void member_set(json_t *row, const char *column, const char *text)
{
	char *name = *text && *column ? strdup(column) : NULL;
	json_t *value = name ? value_of(column, text) : NULL;

	if (name && json_object_get(row, name))
		*name = (char)toupper((unsigned char)*name);
	if (value && !json_object_get(row, name))
		json_object_set_new(row, name, value);
	else
		json_decref(value);
	free(name);
}

static json_t *row_make(const struct row *header, const struct row *fields)
{
	json_t *row = json_object();

	for (size_t i = 0; i < fields->count && i < header->count; i++)
		member_set(row, header->fields[i], fields->fields[i]);
	return row;
}

// ---- the file

static void rows_read(char *text, int line, json_t *rows, json_t *lines)
{
	struct row header;
	struct row fields;
	char *next = line_end(text);

	line_cut(&header, text);
	for (text = next; text && *text; text = next) {
		next = line_end(text);
		line++;
		if (!*text)
			continue;
		line_cut(&fields, text);
		json_array_append_new(rows, row_make(&header, &fields));
		json_array_append_new(lines, json_integer(line));
	}
}

static int line_of(const char *text, const char *place)
{
	int line = 1;

	for (; text < place; text++)
		line += *text == '\n';
	return line;
}

json_t *benchmark_csv_read(char *text, size_t size, struct problem *problem)
{
	char *header = header_find(text);
	int line = line_of(text, header);
	json_t *context = preamble_read(text, header);
	json_t *rows = json_array();
	json_t *lines = json_array();

	if (strlen(header) != size - (size_t)(header - text)) {
		(void)problem_set(problem, EXIT_WRONG_USE, "a zero byte is in it; this is no CSV");
		json_decref(context);
		json_decref(rows);
		json_decref(lines);
		return NULL;
	}
	rows_read(header, line, rows, lines);
	return json_pack("[{s:o, s:o, s:o}]", "context", context, "benchmarks", rows,
		BENCHMARK_JSON_LINES, lines);
}
