// SPDX-License-Identifier: GPL-2.0-or-later
// How far a series differs from night to night: of what the store's earlier sessions measured on the
// machine. Entry: gate_spreads_read().
//
// A night has one figure a series, the mean over its processes. The spread is that of successive
// nights' differences (von Neumann, Kent, Bellinson and Hart, 1941), so that a slow drift or a step
// long ago does not pass for it. What changed in earnest from one night to the next widens it: the
// gate then sees less, and does not alarm more.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "internal.h"
#include "results/compare/block.h"
#include "results/statistics/figures.h"
#include "results/text/memory.h"

enum { SESSIONS_MAX = 40 };

// Sessions that began within so long of a night's first are of that night.
static const int64_t NIGHT_NS = 12LL * 3600 * 1000000000;

// The sessions before the judged one, oldest first, and which night each is of.
struct calendar {
	int64_t *sessions;
	size_t *nights; // from 0
	size_t count;
	size_t nights_count;
};

static bool session_began(
	struct store *store, int64_t session, int64_t *unix_ns, struct problem *problem)
{
	struct store_session_facts facts;
	bool is_found;

	if (!store_session_read(store, session, &facts, &is_found, problem))
		return false;
	*unix_ns = is_found ? facts.started_unix_ns : 0;
	if (is_found)
		store_session_facts_free(&facts);
	return true;
}

static void sessions_turn(int64_t *sessions, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		int64_t kept = sessions[i];

		sessions[i] = sessions[count - 1 - i];
		sessions[count - 1 - i] = kept;
	}
}

static bool calendar_make(struct store *store, const struct gate *gate, struct calendar *calendar,
	struct problem *problem)
{
	int64_t began = 0;
	int64_t session_ns = 0;

	if (!gate_sessions_before(
		    store, gate, SESSIONS_MAX, &calendar->sessions, &calendar->count, problem))
		return false;
	sessions_turn(calendar->sessions, calendar->count);
	calendar->nights = calloc(calendar->count + 1, sizeof(*calendar->nights));
	if (!calendar->nights)
		return no_memory(problem, "the gate");
	for (size_t i = 0; i < calendar->count; i++) {
		if (!session_began(store, calendar->sessions[i], &session_ns, problem))
			return false;
		if (i == 0 || llabs(session_ns - began) >= NIGHT_NS) {
			began = session_ns;
			calendar->nights_count++;
		}
		calendar->nights[i] = calendar->nights_count - 1;
	}
	return true;
}

static void calendar_free(struct calendar *calendar)
{
	free(calendar->sessions);
	free(calendar->nights);
}

// ---- the spread of a series

// The figures of a series: a night's is the mean of its sessions'.
struct night_figures {
	double *sums;
	size_t *sessions;
};

static size_t calendar_index(const struct calendar *calendar, int64_t session)
{
	size_t i = 0;

	while (i < calendar->count && calendar->sessions[i] != session)
		i++;
	return i;
}

static void session_end(const struct calendar *calendar, int64_t session, struct figures *processes,
	struct night_figures *nights)
{
	size_t index = calendar_index(calendar, session);
	double figure = figures_mean(processes);

	*processes = (struct figures){0};
	if (isnan(figure) || index == calendar->count)
		return;
	nights->sums[calendar->nights[index]] += figure;
	nights->sessions[calendar->nights[index]]++;
}

// Of successive differences, with their degrees of freedom.
static void spread_of_nights(
	const struct night_figures *nights, size_t count, struct gate_spread *spread)
{
	double before = NAN;
	double squares = 0;
	double n;

	spread->nights = 0;
	for (size_t i = 0; i < count; i++) {
		double figure;

		if (nights->sessions[i] == 0)
			continue;
		figure = nights->sums[i] / (double)nights->sessions[i];
		if (spread->nights++ > 0)
			squares += (figure - before) * (figure - before);
		before = figure;
	}
	spread->deviation = NAN;
	if (spread->nights < GATE_NIGHTS_MIN)
		return;
	n = (double)spread->nights;
	spread->deviation = sqrt(squares / (2 * (n - 1)));
	spread->freedom = 2 * (n - 1) * (n - 1) / (3 * n - 4);
}

// The samples from items[0] on that are of its row. Returns how many.
static size_t row_read(const struct calendar *calendar, const struct compare_sample *samples,
	size_t count, struct night_figures *nights)
{
	struct figures processes = {0};
	int64_t session = block_session(samples[0].block);
	size_t length = 0;

	memset(nights->sums, 0, (calendar->nights_count + 1) * sizeof(*nights->sums));
	memset(nights->sessions, 0, (calendar->nights_count + 1) * sizeof(*nights->sessions));
	for (; length < count && strcmp(samples[length].name, samples[0].name) == 0; length++) {
		const struct compare_sample *sample = &samples[length];

		if (block_session(sample->block) != session)
			session_end(calendar, session, &processes, nights);
		session = block_session(sample->block);
		if (!sample->failed)
			figures_add(&processes, sample->process, sample->real_time_ns);
	}
	session_end(calendar, session, &processes, nights);
	return length;
}

static bool rows_read(const struct calendar *calendar, struct gate_spreads *spreads)
{
	const struct compare_samples *samples = &spreads->samples;
	struct night_figures nights = {
		.sums = calloc(calendar->nights_count + 1, sizeof(double)),
		.sessions = calloc(calendar->nights_count + 1, sizeof(size_t)),
	};
	bool is_good = nights.sums && nights.sessions;
	size_t i = 0;

	while (is_good && i < samples->count) {
		struct gate_spread *items =
			array_grown(spreads->items, spreads->count, sizeof(*items));

		is_good = items != NULL;
		if (!is_good)
			break;
		spreads->items = items;
		items[spreads->count] = (struct gate_spread){.row = samples->items[i].name};
		i += row_read(calendar, &samples->items[i], samples->count - i, &nights);
		spread_of_nights(&nights, calendar->nights_count, &items[spreads->count++]);
	}
	free(nights.sums);
	free(nights.sessions);
	return is_good;
}

// ---- all

// Of how many nights the baseline's sessions are.
static size_t baseline_nights(const struct gate *gate, const struct calendar *calendar)
{
	size_t count = 0;

	for (size_t night = 0; night < calendar->nights_count; night++) {
		bool is_of_baseline = false;

		for (size_t i = 0; i < gate->baselines_count; i++) {
			size_t index = calendar_index(calendar, gate->baselines[i]);

			is_of_baseline |=
				index < calendar->count && calendar->nights[index] == night;
		}
		count += is_of_baseline;
	}
	return count > 0 ? count : 1;
}

bool gate_spreads_read(struct store *store, const struct gate *gate, struct gate_spreads *spreads,
	struct problem *problem)
{
	struct calendar calendar = {0};
	bool is_good = calendar_make(store, gate, &calendar, problem);

	*spreads = (struct gate_spreads){0};
	for (size_t i = 0; is_good && i < calendar.count; i++)
		is_good = gate_samples_add(store, gate, calendar.sessions[i], GATE_SIDE_BASELINE,
			&spreads->samples, problem);
	if (is_good) {
		compare_samples_sort(&spreads->samples);
		spreads->baseline_nights = baseline_nights(gate, &calendar);
		is_good = rows_read(&calendar, spreads) || no_memory(problem, "the gate");
	}
	calendar_free(&calendar);
	if (!is_good)
		gate_spreads_free(spreads);
	return is_good;
}

const struct gate_spread *gate_spread_find(const struct gate_spreads *spreads, const char *row)
{
	size_t low = 0;
	size_t high = spreads->count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(row, spreads->items[middle].row);

		if (order == 0)
			return &spreads->items[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

void gate_spreads_free(struct gate_spreads *spreads)
{
	free(spreads->items);
	compare_samples_free(&spreads->samples);
	*spreads = (struct gate_spreads){0};
}

void gate_spread_widen(const struct gate_spreads *spreads, const struct gate_spread *spread,
	struct compare_row *row)
{
	double scale = spread->deviation * sqrt(1 + 1 / (double)spreads->baseline_nights);
	double shift = log(row->ratio);
	double half;

	if (!(scale > 0)) // NaN, too
		return;
	half = scale * gsl_cdf_tdist_Qinv((1 - COMPARE_CONFIDENCE) / 2, spread->freedom);
	row->ratio_low = fmin(row->ratio_low, exp(shift - half));
	row->ratio_high = fmax(row->ratio_high, exp(shift + half));
	row->p = fmax(row->p, 2 * gsl_cdf_tdist_Q(fabs(shift) / scale, spread->freedom));
}
