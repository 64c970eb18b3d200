// SPDX-License-Identifier: GPL-2.0-or-later
// When memory goes back to the system, as the kernel's own view of the process tells (mincore); and
// that it is free then.
#include "host/backing_test.h"

#include <pthread.h>
#include <sys/mman.h>

#include "host/backing.h"
#include "host/topology.h"

// Bytes of the arenas that have memory behind them.
static size_t resident(void)
{
	static unsigned char in_core[ARENA_BYTES / PAGE_SIZE];
	size_t bytes = 0;

	for (unsigned node = 0; node < topology.nr_nodes; node++) {
		REQUIRE(mincore(page_map.base + node * ARENA_BYTES, ARENA_BYTES, in_core) == 0);
		for (size_t i = 0; i < sizeof(in_core); i++)
			bytes += (in_core[i] & 1) * PAGE_SIZE;
	}
	return bytes;
}

// Objects that stay where they are at most: in arrays and in slabs that are kept. Freelists off the
// slab are objects of a kmalloc cache, whose own slabs lie between the others and hold on to the
// pieces around them.
#define OBJECTS_KEPT (IS_ENABLED(CONFIG_SLAB_FORCE_OFFSLAB) ? OBJECTS / 2 : 1024)

// What was given back reads as zeros, and reading it kills nobody.
static void check_zeroed(void)
{
	unsigned zeroed = 0;

	for (unsigned i = 0; i < OBJECTS; i++)
		zeroed += *(volatile unsigned char *)objects[i] == 0;
	REQUIRE(zeroed >= OBJECTS - OBJECTS_KEPT);
}

static size_t resident_after(const char *policy, bool shrinks)
{
	struct kmem_cache *cache;
	size_t full;

	start("node:1 pu:1", "4k", policy);
	cache = fill();
	full = resident();
	REQUIRE(full >= (size_t)OBJECTS * OBJECT_BYTES);
	if (shrinks) {
		empty(cache);
	} else {
		for (unsigned i = 0; i < OBJECTS; i++)
			kmem_cache_free(cache, objects[i]);
	}
	return resident();
}

static void kept(void)
{
	struct slab_counts counts;

	REQUIRE(resident_after("never", true) >= (size_t)OBJECTS * OBJECT_BYTES);
	REQUIRE(slab_counts(&counts) == 0);
	REQUIRE(counts.memory_returned == 0);
	REQUIRE(counts.memory_committed >= (size_t)OBJECTS * OBJECT_BYTES);
	REQUIRE(counts.memory_used < counts.memory_committed);
}

// What else is in use lies at both ends of the range, and so do, unless it was shrunk, the slabs
// that a node keeps free and the objects in arrays.
#define KEPT_BYTES (3 * BACKING_STEP)

static void returned_by_shrink(void)
{
	struct slab_counts first, second;

	REQUIRE(resident_after("reap", true) < KEPT_BYTES);
	REQUIRE(slab_counts(&first) == 0);
	REQUIRE(first.memory_returned >= (size_t)(OBJECTS - 1024) * OBJECT_BYTES);
	empty(fill());
	check_zeroed();
	REQUIRE(slab_counts(&second) == 0);
	REQUIRE(second.memory_committed == first.memory_committed); // the same addresses again
	slab_reap();
	REQUIRE(slab_counts(&first) == 0);
	REQUIRE(first.memory_returned == second.memory_returned); // nothing goes twice
}

static void returned_by_reaping(void)
{
	REQUIRE(resident_after("reap", false) >= (size_t)OBJECTS * OBJECT_BYTES);
	slab_reap();
	REQUIRE(resident() < KEPT_BYTES);
}

static void returned_at_once(void)
{
	REQUIRE(resident_after("now", false) < KEPT_BYTES);
}

#define THREADS 4
#define ROUNDS  250
#define HELD    8

static void mark(struct page *page, unsigned long value)
{
	for (size_t i = 0; i < (size_t)1 << page->order; i++)
		*(unsigned long *)(page_address(page) + i * PAGE_SIZE) = value + i;
}

static void check_mark(struct page *page, unsigned long value)
{
	for (size_t i = 0; i < (size_t)1 << page->order; i++)
		REQUIRE(*(unsigned long *)(page_address(page) + i * PAGE_SIZE) == value + i);
}

// Holds a few blocks of any order, and replaces one after the other.
static void *exchange(void *argument)
{
	struct page *held[HELD] = {NULL};
	unsigned long marks[HELD] = {0};
	unsigned seed = (unsigned)(uintptr_t)argument;

	for (unsigned long round = 0; round < ROUNDS + HELD; round++) {
		struct page **place = &held[round % HELD];

		if (*place) {
			check_mark(*place, marks[round % HELD]);
			pages_free(*place);
		}
		*place = round < ROUNDS ? pages_alloc(0, (unsigned)rand_r(&seed) % (MAX_ORDER + 1))
					: NULL;
		if (*place)
			mark(*place, marks[round % HELD] = ((unsigned long)seed << 32) + round);
	}
	return NULL;
}

static void exchange_in_threads_on(const char *backing)
{
	pthread_t threads[THREADS];
	struct slab_counts counts;
	size_t used;

	start("node:1 pu:1", backing, "now");
	used = pages_used(0);
	for (uintptr_t i = 0; i < THREADS; i++)
		REQUIRE(pthread_create(&threads[i], NULL, exchange, (void *)(i + 1)) == 0);
	for (unsigned i = 0; i < THREADS; i++)
		REQUIRE(pthread_join(threads[i], NULL) == 0);
	REQUIRE(pages_used(0) == used);
	REQUIRE(slab_counts(&counts) == 0 && counts.memory_returned > 0);
	REQUIRE(resident() < KEPT_BYTES);
}

static void exchange_in_threads(void)
{
	exchange_in_threads_on("system");
}

// With a pool of any size: pages that are lacking on the way are replaced.
static void exchange_huge_pages_in_threads(void)
{
	exchange_in_threads_on("hugetlb");
}

static void only_free_memory_goes_back_whatever_threads_do(void **state)
{
	(void)state;
	run(exchange_in_threads);
}

static void huge_pages_go_back_and_come_again_whatever_threads_do(void **state)
{
	(void)state;
	run(exchange_huge_pages_in_threads);
}

static void memory_is_kept_by_default(void **state)
{
	(void)state;
	run(kept);
}

static void a_shrink_gives_memory_back_and_the_addresses_serve_again(void **state)
{
	(void)state;
	run(returned_by_shrink);
}

static void a_reap_pass_gives_memory_back(void **state)
{
	(void)state;
	run(returned_by_reaping);
}

static void memory_can_go_back_as_soon_as_it_is_free(void **state)
{
	(void)state;
	run(returned_at_once);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_kept_by_default),
		cmocka_unit_test(a_shrink_gives_memory_back_and_the_addresses_serve_again),
		cmocka_unit_test(a_reap_pass_gives_memory_back),
		cmocka_unit_test(memory_can_go_back_as_soon_as_it_is_free),
		cmocka_unit_test(only_free_memory_goes_back_whatever_threads_do),
		cmocka_unit_test(huge_pages_go_back_and_come_again_whatever_threads_do),
	};

	return cmocka_run_group_tests_name("pages_return", tests, NULL, NULL);
}
