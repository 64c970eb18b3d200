// SPDX-License-Identifier: GPL-2.0-or-later
// How a workload checks the objects it gets, outside of measurements. It writes a pattern of its
// own over each whole object, and the pattern must still be there when the object goes back.
#ifndef WORKLOADS_PATTERN_H
#define WORKLOADS_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "workload.h"

// A tag that no other thread of the benchmark makes from its own numbers.
static inline uint64_t pattern_tag(const struct workload_context *context, uint64_t number)
{
	return number * context->threads + context->thread;
}

// Checks the object's alignment and the room that the allocator says it has, then fills its `size`
// bytes from `tag`. Two objects alive at a time must have different tags, or one handed out twice
// would go unseen.
bool pattern_write(
	struct workload_context *context, void *object, size_t size, size_t room, uint64_t tag);

// Whether the object still holds what pattern_write() wrote; false has said where not.
bool pattern_check(struct workload_context *context, const void *object, size_t size, uint64_t tag);

#endif
