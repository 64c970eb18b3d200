// SPDX-License-Identifier: GPL-2.0-or-later
// What in the samples themselves is a reason to doubt a comparison: processes that fall into two
// groups, times or ratios that drift while a session runs, and load that is not the session's own.
// Entries: row_doubt() while a row is measured, comparison_doubt() when all are, load_doubt() and
// memory_doubt() for what the store knows of the machine meanwhile.
#include "block.h"
#include "internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/statistics/doubt.h"
#include "results/statistics/statistics.h"
#include "results/store/internal.h"
#include "results/text/figure.h"
#include "results/text/memory.h"
#include "warnings.h"

static const double DRIFT_P = 0.01; // of all drifts that are looked for together, after Bonferroni
enum { AMOUNTS_NAMED = 2 }; // of memory: a machine that grows step by step has many

// ---- two groups

void row_doubt(json_t *warnings, const char *side, double *logs, size_t count)
{
	struct doubt_groups groups = doubt_groups_of(logs, count);

	char apart[FIGURE_SIZE];

	if (groups.are_there)
		comparison_warn(warnings,
			"the processes of %s fall into two groups, %zu and %zu, %s times "
			"apart: the ratio depends on how many fell into which",
			side, groups.below, count - groups.below,
			ratio_text(exp(groups.distance), apart));
}

// ---- drift

// What one side's processes deviate by, block by block.
struct course {
	int64_t *blocks; // ascending
	double *sums;
	double *counts;
	size_t count;
};

// The slopes of all pairs take a room that grows with the square: longer courses are condensed.
enum { COURSE_MAX = 500 };

static bool course_make(struct course *course, size_t blocks)
{
	*course = (struct course){
		.blocks = calloc(blocks + 1, sizeof(*course->blocks)),
		.sums = calloc(blocks + 1, sizeof(*course->sums)),
		.counts = calloc(blocks + 1, sizeof(*course->counts)),
	};
	return course->blocks && course->sums && course->counts;
}

static void course_free(struct course *course)
{
	free(course->blocks);
	free(course->sums);
	free(course->counts);
}

// The place of a block, which is made when missing.
static size_t course_place(struct course *course, int64_t block)
{
	size_t at = 0;
	size_t end = course->count;

	while (at < end) {
		size_t middle = at + (end - at) / 2;

		if (course->blocks[middle] < block)
			at = middle + 1;
		else
			end = middle;
	}
	if (at < course->count && course->blocks[at] == block)
		return at;
	for (size_t i = course->count; i > at; i--) {
		course->blocks[i] = course->blocks[i - 1];
		course->sums[i] = course->sums[i - 1];
		course->counts[i] = course->counts[i - 1];
	}
	course->count++;
	course->blocks[at] = block;
	course->sums[at] = course->counts[at] = 0;
	return at;
}

static void course_add(struct course *course, int64_t block, double deviation)
{
	size_t at = course_place(course, block);

	course->sums[at] += deviation;
	course->counts[at]++;
}

// The averages of blocks, or of as many neighbouring blocks as it takes, into sums. Returns how
// many.
static size_t course_condense(struct course *course)
{
	size_t together = (course->count + COURSE_MAX - 1) / COURSE_MAX;
	size_t averages = 0;

	for (size_t first = 0; first < course->count; first += together) {
		double sum = 0;
		double count = 0;

		for (size_t i = first; i < first + together && i < course->count; i++) {
			sum += course->sums[i];
			count += course->counts[i];
		}
		course->sums[averages++] = sum / count;
	}
	return averages;
}

// Sessions are not one course. False only when memory runs out.
static bool course_drift(struct course *course, struct doubt_drift *drift)
{
	size_t last = course->count ? course->count - 1 : 0;
	size_t averages;
	double *room;

	*drift = (struct doubt_drift){.p = 1};
	if (course->count == 0 ||
		block_session(course->blocks[0]) != block_session(course->blocks[last]))
		return true;
	averages = course_condense(course);
	room = calloc(averages * (averages + 1) / 2, sizeof(*room));
	if (room)
		*drift = doubt_drift_of(course->sums, averages, room);
	free(room);
	return room;
}

// Adds what the samples of one side and row, which are neighbours, deviate from their mean. Returns
// how many there were.
static size_t course_add_row(
	struct course *course, const struct compare_sample *samples, size_t count)
{
	double sum = 0;
	size_t good = 0;
	size_t end = 0;

	while (end < count && samples[end].side == samples[0].side &&
		strcmp(samples[end].name, samples[0].name) == 0) {
		if (!samples[end].failed) {
			sum += log(samples[end].real_time_ns);
			good++;
		}
		end++;
	}
	for (size_t i = 0; i < end; i++) {
		if (!samples[i].failed)
			course_add(course, samples[i].block,
				log(samples[i].real_time_ns) - sum / (double)good);
	}
	return end;
}

// The times of one side over all of its rows.
static bool side_doubt(struct comparison *comparison, const char *side, struct problem *problem)
{
	const struct compare_samples *samples = &comparison->samples;
	struct course course;
	struct doubt_drift drift;
	bool is_good = course_make(&course, samples->count); // no more blocks than samples
	size_t step;

	for (size_t i = 0; is_good && i < samples->count; i += step) {
		step = 1;
		if (samples->items[i].side == side)
			step = course_add_row(&course, &samples->items[i], samples->count - i);
	}
	is_good = is_good && course_drift(&course, &drift);
	if (is_good && drift.p <= DRIFT_P / (double)comparison->sides_count)
		comparison_warn(comparison->warnings,
			"the times of %s %s by %.1f %% on average from the first round to the last "
			"(p = %.2g): the machine changed while the session ran",
			side, drift.size > 0 ? "rose" : "fell", 100 * fabs(expm1(drift.size)),
			drift.p);
	course_free(&course);
	return is_good || no_memory(problem, "the comparison");
}

// What a verdict on pairs rests on is their ratio. That independent sides drift is said of the
// sides.
static bool ratio_doubt(
	const struct comparison *comparison, struct compare_row *row, struct problem *problem)
{
	struct course course;
	struct doubt_drift drift;
	bool is_good;

	if (row->rounds < DOUBT_VALUES_MIN)
		return true;
	is_good = course_make(&course, row->blocks_count);
	for (size_t i = 0; is_good && i < row->blocks_count; i++)
		course_add(&course, row->blocks[i].block, row->blocks[i].deviation);
	is_good = is_good && course_drift(&course, &drift);
	if (is_good && drift.p <= DRIFT_P / (double)comparison->rows_count)
		comparison_warn(row->warnings,
			"the ratio itself %s by %.1f %% from the first round to the last (p = "
			"%.2g): it holds for no time in particular",
			drift.size > 0 ? "rose" : "fell", 100 * fabs(expm1(drift.size)), drift.p);
	course_free(&course);
	return is_good || no_memory(problem, "the comparison");
}

bool comparison_doubt(struct comparison *comparison, struct problem *problem)
{
	if (comparison->rows_count > 0 && comparison->rows[0].is_timeless)
		return true; // no time of it is a result
	for (size_t i = 0; i < comparison->rows_count; i++) {
		if (!ratio_doubt(comparison, &comparison->rows[i], problem))
			return false;
	}
	// The order of files is that of the command line, which need not be that of time.
	for (size_t i = 0; !comparison->files && i < comparison->sides_count; i++) {
		if (!side_doubt(comparison, comparison->sides[i], problem))
			return false;
	}
	return true;
}

// ---- load

// The load when a process began: the first of the three averages that Google Benchmark writes. NaN:
// not known.
static double load_of(const char *averages)
{
	json_t *list = averages ? json_loads(averages, 0, NULL) : NULL;
	json_t *first = json_array_get(list, 0);
	double load = json_is_number(first) ? json_number_value(first) : NAN;

	json_decref(list);
	return load;
}

static bool threads_read(
	struct store *store, int64_t session, double *threads, struct problem *problem)
{
	struct statement statement;
	bool has_row = false;
	bool is_good = statement_prepare(&statement, store,
		"SELECT max(s.threads) FROM samples AS s JOIN processes AS p ON p.id = "
		"s.process_id WHERE p.session_id = ?",
		problem);

	if (is_good) {
		statement_bind_integer(&statement, session);
		is_good = statement_next(&statement, &has_row, problem);
	}
	*threads = has_row ? (double)statement_integer(&statement, 0) : 0;
	statement_close(&statement);
	return is_good;
}

bool load_doubt(struct store *store, int64_t session, json_t *warnings, struct problem *problem)
{
	struct statement statement;
	bool has_row = true;
	double threads;
	double most = 0;
	size_t loaded = 0;
	size_t processes = 0;
	bool is_good = threads_read(store, session, &threads, problem) &&
		       statement_prepare(&statement, store,
			       "SELECT json_extract(context, '$.load_avg') FROM processes WHERE "
			       "session_id = ?",
			       problem);

	if (!is_good)
		return false;
	statement_bind_integer(&statement, session);
	while (is_good && has_row) {
		double load;

		is_good = statement_next(&statement, &has_row, problem);
		if (!is_good || !has_row)
			break;
		load = load_of(statement_peek(&statement, 0));
		processes++;
		loaded += load > threads + 1; // false for NaN
		most = fmax(most, load);
	}
	statement_close(&statement);
	if (is_good && loaded > 0)
		comparison_warn(warnings,
			"session %lld: other programs were running when %zu of %zu %s began: the "
			"load "
			"was up to %.1f, and the session itself runs %.0f %s",
			(long long)session, loaded, processes,
			plural(processes, "process", "processes"), most, threads,
			plural((size_t)threads, "thread", "threads"));
	return is_good;
}

// ---- memory -------------------------------------------------------------------------------------

// Adds the different amounts of memory that a session's processes saw, in their order.
static bool memory_read(
	struct store *store, int64_t session, json_t *amounts, struct problem *problem)
{
	struct statement statement;
	bool has_row = true;
	bool is_good = statement_prepare(&statement, store,
		"SELECT json_extract(context, '$.memory_per_node') FROM processes WHERE session_id "
		"= ? ORDER BY id",
		problem);

	if (is_good)
		statement_bind_integer(&statement, session);
	while (is_good && has_row) {
		const char *amount;

		is_good = statement_next(&statement, &has_row, problem);
		amount = is_good && has_row ? statement_peek(&statement, 0) : NULL;
		if (amount && !json_object_get(amounts, amount))
			json_object_set_new(amounts, amount, json_true());
	}
	statement_close(&statement);
	return is_good;
}

// The first amounts in quotes, as far as there is room.
static void amounts_write(json_t *amounts, char *text, size_t size)
{
	size_t used = 0;
	size_t named = 0;
	const char *amount;
	json_t *unused;

	json_object_foreach(amounts, amount, unused)
	{
		if (named < AMOUNTS_NAMED && used < size)
			used += (size_t)snprintf(
				text + used, size - used, "%s'%s'", named ? ", then " : "", amount);
		named++;
	}
	if (named > AMOUNTS_NAMED && used < size)
		(void)snprintf(
			text + used, size - used, ", and %zu more", named - (size_t)AMOUNTS_NAMED);
}

bool memory_doubt(struct store *store, const int64_t *sessions, size_t count, json_t *warnings,
	struct problem *problem)
{
	json_t *amounts = json_object();
	char text[512] = "";
	bool is_good = true;

	for (size_t i = 0; is_good && i < count; i++)
		is_good = memory_read(store, sessions[i], amounts, problem);
	if (is_good && json_object_size(amounts) > 1) {
		amounts_write(amounts, text, sizeof(text));
		comparison_warn(warnings,
			"the machine did not have the same memory all the time: %s", text);
	}
	json_decref(amounts);
	return is_good;
}
