// SPDX-License-Identifier: GPL-2.0-or-later
// JUnit's XML, for the test page of a CI system: each config against the base is a suite, each
// benchmark a case. A case fails when it is slower beyond chance, and beyond the margin with its whole
// interval (what the gate calls a regression), and is skipped when there are too few rounds to say.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "export_internal.h"
#include "results/compare/compare.h"
#include "results/text/escape.h"
#include "results/text/figure.h"
#include "results/text/memory.h"

static bool is_regression(const struct compare_row *row)
{
	return row->verdict == VERDICT_CHANGED && row->ratio > 1 &&
	       verdict_is_beyond(row->ratio_low, row->ratio_high, row->margin);
}

static bool is_insufficient(const struct compare_row *row, const struct comparison *comparison)
{
	return row->confidence < COMPARE_CONFIDENCE || row->p_smallest > comparison->alpha;
}

// "1.141 times the time of default (95 % interval 1.139 to 1.144, q 0.0039, 10 rounds)"
static void print_figures(FILE *output, const struct compare_row *row)
{
	fprintf(output, "%.4g times the time of ", row->ratio);
	print_xml(output, row->base);
	if (isfinite(row->ratio_low))
		fprintf(output, " (interval %.4g to %.4g, q %.2g, %zu %s)", row->ratio_low,
			row->ratio_high, row->q, row->rounds,
			plural(row->rounds, "round", "rounds"));
}

static void print_case(
	FILE *output, const struct comparison *comparison, const struct compare_row *row)
{
	char words[80];

	fputs("    <testcase classname=\"slabmark.", output);
	print_xml(output, row->other);
	fputs("\" name=\"", output);
	print_xml(output, row->name);
	fprintf(output, "\" time=\"%.12f\">\n", row->other_ns / 1e9); // no exponent: a decimal
	if (is_regression(row)) {
		fputs("      <failure type=\"regression\" message=\"", output);
		print_figures(output, row);
		fputs("\"/>\n", output);
	} else if (is_insufficient(row, comparison)) {
		fprintf(output, "      <skipped message=\"too few rounds for a verdict: %zu\"/>\n",
			row->rounds);
	}
	fprintf(output, "      <system-out>%s: ", verdict_words(row, words, sizeof(words)));
	print_figures(output, row);
	fputs("</system-out>\n    </testcase>\n", output);
}

// How many rows of the config (NULL: of all) there are, fail, and are skipped.
struct counts {
	size_t tests;
	size_t failures;
	size_t skipped;
};

static struct counts count_rows(const struct comparison *comparison, const char *config)
{
	struct counts counts = {0};

	for (size_t i = 0; i < comparison->rows_count; i++) {
		const struct compare_row *row = &comparison->rows[i];

		if (config && strcmp(row->other, config) != 0)
			continue;
		counts.tests++;
		counts.failures += is_regression(row);
		counts.skipped += !is_regression(row) && is_insufficient(row, comparison);
	}
	return counts;
}

static void print_suite(FILE *output, const struct comparison *comparison, const char *config)
{
	struct counts counts = count_rows(comparison, config);

	fputs("  <testsuite name=\"slabmark.", output);
	print_xml(output, config);
	fprintf(output, "\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n",
		counts.tests, counts.failures, counts.skipped);
	for (size_t i = 0; i < comparison->rows_count; i++) {
		if (strcmp(comparison->rows[i].other, config) == 0)
			print_case(output, comparison, &comparison->rows[i]);
	}
	fputs("  </testsuite>\n", output);
}

static void print_comparison(FILE *output, const struct comparison *comparison)
{
	struct counts counts = count_rows(comparison, NULL);

	fprintf(output,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"slabmark\" "
		"tests=\"%zu\" failures=\"%zu\" errors=\"0\">\n",
		counts.tests, counts.failures); // Jenkins' schema has "skipped" in suites alone
	for (size_t i = 0; i < comparison->means_count; i++)
		print_suite(output, comparison, comparison->means[i].side);
	fputs("</testsuites>\n", output);
}

// The base first, then the config asked for or all others.
static size_t configs_choose(const struct store_names *measured,
	const struct export_request *request, const char **configs)
{
	size_t count = 0;

	configs[count++] = request->base;
	for (size_t i = 0; i < measured->count; i++) {
		const char *config = measured->items[i];

		if (strcmp(config, request->base) == 0 ||
			(request->config && strcmp(config, request->config) != 0))
			continue;
		configs[count++] = config;
	}
	return count;
}

static bool compare_and_print(struct store *store, const struct export_request *request,
	const char **configs, size_t count, struct problem *problem)
{
	const struct compare_options options = {.sides = configs,
		.sides_count = count,
		.session = request->session,
		.margin = COMPARE_MARGIN_DEFAULT,
		.alpha = COMPARE_ALPHA_DEFAULT};
	struct comparison *comparison;

	if (count < 2)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"session %lld has no config to compare with '%s'",
			(long long)request->session, request->base);
	if (!compare_make(store, &options, &comparison, problem))
		return false;
	print_comparison(request->output, comparison);
	comparison_free(comparison);
	return true;
}

bool export_junit(
	struct store *store, const struct export_request *request, struct problem *problem)
{
	struct store_names measured;
	const char **configs;
	bool is_good;

	if (!store_session_configs(store, request->session, &measured, problem))
		return false;
	configs = (const char **)calloc(measured.count + 1, sizeof(*configs));
	is_good = configs ? compare_and_print(store, request, configs,
				    configs_choose(&measured, request, configs), problem)
			  : no_memory(problem, "the export");
	free((void *)configs);
	store_names_free(&measured);
	return is_good;
}
