// SPDX-License-Identifier: GPL-2.0-or-later
// Topologies read from made-up trees of kernel files: several nodes, odd numbers, nodes without
// memory or without CPUs, offline CPUs, missing files.
#include "host/topology_sysfs.h"

// cmocka asks for these before itself.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/topology.h"

static char root[] = "/tmp/slab-sysfs-XXXXXX";

struct file {
	const char *path;
	const char *content;
};

static void make_folders(char *path)
{
	for (char *slash = strchr(path + sizeof(root), '/'); slash;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
}

static void write_file(const struct file *file)
{
	char path[256];
	FILE *output;

	snprintf(path, sizeof(path), "%s/%s", root, file->path);
	make_folders(path);
	output = fopen(path, "w");
	assert_non_null(output);
	fputs(file->content, output);
	fclose(output);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	return walk->level > 0 ? remove(path) : 0;
}

static int remove_tree(void **state)
{
	(void)state;
	return nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void read_tree(const struct file *files, size_t count)
{
	for (size_t i = 0; i < count; i++)
		write_file(&files[i]);
	assert_int_equal(topology_read_sysfs(root), 0);
}

#define READ(files) read_tree(files, sizeof(files) / sizeof((files)[0]))

static void every_node_has_its_cpus_and_the_nearest_first(void **state)
{
	static const struct file files[] = {
		{"cpu/present", "0-7\n"},
		{"node/online", "0-3\n"},
		{"node/has_memory", "0-3\n"},
		{"node/node0/cpulist", "0-1\n"},
		{"node/node0/distance", "10 30 20 20\n"},
		{"node/node1/cpulist", "2-3\n"},
		{"node/node1/distance", "30 10 20 20\n"},
		{"node/node2/cpulist", "4-5\n"},
		{"node/node2/distance", "20 20 10 30\n"},
		{"node/node3/cpulist", "6-7\n"},
		{"node/node3/distance", "20 20 30 10\n"},
	};
	static const unsigned char expected[4][4] = {
		{0, 2, 3, 1}, {1, 2, 3, 0}, {2, 0, 1, 3}, {3, 0, 1, 2}};

	(void)state;
	READ(files);
	assert_int_equal(topology.nr_nodes, 4);
	assert_int_equal(topology.nr_cpus, 8);
	assert_int_equal(topology.nr_possible_cpus, 8);
	for (unsigned cpu = 0; cpu < 8; cpu++)
		assert_int_equal(topology.cpu_node[cpu], cpu / 2);
	for (unsigned node = 0; node < 4; node++) {
		assert_int_equal(topology.node_cpus[node], 2);
		assert_true(topology.node_is_online[node]);
		assert_memory_equal(topology.zonelist[node], expected[node], 4);
	}
}

static void cpus_without_memory_go_to_the_nearest_node_that_has_some(void **state)
{
	static const struct file files[] = {
		{"cpu/present", "0,2,4,6,8,10\n"},
		{"node/online", "0,2,5\n"},
		{"node/has_memory", "2,5\n"},
		{"node/node0/cpulist", "0,6\n"},
		{"node/node0/distance", "10 40 20\n"},
		{"node/node2/cpulist", "2,8\n"},
		{"node/node2/distance", "40 10 21\n"},
		{"node/node5/cpulist", "4,10\n"},
		{"node/node5/distance", "20 21 10\n"},
	};

	(void)state;
	READ(files);
	assert_int_equal(topology.nr_nodes, 2);
	assert_int_equal(topology.nr_cpus, 11);
	assert_int_equal(topology.nr_possible_cpus, 6);
	assert_int_equal(topology.cpu_node[0], 1);
	assert_int_equal(topology.cpu_node[2], 0);
	assert_int_equal(topology.cpu_node[4], 1);
	assert_int_equal(topology.cpu_node[5], NODE_NONE);
	assert_int_equal(topology.node_cpus[1], 4);
}

static void memory_without_cpus_is_a_node(void **state)
{
	static const struct file files[] = {
		{"cpu/present", "0-1\n"},
		{"node/online", "0-1\n"},
		{"node/has_memory", "0-1\n"},
		{"node/node0/cpulist", "0-1\n"},
		{"node/node0/distance", "10 80\n"},
		{"node/node1/cpulist", "\n"},
		{"node/node1/distance", "80 10\n"},
	};

	(void)state;
	READ(files);
	assert_int_equal(topology.nr_nodes, 2);
	assert_int_equal(topology.node_cpus[0], 2);
	assert_int_equal(topology.node_cpus[1], 0);
}

static void an_offline_cpu_has_a_node_too(void **state)
{
	static const struct file files[] = {
		{"cpu/present", "0-3\n"},
		{"node/online", "0-1\n"},
		{"node/has_memory", "0-1\n"},
		{"node/node0/cpulist", "0\n"},
		{"node/node1/cpulist", "1-2\n"},
	};

	(void)state;
	READ(files);
	assert_int_equal(topology.nr_possible_cpus, 4);
	assert_int_equal(topology.cpu_node[2], 1);
	assert_int_equal(topology.cpu_node[3], 0);
}

static void without_node_files_there_is_one_node(void **state)
{
	static const struct file files[] = {{"cpu/present", "0-4\n"}};

	(void)state;
	READ(files);
	assert_int_equal(topology.nr_nodes, 1);
	assert_int_equal(topology.nr_cpus, 5);
	assert_int_equal(topology.node_cpus[0], 5);
}

static void without_any_file_every_cpu_that_may_be_counts(void **state)
{
	(void)state;
	assert_int_equal(topology_read_sysfs(root), 0);
	assert_int_equal(topology.nr_nodes, 1);
	assert_true(topology.nr_cpus >= (unsigned)sysconf(_SC_NPROCESSORS_ONLN));
	assert_int_equal(topology.zonelist[0][0], 0);
	assert_true(topology.cache_line >= 16);
}

static void too_many_nodes_are_refused(void **state)
{
	static const struct file files[] = {{"cpu/present", "0\n"}, {"node/online", "0-64\n"}};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		write_file(&files[i]);
	assert_int_equal(topology_read_sysfs(root), -EINVAL);
}

static void this_machine_can_be_read(void **state)
{
	(void)state;
	assert_int_equal(topology_init("machine"), 0);
	assert_int_equal(topology_init(NULL), 0);
	assert_int_equal(topology_init("node:2 pu:1"), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(
			every_node_has_its_cpus_and_the_nearest_first, remove_tree),
		cmocka_unit_test_teardown(
			cpus_without_memory_go_to_the_nearest_node_that_has_some, remove_tree),
		cmocka_unit_test_teardown(memory_without_cpus_is_a_node, remove_tree),
		cmocka_unit_test_teardown(an_offline_cpu_has_a_node_too, remove_tree),
		cmocka_unit_test_teardown(without_node_files_there_is_one_node, remove_tree),
		cmocka_unit_test_teardown(
			without_any_file_every_cpu_that_may_be_counts, remove_tree),
		cmocka_unit_test_teardown(too_many_nodes_are_refused, remove_tree),
		cmocka_unit_test(this_machine_can_be_read),
	};
	int failed;

	if (!mkdtemp(root))
		return 3;
	failed = cmocka_run_group_tests_name("topology_sysfs", tests, NULL, NULL);
	rmdir(root);
	return failed;
}
