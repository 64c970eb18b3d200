// SPDX-License-Identifier: GPL-2.0-or-later
// The samples of a comparison: an array that grows, is sorted once and then only read. Entry for
// what comes out of the store: samples_read(); what counts as a sample there, and of which side, is
// its caller's business.
#include "internal.h"

#include <stdlib.h>
#include <string.h>

#include "block.h"
#include "results/document/document.h"
#include "results/text/memory.h"

struct compare_sample *compare_samples_add(struct compare_samples *samples, struct problem *problem)
{
	struct compare_sample *items = array_grown(samples->items, samples->count, sizeof(*items));

	if (!items) {
		no_memory(problem, "the comparison");
		return NULL;
	}
	samples->items = items;
	items[samples->count] = (struct compare_sample){0};
	return &items[samples->count++];
}

static int sample_order(const void *left, const void *right)
{
	const struct compare_sample *one = left;
	const struct compare_sample *two = right;
	int order = strcmp(one->name, two->name);

	if (order == 0)
		order = strcmp(one->side, two->side);
	if (order == 0)
		order = (one->block > two->block) - (one->block < two->block);
	if (order == 0)
		order = (one->process > two->process) - (one->process < two->process);
	return order;
}

void compare_samples_sort(struct compare_samples *samples)
{
	if (samples->count > 0)
		qsort(samples->items, samples->count, sizeof(*samples->items), sample_order);
}

size_t compare_samples_rounds(const struct compare_samples *samples)
{
	int64_t done = 0;

	for (size_t i = 0; i < samples->count; i++) {
		int64_t round = block_round(samples->items[i].block);

		done = round + 1 > done ? round + 1 : done;
	}
	return (size_t)done;
}

static void sample_free(struct compare_sample *sample)
{
	free(sample->name);
	free(sample->series);
	free(sample->config);
	free(sample->workload);
	free(sample->error_message);
	json_decref(sample->counters);
}

void compare_samples_keep(struct compare_samples *samples,
	bool (*is_kept)(const struct compare_sample *sample, const void *context),
	const void *context)
{
	size_t kept = 0;

	for (size_t i = 0; i < samples->count; i++) {
		struct compare_sample *sample = &samples->items[i];

		if (is_kept(sample, context))
			samples->items[kept++] = *sample;
		else
			sample_free(sample);
	}
	samples->count = kept;
}

void compare_samples_free(struct compare_samples *samples)
{
	for (size_t i = 0; i < samples->count; i++)
		sample_free(&samples->items[i]);
	free(samples->items);
	*samples = (struct compare_samples){0};
}

// ---- the store

struct reading {
	compare_samples_place place_of;
	void *context;
	struct compare_samples *samples;
};

// "pair/size:8_mean" is the mean of pair/size:8.
static size_t name_length(const char *name, const char *aggregate)
{
	size_t length = strlen(name);
	size_t suffix = aggregate ? strlen(aggregate) + 1 : 0;

	if (suffix == 0 || length <= suffix || name[length - suffix] != '_' ||
		strcmp(name + length - suffix + 1, aggregate) != 0)
		return length;
	return length - suffix;
}

const char *compare_aggregate(const char *name)
{
	static const char *const NAMES[] = {"mean", "median"};

	for (size_t i = 0; name && i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
		if (strcmp(name, NAMES[i]) == 0)
			return NAMES[i];
	}
	return NULL;
}

char *compare_series(const char *name, const char *aggregate)
{
	return strndup(name, name_length(name, aggregate));
}

static bool sample_fill(struct compare_sample *sample, const struct stored_sample *stored,
	const struct compare_place *place, struct problem *problem)
{
	*sample = (struct compare_sample){
		.name = compare_series(place->row, stored->aggregate),
		.series = compare_series(stored->source.name, stored->aggregate),
		.config = strdup(stored->source.config),
		.workload = strdup(stored->source.workload),
		.side = place->side,
		.process = stored->process,
		.block = block_of(stored->source.session, stored->round),
		.failed = stored->failed,
		.error_message = stored->error_message ? strdup(stored->error_message) : NULL,
		.aggregate = compare_aggregate(stored->aggregate),
		.real_time_ns = stored->real_time_ns,
		.iterations = stored->iterations,
		.migrations = stored->migrations,
		.counters = stored->counters ? json_loads(stored->counters, 0, NULL) : NULL,
		.is_simulated = stored->source.simulator != NULL,
		.is_timeless = document_is_timeless(stored->source.simulator),
	};
	return (sample->name && sample->series && sample->config && sample->workload) ||
	       no_memory(problem, "the comparison");
}

static bool sample_take(const struct stored_sample *stored, void *context, struct problem *problem)
{
	const struct reading *reading = context;
	struct compare_place place = {0};
	struct compare_sample *sample;

	if (!reading->place_of(reading->context, &stored->source, &place, problem))
		return false;
	// Of an aggregate of zero there is no logarithm, and nobody checked it on its way in.
	if (!place.side || (stored->aggregate && !(stored->real_time_ns > 0)))
		return true;
	sample = compare_samples_add(reading->samples, problem);
	return sample && sample_fill(sample, stored, &place, problem);
}

bool samples_read(struct store *store, int64_t session, unsigned parts,
	compare_samples_place place_of, void *context, struct compare_samples *samples,
	struct problem *problem)
{
	const struct stored_samples wanted = {.session = session,
		.with_aggregates = parts & SAMPLES_AGGREGATES,
		.parts = parts & SAMPLES_COUNTERS ? STORED_COUNTERS : STORED_MIGRATIONS};
	struct reading reading = {place_of, context, samples};

	return stored_samples_visit(store, &wanted, sample_take, &reading, problem);
}
