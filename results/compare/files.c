// SPDX-License-Identifier: GPL-2.0-or-later
// Turns files into the samples of a comparison, as a session would hold them: the place in the side
// is the round. Entry: compare_files(). How the samples are judged is
// compare.c.
#include "files.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "results/document/document.h"
#include "results/document/facts.h"
#include "results/document/foreign.h"
#include "results/text/memory.h"
#include "warnings.h"

static const char *const SIDES[] = {"input", "against"};
enum { SIDE_INPUT, SIDE_AGAINST, SIDES_COUNT };

static bool sample_add(struct compare_samples *samples, int side, size_t place,
	const struct document_sample *read, struct problem *problem)
{
	struct compare_sample *sample = &samples->items[samples->count++];

	*sample = (struct compare_sample){
		.name = compare_series(read->name, read->aggregate_name),
		.series = compare_series(read->name, read->aggregate_name),
		.aggregate = compare_aggregate(read->aggregate_name),
		.workload = strndup(read->name, strcspn(read->name, "/")),
		.side = SIDES[side],
		.process = (int64_t)(place * SIDES_COUNT) + side,
		.block = (int64_t)place,
		.failed = read->failed,
		.error_message = read->error_message ? strdup(read->error_message) : NULL,
		.real_time_ns = read->real_time_ns,
		.iterations = read->iterations > 0 ? (double)read->iterations : NAN,
		.migrations = NAN,
		.counters = json_incref(read->counters),
	};
	if (!sample->name || !sample->series || !sample->workload ||
		(read->error_message && !sample->error_message))
		return no_memory(problem, "the comparison");
	return true;
}

// Whether any row is of this aggregate.
static bool has_aggregate(const json_t *document, const char *name)
{
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(document, "benchmarks"), i, row)
	{
		const char *found = json_string_value(json_object_get(row, "aggregate_name"));

		if (found && strcmp(found, name) == 0)
			return true;
	}
	return false;
}

// An aggregate repeats what the repetitions say; taken for a sample, it would count them twice. So
// one is taken only where there is nothing else. NULL: none.
static const char *aggregate_wanted(const struct foreign *foreign)
{
	if (foreign->measured > 0)
		return NULL;
	return has_aggregate(foreign->document, "median") ? "median" : "mean";
}

static bool is_wanted(const struct document_sample *sample, const char *aggregate)
{
	if (strcmp(sample->run_type, "iteration") == 0)
		return true;
	return aggregate && sample->aggregate_name &&
	       strcmp(sample->aggregate_name, aggregate) == 0 && sample->real_time_ns > 0;
}

static bool rows_load(struct compare_samples *samples, int side, size_t place,
	const struct foreign *foreign, struct problem *problem)
{
	size_t count = json_array_size(json_object_get(foreign->document, "benchmarks"));
	const char *aggregate = aggregate_wanted(foreign);
	size_t before = samples->count;
	bool is_good = true;

	for (size_t i = 0; is_good && i < count; i++) {
		struct document_sample sample;

		is_good = document_sample_read_foreign(foreign->document, i, &sample, problem);
		if (is_good && is_wanted(&sample, aggregate))
			is_good = sample_add(samples, side, place, &sample, problem);
		document_sample_clear(&sample);
	}
	if (is_good && samples->count == before)
		return problem_set(problem, EXIT_WRONG_USE,
			"only aggregates, and neither a mean nor a median among them; measure "
			"without --benchmark_report_aggregates_only");
	return is_good;
}

// A row that has a name fails, and that is told beside it. Of the others is told here.
static void warn_of_losses(
	json_t *warnings, const struct compare_file *file, const struct foreign *foreign)
{
	size_t given = json_array_size(json_object_get(file->document, "benchmarks"));
	size_t kept = json_array_size(json_object_get(foreign->document, "benchmarks"));

	if (kept < given)
		comparison_warn(warnings, "%s: %zu of %zu rows cannot be read, the first: %s",
			file->path, given - kept, given,
			json_string_value(json_array_get(foreign->losses, 0)));
}

static bool document_load(struct comparison *comparison, int side, size_t place,
	const struct compare_file *file, struct problem *problem)
{
	struct foreign foreign = {0};
	bool is_good = foreign_read(file->document, &foreign, problem) &&
		       rows_load(&comparison->samples, side, place, &foreign, problem);

	if (is_good)
		warn_of_losses(comparison->warnings, file, &foreign);
	foreign_clear(&foreign);
	return is_good;
}

static bool samples_allocate(struct compare_samples *samples,
	const struct compare_files_options *options, struct problem *problem)
{
	size_t count = 1;

	for (size_t i = 0; i < options->input_count; i++)
		count += json_array_size(json_object_get(options->input[i].document, "benchmarks"));
	for (size_t i = 0; i < options->against_count; i++)
		count += json_array_size(
			json_object_get(options->against[i].document, "benchmarks"));
	samples->items = calloc(count, sizeof(*samples->items));
	return samples->items || no_memory(problem, "the comparison");
}

static bool side_load(struct comparison *comparison, int side, const struct compare_file *files,
	size_t count, struct problem *problem)
{
	json_t *paths = json_array();

	json_object_set_new(comparison->files, SIDES[side], paths);
	for (size_t i = 0; i < count; i++) {
		if (!document_load(comparison, side, i, &files[i], problem))
			return problem_locate(problem, files[i].path);
		json_array_append_new(paths, json_string(files[i].path));
	}
	comparison->sides[side] = strdup(SIDES[side]);
	comparison->sides_count++;
	return comparison->sides[side] || no_memory(problem, "the comparison");
}

// ---- warnings

static void warn_of_twins(
	struct comparison *comparison, const struct compare_file *files, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < i; k++) {
			if (strcmp(files[i].path, files[k].path) != 0)
				continue;
			comparison_warn(comparison->warnings,
				"%s is given twice: one process counts as two, and the verdict is "
				"surer than it should be",
				files[i].path);
			break;
		}
	}
}

// A machine is what its fingerprint would be today, which `today` is room for.
static const char *fact_of(
	const struct compare_file *file, const char *name, char today[FINGERPRINT_SIZE])
{
	if (strcmp(name, "machine") == 0 && document_is_former(file->document, today))
		return today;
	return document_fact(file->document, name);
}

static void warn_of_difference(struct comparison *comparison,
	const struct compare_files_options *options, const char *fact, const char *words)
{
	char today[2][FINGERPRINT_SIZE];
	const char *first = fact_of(&options->input[0], fact, today[0]);

	for (size_t i = 1; i < options->input_count + options->against_count; i++) {
		const struct compare_file *file =
			i < options->input_count ? &options->input[i]
						 : &options->against[i - options->input_count];
		const char *other = fact_of(file, fact, today[1]);

		if (!first || !other || strcmp(first, other) == 0)
			continue;
		comparison_warn(comparison->warnings, "%s: %s in %s, %s in %s", words, first,
			options->input[0].path, other, file->path);
		return;
	}
}

static void warn_of_files(
	struct comparison *comparison, const struct compare_files_options *options)
{
	warn_of_twins(comparison, options->input, options->input_count);
	warn_of_twins(comparison, options->against, options->against_count);
	for (size_t i = 0; i < facts_count; i++) {
		if (fact_is(&facts[i], FACT_FILES))
			warn_of_difference(comparison, options, facts[i].name, facts[i].differs);
	}
}

// Which side has a good sample of the benchmark that items[first] begins; *end is where the next
// one begins.
static void sides_of(
	const struct compare_samples *samples, size_t first, size_t *end, bool has[SIDES_COUNT])
{
	has[SIDE_INPUT] = false;
	has[SIDE_AGAINST] = false;
	for (*end = first; *end < samples->count; ++*end) {
		const struct compare_sample *sample = &samples->items[*end];

		if (strcmp(sample->name, samples->items[first].name) != 0)
			return;
		if (!sample->failed)
			has[strcmp(sample->side, SIDES[SIDE_AGAINST]) == 0] = true;
	}
}

static void list_lone_names(struct comparison *comparison)
{
	json_t *only[SIDES_COUNT] = {json_array(), json_array()};
	size_t end;

	for (size_t i = 0; i < comparison->samples.count; i = end) {
		bool has[SIDES_COUNT];

		sides_of(&comparison->samples, i, &end, has);
		for (int side = 0; side < SIDES_COUNT; side++) {
			if (has[side] && !has[1 - side])
				json_array_append_new(
					only[side], json_string(comparison->samples.items[i].name));
		}
	}
	json_object_set_new(comparison->files, "only_input", only[SIDE_INPUT]);
	json_object_set_new(comparison->files, "only_against", only[SIDE_AGAINST]);
}

// ---- all

static bool load(struct comparison *comparison, const struct compare_files_options *options,
	struct problem *problem)
{
	comparison->files = json_pack("{s:b}", "paired", options->is_paired);
	comparison->is_independent = !options->is_paired;
	comparison->sides = calloc(SIDES_COUNT, sizeof(*comparison->sides));
	if (!comparison->files || !comparison->sides)
		return no_memory(problem, "the comparison");
	if (!samples_allocate(&comparison->samples, options, problem) ||
		!side_load(comparison, SIDE_INPUT, options->input, options->input_count, problem) ||
		!side_load(comparison, SIDE_AGAINST, options->against, options->against_count,
			problem))
		return false;
	compare_samples_sort(&comparison->samples);
	warn_of_files(comparison, options);
	list_lone_names(comparison);
	return true;
}

bool compare_files(const struct compare_files_options *options, struct comparison **comparison,
	struct problem *problem)
{
	const struct compare_options judging = {.margin = options->margin,
		.alpha = options->alpha,
		.counters = options->counters,
		.counters_count = options->counters_count};
	struct comparison *made;

	*comparison = NULL;
	if (options->is_paired && options->input_count != options->against_count)
		return problem_set(problem, EXIT_WRONG_USE,
			"%zu files on one side and %zu on the other cannot be paired; expected as "
			"many on both, in the order of their rounds",
			options->input_count, options->against_count);
	made = comparison_new(&judging, problem);
	if (!made)
		return false;
	if (!load(made, options, problem) || !comparison_judge(made, &judging, problem)) {
		comparison_free(made);
		return false;
	}
	*comparison = made;
	return true;
}
