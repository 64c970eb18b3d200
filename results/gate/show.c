// SPDX-License-Identifier: GPL-2.0-or-later
// A gate's judgement as a text for terminals, Markdown for a comment or a job's summary, JUnit for
// CI systems, JSON for programs. What is the same or faster is counted; the rest is shown row by
// row. Names may hold anything.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "results/compare/compare.h"
#include "results/compare/counters/counters.h"
#include "results/text/escape.h"
#include "results/text/figure.h"
#include "results/text/timestamp.h"

// ---- words

// In the order of what a reader wants to see.
static const enum gate_outcome ORDER[GATE_OUTCOMES] = {GATE_REGRESSION, GATE_NOT_MEASURED,
	GATE_WARNED, GATE_SLOWER, GATE_UNCONFIRMED, GATE_UNDECIDED, GATE_ACCEPTED, GATE_FASTER,
	GATE_SAME};

// Regressions and warnings are counted, the others described.
static bool is_noun(enum gate_outcome outcome)
{
	return outcome == GATE_REGRESSION || outcome == GATE_WARNED;
}

// "1 regression, 2 undecided, 20 equivalent"
static void counts_print(const struct gate *gate, FILE *output)
{
	const char *gap = "";

	for (size_t i = 0; i < GATE_OUTCOMES; i++) {
		size_t count = gate_count(gate, ORDER[i]);

		if (count == 0)
			continue;
		(void)fprintf(output, "%s%zu %s%s", gap, count, gate_outcome_name(ORDER[i]),
			is_noun(ORDER[i]) ? plural(count, "", "s") : "");
		gap = ", ";
	}
}

static void sessions_print(const struct gate *gate, FILE *output)
{
	if (gate->baselines[0] == gate->session) {
		(void)fputs("another build in the same rounds", output);
		return;
	}
	for (size_t i = 0; i < gate->baselines_count; i++)
		(void)fprintf(output, "%s%lld",
			i                           ? ", "
			: gate->baselines_count > 1 ? "sessions "
						    : "session ",
			(long long)gate->baselines[i]);
}

static bool is_shown(const struct gate_row *row)
{
	return row->outcome != GATE_SAME && row->outcome != GATE_FASTER;
}

// Behind the series of a row that is held against the anchor: " since session 3".
static void anchor_print(const struct gate_row *row, FILE *output)
{
	if (row->anchor)
		(void)fprintf(output, " since session %lld", (long long)row->anchor);
}

static bool is_exact(const struct gate_row *row)
{
	return strcmp(row->metric, "time") != 0;
}

// "1.141 times 9.799 ns (1.139 to 1.144, q 0.0039, 10 and 10 processes), margin 2 % (the default)"
static void time_print(const struct gate_row *row, FILE *output)
{
	char ratio[FIGURE_SIZE];
	char baseline[FIGURE_SIZE];
	char low[FIGURE_SIZE];
	char high[FIGURE_SIZE];

	(void)fprintf(output, "%s times %s (", ratio_text(row->ratio, ratio),
		time_text(row->baseline, baseline));
	if (isfinite(row->ratio_low))
		(void)fprintf(output, "%s to %s, q %.2g, ", ratio_text(row->ratio_low, low),
			ratio_text(row->ratio_high, high), row->q);
	(void)fprintf(output, "%zu and %zu processes)", row->baseline_count, row->count);
	if (isfinite(row->margin))
		(void)fprintf(output, ", margin %.3g %% (%s)", 100 * row->margin,
			margin_source_words(row->margin_from));
	if (row->outcome == GATE_SLOWER)
		(void)fprintf(output, "; slower beyond chance, perhaps by less than %.3g %%",
			100 * row->margin);
}

// That, or "code_bytes: 120, baseline 118".
static void figures_print(const struct gate_row *row, FILE *output)
{
	if (row->outcome == GATE_NOT_MEASURED)
		(void)fprintf(output, "baseline of %zu %s", row->baseline_count,
			plural(row->baseline_count, "process", "processes"));
	else if (is_exact(row))
		(void)fprintf(output, "%s: %.15g, baseline %.15g", row->metric, row->value,
			row->baseline);
	else
		time_print(row, output);
}

// ---- counters

// "CONFIG:SERIES: 1.34 x slower: …", a line a row; `before` and print begin and write it.
static void explanations_print(const struct gate *gate, const char *before,
	void (*print)(FILE *output, const char *text), FILE *output)
{
	for (size_t i = 0; gate->counters && i < gate->counters->rows_count; i++) {
		const struct compare_row *row = &gate->counters->rows[i];
		char *explanation = row_explanation(row);

		if (explanation) {
			(void)fputs(before, output);
			print(output, row->name);
			(void)fputs(": ", output);
			print(output, explanation);
			(void)fputc('\n', output);
		}
		free(explanation);
	}
}

static json_t *counters_json(const struct gate *gate)
{
	json_t *rows = json_array();

	for (size_t i = 0; gate->counters && i < gate->counters->rows_count; i++) {
		const struct compare_row *row = &gate->counters->rows[i];
		const struct gate_row *judged = gate_row_explained(gate, row->name);
		char *explanation = row_explanation(row);

		if (judged)
			json_array_append_new(
				rows, json_pack("{s:s, s:s, s:s?, s:O}", "config", judged->config,
					      "series", judged->series, "explanation", explanation,
					      "counters", row->counters));
		free(explanation);
	}
	return rows;
}

// ---- text

void gate_text(const struct gate *gate, FILE *output)
{
	char date[TIMESTAMP_SIZE];

	(void)fprintf(output, "session   %lld, %s, commit %s\n", (long long)gate->session,
		timestamp(gate->session_started_unix_ns, date),
		gate->session_commit ? gate->session_commit : "unknown");
	(void)fprintf(output, "baseline  %s: ", gate->asked);
	sessions_print(gate, output);
	(void)fprintf(output, ", %s\n", timestamp(gate->baseline_started_unix_ns, date));
	if (gate->confirmed_by)
		(void)fprintf(output, "confirm   session %lld, side by side\n",
			(long long)gate->confirmed_by);
	if (gate->anchor)
		(void)fprintf(output, "anchor    session %lld\n", (long long)gate->anchor);
	if (gate->margins)
		(void)fprintf(output, "margin    %s\n", gate->margins);
	(void)fputs("found     ", output);
	counts_print(gate, output);
	if (gate->new_count > 0)
		(void)fprintf(output, "; %zu series %s new", gate->new_count,
			plural(gate->new_count, "is", "are"));
	(void)fputc('\n', output);
	for (size_t k = 0; k < GATE_OUTCOMES; k++) {
		for (size_t i = 0; i < gate->rows_count; i++) {
			const struct gate_row *row = &gate->rows[i];

			if (row->outcome != ORDER[k] || !is_shown(row))
				continue;
			(void)fprintf(output, "\n%s  ", gate_outcome_name(row->outcome));
			print_clean(output, row->config);
			(void)fputc(':', output);
			print_clean(output, row->series);
			anchor_print(row, output);
			(void)fputs("\n  ", output);
			figures_print(row, output);
			if (row->is_insufficient)
				(void)fputs("; too few processes for any change to show", output);
			(void)fputc('\n', output);
			if (row->remark) {
				(void)fputs("  ", output);
				print_clean(output, row->remark);
				(void)fputc('\n', output);
			}
		}
	}
	for (size_t i = 0; i < json_array_size(gate->warnings); i++) {
		(void)fputs("\n! ", output);
		print_clean(output, json_string_value(json_array_get(gate->warnings, i)));
		(void)fputc('\n', output);
	}
	if (!gate->counters)
		return;
	explanations_print(gate, "\n= ", print_clean, output);
	counters_text_table(gate->counters, GATE_SIDE_SESSION, output);
}

// ---- Markdown

static void refusal_markdown(const struct gate *gate, FILE *output)
{
	(void)fputs("Not judged against ", output);
	print_markdown(output, gate->asked);
	(void)fputs(": ", output);
	print_markdown(output, gate->refusal);
	(void)fputs(".\n", output);
}

// " of commit X", where it is known.
static void commit_markdown(const char *commit, FILE *output)
{
	if (!commit)
		return;
	(void)fputs(" of commit ", output);
	print_markdown(output, commit);
}

void gate_markdown(const struct gate *gate, FILE *output)
{
	if (gate->refusal) {
		refusal_markdown(gate, output);
		return;
	}
	(void)fprintf(output, "Session %lld", (long long)gate->session);
	commit_markdown(gate->session_commit, output);
	(void)fputs(" against ", output);
	print_markdown(output, gate->asked);
	(void)fputs(" (", output);
	sessions_print(gate, output);
	commit_markdown(gate->baseline_commit, output);
	(void)fputs("): ", output);
	counts_print(gate, output);
	(void)fprintf(output, "%s%s.\n", gate->margins ? "; margin " : "",
		gate->margins ? gate->margins : "");
	if (gate_count(gate, GATE_SAME) + gate_count(gate, GATE_FASTER) < gate->rows_count)
		(void)fputs("\n| outcome | config | series | figures | remark |\n| :-- | :-- | :-- "
			    "| :-- "
			    "| :-- |\n",
			output);
	for (size_t k = 0; k < GATE_OUTCOMES; k++) {
		for (size_t i = 0; i < gate->rows_count; i++) {
			const struct gate_row *row = &gate->rows[i];

			if (row->outcome != ORDER[k] || !is_shown(row))
				continue;
			(void)fprintf(output,
				row->outcome == GATE_REGRESSION ? "| **%s** | " : "| %s | ",
				gate_outcome_name(row->outcome));
			print_markdown(output, row->config);
			(void)fputs(" | ", output);
			print_markdown(output, row->series);
			anchor_print(row, output);
			(void)fputs(" | ", output);
			figures_print(row, output);
			(void)fputs(" | ", output);
			print_markdown(output, row->remark ? row->remark : "");
			(void)fputs(" |\n", output);
		}
	}
	for (size_t i = 0; i < json_array_size(gate->warnings); i++) {
		(void)fputs("\n- warning: ", output);
		print_markdown(output, json_string_value(json_array_get(gate->warnings, i)));
		(void)fputc('\n', output);
	}
	if (!gate->counters)
		return;
	explanations_print(gate, "\n- ", print_markdown, output);
	(void)fputc('\n', output);
	counters_markdown_table(gate->counters, GATE_SIDE_SESSION, output);
}

// ---- JUnit

// The element that says how a case ended; NULL: it is good.
static const char *element_of(const struct gate_row *row)
{
	switch (row->outcome) {
	case GATE_REGRESSION:
		return "failure";
	case GATE_NOT_MEASURED:
		return "error";
	case GATE_UNDECIDED:
	case GATE_SLOWER:
	case GATE_UNCONFIRMED:
		return "skipped";
	default:
		return NULL;
	}
}

static void case_print(const struct gate_row *row, FILE *output)
{
	const char *element = element_of(row);

	(void)fputs("    <testcase classname=\"slabmark.", output);
	print_xml(output, row->config);
	(void)fputs("\" name=\"", output);
	print_xml(output, row->series);
	(void)fputs(is_exact(row) ? " " : "", output);
	print_xml(output, is_exact(row) ? row->metric : "");
	anchor_print(row, output);
	(void)fprintf(output, "\" time=\"%.9f\">\n",
		!is_exact(row) && isfinite(row->value) ? row->value / 1e9 : 0);
	if (element) {
		(void)fprintf(output, "      <%s", element);
		if (row->outcome == GATE_REGRESSION || row->outcome == GATE_NOT_MEASURED)
			(void)fprintf(output, " type=\"%s\"", gate_outcome_name(row->outcome));
		(void)fprintf(output, " message=\"%s: ", gate_outcome_name(row->outcome));
		figures_print(row, output);
		(void)fputs(row->remark ? "; " : "", output);
		print_xml(output, row->remark ? row->remark : "");
		(void)fputs("\"/>\n", output);
	}
	if (row->outcome == GATE_WARNED) {
		(void)fputs("      <system-out>warning: ", output);
		figures_print(row, output);
		(void)fputs("</system-out>\n", output);
	}
	(void)fputs("    </testcase>\n", output);
}

// One case that says why nothing was judged.
static void refusal_junit(const struct gate *gate, FILE *output)
{
	static const char COUNTS[] = "tests=\"1\" failures=\"0\" errors=\"1\"";

	(void)fprintf(output,
		"<testsuites name=\"slabmark\" %s>\n  <testsuite name=\"slabmark.gate\" %s "
		"skipped=\"0\">\n    <testcase classname=\"slabmark.gate\" name=\"baseline ",
		COUNTS, COUNTS);
	print_xml(output, gate->asked);
	(void)fputs("\">\n      <error type=\"not measured\" message=\"", output);
	print_xml(output, gate->refusal);
	(void)fputs("\"/>\n    </testcase>\n  </testsuite>\n</testsuites>\n", output);
}

static void suite_head(const struct gate *gate, const char *tag, const char *name, FILE *output)
{
	(void)fprintf(output, "<%s name=\"%s\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", tag,
		name, gate->rows_count, gate_count(gate, GATE_REGRESSION),
		gate_count(gate, GATE_NOT_MEASURED));
}

void gate_junit(const struct gate *gate, FILE *output)
{
	size_t skipped = gate_count(gate, GATE_UNDECIDED) + gate_count(gate, GATE_SLOWER) +
			 gate_count(gate, GATE_UNCONFIRMED);

	(void)fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", output);
	if (gate->refusal) {
		refusal_junit(gate, output);
		return;
	}
	suite_head(gate, "testsuites", "slabmark", output);
	(void)fputs(">\n  ", output);
	suite_head(gate, "testsuite", "slabmark.gate", output);
	(void)fprintf(output, " skipped=\"%zu\">\n", skipped);
	for (size_t i = 0; i < gate->rows_count; i++)
		case_print(&gate->rows[i], output);
	(void)fputs("  </testsuite>\n</testsuites>\n", output);
}

// ---- JSON

static json_t *number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *row_json(const struct gate_row *row)
{
	json_t *night = row->is_beside
				? json_pack("{s:o, s:o, s:o}", "ratio", number(row->night_ratio),
					  "ratio_low", number(row->night_low), "ratio_high",
					  number(row->night_high))
				: json_null();

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s?, s:b, "
			 "s:I, s:o, s:b, s:o, s:I, s:I, s:I, s:s?}",
		"config", row->config, "series", row->series, "workload", row->workload, "metric",
		row->metric, "outcome", gate_outcome_name(row->outcome), "baseline",
		number(row->baseline), "value", number(row->value), "ratio", number(row->ratio),
		"ratio_low", number(row->ratio_low), "ratio_high", number(row->ratio_high), "q",
		number(row->q), "margin", number(row->margin), "margin_from", row->margin_from,
		"candidate", (int)row->is_candidate, "nights", (json_int_t)row->nights,
		"night_spread", number(row->night_spread), "side_by_side", (int)row->is_beside,
		"against_night", night, "anchor", (json_int_t)row->anchor, "n_baseline",
		(json_int_t)row->baseline_count, "n", (json_int_t)row->count, "remark",
		row->remark);
}

json_t *gate_json(const struct gate *gate)
{
	json_t *rows = json_array();
	json_t *sessions = json_array();
	json_t *counts = json_object();

	for (size_t i = 0; i < gate->rows_count; i++)
		json_array_append_new(rows, row_json(&gate->rows[i]));
	for (size_t i = 0; i < gate->baselines_count; i++)
		json_array_append_new(sessions, json_integer(gate->baselines[i]));
	for (size_t k = 0; k < GATE_OUTCOMES; k++)
		json_object_set_new(counts, gate_outcome_name(ORDER[k]),
			json_integer((json_int_t)gate_count(gate, ORDER[k])));
	return json_pack("{s:I, s:s?, s:s?, s:s, s:o, s:s?, s:I, s:I, s:f, s:s?, s:o, s:I, s:o, "
			 "s:O, s:o}",
		"session", (json_int_t)gate->session, "commit", gate->session_commit, "machine",
		gate->machine, "baseline", gate->asked, "baseline_sessions", sessions,
		"baseline_commit", gate->baseline_commit, "anchor", (json_int_t)gate->anchor,
		"confirmed_by", (json_int_t)gate->confirmed_by, "alpha", gate->alpha, "margins",
		gate->margins, "counts", counts, "new", (json_int_t)gate->new_count, "rows", rows,
		"warnings", gate->warnings, "counters", counters_json(gate));
}
