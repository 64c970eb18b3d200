// SPDX-License-Identifier: GPL-2.0-or-later
// A recording for tests: four threads on three CPUs, each of which frees a part of what the one before
// it made, resizes, caches, zeroed objects, one that is too large for a slab and some that are left.
#ifndef WORKLOADS_TRIED_SMALL_RECORDING_H
#define WORKLOADS_TRIED_SMALL_RECORDING_H

#include <stdio.h>
#include <stdlib.h>

#include "workloads/recording/recording.h"

enum { SMALL_THREADS = 4, SMALL_OBJECTS = 12 };

// A resize of the first object of a turn, frees of its next ones by the next thread.
static inline void small_frees(
	struct recording_writer *writer, uint32_t thread, uint64_t first, uint64_t *time_ns)
{
	struct recording_event event = {.verb = RECORDING_RESIZE,
		.thread = thread,
		.cpu = thread % 3,
		.time_ns = *time_ns,
		.taken = first,
		.size = 500,
		.node = -1};

	recording_add(writer, &event);
	for (uint64_t i = 1; i < SMALL_OBJECTS - 2; i++) {
		event = (struct recording_event){.verb = RECORDING_FREE,
			.thread = (thread + i % 2) % SMALL_THREADS,
			.cpu = thread % 3,
			.time_ns = ++*time_ns,
			.taken = first + i,
			.node = -1};
		recording_add(writer, &event);
	}
}

// Writes it from where the file is. False: the file could not be written.
static inline bool small_recording_write(FILE *file)
{
	const struct recording_header header = {RECORDING_MADE, "a small one"};
	struct recording_writer *writer = malloc(sizeof(*writer));
	uint64_t time_ns = 0;

	if (!writer)
		return false;
	recording_begin(writer, file, &header);
	for (uint32_t turn = 0; turn < 2 * SMALL_THREADS; turn++) {
		uint32_t thread = turn % SMALL_THREADS;
		uint64_t first = writer->objects;

		for (uint64_t i = 0; i < SMALL_OBJECTS; i++) {
			struct recording_event event = {.verb = RECORDING_ALLOC,
				.thread = thread,
				.cpu = thread % 3,
				.time_ns = ++time_ns,
				.node = i == 3 ? 0 : -1,
				.size = i == 5 ? 9000000 : 16 + 24 * i,
				.is_of_cache = i == 4,
				.is_zeroed = i == 6};

			recording_add(writer, &event);
		}
		small_frees(writer, thread, first, &time_ns);
	}
	bool is_good = recording_end(writer);
	free(writer);
	return is_good;
}

#endif
