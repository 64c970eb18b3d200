// SPDX-License-Identifier: GPL-2.0-or-later
// A cache whose arrays are set as writing to /proc/slabinfo does.
#ifndef WORKLOADS_SLAB_TUNED_H
#define WORKLOADS_SLAB_TUNED_H

#include "workloads/workload.h"

#define PARAMETERS_TUNED(its_limit, its_batchcount, its_shared)                                    \
	[TUNED_LIMIT] = PARAMETER("limit", "objects in a CPU's array; 0: as the allocator has it", \
		"objects", its_limit, 0, 100000),                                                  \
	[TUNED_BATCHCOUNT] = PARAMETER("batchcount",                                               \
		"objects of a refill or a flush; with limit 0 as the allocator has it", "objects", \
		its_batchcount, 1, 100000),                                                        \
	[TUNED_SHARED] = PARAMETER_QUIET("shared",                                                 \
		"the node's array, in batches; with limit 0 as the allocator has it", "batches",   \
		its_shared, 0, 1000)

// Sets the cache of this name. False, with a failure, where the allocator has no such arrays or
// refuses the values.
bool tuned_set(struct workload_context *context, const char *cache, int64_t limit,
	int64_t batchcount, int64_t shared);

// For workload.is_possible: an allocator without arrays of this kind, a peer, has nothing to tune.
bool tuned_is_possible(char *reason, size_t size);

#endif
