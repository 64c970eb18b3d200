// SPDX-License-Identifier: GPL-2.0-or-later
// The counters of a row, as the explanation of its ratio: what both sides counted, the mean over
// processes, and the ratio. No verdict: counters are there to say why, not whether. Entry:
// counters_compare().
//
// Google Benchmark runs a loop as often as it takes to fill a time, so that the faster side counts
// more of everything: what a program counted in all of its loop is divided by its operations.
//
// row->counters is an array of {"name", "base", "config", "ratio", "per_operation", "simulated",
// "exact"}, by name; ratio is null where a side is 0. Exact is what has no noise by its name
// (exact.h) and is the same in all processes of a side.
#include "internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "exact.h"
#include "results/text/figure.h"

static const char RAW[] = ".raw";

// NAME.raw is what NAME is an operation's share of.
static bool is_raw(const char *name)
{
	size_t length = strlen(name);
	size_t tail = sizeof(RAW) - 1;

	return length > tail && strcmp(name + length - tail, RAW) == 0;
}

// harness/measured/README.md has what they are.
bool compare_counter_is_total(const char *name)
{
	static const char *const TOTALS[] = {"migrations", "context_switches_voluntary",
		"context_switches_involuntary", "page_faults", "lock_contended",
		"sequences_aborted"};

	for (size_t i = 0; i < sizeof(TOTALS) / sizeof(TOTALS[0]); i++) {
		if (strcmp(TOTALS[i], name) == 0)
			return true;
	}
	return is_raw(name);
}

static bool is_wanted(const struct compare_options *options, const char *name)
{
	for (size_t i = 0; i < options->counters_count; i++) {
		if (strcmp(options->counters[i], name) == 0 ||
			(strcmp(options->counters[i], "all") == 0 && !is_raw(name)))
			return true;
	}
	return false;
}

// A counter of a sample as it is compared; NaN where that is not known.
static double number_of(const struct compare_sample *sample, const char *name, const json_t *value)
{
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

		if (before && side_mean(before) != mean)
			tally(side, name, "varies", 1);
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
			double number = number_of(&samples[i], name, value);

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
	double base = side_mean(of_base);
	double other = side_mean(of_other);
	double ratio = other / base;

	return json_pack("{s:s, s:f, s:f, s:o, s:b, s:b, s:b}", "name", name, "base", base,
		"config", other, "ratio",
		isfinite(ratio) && ratio > 0 ? json_real(ratio) : json_null(), "per_operation",
		per_operation, "simulated", is_simulated, "exact",
		is_exact(name, of_base, of_other));
}

json_t *counters_compare(const struct compare_sample *base, size_t base_count,
	const struct compare_sample *other, size_t other_count,
	const struct compare_options *options)
{
	json_t *of_base = side_count(base, base_count, options);
	json_t *of_other = side_count(other, other_count, options);
	bool are_simulated = is_simulated(base, base_count) || is_simulated(other, other_count);
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
		json_array_append_new(
			counters, counter_json(names[i], json_object_get(of_base, names[i]),
					  json_object_get(of_other, names[i]),
					  is_per_operation(base, names[i]), are_simulated));
	free((void *)names);
	json_decref(of_base);
	json_decref(of_other);
	return counters;
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

void counters_print(const json_t *counter, FILE *output)
{
	double base = json_number_value(json_object_get(counter, "base"));
	double other = json_number_value(json_object_get(counter, "config"));
	const json_t *ratio = json_object_get(counter, "ratio");
	bool is_exact = json_is_true(json_object_get(counter, "exact"));
	char times[FIGURE_SIZE];

	fprintf(output, is_exact ? " %.15g to %.15g" : " %.4g to %.4g", base, other);
	if (json_is_true(json_object_get(counter, "per_operation")))
		fputs(" an operation", output);
	if (json_is_number(ratio))
		fprintf(output, " (%s times)", ratio_text(json_number_value(ratio), times));
	if (json_is_true(json_object_get(counter, "simulated")))
		fputs(" [simulated]", output);
	if (is_exact)
		fputs(" [exact]", output);
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

bool counter_is_of_build(
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

	if (!counter_is_of_build(comparison, row->other, counter))
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
