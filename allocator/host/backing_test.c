// SPDX-License-Identifier: GPL-2.0-or-later
// What memory is made of and when it goes back, as the kernel's own view of the process tells (smaps, mincore). Each
// case is a process of its own, because a process starts the allocator once.
#include "host/backing.h"
#include "slab_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
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

static void run(void (*function)(void))
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

static void start(const char *topology, const char *backing, const char *policy)
{
	struct slab_options options;

	REQUIRE(slab_options_default(&options) == 0);
	REQUIRE(slab_options_set(&options, "backing", backing) == 0);
	REQUIRE(slab_options_set(&options, "return", policy) == 0);
	options.topology = topology;
	options.arena_size = ARENA_BYTES;
	REQUIRE(slab_init(&options) == 0);
}

static struct kmem_cache *fill(void)
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

static void check_contents(void)
{
	for (unsigned i = 0; i < OBJECTS; i++)
		REQUIRE(*(unsigned char *)objects[i] == (unsigned char)(i | 1));
}

// What was given back reads as zeros, and reading it kills nobody.
static void check_zeroed(void)
{
	unsigned zeroed = 0;

	for (unsigned i = 0; i < OBJECTS; i++)
		zeroed += *(volatile unsigned char *)objects[i] == 0;
	REQUIRE(zeroed >= OBJECTS - 1024);
}

static void empty(struct kmem_cache *cache)
{
	for (unsigned i = 0; i < OBJECTS; i++)
		kmem_cache_free(cache, objects[i]);
	kmem_cache_shrink(cache);
}

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

// Calls the function with each line of smaps that belongs to a mapping within the arenas.
static void arena_maps(void (*function)(const char *line, void *user), void *user)
{
	FILE *maps = fopen("/proc/self/smaps", "re");
	bool is_ours = false;
	char line[512];

	REQUIRE(maps);
	while (fgets(line, sizeof(line), maps)) {
		unsigned long from, to;

		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			is_ours = pages_contain((void *)from);
		if (is_ours)
			function(line, user);
	}
	fclose(maps);
}

static void count_mapping(const char *line, void *user)
{
	unsigned long from, to;

	if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
		++*(unsigned *)user;
}

struct flag {
	const char *name; // as in VmFlags, with a blank on both sides
	unsigned with, without; // mappings
};

static void count_flag(const char *line, void *user)
{
	struct flag *flag = user;

	if (strncmp(line, "VmFlags:", 8) != 0)
		return;
	if (strstr(line, flag->name))
		flag->with++;
	else
		flag->without++;
}

static struct flag arena_flag(const char *name)
{
	struct flag flag = {.name = name};

	arena_maps(count_flag, &flag);
	return flag;
}

// ---- mappings -----------------------------------------------------------------------------------

static void many_slabs(void)
{
	unsigned before = 0, after = 0;
	struct kmem_cache *cache;

	start("node:2 core:1 pu:1", "system", "never");
	arena_maps(count_mapping, &before);
	cache = fill();
	slab_set_cpu(1);
	for (unsigned i = 0; i < OBJECTS; i++)
		REQUIRE(kmem_cache_alloc(cache, GFP_KERNEL));
	arena_maps(count_mapping, &after);
	REQUIRE(pages_used(0) >= OBJECTS && pages_used(1) >= OBJECTS);
	// What is committed, and the rest of the reservation, on each node.
	REQUIRE(before <= 4 && after <= 4);
}

static void a_node_is_one_mapping_however_many_slabs_it_has(void **state)
{
	(void)state;
	run(many_slabs);
}

// ---- kinds --------------------------------------------------------------------------------------

static void small_pages(void)
{
	start("node:1 pu:1", "4k", "never");
	fill();
	check_contents();
	REQUIRE(strcmp(slab_backing(), "4k") == 0);
	if (arena_flag(" hg").with == 0 && access("/sys/kernel/mm/transparent_hugepage", F_OK) != 0)
		exit(TEST_SKIPPED);
	REQUIRE(arena_flag(" nh").without == 0);
}

static void small_pages_are_asked_for_everywhere(void **state)
{
	(void)state;
	run(small_pages);
}

static void transparent_pages(void)
{
	start("node:2 core:1 pu:1", "thp", "never");
	fill();
	check_contents();
	if (strcmp(slab_backing(), "4k") == 0) // the message has said why
		REQUIRE(arena_flag(" hg").with == 0);
	else
		REQUIRE(arena_flag(" hg").without == 0);
}

static void transparent_huge_pages_are_asked_for_everywhere(void **state)
{
	(void)state;
	run(transparent_pages);
}

static long huge_pages_free(void)
{
	FILE *file = fopen("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages", "re");
	long count = -1;

	if (file && fscanf(file, "%ld", &count) != 1)
		count = -1;
	if (file)
		fclose(file);
	return count;
}

// Needs a pool: echo 16 > /proc/sys/vm/nr_hugepages
static void explicit_pages(void)
{
	long before = huge_pages_free();
	struct kmem_cache *cache;

	if (before < 12)
		exit(TEST_SKIPPED);
	start("node:1 pu:1", "hugetlb", "reap");
	cache = fill();
	check_contents();
	REQUIRE(strcmp(slab_backing(), "hugetlb") == 0);
	REQUIRE(arena_flag(" ht").without == 0 && arena_flag(" ht").with == 1);
	REQUIRE(huge_pages_free() <= before - 8);
	empty(cache);
	REQUIRE(huge_pages_free() >= before - 2);
	fill(); // what was given back is got again before it is touched
	check_contents();
	REQUIRE(huge_pages_free() <= before - 8);
}

static void explicit_huge_pages_are_used_given_back_and_got_again(void **state)
{
	(void)state;
	run(explicit_pages);
}

// The pool is emptied while our part of it is given back.
static void stolen_pages(void)
{
	struct kmem_cache *cache;
	size_t bytes;
	void *thief;

	if (huge_pages_free() < 12)
		exit(TEST_SKIPPED);
	start("node:1 pu:1", "hugetlb", "reap");
	cache = fill();
	empty(cache);
	bytes = (size_t)huge_pages_free() * BACKING_STEP;
	thief = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_POPULATE, -1, 0);
	REQUIRE(thief != MAP_FAILED);
	fill();
	check_contents();
	REQUIRE(strcmp(slab_backing(), "mixed") == 0);
	REQUIRE(munmap(thief, bytes) == 0);
}

static void huge_pages_that_others_took_are_replaced(void **state)
{
	(void)state;
	run(stolen_pages);
}

static void empty_pool(void)
{
	struct kmem_cache *cache;
	long count = huge_pages_free();

	if (count > 4) // more than fill() may take
		exit(TEST_SKIPPED);
	start("node:1 pu:1", "hugetlb", "now");
	cache = fill();
	check_contents();
	REQUIRE(strcmp(slab_backing(), count > 0 ? "mixed" : "4k") == 0);
	empty(cache);
	fill();
	check_contents();
}

static void where_huge_pages_are_lacking_small_ones_do(void **state)
{
	(void)state;
	run(empty_pool);
}

// ---- giving back --------------------------------------------------------------------------------

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

static void returned_by_shrink(void)
{
	struct slab_counts first, second;

	REQUIRE(resident_after("reap", true) < 2 * BACKING_STEP);
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

// The slabs that a node keeps free and the objects in arrays hold on to the first and the last piece.
#define KEPT_BYTES (3 * BACKING_STEP)

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
#define ROUNDS  1000
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

static void exchange_in_threads(void)
{
	pthread_t threads[THREADS];
	struct slab_counts counts;
	size_t used;

	start("node:1 pu:1", "system", "now");
	used = pages_used(0);
	for (uintptr_t i = 0; i < THREADS; i++)
		REQUIRE(pthread_create(&threads[i], NULL, exchange, (void *)(i + 1)) == 0);
	for (unsigned i = 0; i < THREADS; i++)
		REQUIRE(pthread_join(threads[i], NULL) == 0);
	REQUIRE(pages_used(0) == used);
	REQUIRE(slab_counts(&counts) == 0 && counts.memory_returned > 0);
	REQUIRE(resident() < KEPT_BYTES);
}

static void only_free_memory_goes_back_whatever_threads_do(void **state)
{
	(void)state;
	run(exchange_in_threads);
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
		cmocka_unit_test(a_node_is_one_mapping_however_many_slabs_it_has),
		cmocka_unit_test(small_pages_are_asked_for_everywhere),
		cmocka_unit_test(transparent_huge_pages_are_asked_for_everywhere),
		cmocka_unit_test(explicit_huge_pages_are_used_given_back_and_got_again),
		cmocka_unit_test(huge_pages_that_others_took_are_replaced),
		cmocka_unit_test(where_huge_pages_are_lacking_small_ones_do),
		cmocka_unit_test(memory_is_kept_by_default),
		cmocka_unit_test(a_shrink_gives_memory_back_and_the_addresses_serve_again),
		cmocka_unit_test(a_reap_pass_gives_memory_back),
		cmocka_unit_test(memory_can_go_back_as_soon_as_it_is_free),
		cmocka_unit_test(only_free_memory_goes_back_whatever_threads_do),
	};

	return cmocka_run_group_tests_name("backing", tests, NULL, NULL);
}
