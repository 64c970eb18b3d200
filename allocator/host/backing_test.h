// SPDX-License-Identifier: GPL-2.0-or-later
// What the tests of the arenas' memory share: each case is a process of its own, because a process
// starts the allocator once; it fills a cache whose objects are pages.
#ifndef SLAB_HOST_BACKING_TEST_H
#define SLAB_HOST_BACKING_TEST_H

#include "slab_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define OBJECT_BYTES 4096
#define OBJECTS      4096 // 16 MiB
#define ARENA_BYTES  ((size_t)64 << 20)

static void *objects[OBJECTS];

// A case's exit statuses: good, failed with the line, skipped.
#define REQUIRE(condition)                                                                         \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "line %d: %s\n", __LINE__, #condition);                    \
			exit(1);                                                                   \
		}                                                                                  \
	} while (0)

static inline void run(void (*function)(void))
{
	pid_t child;
	int status;

	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		function();
		exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == TEST_SKIPPED)
		skip();
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static inline void start(const char *topology, const char *backing, const char *policy)
{
	struct slab_options options;

	REQUIRE(slab_options_default(&options) == 0);
	REQUIRE(slab_options_set(&options, "backing", backing) == 0);
	REQUIRE(slab_options_set(&options, "return", policy) == 0);
	options.topology = topology;
	options.arena_size = ARENA_BYTES;
	REQUIRE(slab_init(&options) == 0);
}

static inline struct kmem_cache *fill(void)
{
	struct kmem_cache *cache = kmem_cache_create("backing", OBJECT_BYTES, 0, 0, NULL);

	REQUIRE(cache);
	for (unsigned i = 0; i < OBJECTS; i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		REQUIRE(objects[i]);
		memset(objects[i], (int)i | 1, OBJECT_BYTES);
	}
	return cache;
}

static inline void check_contents(void)
{
	for (unsigned i = 0; i < OBJECTS; i++)
		REQUIRE(*(unsigned char *)objects[i] == (unsigned char)(i | 1));
}

static inline void empty(struct kmem_cache *cache)
{
	for (unsigned i = 0; i < OBJECTS; i++)
		kmem_cache_free(cache, objects[i]);
	kmem_cache_shrink(cache);
}

#endif
