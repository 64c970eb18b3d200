// SPDX-License-Identifier: GPL-2.0-or-later
// A comparison as Markdown, for a comment of a code host or a job's summary: one table a side,
// warnings as lists. Names may hold anything, so that every character that Markdown or HTML could
// read is escaped.
#include "counters/counters.h"
#include "curves.h"
#include "internal.h"
#include "results/document/facts.h"
#include "results/text/escape.h"
#include "results/text/figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void print_interval(FILE *output, double low, double high, double confidence)
{
	char least[FIGURE_SIZE];
	char most[FIGURE_SIZE];

	if (!isfinite(low) || !isfinite(high))
		fputs(" – |", output);
	else
		fprintf(output, " %s to %s%s |", ratio_text(low, least), ratio_text(high, most),
			confidence < COMPARE_CONFIDENCE ? "\\*" : "");
}

static void print_verdict(FILE *output, const struct compare_row *row)
{
	const char *mark = row->verdict == VERDICT_CHANGED ? "**" : "";
	char words[80];

	fprintf(output, " %s%s%s |\n", mark, verdict_words(row, words, sizeof(words)), mark);
}

static void print_row(FILE *output, const struct compare_row *row)
{
	char base[FIGURE_SIZE];
	char other[FIGURE_SIZE];
	char ratio[FIGURE_SIZE];

	fputs("| ", output);
	print_markdown(output, row->name);
	fprintf(output, " | %s | %s | %s |", time_text(row->base_ns, base),
		time_text(row->other_ns, other), ratio_text(row->ratio, ratio));
	print_interval(output, row->ratio_low, row->ratio_high, row->confidence);
	fprintf(output, isnan(row->q) ? " - |" : " %.2g |", row->q);
	fprintf(output, " %zu, %zu |", row->base_count, row->other_count);
	print_verdict(output, row);
}

static bool is_of(const struct compare_row *row, const struct compare_mean *mean_of)
{
	return strcmp(row->other, mean_of->side) == 0;
}

static void print_warnings_of_rows(
	const struct comparison *comparison, const struct compare_mean *mean_of, FILE *output)
{
	for (size_t i = 0; i < comparison->rows_count; i++) {
		const struct compare_row *row = &comparison->rows[i];

		for (size_t k = 0; is_of(row, mean_of) && k < json_array_size(row->warnings); k++) {
			const char *warning = json_string_value(json_array_get(row->warnings, k));

			if (row_warning_count(comparison, row->other, warning) > 1)
				continue;
			fputs("- ", output);
			print_markdown(output, row->name);
			fputs(": ", output);
			print_markdown(output, warning);
			fputc('\n', output);
		}
	}
}

static void print_repeated(
	const struct comparison *comparison, const struct compare_mean *mean_of, FILE *output)
{
	json_t *repeated = row_warnings_repeated(comparison, mean_of->side);
	const char *warning;
	const json_t *count;

	json_object_foreach(repeated, warning, count)
	{
		fprintf(output, "- %lld of %zu benchmarks: ", (long long)json_integer_value(count),
			mean_of->rows);
		print_markdown(output, warning);
		fputc('\n', output);
	}
	json_decref(repeated);
}

static void print_explanations(
	const struct comparison *comparison, const struct compare_mean *mean_of, FILE *output)
{
	for (size_t i = 0; i < comparison->rows_count; i++) {
		const struct compare_row *row = &comparison->rows[i];
		char *explanation = is_of(row, mean_of) ? row_explanation(row) : NULL;

		if (explanation) {
			fputs("- ", output);
			print_markdown(output, row->name);
			fputs(": ", output);
			print_markdown(output, explanation);
			fputc('\n', output);
		}
		free(explanation);
	}
}

static void print_floors(
	const struct comparison *comparison, const struct compare_mean *mean_of, FILE *output)
{
	for (size_t i = 0; comparison->floor && i < comparison->rows_count; i++) {
		const struct compare_row *row = &comparison->rows[i];
		char floor[FIGURE_SIZE];
		char base[FIGURE_SIZE];
		char other[FIGURE_SIZE];
		char ratio[FIGURE_SIZE];

		if (!is_of(row, mean_of) || !isfinite(row->above_ratio))
			continue;
		fputs("- ", output);
		print_markdown(output, row->name);
		fprintf(output, ", above the floor of %s (", time_text(row->floor_ns, floor));
		print_markdown(output, comparison->floor);
		fprintf(output, "): %s and %s, ratio %s\n", time_text(row->above_base_ns, base),
			time_text(row->above_other_ns, other), ratio_text(row->above_ratio, ratio));
	}
}

static void print_side_rows(
	const struct comparison *comparison, const struct compare_mean *mean_of, FILE *output)
{
	char ratio[FIGURE_SIZE];

	if (!comparison->files) {
		fputs("### ", output);
		print_markdown(output, mean_of->side);
		fputs(" against ", output);
		print_markdown(output, comparison->sides[0]);
		fputs("\n\n", output);
	}
	fputs("| benchmark | ", output);
	print_markdown(output, comparison->sides[0]);
	fputs(" | ", output);
	print_markdown(output, mean_of->side);
	fputs(" | ratio | 95 % interval | q | processes | verdict |\n"
	      "| :-- | --: | --: | --: | :-: | --: | :-: | :-- |\n",
		output);
	for (size_t i = 0; i < comparison->rows_count; i++) {
		if (is_of(&comparison->rows[i], mean_of))
			print_row(output, &comparison->rows[i]);
	}
	fprintf(output, "| geometric mean | | | %s |", ratio_text(mean_of->ratio, ratio));
	print_interval(output, mean_of->ratio_low, mean_of->ratio_high, mean_of->confidence);
	fputs(" | | |\n\n", output);
	print_floors(comparison, mean_of, output);
	print_explanations(comparison, mean_of, output);
	print_warnings_of_rows(comparison, mean_of, output);
	print_repeated(comparison, mean_of, output);
	fputc('\n', output);
	counters_markdown_table(comparison, mean_of->side, output);
}

void compare_markdown(const struct comparison *comparison, FILE *output)
{
	char margins[MARGINS_SIZE];

	for (size_t i = 0; i < comparison->means_count; i++) {
		if (comparison->means[i].rows > 0)
			print_side_rows(comparison, &comparison->means[i], output);
	}
	curves_show(comparison, output, true);
	matrices_show(comparison, output, true);
	for (size_t i = 0; i < json_array_size(comparison->warnings); i++) {
		fputs("- warning: ", output);
		print_markdown(output, json_string_value(json_array_get(comparison->warnings, i)));
		fputc('\n', output);
	}
	fprintf(output,
		"\nA ratio above 1 is slower. *changed*: beyond chance (q is at most %g, and the "
		"interval excludes 1), and not shown to lie within the margin; *equivalent*: the "
		"whole interval lies within the margin of 1; *undecided*: more processes would "
		"tell; \\*: too few processes for 95 %%.\n\nMargin: %s.\n",
		comparison->alpha, margins_text(comparison, margins, sizeof(margins)));
}
