// SPDX-License-Identifier: GPL-2.0-or-later
// Makes JSON of Google Benchmark's output. Entry: benchmark_json_read(). What the members mean is
// results' business.
//
// Google Benchmark prints numbers that are none bare (NaN, inf …), which no JSON parser takes. Each
// becomes an empty array in place, the shortest value that no benchmark has, and is then left out:
// no figure is made up.
//
// And it prints a user's counter by its name, whatever that is. One called "iterations" is a second
// member of that name, which no JSON parser keeps beside the first. The counter becomes
// "Iterations", in place too. Two texts of one name are no counter, and of two times nobody can say
// which is the benchmark's; they stay an error.
#include "benchmark_json.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { DEPTH_MAX = 32, MEMBERS_MAX = 256 };

// A member of the row that is read.
struct member {
	char *key; // behind the quote
	size_t length;
	char first; // character of its value
};

// Where the reader stands in the text.
struct scan {
	char *text;
	size_t size;
	size_t at;
	int line; // from 1
	int depth; // of open brackets
	char brackets[DEPTH_MAX]; // the open ones; rows that lie deeper are none
	int rows_depth; // of the array "benchmarks"; 0: not in it
	struct member members[MEMBERS_MAX]; // of the row
	size_t members_count;
	json_t *lines; // where each row begins
};

// ---- numbers that are none

// The end of the string that begins at text[at].
static size_t string_end(const char *text, size_t size, size_t at)
{
	for (at++; at < size && text[at] != '"'; at++)
		at += text[at] == '\\';
	return at;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '.';
}

// How long the word is that stands for no number; 0: it is something else.
static size_t no_number_length(const char *text, size_t left)
{
	static const char *const words[] = {"nan", "infinity", "inf"};
	size_t sign = left > 0 && (*text == '-' || *text == '+');

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t length = sign + strlen(words[i]);

		if (length <= left && strncasecmp(text + sign, words[i], length - sign) == 0 &&
			(length == left || !is_word(text[length])))
			return length;
	}
	return 0;
}

// ---- members

static bool is_row(const struct scan *scan)
{
	return scan->rows_depth > 0 && scan->depth == scan->rows_depth + 1 &&
	       scan->depth <= DEPTH_MAX && scan->brackets[scan->depth - 1] == '{';
}

static bool is_same_key(const struct member *one, const struct member *two)
{
	return one->length == two->length && memcmp(one->key, two->key, one->length) == 0;
}

static bool is_number(const struct member *member)
{
	return isdigit((unsigned char)member->first) || member->first == '-' ||
	       member->first == '[';
}

static bool is_time(const struct member *member)
{
	static const char *const TIMES[] = {"real_time", "cpu_time"};

	for (size_t i = 0; i < sizeof(TIMES) / sizeof(TIMES[0]); i++) {
		if (member->length == strlen(TIMES[i]) &&
			memcmp(member->key, TIMES[i], member->length) == 0)
			return true;
	}
	return false;
}

// Of two members of one name the second is the counter, unless only the first is a number.
static void twin_rename(struct member *one, struct member *two)
{
	struct member *counter = is_number(two) ? two : one;

	if (is_number(counter) && !is_time(counter))
		*counter->key = (char)toupper((unsigned char)*counter->key);
}

static void member_take(struct scan *scan, char *key, size_t length, char first)
{
	struct member *member = &scan->members[scan->members_count];

	if (scan->members_count == MEMBERS_MAX)
		return;
	*member = (struct member){key, length, first};
	for (size_t i = 0; i < scan->members_count; i++) {
		if (is_same_key(&scan->members[i], member)) {
			twin_rename(&scan->members[i], member);
			break;
		}
	}
	scan->members_count++;
}

// The first character of what follows the colon that text[at] may be or stand before; 0: no colon
// does.
static char value_first(const struct scan *scan, size_t at, size_t *value)
{
	const char *text = scan->text;

	while (at < scan->size && isspace((unsigned char)text[at]))
		at++;
	if (at >= scan->size || text[at] != ':')
		return '\0';
	for (at++; at < scan->size && isspace((unsigned char)text[at]);)
		at++;
	*value = at;
	return at < scan->size ? text[at] : '\0';
}

static void string_take(struct scan *scan)
{
	static const char ROWS[] = "benchmarks";
	size_t end = string_end(scan->text, scan->size, scan->at);
	char *key = scan->text + scan->at + 1;
	size_t length = end - scan->at - 1;
	size_t value = 0;
	char first = end < scan->size ? value_first(scan, end + 1, &value) : '\0';

	if (first && no_number_length(scan->text + value, scan->size - value) > 0)
		first = '[';
	if (first && is_row(scan))
		member_take(scan, key, length, first);
	if (first == '[' && !scan->rows_depth && length == sizeof(ROWS) - 1 &&
		memcmp(key, ROWS, length) == 0)
		scan->rows_depth = scan->depth + 1;
	for (; scan->at < end && scan->at < scan->size; scan->at++)
		scan->line += scan->text[scan->at] == '\n';
}

// ---- brackets

static void bracket_open(struct scan *scan, char bracket)
{
	if (scan->depth < DEPTH_MAX)
		scan->brackets[scan->depth] = bracket;
	scan->depth++;
	if (is_row(scan)) {
		scan->members_count = 0;
		json_array_append_new(scan->lines, json_integer(scan->line));
	}
}

static void bracket_close(struct scan *scan)
{
	scan->depth -= scan->depth > 0;
	if (scan->depth < scan->rows_depth)
		scan->rows_depth = 0;
}

// ---- the text

static void other_take(struct scan *scan)
{
	char *text = scan->text + scan->at;
	size_t length = scan->at > 0 && is_word(text[-1])
				? 0
				: no_number_length(text, scan->size - scan->at);

	if (length == 0)
		return;
	memset(text, ' ', length);
	text[0] = '[';
	text[1] = ']';
	scan->at += length - 1;
}

static void text_mend(struct scan *scan)
{
	for (; scan->at < scan->size; scan->at++) {
		char c = scan->text[scan->at];

		if (c == '"')
			string_take(scan);
		else if (c == '{' || c == '[')
			bracket_open(scan, c);
		else if (c == '}' || c == ']')
			bracket_close(scan);
		else
			other_take(scan);
		scan->line += c == '\n';
	}
}

static bool is_nothing(const json_t *value)
{
	return json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0);
}

static void nothings_drop(json_t *object)
{
	const char *key;
	json_t *value;
	void *next;

	json_object_foreach_safe(object, next, key, value)
	{
		if (is_nothing(value))
			json_object_del(object, key);
	}
}

json_t *benchmark_json_read(char *text, size_t size, json_error_t *error)
{
	struct scan scan = {.text = text, .size = size, .line = 1, .lines = json_array()};

	text_mend(&scan);
	json_t *document = json_loadb(text, size, JSON_REJECT_DUPLICATES, error);
	json_t *benchmarks = json_object_get(document, "benchmarks");
	for (size_t i = 0; i < json_array_size(benchmarks); i++)
		nothings_drop(json_array_get(benchmarks, i));
	if (json_is_array(benchmarks) && json_array_size(scan.lines) == json_array_size(benchmarks))
		json_object_set(document, BENCHMARK_JSON_LINES, scan.lines);
	json_decref(scan.lines);
	return document;
}
