// SPDX-License-Identifier: GPL-2.0-or-later
// What the allocator's tests share: cmocka, a start on a virtual topology, a check of a whole
// cache.
#ifndef SLAB_SLAB_TEST_H
#define SLAB_SLAB_TEST_H

// cmocka asks for these before itself.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/validity.h"
#include "types.h"

#define TEST_SKIPPED 77

// Starts the allocator on a virtual topology, unmerged, with arenas of 64 MiB.
static inline void start_virtual(const char *description)
{
	struct slab_options options;

	assert_int_equal(slab_options_default(&options), 0);
	options.topology = description;
	options.slab_nomerge = true;
	options.arena_size = (size_t)64 << 20;
	assert_int_equal(slab_init(&options), 0);
}

// The cache is sound and exactly so many objects are with users.
#define assert_sound(cache, live)                                                                  \
	do {                                                                                       \
		struct census census;                                                              \
		const char *problem = cache_check(cache, &census);                                 \
		if (problem)                                                                       \
			fail_msg("%s", problem);                                                   \
		assert_int_equal(census.handed_out, live);                                         \
	} while (0)

#endif
