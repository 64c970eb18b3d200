// SPDX-License-Identifier: GPL-2.0-or-later
// Sets a cache's arrays.
#include "tuned.h"

#include <errno.h>
#include <inttypes.h>
#include <slab/slab.h>
#include <stdio.h>
#include <string.h>

bool tuned_set(struct workload_context *context, const char *cache, int64_t limit,
	int64_t batchcount, int64_t shared)
{
	char text[128];
	int length = snprintf(text, sizeof(text), "%s %" PRId64 " %" PRId64 " %" PRId64, cache,
		limit, batchcount, shared);
	ssize_t written;

	if (limit == 0)
		return true;
	written = slabinfo_write(text, (size_t)length);
	return written > 0 || workload_fail(context, "the allocator refuses '%s': %s", text,
				      strerror((int)-written));
}

bool tuned_is_possible(char *reason, size_t size)
{
	struct slab_counts counts;

	if (slab_counts(&counts) != -ENOTSUP)
		return true;
	snprintf(reason, size, "this allocator is no SLAB: it has no arrays to tune");
	return false;
}
