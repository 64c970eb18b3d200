// SPDX-License-Identifier: GPL-2.0-or-later
// The nights as Markdown, for a comment of a code host or a job's summary. Names may hold anything, so
// that every character that Markdown or HTML could read is escaped. Entry: summary_print().
#include "summary.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "results/text/escape.h"
#include "results/text/figure.h"

enum { ROWS_MAX = 20 }; // of a night; the site has all

static double number_of(const json_t *row, const char *name)
{
	const json_t *value = json_object_get(row, name);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

static const char *text_of(const json_t *row, const char *name)
{
	const char *text = json_string_value(json_object_get(row, name));

	return text ? text : "unknown";
}

static const json_t *machine_of(const json_t *index, const json_t *night)
{
	return json_array_get(json_object_get(index, "machines"),
		(size_t)json_integer_value(json_object_get(night, "machine")));
}

void summary_counts(const json_t *gate, FILE *output)
{
	size_t before = json_array_size(json_object_get(gate, "baseline_sessions"));
	const char *outcome;
	json_t *count;
	const char *comma = "";

	fprintf(output, "against the %zu %s before: ", before,
		plural(before, "session", "sessions"));
	json_object_foreach(json_object_get(gate, "counts"), outcome, count)
	{
		if (json_integer_value(count) > 0) {
			fprintf(output, "%s%lld %s", comma, json_integer_value(count), outcome);
			comma = ", ";
		}
	}
}

static void print_value(const json_t *row, const char *name, FILE *output)
{
	char text[FIGURE_SIZE];
	double value = number_of(row, name);
	bool is_time = strcmp(text_of(row, "metric"), "time") == 0;

	fprintf(output, " %s |", is_time ? time_text(value, text) : ratio_text(value, text));
}

static void print_row(const json_t *row, FILE *output)
{
	char ratio[FIGURE_SIZE];
	char low[FIGURE_SIZE];
	char high[FIGURE_SIZE];
	double q = number_of(row, "q");

	fputs("| ", output);
	print_markdown(output, text_of(row, "series"));
	fputs(" | ", output);
	print_markdown(output, text_of(row, "config"));
	fprintf(output, " | **%s** |", text_of(row, "outcome"));
	print_value(row, "baseline", output);
	print_value(row, "value", output);
	fprintf(output, " %s |", ratio_text(number_of(row, "ratio"), ratio));
	if (isfinite(number_of(row, "ratio_low")))
		fprintf(output, " %s to %s |", ratio_text(number_of(row, "ratio_low"), low),
			ratio_text(number_of(row, "ratio_high"), high));
	else
		fputs(" – |", output);
	if (isfinite(q))
		fprintf(output, " %.2g |\n", q);
	else
		fputs(" – |\n", output);
}

static void print_rows(const json_t *rows, FILE *output)
{
	size_t count = json_array_size(rows);

	if (count == 0) {
		fputs("\nNothing moved beyond chance and margin.\n", output);
		return;
	}
	fputs("\n| benchmark | config | judgement | before | now | ratio | 95 % interval | q |\n"
	      "| --- | --- | --- | ---: | ---: | ---: | --- | ---: |\n",
		output);
	for (size_t i = 0; i < count && i < ROWS_MAX; i++)
		print_row(json_array_get(rows, i), output);
	if (count > ROWS_MAX)
		fprintf(output, "\n… and %zu more.\n", count - ROWS_MAX);
}

static void print_warnings(const json_t *warnings, FILE *output)
{
	size_t i;
	const json_t *warning;

	if (json_array_size(warnings) > 0)
		fputc('\n', output);
	json_array_foreach(warnings, i, warning)
	{
		fputs("- ", output);
		print_markdown(output, json_string_value(warning));
		fputc('\n', output);
	}
}

static void print_night(const json_t *index, const json_t *night, FILE *output)
{
	const json_t *gate = json_object_get(night, "gate");
	const json_t *machine = machine_of(index, night);
	const char *host =
		json_string_value(json_object_get(json_object_get(machine, "facts"), "host_name"));

	fputs("\n### ", output);
	print_markdown(output, host ? host : text_of(machine, "name"));
	fprintf(output, ", session %lld\n\n",
		json_integer_value(json_object_get(night, "session")));
	fputs("Commit ", output);
	print_markdown(output, text_of(night, "commit"));
	if (json_object_get(gate, "why_not")) {
		fputs(". Not held against earlier sessions: ", output);
		print_markdown(output, text_of(gate, "why_not"));
		fputs(".\n", output);
		return;
	}
	fputs(", ", output);
	summary_counts(gate, output);
	fputs(".\n", output);
	print_rows(json_object_get(gate, "rows"), output);
	print_warnings(json_object_get(gate, "warnings"), output);
}

void summary_print(const json_t *index, FILE *output)
{
	size_t i;
	const json_t *night;

	fputs("## Slabmark\n", output);
	json_array_foreach(json_object_get(index, "nights"), i, night)
		print_night(index, night, output);
	fprintf(output,
		"\nAbove 1 is slower. Of all rows that are called slower or faster at most %.3g %% "
		"are expected to be false.\n",
		100 * json_number_value(json_object_get(index, "alpha")));
}
