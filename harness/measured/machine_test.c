// SPDX-License-Identifier: GPL-2.0-or-later
// Tests of the facts about a machine, read from directories that the tests fill.
#include "machine.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

struct fixture {
	char root[64];
	hwloc_topology_t topology;
	hwloc_bitmap_t usable;
};

static hwloc_topology_t make(const char *description)
{
	hwloc_topology_t topology = NULL;

	assert_int_equal(hwloc_topology_init(&topology), 0);
	assert_int_equal(hwloc_topology_set_synthetic(topology, description), 0);
	assert_int_equal(hwloc_topology_load(topology), 0);
	return topology;
}

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	strcpy(fixture->root, "/tmp/slabmark-machine-XXXXXX");
	assert_non_null(mkdtemp(fixture->root));
	fixture->topology = make("numa:2 core:2 pu:1");
	fixture->usable = hwloc_bitmap_alloc();
	hwloc_bitmap_set_range(fixture->usable, 0, 3);
	*state = fixture;
	return 0;
}

static int remove_entry(const char *path, const struct stat *status, int flag, struct FTW *walk)
{
	(void)status;
	(void)flag;
	(void)walk;
	return remove(path);
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	int status = nftw(fixture->root, remove_entry, 8, FTW_DEPTH | FTW_PHYS);

	hwloc_bitmap_free(fixture->usable);
	hwloc_topology_destroy(fixture->topology);
	free(fixture);
	return status;
}

static void write_file(const struct fixture *fixture, const char *path, const char *text)
{
	char full[256];

	snprintf(full, sizeof(full), "%s%s", fixture->root, path);
	for (char *slash = strchr(full + strlen(fixture->root) + 1, '/'); slash;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(full, 0700);
		*slash = '/';
	}
	FILE *file = fopen(full, "we");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void read_fact(
	const struct fixture *fixture, hwloc_topology_t topology, const char *key, char *text)
{
	struct machine machine = {topology, fixture->usable, fixture->root};

	for (const struct machine_fact *fact = machine_facts; fact->key; fact++) {
		if (strcmp(fact->key, key) != 0)
			continue;
		fact->read(&machine, text);
		return;
	}
	fail_msg("no fact %s", key);
}

static void expect(const struct fixture *fixture, const char *key, const char *text)
{
	char fact[MACHINE_FACT_SIZE];

	read_fact(fixture, fixture->topology, key, fact);
	assert_string_equal(fact, text);
}

static void what_can_t_be_read_is_unknown_and_says_why(void **state)
{
	static const char *const keys[] = {"cpu_model", "microcode", "governor", "smt", "thp",
		"numa_balancing", "kernel_command_line"};
	char text[MACHINE_FACT_SIZE];

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		read_fact(*state, ((struct fixture *)*state)->topology, keys[i], text);
		assert_memory_equal(text, "unknown: ", 9);
		assert_true(strlen(text) > 9);
	}
}

static void a_pc_s_model_and_microcode_are_read(void **state)
{
	write_file(*state, "/proc/cpuinfo",
		"processor\t: 0\nmodel\t\t: 85\nmodel name\t: Some Processor 8260 @ 2.40GHz\n"
		"microcode\t: 0x5003604\n\nprocessor\t: 1\nmodel name\t: Another\n");
	expect(*state, "cpu_model", "Some Processor 8260 @ 2.40GHz");
	expect(*state, "microcode", "0x5003604");
}

static void an_arm_processor_is_known_by_its_numbers(void **state)
{
	char text[MACHINE_FACT_SIZE];

	write_file(*state, "/proc/cpuinfo",
		"processor\t: 0\nBogoMIPS\t: 243.75\nFeatures\t: fp asimd\n"
		"CPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x3\n"
		"CPU part\t: 0xd0c\nCPU revision\t: 1\n");
	expect(*state, "cpu_model",
		"implementer 0x41, architecture 8, variant 0x3, part 0xd0c, revision 1");
	read_fact(*state, ((struct fixture *)*state)->topology, "microcode", text);
	assert_memory_equal(text, "unknown: ", 9);
}

static void of_a_choice_only_the_chosen_word_is_kept(void **state)
{
	write_file(
		*state, "/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
	expect(*state, "thp", "madvise");
}

static void governors_that_differ_are_mixed(void **state)
{
	char path[128];

	for (int cpu = 0; cpu < 4; cpu++) {
		snprintf(path, sizeof(path),
			"/sys/devices/system/cpu/cpu%d/cpufreq/scaling_governor", cpu);
		write_file(*state, path, "performance\n");
	}
	expect(*state, "governor", "performance");
	write_file(*state, path, "powersave\n");
	expect(*state, "governor", "mixed");
}

static void single_lines_are_taken_without_their_end(void **state)
{
	write_file(*state, "/proc/cmdline", "quiet slab_nomerge\n");
	write_file(*state, "/proc/sys/kernel/numa_balancing", "1\n");
	write_file(*state, "/sys/devices/system/cpu/smt/control", "on\n");
	expect(*state, "kernel_command_line", "quiet slab_nomerge");
	expect(*state, "numa_balancing", "1");
	expect(*state, "smt", "on");
}

static void a_summary_counts_what_there_is(void **state)
{
	expect(*state, "topology_summary", "0 packages, 2 nodes, 4 cores, 4 hardware threads");
	expect(*state, "usable_cpus", "0-3");
	expect(*state, "memory_per_node", "node 0: 1 GiB, node 1: 1 GiB");
}

static void expect_digests_equal(
	const struct fixture *fixture, const char *key, const char *other, bool are_equal)
{
	char ours[MACHINE_FACT_SIZE];
	char theirs[MACHINE_FACT_SIZE];
	hwloc_topology_t topology = make(other);

	read_fact(fixture, fixture->topology, key, ours);
	read_fact(fixture, topology, key, theirs);
	assert_int_equal(strlen(ours), 16);
	assert_int_equal(strspn(ours, "0123456789abcdef"), 16);
	assert_int_equal(strcmp(ours, theirs) == 0, are_equal);
	hwloc_topology_destroy(topology);
}

static void the_digest_tells_topologies_apart(void **state)
{
	expect_digests_equal(*state, "topology_digest", "numa:2 core:2 pu:1", true);
	expect_digests_equal(*state, "topology_digest", "numa:2 core:1 pu:2", false);
	expect_digests_equal(*state, "topology_digest", "numa:2 l3:1 core:2 pu:1", false);
	expect_digests_equal(
		*state, "topology_digest", "numa:2 core:2 pu:1(indexes=0,2,1,3)", false);
}

static void amounts_of_memory_are_no_part_of_what_a_machine_is(void **state)
{
	static const char other[] = "numa:2(memory=8GB) core:2 pu:1";

	expect_digests_equal(*state, "topology_digest", other, true);
	expect_digests_equal(*state, "machine", other, true);
}

// A container with half of the machine: placement.c loads what is not allowed, too.
static void a_cpuset_is_no_part_of_what_a_machine_is(void **state)
{
	const char *const keys[] = {"topology_digest", "machine"};
	struct fixture *fixture = *state;
	hwloc_topology_t topology = NULL;
	hwloc_bitmap_t cpus = hwloc_bitmap_alloc();
	hwloc_bitmap_t nodes = hwloc_bitmap_alloc();
	char text[MACHINE_FACT_SIZE];

	hwloc_bitmap_set_range(cpus, 0, 1);
	hwloc_bitmap_set(nodes, 0);
	assert_int_equal(hwloc_topology_init(&topology), 0);
	hwloc_topology_set_flags(topology, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
	assert_int_equal(hwloc_topology_set_synthetic(topology, "numa:2 core:2 pu:1"), 0);
	assert_int_equal(hwloc_topology_load(topology), 0);
	assert_int_equal(hwloc_topology_allow(topology, cpus, nodes, HWLOC_ALLOW_FLAG_CUSTOM), 0);
	assert_true(hwloc_bitmap_isequal(hwloc_topology_get_allowed_cpuset(topology), cpus));
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		read_fact(fixture, topology, keys[i], text);
		expect(fixture, keys[i], text);
	}
	hwloc_bitmap_free(cpus);
	hwloc_bitmap_free(nodes);
	hwloc_topology_destroy(topology);
}

static void the_fingerprint_also_tells_processors_apart(void **state)
{
	char before[MACHINE_FACT_SIZE];
	char after[MACHINE_FACT_SIZE];
	struct fixture *fixture = *state;

	expect_digests_equal(fixture, "machine", "numa:2 core:2 pu:1", true);
	expect_digests_equal(fixture, "machine", "numa:2 core:1 pu:2", false);
	write_file(fixture, "/proc/cpuinfo", "model name\t: One\nmicrocode\t: 1\n");
	read_fact(fixture, fixture->topology, "machine", before);
	write_file(fixture, "/proc/cpuinfo", "model name\t: One\nmicrocode\t: 2\n");
	expect(fixture, "machine", before);
	write_file(fixture, "/proc/cpuinfo", "model name\t: Two\nmicrocode\t: 1\n");
	read_fact(fixture, fixture->topology, "machine", after);
	assert_string_not_equal(before, after);
}

static void a_foreign_topology_is_a_simulation(void **state)
{
	unsetenv("HWLOC_SYNTHETIC");
	expect(*state, "simulated", "topology of another machine");
	setenv("HWLOC_SYNTHETIC", "pu:2", 1);
	expect(*state, "simulated", "topology from HWLOC_SYNTHETIC");
	unsetenv("HWLOC_SYNTHETIC");
	write_file(*state, "/proc/self/maps",
		"58000000-58001000 r-xp 0 00:00 1 "
		"/usr/libexec/valgrind/vgpreload_core-amd64-linux.so\n");
	expect(*state, "simulated", "valgrind");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_can_t_be_read_is_unknown_and_says_why, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_pc_s_model_and_microcode_are_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_arm_processor_is_known_by_its_numbers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			of_a_choice_only_the_chosen_word_is_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(governors_that_differ_are_mixed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			single_lines_are_taken_without_their_end, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_summary_counts_what_there_is, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			the_digest_tells_topologies_apart, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			amounts_of_memory_are_no_part_of_what_a_machine_is, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_cpuset_is_no_part_of_what_a_machine_is, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			the_fingerprint_also_tells_processors_apart, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_foreign_topology_is_a_simulation, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
