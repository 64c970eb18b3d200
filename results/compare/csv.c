// SPDX-License-Identifier: GPL-2.0-or-later
// A comparison as CSV (RFC 4180): a head, one line a row, figures with all their digits, eight
// columns a counter. What is not known is empty.
#include "counters/counters.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/text/csv.h"

static const json_t *counter_find(const struct compare_row *row, const char *name)
{
	for (size_t i = 0; i < json_array_size(row->counters); i++) {
		const json_t *counter = json_array_get(row->counters, i);

		if (strcmp(json_string_value(json_object_get(counter, "name")), name) == 0)
			return counter;
	}
	return NULL;
}

// Every counter that any row has, once: an array of names.
static json_t *counter_names(const struct comparison *comparison)
{
	json_t *seen = json_object();
	json_t *names = json_array();

	for (size_t i = 0; i < comparison->rows_count; i++) {
		const json_t *counters = comparison->rows[i].counters;

		for (size_t k = 0; k < json_array_size(counters); k++) {
			json_t *name = json_object_get(json_array_get(counters, k), "name");

			if (json_object_get(seen, json_string_value(name)))
				continue;
			json_object_set_new(seen, json_string_value(name), json_true());
			json_array_append(names, name);
		}
	}
	json_decref(seen);
	return names;
}

// Of each counter: its numbers, by their names in JSON, then its verdict.
static const char *const COUNTER_MEMBERS[] = {
	"base", "config", "ratio", "difference", "low", "high", "q", "verdict"};
enum { COUNTER_COLUMNS = sizeof(COUNTER_MEMBERS) / sizeof(COUNTER_MEMBERS[0]) };

static void print_counter_heads(FILE *output, const json_t *names)
{
	for (size_t i = 0; i < json_array_size(names); i++) {
		const char *name = json_string_value(json_array_get(names, i));

		for (size_t k = 0; k < COUNTER_COLUMNS; k++) {
			char head[512];

			(void)snprintf(head, sizeof(head), "%s_%s", name, COUNTER_MEMBERS[k]);
			csv_next_text(output, head);
		}
	}
	fputs(json_array_size(names) > 0 ? ",counters_simulated,explanation\r\n" : "\r\n", output);
}

static bool are_simulated(const struct compare_row *row)
{
	return json_is_true(json_object_get(json_array_get(row->counters, 0), "simulated"));
}

static void print_explanation(FILE *output, const struct compare_row *row)
{
	char *explanation = row_explanation(row);

	csv_next_text(output, are_simulated(row) ? "yes" : "no");
	csv_next_text(output, explanation ? explanation : "");
	free(explanation);
}

static void print_counters(FILE *output, const struct compare_row *row, const json_t *names)
{
	for (size_t i = 0; i < json_array_size(names); i++) {
		const json_t *counter =
			counter_find(row, json_string_value(json_array_get(names, i)));

		for (size_t k = 0; k + 1 < COUNTER_COLUMNS; k++)
			csv_next_real(output, counter_real(counter, COUNTER_MEMBERS[k]));
		csv_next_text(output, counter ? counter_string(counter, "verdict") : "");
	}
	if (json_array_size(names) > 0)
		print_explanation(output, row);
	fputs("\r\n", output);
}

static void print_row(FILE *output, const struct compare_row *row)
{
	csv_text(output, row->name);
	csv_next_text(output, row->base);
	csv_next_text(output, row->other);
	csv_next_real(output, row->base_ns);
	csv_next_real(output, row->other_ns);
	csv_next_real(output, row->ratio);
	csv_next_real(output, row->ratio_low);
	csv_next_real(output, row->ratio_high);
	csv_next_real(output, row->confidence);
	csv_next_real(output, row->p);
	csv_next_real(output, row->q);
	csv_next_real(output, row->superiority);
	fprintf(output, ",%zu,%zu", row->base_count, row->other_count);
	csv_next_text(output, verdict_name(row->verdict));
	csv_next_text(output, compare_direction(row));
	fputs(",\"", output);
	for (size_t i = 0; i < json_array_size(row->warnings); i++) {
		fputs(i > 0 ? "; " : "", output);
		csv_quoted(output, json_string_value(json_array_get(row->warnings, i)));
	}
	fputc('"', output);
}

void compare_csv(const struct comparison *comparison, FILE *output)
{
	json_t *counters = counter_names(comparison);

	fputs("name,base,config,base_ns,config_ns,ratio,ratio_low,ratio_high,confidence,p,q,"
	      "superiority,n_a,n_b,verdict,direction,warnings",
		output);
	print_counter_heads(output, counters);
	for (size_t i = 0; i < comparison->rows_count; i++) {
		print_row(output, &comparison->rows[i]);
		print_counters(output, &comparison->rows[i], counters);
	}
	json_decref(counters);
}
