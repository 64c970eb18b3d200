// SPDX-License-Identifier: GPL-2.0-or-later
// Reads a recording into the steps that are played. Entry: trace_load(). Objects get numbers, so that
// a step needs no look-up when it is timed.
#include <inttypes.h>
#include <slab/slab.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "trace.h"
#include "trace_recorded.h"

struct recorded recorded;

static bool load_fails(struct recording_problem *problem, const char *text)
{
	snprintf(problem->text, sizeof(problem->text), "%s", text);
	return false;
}

static struct step *step_add(void)
{
	if (recorded.count == recorded.room) {
		size_t room = recorded.room ? 2 * recorded.room : 4096;
		struct step *steps = realloc(recorded.steps, room * sizeof(*steps));

		if (!steps)
			return NULL;
		recorded.steps = steps;
		recorded.room = room;
	}
	recorded.steps[recorded.count] =
		(struct step){.made = NO_OBJECT, .taken = NO_OBJECT, .node = -1, .cache = NO_CACHE};
	return &recorded.steps[recorded.count++];
}

// The cache of objects of a size; NO_CACHE when there are too many sizes.
static uint16_t cache_of(uint64_t size)
{
	for (unsigned i = 0; i < recorded.caches; i++)
		if (recorded.cache_sizes[i] == size)
			return (uint16_t)i;
	if (recorded.caches == CACHES_MAX || size == 0)
		return NO_CACHE;
	recorded.cache_sizes[recorded.caches] = (uint32_t)size;
	return (uint16_t)recorded.caches++;
}

// Where the objects of the file are: their own numbers, without those that are left out.
struct numbers {
	uint32_t *of; // NO_OBJECT: left out, or freed
	size_t room;
};

static bool numbers_reserve(struct numbers *numbers, uint64_t object)
{
	if (object < numbers->room)
		return true;
	size_t room = numbers->room ? 2 * numbers->room : 4096;
	uint32_t *of = realloc(numbers->of, room * sizeof(*of));
	uint16_t *caches = realloc(recorded.object_caches, room * sizeof(*caches));
	uint32_t *sizes = realloc(recorded.object_sizes, room * sizeof(*sizes));

	if (of)
		numbers->of = of;
	if (caches)
		recorded.object_caches = caches;
	if (sizes)
		recorded.object_sizes = sizes;
	if (of && caches && sizes)
		numbers->room = room;
	return of && caches && sizes;
}

static uint32_t number_of(const struct numbers *numbers, uint64_t object)
{
	return object < numbers->room ? numbers->of[object] : NO_OBJECT;
}

static bool event_load(const struct recording_event *event, struct numbers *numbers)
{
	bool makes = event->verb != RECORDING_FREE && event->size <= KMALLOC_MAX_SIZE;
	uint32_t taken =
		event->verb == RECORDING_ALLOC ? NO_OBJECT : number_of(numbers, event->taken);
	struct step *step = makes || taken != NO_OBJECT ? step_add() : NULL;

	if (event->verb != RECORDING_FREE && !numbers_reserve(numbers, event->made))
		return false;
	if (event->verb != RECORDING_ALLOC && event->taken < numbers->room)
		numbers->of[event->taken] = NO_OBJECT;
	if (event->verb != RECORDING_FREE)
		numbers->of[event->made] = makes ? recorded.objects : NO_OBJECT;
	recorded.left_out += event->verb != RECORDING_FREE && !makes;
	if (!makes && taken == NO_OBJECT)
		return true;
	if (!step)
		return false;
	step->time_ns = event->time_ns;
	step->thread = event->thread;
	step->cpu = event->cpu;
	step->taken = taken;
	if (!makes)
		return true;
	step->made = recorded.objects++;
	step->size = (uint32_t)event->size;
	step->node = (int16_t)event->node;
	step->is_zeroed = event->is_zeroed;
	step->cache = event->is_of_cache ? cache_of(event->size) : NO_CACHE;
	recorded.object_caches[step->made] = step->cache;
	recorded.object_sizes[step->made] = step->size;
	return true;
}

// Frees what the program left, by whoever made it, so that the next pass begins with nothing.
static bool rest_free(const struct numbers *numbers, uint64_t objects)
{
	size_t count = recorded.count;
	bool *is_left = calloc(recorded.objects + (size_t)1, sizeof(*is_left));
	bool is_good = is_left != NULL;

	for (uint64_t i = 0; is_good && i < objects; i++)
		if (number_of(numbers, i) != NO_OBJECT)
			is_left[number_of(numbers, i)] = true;
	for (size_t i = 0; is_good && i < count; i++) {
		struct step made = recorded.steps[i];
		struct step *step;

		if (made.made == NO_OBJECT || !is_left[made.made])
			continue;
		step = step_add();
		is_good = step != NULL;
		if (!step)
			continue;
		step->time_ns = recorded.steps[count - 1].time_ns;
		step->thread = made.thread;
		step->cpu = made.cpu;
		step->taken = made.made;
	}
	free(is_left);
	return is_good;
}

static int64_t digest_of_steps(void)
{
	XXH32_hash_t digest = 0;

	for (size_t i = 0; i < recorded.count; i++) {
		const struct step *step = &recorded.steps[i];
		const uint64_t fields[] = {step->time_ns, step->size, step->made, step->taken,
			step->thread, step->cpu, (uint64_t)step->node, step->cache,
			step->is_zeroed};

		digest = XXH32(fields, sizeof(fields), digest);
	}
	return digest > 0 ? digest : 1;
}

bool trace_load(FILE *file, int64_t *digest, struct recording_problem *problem)
{
	struct recording_reader *reader = malloc(sizeof(*reader));
	struct numbers numbers = {0};
	bool has_memory = reader != NULL;
	bool is_end = false;
	bool is_good = reader && recording_open(reader, file, problem);

	while (is_good && !is_end) {
		struct recording_event event;

		is_good = recording_next(reader, &event, &is_end);
		if (is_good && !is_end)
			is_good = has_memory = event_load(&event, &numbers);
	}
	if (is_good)
		is_good = has_memory = rest_free(&numbers, reader->objects);
	if (reader)
		recording_close(reader);
	free(reader);
	free(numbers.of);
	if (!has_memory)
		return load_fails(problem, "no memory for the recording's events");
	if (is_good && recorded.count == 0)
		return load_fails(problem, "the recording has nothing that can be played");
	if (is_good)
		*digest = recorded.digest = digest_of_steps();
	return is_good;
}
