// SPDX-License-Identifier: GPL-2.0-or-later
// The site's tables as HTML, for whoever reads without JavaScript. Entry: tables_print(). Their words
// and figures are those of the index.
#include <math.h>
#include <string.h>

#include "pages.h"
#include "results/text/escape.h"
#include "results/text/figure.h"
#include "summary.h"

// ---- cells

static void print_cell(FILE *output, const char *text)
{
	fputs("<td>", output);
	print_xml(output, text ? text : "");
	fputs("</td>", output);
}

static void print_number(FILE *output, const char *text)
{
	fputs("<td class=\"number\">", output);
	print_xml(output, text);
	fputs("</td>", output);
}

static double number_of(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

static const char *text_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static void print_time(FILE *output, double ns)
{
	char text[FIGURE_SIZE];

	print_number(output, time_text(ns, text));
}

static void print_ratio(FILE *output, double ratio)
{
	char text[FIGURE_SIZE];

	print_number(output, ratio_text(ratio, text));
}

static void print_interval(FILE *output, const json_t *row)
{
	double low = number_of(row, "ratio_low");
	double high = number_of(row, "ratio_high");
	char least[FIGURE_SIZE];
	char most[FIGURE_SIZE];
	char both[2 * FIGURE_SIZE + 8];

	(void)snprintf(
		both, sizeof(both), "%s to %s", ratio_text(low, least), ratio_text(high, most));
	print_number(output, isfinite(low) && isfinite(high) ? both : "-");
}

static void table_begin(FILE *output, const char *caption, const char *const *heads)
{
	fprintf(output,
		"<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"%s\">"
		"<table><caption>%s</caption><thead><tr>",
		caption, caption);
	for (size_t i = 0; heads[i]; i++)
		fprintf(output, "<th scope=\"col\">%s</th>", heads[i]);
	fputs("</tr></thead><tbody>\n", output);
}

static void table_end(FILE *output)
{
	fputs("</tbody></table></div>\n", output);
}

// ---- a night

static const char *name_in(const json_t *index, const char *list, json_int_t place)
{
	return text_of(json_array_get(json_object_get(index, list), (size_t)place), "name");
}

// What a reader calls a machine: its host's name, where there is one.
static void print_machine(const json_t *index, json_int_t place, FILE *output)
{
	const json_t *machine = json_array_get(json_object_get(index, "machines"), (size_t)place);
	const char *host = text_of(json_object_get(machine, "facts"), "host_name");

	if (host) {
		print_xml(output, host);
		fputs(" (", output);
	}
	print_xml(output, text_of(machine, "name"));
	if (host)
		fputc(')', output);
}

static void print_movers(const json_t *rows, FILE *output)
{
	static const char *const HEADS[] = {"Benchmark", "Config", "What", "Judgement", "Before",
		"Last night", "Ratio", "95 % interval", "Processes", NULL};
	size_t i;
	const json_t *row;

	table_begin(output, "What moved last night", HEADS);
	json_array_foreach(rows, i, row)
	{
		bool is_time = strcmp(text_of(row, "metric"), "time") == 0;
		char processes[FIGURE_SIZE];

		(void)snprintf(processes, sizeof(processes), "%.0f, %.0f",
			number_of(row, "n_baseline"), number_of(row, "n"));
		fputs("<tr>", output);
		print_cell(output, text_of(row, "series"));
		print_cell(output, text_of(row, "config"));
		print_cell(output, text_of(row, "metric"));
		print_cell(output, text_of(row, "outcome"));
		(is_time ? print_time : print_ratio)(output, number_of(row, "baseline"));
		(is_time ? print_time : print_ratio)(output, number_of(row, "value"));
		print_ratio(output, number_of(row, "ratio"));
		print_interval(output, row);
		print_number(output, processes);
		fputs("</tr>\n", output);
	}
	table_end(output);
}

static void print_means(const json_t *compare, FILE *output)
{
	static const char *const HEADS[] = {
		"Config", "Geometric mean", "95 % interval", "Benchmarks", NULL};
	size_t i;
	const json_t *mean;

	table_begin(output, "How the configs compare, over all benchmarks", HEADS);
	json_array_foreach(json_object_get(compare, "means"), i, mean)
	{
		char rows[FIGURE_SIZE];

		(void)snprintf(rows, sizeof(rows), "%.0f", number_of(mean, "rows"));
		fputs("<tr>", output);
		print_cell(output, text_of(mean, "config"));
		print_ratio(output, number_of(mean, "ratio"));
		print_interval(output, mean);
		print_number(output, rows);
		fputs("</tr>\n", output);
	}
	table_end(output);
}

static void print_night(const json_t *index, const json_t *night, FILE *output)
{
	const json_t *gate = json_object_get(night, "gate");
	const char *commit = text_of(night, "commit");

	fputs("<h2>Session ", output);
	fprintf(output, "%lld on ", json_integer_value(json_object_get(night, "session")));
	print_machine(index, json_integer_value(json_object_get(night, "machine")), output);
	fputs("</h2>\n<p>", output);
	if (commit) {
		fputs("Commit ", output);
		print_xml(output, commit);
		fputs(". ", output);
	}
	if (json_object_get(gate, "why_not")) {
		fputs("Not held against earlier sessions: ", output);
		print_xml(output, text_of(gate, "why_not"));
		fputs(".</p>\n", output);
	} else {
		fprintf(output, "Of %lld series, ",
			json_integer_value(json_object_get(gate, "judged")));
		summary_counts(gate, output);
		fputs(".</p>\n", output);
		if (json_array_size(json_object_get(gate, "rows")) > 0)
			print_movers(json_object_get(gate, "rows"), output);
	}
	if (!json_object_get(json_object_get(night, "compare"), "why_not") &&
		json_array_size(json_object_get(json_object_get(night, "compare"), "means")) > 0)
		print_means(json_object_get(night, "compare"), output);
}

// ---- everything

static void print_row(const struct compare_row *row, FILE *output)
{
	bool is_changed = row->verdict == VERDICT_CHANGED;
	char verdict[64];
	char interval[2 * FIGURE_SIZE + 8];
	char least[FIGURE_SIZE];
	char most[FIGURE_SIZE];

	(void)snprintf(verdict, sizeof(verdict), "%s%s%s", verdict_name(row->verdict),
		is_changed ? ", " : "", is_changed ? compare_direction(row) : "");
	(void)snprintf(interval, sizeof(interval), "%s to %s", ratio_text(row->ratio_low, least),
		ratio_text(row->ratio_high, most));
	fputs("<tr>", output);
	print_cell(output, row->name);
	print_cell(output, row->other);
	print_ratio(output, row->ratio);
	print_number(output, isfinite(row->ratio_low) ? interval : "-");
	print_cell(output, verdict);
	print_time(output, row->base_ns);
	print_time(output, row->other_ns);
	fputs("</tr>\n", output);
}

static void print_comparison(const struct night *night, FILE *output)
{
	static const char *const HEADS[] = {
		"Benchmark", "Config", "Ratio", "95 % interval", "Verdict", "Base", "Time", NULL};

	if (!night->comparison || night->comparison->rows_count == 0)
		return;
	fprintf(output, "<h2>Session %lld: every config to ", (long long)night->session);
	print_xml(output, night->base);
	fputs("</h2>\n", output);
	table_begin(output, "Ratios of the configs", HEADS);
	for (size_t i = 0; i < night->comparison->rows_count; i++)
		print_row(&night->comparison->rows[i], output);
	table_end(output);
}

static void print_series(const json_t *index, FILE *output)
{
	static const char *const HEADS[] = {
		"Benchmark", "Config", "Machine", "Sessions", "Newest time", "Changes", NULL};
	size_t i;
	const json_t *row;

	table_begin(output, "Every series", HEADS);
	json_array_foreach(json_object_get(index, "series"), i, row)
	{
		char count[FIGURE_SIZE];

		fputs("<tr>", output);
		print_cell(output,
			name_in(index, "benchmarks", json_integer_value(json_array_get(row, 1))));
		print_cell(output,
			name_in(index, "configs", json_integer_value(json_array_get(row, 2))));
		print_cell(output,
			name_in(index, "machines", json_integer_value(json_array_get(row, 3))));
		(void)snprintf(
			count, sizeof(count), "%lld", json_integer_value(json_array_get(row, 4)));
		print_number(output, count);
		print_time(output, json_number_value(json_array_get(row, 6)));
		(void)snprintf(
			count, sizeof(count), "%lld", json_integer_value(json_array_get(row, 7)));
		print_number(output, count);
		fputs("</tr>\n", output);
	}
	table_end(output);
}

// A change's words, and its series.
static void print_change(const json_t *index, const json_t *change, FILE *output)
{
	size_t place = (size_t)json_integer_value(json_object_get(change, "series"));
	const json_t *row = json_array_get(json_object_get(index, "series"), place);

	fputs("<tr>", output);
	print_cell(output, text_of(change, "day"));
	print_cell(
		output, name_in(index, "benchmarks", json_integer_value(json_array_get(row, 1))));
	print_cell(output, name_in(index, "configs", json_integer_value(json_array_get(row, 2))));
	print_cell(output, name_in(index, "machines", json_integer_value(json_array_get(row, 3))));
	print_cell(output, text_of(change, "kind"));
	print_ratio(output, number_of(change, "ratio"));
	print_interval(output, change);
	print_cell(output, text_of(change, "commit"));
	print_cell(output, text_of(change, "state"));
	fputs("</tr>\n", output);
}

static void print_changes(const json_t *index, FILE *output)
{
	static const char *const HEADS[] = {"First seen", "Benchmark", "Config", "Machine", "Kind",
		"Ratio", "95 % interval", "Commit", "State", NULL};
	const json_t *changes = json_object_get(index, "changes");
	size_t i;
	const json_t *change;

	if (json_array_size(changes) == 0)
		return;
	table_begin(output, "Where series took another level", HEADS);
	json_array_foreach(changes, i, change) print_change(index, change, output);
	table_end(output);
}

void tables_print(const struct site *site, const json_t *index, bool with_everything, FILE *output)
{
	size_t i;
	const json_t *night;

	fputs("<header><h1>Slabmark</h1><p>What changed last night, and how the configs of a slab "
	      "allocator compare. Written ",
		output);
	print_xml(output, text_of(index, "written"));
	fputs(".</p></header>\n<main>\n", output);
	json_array_foreach(json_object_get(index, "nights"), i, night)
		print_night(index, night, output);
	for (i = 0; with_everything && i < site->nights_count; i++)
		print_comparison(&site->nights[i], output);
	print_changes(index, output);
	if (with_everything)
		print_series(index, output);
	else if (!site->options->single_file)
		fputs("<p><a href=\"tables.html\">Every row and every series as tables</a></p>\n",
			output);
	fputs("</main>\n", output);
}
