// SPDX-License-Identifier: GPL-2.0-or-later
// The section of counters: a table for people, as text and as Markdown. What explains nothing is left
// out: counters that are 0 on both sides, and exact ones that are the same on both.
#include <math.h>
#include <string.h>

#include "counters.h"
#include "results/text/escape.h"
#include "results/text/figure.h"
#include "results/text/width.h"

enum { COUNTER_WIDTH = 28, CELL_SIZE = 64 };

// width: of names.
typedef void counter_visit(
	FILE *output, int width, const struct compare_row *row, const json_t *counter);

// Calls visit, unless it is NULL, for each counter of the side that is told. Returns how many.
static size_t counters_visit(const struct comparison *comparison, const char *side,
	counter_visit *visit, FILE *output, int width)
{
	size_t count = 0;

	for (size_t i = 0; i < comparison->rows_count; i++) {
		const struct compare_row *row = &comparison->rows[i];
		size_t k;
		json_t *counter;

		json_array_foreach(row->counters, k, counter)
		{
			if (strcmp(row->other, side) != 0 || !counter_explains(counter) ||
				counter_is_told(comparison, row, counter))
				continue;
			count++;
			if (visit)
				visit(output, width, row, counter);
		}
	}
	return count;
}

static bool is_exact(const json_t *counter)
{
	return json_is_true(json_object_get(counter, "exact"));
}

static void number_text(const json_t *counter, const char *member, char cell[CELL_SIZE])
{
	(void)snprintf(cell, CELL_SIZE, is_exact(counter) ? "%.15g" : "%.4g",
		counter_real(counter, member));
}

// "1.500" or, of a difference, "+0.083".
static void change_text(const json_t *counter, char cell[CELL_SIZE])
{
	double ratio = counter_real(counter, "ratio");

	if (isnan(ratio))
		(void)snprintf(cell, CELL_SIZE, "%+.4g", counter_real(counter, "difference"));
	else
		ratio_text(ratio, cell);
}

static void interval_text(const json_t *counter, char cell[CELL_SIZE])
{
	double low = counter_real(counter, "low");
	double high = counter_real(counter, "high");
	bool is_ratio = strcmp(counter_string(counter, "kind"), "ratio") == 0;
	char least[FIGURE_SIZE];
	char most[FIGURE_SIZE];

	if (is_exact(counter))
		(void)snprintf(cell, CELL_SIZE, "exact");
	else if (isnan(low) || isnan(high))
		(void)snprintf(cell, CELL_SIZE, "-");
	else if (is_ratio)
		(void)snprintf(cell, CELL_SIZE, "%s to %s", ratio_text(low, least),
			ratio_text(high, most));
	else
		(void)snprintf(cell, CELL_SIZE, "%+.4g to %+.4g", low, high);
}

static void q_text(const json_t *counter, char cell[CELL_SIZE])
{
	double q = counter_real(counter, "q");

	(void)snprintf(cell, CELL_SIZE, isnan(q) ? "-" : "%.2g", q);
}

// "changed, more", and what a reader must know of it.
static void verdict_write(FILE *output, const json_t *counter)
{
	const char *verdict = counter_string(counter, "verdict");
	const char *doubt = counter_string(counter, "doubt");
	double running = counter_real(counter, "running");

	fputs(verdict, output);
	if (strcmp(verdict, verdict_name(VERDICT_CHANGED)) == 0)
		fputs(counter_real(counter, "config") > counter_real(counter, "base") ? ", more"
										      : ", fewer",
			output);
	if (json_is_true(json_object_get(counter, "simulated")))
		fputs(" [simulated]", output);
	if (is_exact(counter))
		fputs(" [exact]", output);
	if (doubt)
		fprintf(output, " [doubtful: %s]", doubt);
	else if (running < 0.995) // false for NaN
		fprintf(output, " [counted for %.0f %% of the time]", 100 * running);
}

// A counter's cells between its name and its verdict.
struct cells {
	char base[CELL_SIZE];
	char other[CELL_SIZE];
	char change[CELL_SIZE];
	char interval[CELL_SIZE];
	char q[CELL_SIZE];
};

static struct cells cells_of(const json_t *counter)
{
	struct cells cells;

	number_text(counter, "base", cells.base);
	number_text(counter, "config", cells.other);
	change_text(counter, cells.change);
	interval_text(counter, cells.interval);
	q_text(counter, cells.q);
	return cells;
}

// ---- text

static void text_line(FILE *output, int width, const struct compare_row *row, const json_t *counter)
{
	struct cells cells = cells_of(counter);

	print_padded(output, row->name, width);
	fputs("  ", output);
	print_padded(output, counter_string(counter, "name"), COUNTER_WIDTH);
	fprintf(output, "  %10s  %10s  %8s  %20s  %8s  ", cells.base, cells.other, cells.change,
		cells.interval, cells.q);
	verdict_write(output, counter);
	fputc('\n', output);
}

void counters_text_table(const struct comparison *comparison, const char *side, FILE *output)
{
	if (counters_visit(comparison, side, NULL, NULL, 0) == 0)
		return;
	int width = compare_name_width(comparison);
	fputc('\n', output);
	print_padded(output, "counters", width);
	fprintf(output, "  %-*s  %10s  %10s  %8s  %20s  %8s  verdict\n", COUNTER_WIDTH, "", "base",
		"other", "change", "95 % interval", "q");
	counters_visit(comparison, side, text_line, output, width);
}

// ---- Markdown

static void markdown_line(
	FILE *output, int width, const struct compare_row *row, const json_t *counter)
{
	struct cells cells = cells_of(counter);

	(void)width;
	fputs("| ", output);
	print_markdown(output, row->name);
	fputs(" | ", output);
	print_markdown(output, counter_string(counter, "name"));
	fprintf(output, " | %s | %s | %s | %s | %s | ", cells.base, cells.other, cells.change,
		cells.interval, cells.q);
	verdict_write(output, counter);
	fputs(" |\n", output);
}

void counters_markdown_table(const struct comparison *comparison, const char *side, FILE *output)
{
	if (counters_visit(comparison, side, NULL, NULL, 0) == 0)
		return;
	fputs("| benchmark | counter | base | other | change | 95 % interval | q | verdict |\n"
	      "| :-- | :-- | --: | --: | --: | :-: | --: | :-- |\n",
		output);
	counters_visit(comparison, side, markdown_line, output, 0);
	fputc('\n', output);
}
