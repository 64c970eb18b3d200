// SPDX-License-Identifier: GPL-2.0-or-later
// Mends the rows of other programs' documents, one by one. Entry: foreign_read(). What a row must be
// is document.c's to say.
#include "foreign.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aggregate.h"
#include "benchmark_json.h"
#include "document.h"
#include "results/text/memory.h"

enum { REASON_SIZE = 512 };

// ---- members that a user's counter may stand in the place of

static bool is_count(const json_t *value)
{
	return json_is_integer(value) && json_integer_value(value) >= 0;
}

static bool is_number(const json_t *value)
{
	return json_is_number(value);
}

static bool is_text(const json_t *value)
{
	return json_is_string(value);
}

static const struct {
	const char *name;
	bool (*is_right)(const json_t *value);
} OPTIONAL[] = {
	{"family_index", is_number},
	{"per_family_instance_index", is_number},
	{"repetitions", is_count},
	{"repetition_index", is_count},
	{"threads", is_count},
	{"iterations", is_count},
	{"items_per_second", is_number},
	{"bytes_per_second", is_number},
	{"label", is_text},
	{"run_name", is_text},
	{"aggregate_name", is_text},
	{"aggregate_unit", is_text},
	{"error_message", is_text},
	{"skip_message", is_text},
};

// A whole number may have been written with a fraction of zero.
static json_t *count_of(const json_t *value)
{
	double number = json_real_value(value);

	if (!json_is_real(value) || !(number >= 0 && number < 9e15) ||
		number != (double)(json_int_t)number)
		return NULL;
	return json_integer((json_int_t)number);
}

static void counter_rename(json_t *row, const char *name, json_t *value)
{
	char *other = strdup(name);

	if (other) {
		*other = (char)toupper((unsigned char)*other);
		if (!json_object_get(row, other))
			json_object_set(row, other, value);
	}
	free(other);
}

static void member_mend(json_t *row, size_t which)
{
	const char *name = OPTIONAL[which].name;
	json_t *value = json_object_get(row, name);
	json_t *count = OPTIONAL[which].is_right == is_count ? count_of(value) : NULL;

	if (!value || OPTIONAL[which].is_right(value))
		return;
	json_incref(value);
	if (count)
		json_object_set(row, name, count);
	else
		json_object_del(row, name);
	if (!count && json_is_number(value))
		counter_rename(row, name, value);
	json_decref(value);
	json_decref(count);
}

static json_t *row_mended(const json_t *row)
{
	json_t *copy = json_copy((json_t *)row);

	for (size_t i = 0; json_is_object(copy) && i < sizeof(OPTIONAL) / sizeof(OPTIONAL[0]); i++)
		member_mend(copy, i);
	return copy;
}

// ---- rows that give no figure

// "[3]."real_time" is not a finite time" is "real_time" is not a finite time.
static const char *reason_of(const struct problem *problem)
{
	const char *member = strstr(problem->text, "].");

	return member ? member + 2 : problem->text;
}

static const char *name_of(const json_t *row)
{
	const char *name = json_string_value(json_object_get(row, "name"));

	return name && *name ? name : NULL;
}

static void loss_add(const struct foreign *foreign, const json_t *lines, size_t index,
	const char *name, const char *reason)
{
	json_int_t line = json_integer_value(json_array_get(lines, index));
	char place[64];
	char *text = NULL;

	if (line > 0)
		(void)snprintf(place, sizeof(place), "line %lld", (long long)line);
	else
		(void)snprintf(place, sizeof(place), "benchmark %zu", index + 1);
	if (asprintf(&text, "%s: %s%s%s", place, name ? name : "", name ? ": " : "", reason) < 0)
		return;
	json_array_append_new(foreign->losses, json_string(text));
	free(text);
}

// In the place of a row that cannot be read; NULL: nothing of it is left.
static json_t *row_failed(const json_t *row, const char *reason)
{
	const char *type = json_string_value(json_object_get(row, "run_type"));
	const char *name = name_of(row);

	if (!name || (type && strcmp(type, "aggregate") == 0))
		return NULL;
	return json_pack("{s:s, s:s, s:s, s:b, s:s}", "name", name, "run_name", name, "run_type",
		"iteration", "error_occurred", 1, "error_message", reason);
}

// ---- the document

struct reading {
	struct foreign *foreign;
	const json_t *lines;
	json_t *mended; // {"benchmarks": …}: every row, as far as members can be mended alone
	json_t *rows; // of the document that is made
	struct problem first; // of the rows
	size_t refused; // rows that make no sense
};

static void row_refuse(
	struct reading *reading, size_t index, const json_t *row, const struct problem *problem)
{
	char reason[REASON_SIZE];
	json_t *failed;

	(void)snprintf(reason, sizeof(reason), "%.500s", reason_of(problem));
	failed = row_failed(row, reason);
	if (reading->refused++ == 0)
		reading->first = *problem;
	loss_add(reading->foreign, reading->lines, index, name_of(row), reason);
	if (failed)
		json_array_append_new(reading->rows, failed);
}

static void row_keep(
	struct reading *reading, size_t index, json_t *row, const struct document_sample *sample)
{
	bool is_skipped = json_is_true(json_object_get(row, "skipped"));
	bool is_aggregate = strcmp(sample->run_type, "aggregate") == 0;
	char reason[REASON_SIZE];

	if (sample->failed) {
		(void)snprintf(reason, sizeof(reason), "%s%s%.400s",
			is_skipped ? "skipped" : "failed", sample->error_message ? ": " : "",
			sample->error_message ? sample->error_message : "");
		loss_add(reading->foreign, reading->lines, index, sample->name, reason);
		if (is_skipped)
			json_object_set_new(row, "error_message", json_string(reason));
	}
	reading->foreign->measured += !sample->failed && !is_aggregate;
	reading->foreign->aggregates += is_aggregate;
	json_array_append(reading->rows, row);
}

static void row_take(struct reading *reading, size_t index)
{
	json_t *row = json_array_get(json_object_get(reading->mended, "benchmarks"), index);
	struct document_sample sample;
	struct problem problem = {0};

	if (document_sample_read_foreign(reading->mended, index, &sample, &problem))
		row_keep(reading, index, row, &sample);
	else
		row_refuse(reading, index, row, &problem);
	document_sample_clear(&sample);
}

static void rows_take(struct reading *reading, const json_t *benchmarks)
{
	json_t *rows = json_array();
	const json_t *row;
	size_t i;

	json_array_foreach(benchmarks, i, row) json_array_append_new(rows, row_mended(row));
	aggregates_mark(rows);
	reading->mended = json_pack("{s:o}", "benchmarks", rows);
	for (i = 0; i < json_array_size(benchmarks); i++)
		row_take(reading, i);
	json_decref(reading->mended);
}

bool foreign_read(const json_t *document, struct foreign *foreign, struct problem *problem)
{
	const json_t *benchmarks = json_object_get(document, "benchmarks");
	struct reading reading = {.foreign = foreign};

	*foreign = (struct foreign){0};
	if (!document_check_benchmarks(document, problem))
		return false;
	foreign->losses = json_array();
	foreign->document = json_copy((json_t *)document); // copying changes nothing
	reading.lines = json_object_get(document, BENCHMARK_JSON_LINES);
	reading.rows = json_array();
	rows_take(&reading, benchmarks);
	json_object_set_new(foreign->document, "benchmarks", reading.rows);
	json_object_del(foreign->document, BENCHMARK_JSON_LINES);
	if (reading.refused < json_array_size(benchmarks))
		return true;
	*problem = reading.first;
	return false;
}

void foreign_clear(struct foreign *foreign)
{
	json_decref(foreign->document);
	json_decref(foreign->losses);
	*foreign = (struct foreign){0};
}
