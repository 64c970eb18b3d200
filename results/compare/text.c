// SPDX-License-Identifier: GPL-2.0-or-later
// A comparison as a table for people: a head that says where and when, one block a side, one line
// a benchmark, its warnings beneath it. Names come from a store that may be foreign, so control
// characters never reach the terminal.
#include "counters/counters.h"
#include "curves.h"
#include "internal.h"
#include "results/text/escape.h"
#include "results/text/figure.h"
#include "results/text/width.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/document/facts.h"
#include "results/statistics/sequential.h"
#include "results/text/timestamp.h"

enum { NAME_WIDTH_MIN = 12, NAME_WIDTH_MAX = 60, ROUNDS_WIDTH = 6, PROCESSES_WIDTH = 9 };

static void print_fact(FILE *output, const char *label, const char *text)
{
	fprintf(output, "%-9s ", label);
	print_clean(output, text);
	fputc('\n', output);
}

static bool is_simulated(const struct store_build *build)
{
	const char *simulated = context_fact(build->context, "simulated");

	return strcmp(simulated, "no") != 0 && strcmp(simulated, "unknown") != 0;
}

static void print_build(FILE *output, const char *label, const struct store_build *build)
{
	fprintf(output, "%-9s ", label);
	print_clean(output, build->config);
	fprintf(output, ": ");
	print_clean(output, context_fact(build->context, "config_description"));
	if (is_simulated(build)) {
		fprintf(output, " [simulated by ");
		print_clean(output, context_fact(build->context, "simulated"));
		fputc(']', output);
	}
	fputc('\n', output);
}

static void print_side(const struct comparison *comparison, const char *side, FILE *output)
{
	const json_t *paths = json_object_get(comparison->files, side);

	fprintf(output, "%-9s ", side);
	print_clean(output, json_string_value(json_array_get(paths, 0)));
	if (json_array_size(paths) > 1)
		fprintf(output, " and %zu more", json_array_size(paths) - 1);
	fputc('\n', output);
}

static void print_head_of_files(const struct comparison *comparison, FILE *output)
{
	print_side(comparison, "input", output);
	print_side(comparison, "against", output);
	print_fact(output, "processes",
		comparison->is_independent ? "a file each, independent"
					   : "a file each, paired in their order");
}

// What a row's pairs are.
static void print_unit(const struct comparison *comparison, FILE *output)
{
	char text[128];

	if (comparison->layouts > 1)
		(void)snprintf(text, sizeof(text),
			"%zu of each side, taken in turn by rounds; a row pairs layouts",
			comparison->layouts);
	else
		(void)snprintf(text, sizeof(text), "%zu, a fresh process of each config in each",
			comparison->rounds_most);
	print_fact(output, comparison->layouts > 1 ? "layouts" : "rounds", text);
}

static void print_head(const struct comparison *comparison, FILE *output)
{
	const struct store_build *base = &comparison->builds.items[0];
	char started[TIMESTAMP_SIZE];
	char text[512];

	(void)snprintf(text, sizeof(text), "%s, %s, %s (%.16s)",
		context_fact(base->context, "cpu_model"),
		context_fact(base->context, "topology_summary"),
		context_fact(base->context, "kernel"), base->machine ? base->machine : "unknown");
	print_fact(output, "machine", text);
	(void)snprintf(text, sizeof(text), "%s, %s, %s", context_fact(base->context, "commit"),
		context_fact(base->context, "compiler"), context_fact(base->context, "build_type"));
	print_fact(output, "commit", text);
	(void)snprintf(text, sizeof(text), "%lld, %s, %s", (long long)comparison->session,
		timestamp(comparison->session_facts.started_unix_ns, started),
		comparison->session_facts.ended ? comparison->session_facts.ended : "not ended");
	print_fact(output, "session", text);
	if (comparison->rows_count > 0)
		print_unit(comparison, output);
	if (comparison->looks) {
		(void)snprintf(text, sizeof(text),
			"%zu, between rounds; the verdicts allow for all of them",
			comparison->looks->looks_held);
		print_fact(output, "looks", text);
	}
	print_fact(output, "time", context_fact(base->context, "time_source"));
	for (size_t i = 0; i < comparison->builds.count; i++)
		print_build(output, i == 0 ? "base" : "config", &comparison->builds.items[i]);
}

// "1 (2026-11-22 18:35:24 UTC), 2 (...) and 3 more"
static void print_sessions(const json_t *sessions, FILE *output)
{
	enum { SHOWN_MAX = 3 };
	size_t count = json_array_size(sessions);

	fprintf(output, "%-9s ", count == 1 ? "session" : "sessions");
	for (size_t i = 0; i < count && i < SHOWN_MAX; i++) {
		const json_t *session = json_array_get(sessions, i);

		fprintf(output, "%s%lld (%s)", i > 0 ? ", " : "",
			(long long)json_integer_value(json_object_get(session, "id")),
			json_string_value(json_object_get(session, "started")));
	}
	if (count > SHOWN_MAX)
		fprintf(output, " and %zu more", count - SHOWN_MAX);
	fputc('\n', output);
}

// "config default, commit 0123, session 7, machine feed, 48 processes"; of several values how many.
static void print_side_facts(const json_t *side, FILE *output)
{
	static const char *const MEMBERS[][2] = {{"configs", "config"}, {"commits", "commit"},
		{"sessions", "session"}, {"machines", "machine"}};
	size_t processes;

	print_clean(output, json_string_value(json_object_get(side, "label")));
	for (size_t i = 0; i < sizeof(MEMBERS) / sizeof(MEMBERS[0]); i++) {
		const json_t *values = json_object_get(side, MEMBERS[i][0]);

		fputs(i > 0 ? ", " : ": ", output);
		if (json_array_size(values) != 1) {
			fprintf(output, "%zu %s", json_array_size(values), MEMBERS[i][0]);
			continue;
		}
		fprintf(output, "%s ", MEMBERS[i][1]);
		print_clean(output, json_string_value(json_array_get(values, 0)));
	}
	processes = (size_t)json_integer_value(json_object_get(side, "processes"));
	fprintf(output, ", %zu %s\n", processes, plural(processes, "process", "processes"));
}

static void print_head_of_sides(const struct comparison *comparison, FILE *output)
{
	const json_t *sides = json_object_get(comparison->projection, "sides");
	const char *filter = json_string_value(json_object_get(comparison->projection, "filter"));
	const struct store_build *base = &comparison->builds.items[0];
	char text[512];

	(void)snprintf(text, sizeof(text), "%s, %s, %s (%.16s)%s",
		context_fact(base->context, "cpu_model"),
		context_fact(base->context, "topology_summary"),
		context_fact(base->context, "kernel"), base->machine ? base->machine : "unknown",
		json_is_true(json_object_get(comparison->projection, "across"))
			? " and others; compared across machines"
			: "");
	print_fact(output, "machine", text);
	print_sessions(json_object_get(comparison->projection, "sessions"), output);
	if (*filter)
		print_fact(output, "filter", filter);
	print_fact(output, "pairs",
		comparison->is_independent
			? "none: the sides are of different sessions, their processes independent"
			: "by round: the sides are of the same sessions");
	for (size_t i = 0; i < json_array_size(sides); i++) {
		fprintf(output, "%-9s ", i == 0 ? "base" : "against");
		print_side_facts(json_array_get(sides, i), output);
	}
}

static const char *colour_of(const struct compare_row *row, bool with_colour)
{
	if (!with_colour || row->verdict == VERDICT_UNDECIDED || row->verdict == VERDICT_NONE)
		return "";
	if (row->verdict == VERDICT_EQUIVALENT)
		return "\033[2m";
	return row->ratio > 1 ? "\033[1;33m"
			      : "\033[1;36m"; // yellow and cyan: told apart by every eye
}

static void print_interval(FILE *output, double low, double high, double confidence)
{
	char text[2 * FIGURE_SIZE + 8] = "-";
	char least[FIGURE_SIZE];
	char most[FIGURE_SIZE];

	if (isfinite(low) && isfinite(high))
		(void)snprintf(text, sizeof(text), "%s to %s%s", ratio_text(low, least),
			ratio_text(high, most), confidence < COMPARE_CONFIDENCE ? "*" : " ");
	fprintf(output, "  %17s", text);
}

static void print_verdict(FILE *output, const struct compare_row *row, bool with_colour)
{
	const char *colour = colour_of(row, with_colour);
	char words[80];

	fprintf(output, "  %s%s%s\n", colour, verdict_words(row, words, sizeof(words)),
		*colour ? "\033[0m" : "");
}

// Rounds where they pair the sides, else the processes of each.
static void print_count(FILE *output, const struct compare_row *row)
{
	char text[64];

	(void)snprintf(text, sizeof(text), "%zu, %zu", row->base_count, row->other_count);
	if (row->rounds)
		(void)snprintf(text, sizeof(text), "%zu", row->rounds);
	fprintf(output, "  %*s", row->rounds ? ROUNDS_WIDTH : PROCESSES_WIDTH, text);
}

// What of the counters goes with the verdict.
static void print_explanation(FILE *output, const struct compare_row *row)
{
	char *explanation = row_explanation(row);

	if (explanation) {
		fputs("  = ", output);
		print_clean(output, explanation);
		fputc('\n', output);
	}
	free(explanation);
}

// The plain figures stand above it.
static void print_floor(
	FILE *output, const struct comparison *comparison, const struct compare_row *row)
{
	char floor[FIGURE_SIZE];
	char base[FIGURE_SIZE];
	char other[FIGURE_SIZE];
	char ratio[FIGURE_SIZE];
	char low[FIGURE_SIZE];
	char high[FIGURE_SIZE];

	if (!comparison->floor || !isfinite(row->floor_ns))
		return;
	fprintf(output, "  - floor %s (", time_text(row->floor_ns, floor));
	print_clean(output, comparison->floor);
	fputs("); above it ", output);
	if (isfinite(row->above_ratio))
		fprintf(output, "%s and %s, ratio %s", time_text(row->above_base_ns, base),
			time_text(row->above_other_ns, other), ratio_text(row->above_ratio, ratio));
	else
		fputs("nothing that could be compared", output);
	if (isfinite(row->above_low) && isfinite(row->above_high))
		fprintf(output, " (%s to %s)", ratio_text(row->above_low, low),
			ratio_text(row->above_high, high));
	if (row->floor_left_out > 0)
		fprintf(output, "; %zu %s no longer than it", row->floor_left_out,
			row->floor_left_out == 1 ? "sample was" : "samples were");
	fputc('\n', output);
}

// What several rows have to say print_side_rows() says once.
static void print_warnings(
	FILE *output, const struct comparison *comparison, const struct compare_row *row)
{
	for (size_t i = 0; i < json_array_size(row->warnings); i++) {
		const char *warning = json_string_value(json_array_get(row->warnings, i));

		if (row_warning_count(comparison, row->other, warning) > 1)
			continue;
		fprintf(output, "  ! ");
		print_clean(output, warning);
		fputc('\n', output);
	}
}

static void print_row(FILE *output, const struct comparison *comparison,
	const struct compare_row *row, int name_width, bool with_colour)
{
	char base[FIGURE_SIZE];
	char other[FIGURE_SIZE];
	char ratio[FIGURE_SIZE];

	print_padded(output, row->name, name_width);
	fprintf(output, "  %10s  %10s  %7s", time_text(row->base_ns, base),
		time_text(row->other_ns, other), ratio_text(row->ratio, ratio));
	print_interval(output, row->ratio_low, row->ratio_high, row->confidence);
	if (isnan(row->q))
		fprintf(output, "  %8s", "-");
	else
		fprintf(output, "  %8.2g", row->q);
	print_count(output, row);
	print_verdict(output, row, with_colour);
	print_floor(output, comparison, row);
	print_explanation(output, row);
	print_warnings(output, comparison, row);
}

static void print_repeated(
	const struct comparison *comparison, const struct compare_mean *average, FILE *output)
{
	json_t *repeated = row_warnings_repeated(comparison, average->side);
	const char *warning;
	const json_t *count;

	json_object_foreach(repeated, warning, count)
	{
		fprintf(output, "! %lld of %zu benchmarks: ", (long long)json_integer_value(count),
			average->rows);
		print_clean(output, warning);
		fputc('\n', output);
	}
	json_decref(repeated);
}

int compare_name_width(const struct comparison *comparison)
{
	int width = NAME_WIDTH_MIN;

	for (size_t i = 0; i < comparison->rows_count; i++) {
		int name = text_width(comparison->rows[i].name);

		if (name > width && name <= NAME_WIDTH_MAX)
			width = name;
	}
	return width;
}

static void print_side_rows(const struct comparison *comparison, const struct compare_mean *average,
	FILE *output, bool with_colour)
{
	int name_width = compare_name_width(comparison);
	bool is_independent = comparison->is_independent;
	char ratio[FIGURE_SIZE];

	fputc('\n', output);
	if (!comparison->files) {
		print_clean(output, average->side);
		fprintf(output, " against ");
		print_clean(output, comparison->sides[0]);
		fputc('\n', output);
	}
	if (average->rows == 0) {
		fprintf(output, "  nothing that both measured\n");
		return;
	}
	print_padded(output, "benchmark", name_width);
	fprintf(output, "  %10s  %10s  %7s  %17s  %8s  %*s  verdict\n", "base", "other", "ratio",
		"95 % interval ", "q", is_independent ? PROCESSES_WIDTH : ROUNDS_WIDTH,
		is_independent            ? "processes"
		: comparison->layouts > 1 ? "layouts"
					  : "rounds");
	for (size_t i = 0; i < comparison->rows_count; i++) {
		if (strcmp(comparison->rows[i].other, average->side) == 0)
			print_row(
				output, comparison, &comparison->rows[i], name_width, with_colour);
	}
	print_padded(output, "geometric mean", name_width);
	fprintf(output, "  %10s  %10s  %7s", "", "", ratio_text(average->ratio, ratio));
	print_interval(output, average->ratio_low, average->ratio_high, average->confidence);
	fputc('\n', output);
	print_repeated(comparison, average, output);
	counters_text_table(comparison, average->side, output);
}

static bool has_narrow_interval(const struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->rows_count; i++) {
		if (comparison->rows[i].confidence < COMPARE_CONFIDENCE &&
			isfinite(comparison->rows[i].ratio_low))
			return true;
	}
	return false;
}

void compare_text(const struct comparison *comparison, FILE *output, bool with_colour)
{
	char margins[MARGINS_SIZE];

	if (comparison->files)
		print_head_of_files(comparison, output);
	else if (comparison->projection)
		print_head_of_sides(comparison, output);
	else
		print_head(comparison, output);
	for (size_t i = 0; i < comparison->means_count; i++)
		print_side_rows(comparison, &comparison->means[i], output, with_colour);
	figures_show(comparison, output);
	curves_show(comparison, output, false);
	matrices_show(comparison, output, false);
	fputc('\n', output);
	for (size_t i = 0; i < json_array_size(comparison->warnings); i++) {
		fprintf(output, "warning: ");
		print_clean(output, json_string_value(json_array_get(comparison->warnings, i)));
		fputc('\n', output);
	}
	if (comparison->rows_count == 0)
		return;
	if (has_narrow_interval(comparison))
		fprintf(output, "*: with so few %s the interval holds less than 95 %%\n",
			comparison->is_independent ? "processes" : "rounds");
	fprintf(output,
		"ratio above 1: slower than the base; changed: beyond chance (q at most %g, and "
		"the interval excludes 1), and not shown to lie within the margin; equivalent: the "
		"whole interval lies within the margin of 1; undecided: more %s would tell\n"
		"margin: %s\n",
		comparison->alpha, comparison->is_independent ? "processes" : "rounds",
		margins_text(comparison, margins, sizeof(margins)));
}
