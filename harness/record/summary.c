// SPDX-License-Identifier: GPL-2.0-or-later
// What a recording holds, in numbers.
#include <stdlib.h>

#include "record.h"
#include "results/text/memory.h"

// Who made each object.
struct makers {
	uint32_t *threads;
	uint64_t room;
};

static bool maker_note(struct makers *makers, uint64_t object, uint32_t thread)
{
	if (object >= makers->room) {
		uint64_t room = makers->room ? 2 * makers->room : 1024;
		uint32_t *threads = realloc(makers->threads, room * sizeof(*threads));

		if (!threads)
			return false;
		makers->threads = threads;
		makers->room = room;
	}
	makers->threads[object] = thread;
	return true;
}

static bool event_count(struct recording_summary *summary, struct makers *makers,
	const struct recording_event *event)
{
	summary->allocs += event->verb == RECORDING_ALLOC;
	summary->resizes += event->verb == RECORDING_RESIZE;
	summary->time_ns = event->time_ns;
	if (event->cpu >= summary->cpus)
		summary->cpus = event->cpu + 1;
	if (event->verb != RECORDING_FREE)
		return maker_note(makers, event->made, event->thread);
	summary->frees++;
	// The reader has seen the object made, so that it has a maker.
	if (event->taken < makers->room)
		summary->remote_frees += makers->threads[event->taken] != event->thread;
	return true;
}

static bool events_count(
	struct recording_summary *summary, struct recording_reader *reader, bool *has_memory)
{
	struct makers makers = {0};
	bool is_good = true;
	bool is_end = false;

	while (is_good && !is_end) {
		struct recording_event event;

		is_good = recording_next(reader, &event, &is_end);
		if (is_good && !is_end)
			is_good = *has_memory = event_count(summary, &makers, &event);
	}
	free(makers.threads);
	return is_good;
}

bool recording_summarise(
	struct recording_summary *summary, FILE *file, const char *name, struct problem *problem)
{
	struct recording_reader *reader = malloc(sizeof(*reader));
	struct recording_problem bad;
	bool has_memory = reader != NULL;

	if (!reader)
		return no_memory(problem, "the recording");
	*summary = (struct recording_summary){0};
	bool is_good =
		recording_open(reader, file, &bad) && events_count(summary, reader, &has_memory);
	summary->header = reader->header;
	summary->threads = reader->threads;
	summary->bytes = reader->offset;
	summary->left = summary->allocs - summary->frees;
	recording_close(reader);
	free(reader);
	if (!has_memory)
		return no_memory(problem, "the recording");
	return is_good || problem_set(problem, EXIT_WRONG_USE, "%s: byte %llu: %s", name,
				  (unsigned long long)bad.offset, bad.text);
}
