// SPDX-License-Identifier: GPL-2.0-or-later
// Sums up counters by benchmark, name and side. Entry: counts_show().
//
// Which members of a sample belong together is in their names (harness/counters/README.md): a
// counter that was asked for has the members NAME, an operation, and NAME.raw; nodes and threads are
// left to the store. Counters without NAME.raw are the program's own; what they count over the
// whole loop is divided by its operations.
#include "counts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/compare/compare.h"
#include "results/compare/counters/exact.h"
#include "results/store/stored_sample.h"
#include "results/text/escape.h"
#include "results/text/memory.h"
#include "results/text/width.h"

enum { NAME_WIDTH = 28, VALUE_WIDTH = 16, CELL_SIZE = 48 };

struct tally {
	// benchmark → counter → side → [sum, samples]
	json_t *benchmarks;
	size_t samples;
	size_t migrated;
};

// ---- tallying

static json_t *member_made(json_t *object, const char *name)
{
	json_t *member = json_object_get(object, name);

	if (member)
		return member;
	json_object_set_new(object, name, json_object());
	return json_object_get(object, name);
}

static void number_add(json_t *counter, const char *side, double number)
{
	const json_t *before = json_object_get(counter, side);
	double sum = json_real_value(json_array_get(before, 0));
	double count = json_real_value(json_array_get(before, 1));

	json_object_set_new(counter, side, json_pack("[f, f]", sum + number, count + 1));
}

static bool sample_add(const struct stored_sample *sample, void *context, struct problem *problem)
{
	struct tally *tally = context;
	json_t *counters =
		sample->counters && !sample->failed ? json_loads(sample->counters, 0, NULL) : NULL;
	json_t *benchmark = member_made(tally->benchmarks, sample->source.name);
	const char *name;
	const json_t *number;

	(void)problem;
	json_object_foreach(counters, name, number)
	{
		double share = compare_counter_is_total(name) ? sample->iterations : 1;

		if (json_is_number(number) && share > 0) // false for NaN
			number_add(member_made(benchmark, name), sample->source.config,
				json_number_value(number) / share);
	}
	tally->samples += !sample->failed;
	tally->migrated += !sample->failed && sample->migrations > 0; // false for NaN
	json_decref(counters);
	return true;
}

// ---- showing

static double mean_of(
	const json_t *benchmark, const char *name, const char *member, const char *side)
{
	char full[256];

	snprintf(full, sizeof(full), "%s%s", name, member);
	const json_t *pair = json_object_get(json_object_get(benchmark, full), side);
	return pair ? json_real_value(json_array_get(pair, 0)) /
			       json_real_value(json_array_get(pair, 1))
		    : NAN;
}

static const char *cell_write(
	char cell[CELL_SIZE], const json_t *benchmark, const char *name, const char *side)
{
	double mean = mean_of(benchmark, name, "", side);
	double share = mean_of(benchmark, name, ".running", side);

	if (isnan(mean))
		snprintf(cell, CELL_SIZE, "-");
	else if (exact_kind_of(name, NULL) != EXACT_NOT)
		snprintf(cell, CELL_SIZE, "%.15g", mean);
	else if (share < 0.9995) // false for NaN; what rounds to 100 % is all of it
		snprintf(cell, CELL_SIZE, "%.4g (%.0f%%)", mean, 100 * share);
	else
		snprintf(cell, CELL_SIZE, "%.4g", mean);
	return cell;
}

// Whether it is a part of another counter: of a node, of a thread, raw.
static bool is_part(const json_t *benchmark, const char *name)
{
	const char *dot = strrchr(name, '.');
	char whole[256];

	if (!dot || (size_t)(dot - name) >= sizeof(whole))
		return false;
	snprintf(whole, sizeof(whole), "%.*s", (int)(dot - name), name);
	return json_object_get(benchmark, whole);
}

static bool is_asked_for(const json_t *benchmark, const char *name)
{
	char raw[256];

	snprintf(raw, sizeof(raw), "%s.raw", name);
	return json_object_get(benchmark, raw) || strcmp(name, "IPC") == 0;
}

// The parts of what is shown of a benchmark.
enum part { PART_ASKED_FOR, PART_OWN, PART_FIXED };

static enum part part_of(const json_t *benchmark, const char *name)
{
	if (is_asked_for(benchmark, name))
		return PART_ASKED_FOR;
	return compare_counter_is_total(name) ? PART_OWN : PART_FIXED;
}

static void rows_show(
	const struct session *session, FILE *output, json_t *benchmark, enum part part)
{
	const struct selection *selection = &session->run->selection;
	const char *name;
	const json_t *counter;

	json_object_foreach(benchmark, name, counter)
	{
		char cell[CELL_SIZE];

		if (is_part(benchmark, name) || part_of(benchmark, name) != part)
			continue;
		fputs("  ", output);
		print_padded(output, name, NAME_WIDTH);
		for (size_t i = 0; i < selection->sides_count; i++)
			fprintf(output, " %*s", VALUE_WIDTH,
				cell_write(cell, benchmark, name, selection->labels[i]));
		fputc('\n', output);
	}
}

static void benchmark_show(
	const struct session *session, FILE *output, const char *name, json_t *benchmark)
{
	const struct selection *selection = &session->run->selection;

	fputc('\n', output);
	print_clean(output, name);
	fprintf(output, "\n  %-*s", NAME_WIDTH,
		session->run->callgrind ? "an operation, simulated:" : "an operation:");
	for (size_t i = 0; i < selection->sides_count; i++)
		fprintf(output, " %*s", VALUE_WIDTH, selection->labels[i]);
	fputc('\n', output);
	rows_show(session, output, benchmark, PART_ASKED_FOR);
	fputs("  the program's own, an operation:\n", output);
	rows_show(session, output, benchmark, PART_OWN);
	fputs("  of the cache and the code:\n", output);
	rows_show(session, output, benchmark, PART_FIXED);
}

static void tally_show(const struct session *session, FILE *output, const struct tally *tally)
{
	const char *name;
	json_t *benchmark;

	json_object_foreach(tally->benchmarks, name, benchmark)
		benchmark_show(session, output, name, benchmark);
	if (tally->migrated > 0)
		fprintf(output,
			"\n%zu of %zu samples have migrations in them; their labels say how many\n",
			tally->migrated, tally->samples);
}

bool counts_show(const struct session *session, FILE *output, struct problem *problem)
{
	const struct stored_samples wanted = {
		.session = session->id, .parts = STORED_COUNTERS, .is_sorted = true};
	struct tally tally = {.benchmarks = json_object()};
	bool is_good = tally.benchmarks || no_memory(problem, "the counters");

	is_good = is_good &&
		  stored_samples_visit(session->run->store, &wanted, sample_add, &tally, problem);
	if (is_good)
		tally_show(session, output, &tally);
	json_decref(tally.benchmarks);
	return is_good;
}
