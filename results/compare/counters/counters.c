// SPDX-License-Identifier: GPL-2.0-or-later
// What both sides of a row counted: which counters, and their means over processes. Entry:
// counters_compare(). counter_shift.c says how far they differ.
//
// Google Benchmark runs a loop as often as it takes to fill a time, so that the faster side counts
// more of everything: what a program counted in all of its loop is divided by its operations.
#include "counters.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "exact.h"
#include "results/document/counter_total.h"

static const char RAW[] = ".raw";

static bool ends_with(const char *name, const char *end)
{
	size_t length = strlen(name);

	return length > strlen(end) && strcmp(name + length - strlen(end), end) == 0;
}

// NAME.running says for how long NAME was counted, and is told with it.
static bool is_share(const char *name)
{
	return ends_with(name, ".running");
}

bool compare_counter_is_total(const char *name)
{
	return counter_is_total(name);
}

static bool is_wanted(const struct compare_options *options, const char *name)
{
	for (size_t i = 0; i < options->counters_count; i++) {
		if (strcmp(options->counters[i], name) == 0 ||
			(strcmp(options->counters[i], "all") == 0 && !counter_is_raw(name) &&
				!is_share(name)))
			return true;
	}
	return false;
}

double counter_number(const struct compare_sample *sample, const char *name)
{
	const json_t *value = json_object_get(sample->counters, name);
	double number = json_is_number(value) ? json_number_value(value) : NAN;

	return compare_counter_is_total(name) ? number / sample->iterations : number;
}

// Whether it is told an operation: a total, or what has a total beside it.
static bool is_per_operation(const struct compare_sample *samples, const char *name)
{
	char raw[256];

	(void)snprintf(raw, sizeof(raw), "%s%s", name, RAW);
	return compare_counter_is_total(name) || json_object_get(samples[0].counters, raw);
}

// Adds a number to the member `member` of the object's entry for this counter, which is made when
// missing.
static void tally(json_t *counts, const char *name, const char *member, double number)
{
	json_t *entry = json_object_get(counts, name);

	if (!entry) {
		entry = json_object();
		json_object_set_new(counts, name, entry);
	}
	json_object_set_new(
		entry, member, json_real(json_real_value(json_object_get(entry, member)) + number));
}

static double side_mean(const json_t *entry)
{
	return json_real_value(json_object_get(entry, "sum")) /
	       json_real_value(json_object_get(entry, "count"));
}

// The sums of one process' samples become one more process of the side: its means.
static void process_end(json_t *side, json_t *process)
{
	const char *name;
	json_t *entry;

	json_object_foreach(process, name, entry)
	{
		double mean = side_mean(entry);
		const json_t *before = json_object_get(side, name);

		// A mean of equal numbers is not always that number, so the first is kept.
		if (before && json_real_value(json_object_get(before, "first")) != mean)
			tally(side, name, "varies", 1);
		if (!before)
			tally(side, name, "first", mean);
		tally(side, name, "sum", mean);
		tally(side, name, "count", 1);
	}
	json_object_clear(process);
}

// Of each wanted counter, how many processes counted it and the sum of their means. Failed samples
// count nothing.
static json_t *side_count(
	const struct compare_sample *samples, size_t count, const struct compare_options *options)
{
	json_t *side = json_object();
	json_t *process = json_object();

	for (size_t i = 0; i < count; i++) {
		const char *name;
		json_t *value;

		json_object_foreach(samples[i].counters, name, value)
		{
			double number = counter_number(&samples[i], name);

			if (samples[i].failed || !is_wanted(options, name) || !isfinite(number))
				continue;
			tally(process, name, "sum", number);
			tally(process, name, "count", 1);
		}
		if (i + 1 == count || samples[i + 1].process != samples[i].process)
			process_end(side, process);
	}
	json_decref(process);
	return side;
}

static bool is_simulated(const struct compare_sample *samples, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (samples[i].is_simulated)
			return true;
	}
	return false;
}

static int name_order(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static bool is_exact(const char *name, const json_t *base, const json_t *other)
{
	return exact_kind_of(name, NULL) != EXACT_NOT && !json_object_get(base, "varies") &&
	       !json_object_get(other, "varies");
}

static json_t *counter_json(const char *name, const json_t *of_base, const json_t *of_other,
	bool per_operation, bool is_simulated)
{
	return json_pack("{s:s, s:f, s:f, s:b, s:b, s:b}", "name", name, "base", side_mean(of_base),
		"config", side_mean(of_other), "per_operation", per_operation, "simulated",
		is_simulated, "exact", is_exact(name, of_base, of_other));
}

static bool counters_measure(json_t *counters, const struct compare_side *base,
	const struct compare_side *other, const struct comparison *comparison)
{
	size_t i;
	json_t *counter;

	json_array_foreach(counters, i, counter)
	{
		if (!counter_measure(counter, base, other, comparison))
			return false;
	}
	return true;
}

json_t *counters_compare(const struct compare_side *base, const struct compare_side *other,
	const struct comparison *comparison, const struct compare_options *options)
{
	json_t *of_base = side_count(base->samples, base->count, options);
	json_t *of_other = side_count(other->samples, other->count, options);
	bool are_simulated = is_simulated(base->samples, base->count) ||
			     is_simulated(other->samples, other->count);
	const char **names = (const char **)calloc(json_object_size(of_base) + 1, sizeof(char *));
	json_t *counters = names ? json_array() : NULL;
	size_t count = 0;
	const char *name;
	json_t *entry;

	json_object_foreach(of_base, name, entry)
	{
		if (names && json_object_get(of_other, name))
			names[count++] = name;
	}
	if (count > 0)
		qsort((void *)names, count, sizeof(char *), name_order);
	for (size_t i = 0; i < count; i++)
		json_array_append_new(counters,
			counter_json(names[i], json_object_get(of_base, names[i]),
				json_object_get(of_other, names[i]),
				is_per_operation(base->samples, names[i]), are_simulated));
	free((void *)names);
	json_decref(of_base);
	json_decref(of_other);
	if (counters && counters_measure(counters, base, other, comparison))
		return counters;
	json_decref(counters);
	return NULL;
}

const char *counter_string(const json_t *counter, const char *member)
{
	return json_string_value(json_object_get(counter, member));
}

double counter_real(const json_t *counter, const char *member)
{
	const json_t *value = json_object_get(counter, member);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

bool counters_have(const struct comparison *comparison, const char *name)
{
	for (size_t i = 0; i < comparison->rows_count; i++) {
		size_t at;
		json_t *counter;

		json_array_foreach(comparison->rows[i].counters, at, counter)
		{
			if (strcmp(json_string_value(json_object_get(counter, "name")), name) == 0)
				return true;
		}
	}
	return false;
}

// A build's own metric is told by each of its benchmarks.
static bool is_in_row(const struct compare_row *row, const json_t *counter)
{
	size_t i;
	const json_t *other;

	json_array_foreach(row->counters, i, other)
	{
		if (strcmp(json_string_value(json_object_get(other, "name")),
			    json_string_value(json_object_get(counter, "name"))) == 0)
			return json_equal(other, counter);
	}
	return true;
}

// The same for every row of the side: the size of a build's code, told once.
static bool is_of_build(
	const struct comparison *comparison, const char *side, const json_t *counter)
{
	const char *name = json_string_value(json_object_get(counter, "name"));
	bool is_of_build = exact_kind_of(name, NULL) == EXACT_CODE;

	for (size_t i = 0; is_of_build && i < comparison->rows_count; i++) {
		const struct compare_row *row = &comparison->rows[i];

		is_of_build = strcmp(row->other, side) != 0 || is_in_row(row, counter);
	}
	return is_of_build;
}

bool counter_is_told(
	const struct comparison *comparison, const struct compare_row *row, const json_t *counter)
{
	size_t i;
	const json_t *other;

	if (!is_of_build(comparison, row->other, counter))
		return false;
	for (const struct compare_row *before = comparison->rows; before < row; before++) {
		json_array_foreach(before->counters, i, other)
		{
			if (strcmp(before->other, row->other) == 0 && json_equal(other, counter))
				return true;
		}
	}
	return false;
}

bool counter_explains(const json_t *counter)
{
	double base = json_number_value(json_object_get(counter, "base"));
	double other = json_number_value(json_object_get(counter, "config"));

	if (json_is_true(json_object_get(counter, "exact")))
		return base != other;
	return base != 0 || other != 0;
}
