// SPDX-License-Identifier: GPL-2.0-or-later
// From the threads' counts to members of a report. Entry: loop_counts_end(). For a counter NAME:
//
//     NAME            an operation, of all threads together, as Google Benchmark writes its own
//     NAME.raw        the count itself
//     NAME.node0      an operation, of the threads on node 0; with several threads alone
//     NAME.thread0    an operation, of the first thread; likewise
//     NAME.running    the share of the time that it was really counted; below 1 it is scaled
//
// Nodes and threads add up to NAME. A counter that one thread did not count has none of these: part
// of a sum would look like a sum.
#include "loop_counts.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	NAME_SIZE = EVENT_NAME_SIZE + 16,
	LABEL_SIZE = 1024,
	NODES_MAX = 1024, // more than Linux can have
};

bool loop_counts_make(struct loop_counts *loop, unsigned threads)
{
	*loop = (struct loop_counts){
		.threads = threads, .parts = calloc(threads, sizeof(loop->parts[0]))};
	return loop->parts;
}

void loop_counts_free(struct loop_counts *loop)
{
	free(loop->parts);
	loop->parts = NULL;
}

void loop_counts_begin(struct loop_counts *loop, const struct counters *counters)
{
	loop->counters = counters;
	atomic_store(&loop->ended, 0);
}

// ---- sums

double loop_counts_operations(const struct loop_counts *loop)
{
	double operations = 0;

	for (unsigned i = 0; i < loop->threads; i++)
		operations += (double)loop->parts[i].operations;
	return operations;
}

// NaN as soon as one thread did not count.
static double total_of(const struct loop_counts *loop, size_t counter)
{
	double total = 0;

	for (unsigned i = 0; i < loop->threads; i++)
		total += loop->parts[i].counts[counter].events;
	return total;
}

static double share_of(const struct loop_counts *loop, size_t counter)
{
	double share = 0;

	for (unsigned i = 0; i < loop->threads; i++)
		share += loop->parts[i].counts[counter].share;
	return share / loop->threads;
}

// ---- the report

__attribute__((format(printf, 3, 4))) static void set(
	struct gbench_state *state, double value, const char *format, ...)
{
	char name[NAME_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(name, sizeof(name), format, arguments);
	va_end(arguments);
	gbench_set_counter(state, name, value);
}

// One step over the threads a node, and none over the nodes a thread.
static void set_nodes(const struct loop_counts *loop, struct gbench_state *state, const char *name,
	double (*part_of)(const struct loop_part *part, size_t counter), size_t counter,
	double divisor)
{
	double sums[NODES_MAX] = {0};
	bool has[NODES_MAX] = {false};

	for (unsigned i = 0; i < loop->threads; i++) {
		unsigned node = loop->parts[i].node % NODES_MAX;

		sums[node] += part_of(&loop->parts[i], counter);
		has[node] = true;
	}
	for (unsigned node = 0; node < NODES_MAX; node++)
		if (has[node])
			set(state, sums[node] / divisor, "%s.node%u", name, node);
}

static double events_of(const struct loop_part *part, size_t counter)
{
	return part->counts[counter].events;
}

static void set_parts(const struct loop_counts *loop, struct gbench_state *state, size_t counter,
	double operations)
{
	const char *name = loop->counters->items[counter].name;

	for (unsigned i = 0; i < loop->threads; i++)
		set(state, loop->parts[i].counts[counter].events / operations, "%s.thread%u", name,
			i);
	set_nodes(loop, state, name, events_of, counter, operations);
}

static void set_counter(const struct loop_counts *loop, struct gbench_state *state, size_t counter)
{
	const struct counter *item = &loop->counters->items[counter];
	double operations = loop_counts_operations(loop);
	double total = total_of(loop, counter);

	if (isnan(total))
		return;
	set(state, total / operations, "%s", item->name);
	set(state, total, "%s.raw", item->name);
	if (loop->threads > 1)
		set_parts(loop, state, counter, operations);
	if (item->group >= 0 && !counter_is_software(item))
		set(state, share_of(loop, counter), "%s.running", item->name);
}

static void set_ratio(const struct loop_counts *loop, struct gbench_state *state, size_t counter)
{
	const struct counter *item = &loop->counters->items[counter];
	double over = total_of(loop, (size_t)counters_index(loop->counters, item->figure->over[0]));
	double under =
		total_of(loop, (size_t)counters_index(loop->counters, item->figure->over[1]));

	if (over > 0 && under > 0)
		set(state, over / under, "%s", item->name);
}

static bool is_ratio(const struct counter *counter)
{
	return counter->figure && counter->figure->source == FIGURE_RATIO;
}

static bool is_counted(const struct counter *counter)
{
	return counter->state == COUNTER_AVAILABLE || counter->state == COUNTER_EMULATED;
}

static void set_counters(const struct loop_counts *loop, struct gbench_state *state)
{
	for (size_t i = 0; i < loop->counters->count; i++) {
		const struct counter *counter = &loop->counters->items[i];

		if (is_counted(counter) && is_ratio(counter))
			set_ratio(loop, state, i);
		else if (is_counted(counter))
			set_counter(loop, state, i);
	}
}

// ---- each thread's own rate

// Operations a second, by the thread's own clock.
static double rate_of(const struct loop_part *part, size_t unused)
{
	(void)unused;
	return part->elapsed_ns > 0 ? (double)part->share * 1e9 / (double)part->elapsed_ns : NAN;
}

// The slowest thread's rate beside the fastest one's, within each role: threads of one role do the
// same, those of different roles need not. The least of all roles.
static double evenness(const struct loop_counts *loop)
{
	double slowest[WORKLOAD_ROLES_MAX] = {0};
	double fastest[WORKLOAD_ROLES_MAX] = {0};
	double least = 1;

	for (unsigned i = 0; i < loop->threads; i++) {
		unsigned role = loop->parts[i].role;
		double rate = rate_of(&loop->parts[i], 0);

		slowest[role] = fastest[role] == 0 || rate < slowest[role] ? rate : slowest[role];
		fastest[role] = rate > fastest[role] ? rate : fastest[role];
	}
	for (unsigned role = 0; role < WORKLOAD_ROLES_MAX; role++)
		if (fastest[role] > 0 && slowest[role] / fastest[role] < least)
			least = slowest[role] / fastest[role];
	return least;
}

static void set_rates(const struct loop_counts *loop, struct gbench_state *state)
{
	double sum = 0;

	for (unsigned i = 0; i < loop->threads; i++) {
		double rate = rate_of(&loop->parts[i], 0);

		sum += rate;
		set(state, rate, "rate.thread%u", i);
	}
	set(state, sum, "rate");
	set_nodes(loop, state, "rate", rate_of, 0, 1);
	set(state, evenness(loop), "rate.evenness");
}

// ---- the label

__attribute__((format(printf, 2, 3))) static void label_add(
	char label[LABEL_SIZE], const char *format, ...)
{
	size_t used = strlen(label);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(label + used, LABEL_SIZE - used, format, arguments);
	va_end(arguments);
}

// Why a counter that the probe believed has no value this time.
static const char *reason_of(const struct loop_counts *loop, size_t counter)
{
	for (unsigned i = 0; i < loop->threads; i++)
		if (loop->parts[i].lost == (int)counter)
			return loop->parts[i].reason;
	for (unsigned i = 0; i < loop->threads; i++)
		if (loop->parts[i].lost >= 0)
			return "a thread could not open all counters";
	return "its group never ran";
}

static void label_lost(const struct loop_counts *loop, char label[LABEL_SIZE])
{
	for (size_t i = 0; i < loop->counters->count; i++) {
		const struct counter *counter = &loop->counters->items[i];

		if (is_counted(counter) && !is_ratio(counter) && isnan(total_of(loop, i)))
			label_add(label, "; %s not counted: %s", counter->name, reason_of(loop, i));
	}
}

static void label_migrations(const struct loop_counts *loop, char label[LABEL_SIZE])
{
	double migrations = 0;

	for (unsigned i = 0; i < loop->threads; i++)
		migrations += loop->parts[i].migrations;
	if (migrations > 0) // false for NaN
		label_add(label, "; migrations: %.0f", migrations);
}

bool loop_counts_end(struct loop_counts *loop, struct gbench_state *state, const char *label)
{
	char text[LABEL_SIZE];

	if (atomic_fetch_add(&loop->ended, 1) + 1 < loop->threads)
		return false;
	set_counters(loop, state);
	if (loop->threads > 1)
		set_rates(loop, state);
	snprintf(text, sizeof(text), "%s", label);
	label_migrations(loop, text);
	label_lost(loop, text);
	gbench_set_label(state, text);
	return true;
}
