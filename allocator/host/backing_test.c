// SPDX-License-Identifier: GPL-2.0-or-later
// What memory is made of, as the kernel's own view of the process tells (smaps).
#include "host/backing_test.h"

#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "host/backing.h"
#include "host/topology.h"

// "7f0000000000-7f0000200000 rw-p …" begins a mapping; the lines that follow have a name and a
// colon.
static bool is_first_line(const char *line)
{
	size_t digits = strspn(line, "0123456789abcdef");

	return digits > 0 && line[digits] == '-';
}

// Calls the function with each line of smaps that belongs to a mapping within the arenas.
static void arena_maps(void (*function)(const char *line, void *user), void *user)
{
	FILE *maps = fopen("/proc/self/smaps", "re");
	bool is_ours = false;
	char line[512];

	REQUIRE(maps);
	while (fgets(line, sizeof(line), maps)) {
		if (is_first_line(line))
			is_ours = pages_contain((void *)strtoul(line, NULL, 16));
		if (is_ours)
			function(line, user);
	}
	fclose(maps);
}

static void count_mapping(const char *line, void *user)
{
	if (is_first_line(line))
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

// ---- mappings

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

// ---- nodes

#define NODE_OBJECTS 1024 // 4 MiB a node

// The system's number of the node that an address's page is on.
static int node_of_page(void *address)
{
	int node = -1;

	REQUIRE(syscall(SYS_move_pages, 0, 1UL, &address, NULL, &node, 0) == 0);
	return node;
}

// Fills a node and returns where its memory really is: all of it on one node.
static int fill_node(struct kmem_cache *cache, unsigned number)
{
	int node = -1;

	for (unsigned i = 0; i < NODE_OBJECTS; i++) {
		void *object =
			kmem_cache_alloc_node(cache, GFP_KERNEL | __GFP_THISNODE, (int)number);

		REQUIRE(object && address_to_node(object) == number);
		memset(object, 1, OBJECT_BYTES);
		if (i == 0)
			node = node_of_page(object);
		REQUIRE(node_of_page(object) == node);
	}
	return node;
}

static void machine_nodes(const char *backing)
{
	unsigned long filled = 0, of_node[NODES_MAX] = {0};
	struct kmem_cache *cache;
	unsigned cpu, node, mappings = 0;

	start("machine", backing, "never");
	cache = kmem_cache_create("nodes", OBJECT_BYTES, 0, 0, NULL);
	REQUIRE(cache);
	for (unsigned number = 0; number < topology.nr_nodes; number++) {
		of_node[number] = 1UL << fill_node(cache, number);
		REQUIRE((filled & of_node[number]) == 0); // no two arenas on one node
		filled |= of_node[number];
	}
	// What is committed and what is not; in between, where huge pages ran out, small ones.
	arena_maps(count_mapping, &mappings);
	REQUIRE(mappings <= (strcmp(backing, "hugetlb") == 0 ? 3 : 2) * topology.nr_nodes);
	REQUIRE(getcpu(&cpu, &node) == 0);
	if (topology.node_cpus[topology.cpu_node[cpu]] > 0 && (filled & 1UL << node))
		REQUIRE(of_node[topology.cpu_node[cpu]] == 1UL << node);
}

static void machine_nodes_system(void)
{
	machine_nodes("system");
}

static void machine_nodes_thp(void)
{
	machine_nodes("thp");
}

static void machine_nodes_hugetlb(void)
{
	machine_nodes("hugetlb");
}

static void memory_lies_on_the_node_of_its_arena(void **state)
{
	(void)state;
	run(machine_nodes_system);
	run(machine_nodes_thp);
	run(machine_nodes_hugetlb);
}

// ---- kinds

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
	char line[32];
	long count = -1;

	if (file && fgets(line, sizeof(line), file))
		count = strtol(line, NULL, 10);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_node_is_one_mapping_however_many_slabs_it_has),
		cmocka_unit_test(memory_lies_on_the_node_of_its_arena),
		cmocka_unit_test(small_pages_are_asked_for_everywhere),
		cmocka_unit_test(transparent_huge_pages_are_asked_for_everywhere),
		cmocka_unit_test(explicit_huge_pages_are_used_given_back_and_got_again),
		cmocka_unit_test(huge_pages_that_others_took_are_replaced),
		cmocka_unit_test(where_huge_pages_are_lacking_small_ones_do),
	};

	return cmocka_run_group_tests_name("backing", tests, NULL, NULL);
}
