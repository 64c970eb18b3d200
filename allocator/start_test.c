// SPDX-License-Identifier: GPL-2.0-or-later
// Starting: by itself, with options, from the environment, and what is refused. Each case is a
// process of its own, because a process starts the allocator once.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <hwloc.h>
#include <slab/slab.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/pages.h"
#include "host/topology.h"

// Runs a case in a child; its return value is the child's exit status.
static int run(int (*function)(void))
{
	pid_t child;
	int status;

	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		exit(function()); // with its exit handlers: coverage is written by one
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int allocate(void)
{
	struct kmem_cache *cache = kmem_cache_create("start", 100, 0, 0, NULL);
	void *object = cache ? kmem_cache_alloc(cache, GFP_KERNEL) : NULL;
	void *other = kmalloc(100, GFP_KERNEL);

	if (!object || !other)
		return 1;
	memset(object, 1, 100);
	memset(other, 1, 100);
	kfree(other);
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
	return 0;
}

static void no_initialising_call_is_needed(void **state)
{
	(void)state;
	assert_int_equal(run(allocate), 0);
}

static int kmalloc_first(void)
{
	void *object = kmalloc(5, GFP_KERNEL);

	kfree(object);
	return !object;
}

static void kmalloc_starts_the_allocator_too(void **state)
{
	(void)state;
	assert_int_equal(run(kmalloc_first), 0);
}

#define FIRST_THREADS 8

static pthread_barrier_t first_together;

static void *kmalloc_at_once(void *argument)
{
	void *object;

	(void)argument;
	pthread_barrier_wait(&first_together);
	object = kmalloc(100, GFP_KERNEL);
	kfree(object);
	return object;
}

static int many_at_once(void)
{
	pthread_t threads[FIRST_THREADS];
	int missing = 0;

	pthread_barrier_init(&first_together, NULL, FIRST_THREADS);
	for (unsigned i = 0; i < FIRST_THREADS; i++)
		if (pthread_create(&threads[i], NULL, kmalloc_at_once, NULL))
			return 1;
	for (unsigned i = 0; i < FIRST_THREADS; i++) {
		void *object;

		pthread_join(threads[i], &object);
		missing += !object;
	}
	return missing > 0;
}

static void threads_that_all_come_first_wait_for_the_start(void **state)
{
	(void)state;
	assert_int_equal(run(many_at_once), 0);
}

static int init_twice(void)
{
	struct slab_options options;

	if (slab_options_default(&options) || slab_init(&options))
		return 1;
	return slab_init(&options) == -EBUSY ? 0 : 2;
}

static void a_second_start_is_refused(void **state)
{
	(void)state;
	assert_int_equal(run(init_twice), 0);
}

static int init_again_after_failure(void)
{
	struct slab_options options;

	if (slab_options_default(&options))
		return 1;
	options.topology = "no such thing";
	if (slab_init(&options) != -EINVAL)
		return 2;
	options.topology = "node:3 core:1 pu:1";
	if (slab_init(&options) != 0)
		return 3;
	return slab_set_cpu(2) == 0 && slab_set_cpu(3) == -EINVAL && allocate() == 0 ? 0 : 4;
}

static void after_a_failed_start_another_may_succeed(void **state)
{
	(void)state;
	assert_int_equal(run(init_again_after_failure), 0);
}

static int environment_topology(void)
{
	setenv("SLAB_OPTIONS",
		" slab_nomerge topology=\"node:2 pu:1\" cache_line=128\tinit_on_free=1", 1);
	return allocate() || slab_set_cpu(1) || slab_set_cpu(2) != -EINVAL;
}

static void the_environment_sets_options(void **state)
{
	(void)state;
	assert_int_equal(run(environment_topology), 0);
}

static int environment_wrong(void)
{
	setenv("SLAB_OPTIONS", "slab_nomerg", 1);
	errno = 0;
	return kmem_cache_create("start", 8, 0, 0, NULL) != NULL || errno != EINVAL ||
	       kmalloc(8, GFP_KERNEL) != NULL;
}

static void a_wrong_word_in_the_environment_stops_the_start(void **state)
{
	(void)state;
	assert_int_equal(run(environment_wrong), 0);
}

static int environment_too_long(void)
{
	char words[4096];

	memset(words, ' ', sizeof(words));
	words[sizeof(words) - 1] = '\0';
	setenv("SLAB_OPTIONS", words, 1);
	errno = 0;
	return kmem_cache_create("start", 8, 0, 0, NULL) != NULL || errno != EINVAL;
}

static void words_that_do_not_fit_stop_the_start(void **state)
{
	(void)state;
	assert_int_equal(run(environment_too_long), 0);
}

static int real_machine_cpu(void)
{
	return slab_set_cpu(0) == -ENOTSUP && allocate() == 0 ? 0 : 1;
}

static void on_the_real_machine_the_kernel_says_which_cpu(void **state)
{
	(void)state;
	assert_int_equal(run(real_machine_cpu), 0);
}

// A machine of two nodes whose distances are known, as a file.
static bool write_machine(const char *path)
{
	hwloc_topology_t machine;
	hwloc_uint64_t latency[9] = {10, 30, 20, 30, 10, 20, 20, 20, 10};
	hwloc_obj_t nodes[3];
	hwloc_distances_add_handle_t handle;
	bool is_written;

	if (hwloc_topology_init(&machine) ||
		hwloc_topology_set_synthetic(machine, "node:3 core:2 pu:1") ||
		hwloc_topology_load(machine))
		return false;
	for (unsigned i = 0; i < 3; i++)
		nodes[i] = hwloc_get_obj_by_type(machine, HWLOC_OBJ_NUMANODE, i);
	handle = hwloc_distances_add_create(machine, "NUMALatency",
		HWLOC_DISTANCES_KIND_FROM_OS | HWLOC_DISTANCES_KIND_MEANS_LATENCY, 0);
	is_written = handle &&
		     hwloc_distances_add_values(machine, handle, 3, nodes, latency, 0) == 0 &&
		     hwloc_distances_add_commit(machine, handle, 0) == 0 &&
		     hwloc_topology_export_xml(machine, path, 0) == 0;
	hwloc_topology_destroy(machine);
	return is_written;
}

static int topology_file(void)
{
	char path[] = "/tmp/slab-start-XXXXXX";
	struct slab_options options;
	int descriptor = mkstemp(path), error;

	if (descriptor < 0 || !write_machine(path))
		return 1;
	close(descriptor);
	slab_options_default(&options);
	options.topology = path;
	error = slab_init(&options);
	unlink(path);
	if (error || slab_set_cpu(5) || slab_set_cpu(6) != -EINVAL)
		return 2;
	slab_set_cpu(0);
	// Node 2 is nearer to node 0 than node 1 is.
	return slab_node_offline(0) == -EBUSY && allocate() == 0 ? 0 : 3;
}

static void a_file_describes_a_machine(void **state)
{
	(void)state;
	assert_int_equal(run(topology_file), 0);
}

// On which node of the topology an object is that a CPU allocates.
static int node_of_allocation(unsigned cpu)
{
	struct kmem_cache *cache = kmem_cache_create("placed", 200, 0, 0, NULL);
	void *object = slab_set_cpu(cpu) == 0 ? kmem_cache_alloc(cache, GFP_KERNEL) : NULL;

	return object ? (int)address_to_node(object) : -1;
}

static int interleaved_numbers(void)
{
	struct slab_options options;

	slab_options_default(&options);
	options.topology = "node:2 core:2 pu:1(indexes=0,2,1,3)";
	if (slab_init(&options))
		return 1;
	return node_of_allocation(0) != 0 || node_of_allocation(2) != 0 ||
	       node_of_allocation(1) != 1 || node_of_allocation(3) != 1;
}

static int sparse_numbers(void)
{
	struct slab_options options;

	slab_options_default(&options);
	options.topology = "node:2 core:1 pu:2(indexes=8,12,40,44)";
	if (slab_init(&options) || allocate())
		return 1;
	return slab_set_cpu(0) != -EINVAL || slab_set_cpu(11) != -EINVAL ||
	       node_of_allocation(12) != 0 || node_of_allocation(40) != 1;
}

static void cpus_have_the_operating_systems_numbers(void **state)
{
	(void)state;
	assert_int_equal(run(interleaved_numbers), 0);
	assert_int_equal(run(sparse_numbers), 0);
}

static int node_without_memory(void)
{
	char path[] = "/tmp/slab-start-XXXXXX";
	struct slab_options options;
	int descriptor = mkstemp(path), error;
	hwloc_topology_t machine;

	if (descriptor < 0 || hwloc_topology_init(&machine) ||
		hwloc_topology_set_synthetic(machine, "pack:2 node:2(memory=1GB) core:1 pu:1") ||
		hwloc_topology_load(machine))
		return 1;
	close(descriptor);
	hwloc_get_obj_by_type(machine, HWLOC_OBJ_NUMANODE, 2)->attr->numanode.local_memory = 0;
	error = hwloc_topology_export_xml(machine, path, 0);
	hwloc_topology_destroy(machine);
	slab_options_default(&options);
	options.topology = path;
	error = error || slab_init(&options);
	unlink(path);
	// Ours are the nodes with memory, in order: CPU 2's nearest is the other one of its package.
	return error || topology.nr_nodes != 3 || node_of_allocation(2) != 2 ||
	       node_of_allocation(3) != 2 || node_of_allocation(1) != 1;
}

static void cpus_without_memory_belong_to_the_nearest_node_that_has_some(void **state)
{
	(void)state;
	assert_int_equal(run(node_without_memory), 0);
}

static int missing_file(void)
{
	struct slab_options options;

	slab_options_default(&options);
	options.topology = "/nonexistent/machine.xml";
	return slab_init(&options) != -EINVAL;
}

static int too_many_nodes(void)
{
	struct slab_options options;

	slab_options_default(&options);
	options.topology = "node:65 pu:1";
	return slab_init(&options) != -EINVAL;
}

static void a_machine_that_cannot_be_is_refused(void **state)
{
	(void)state;
	assert_int_equal(run(missing_file), 0);
	assert_int_equal(run(too_many_nodes), 0);
}

static int start_with_reaper(void)
{
	setenv("SLAB_OPTIONS", "reaper", 1);
	if (allocate() || slab_reaper_start() != -EBUSY)
		return 1;
	slab_reaper_stop();
	return slab_reaper_start() || slab_reaper_start() != -EBUSY;
}

static void the_reaper_can_be_asked_for_at_the_start(void **state)
{
	(void)state;
	assert_int_equal(run(start_with_reaper), 0);
}

static int huge_arena(void)
{
	struct slab_options options;

	slab_options_default(&options);
	options.topology = "node:8 pu:1";
	options.arena_size = (size_t)1 << 44; // eight of them are more than there are addresses
	return slab_init(&options) || allocate();
}

static void a_reservation_that_is_refused_is_tried_smaller(void **state)
{
	(void)state;
	assert_int_equal(run(huge_arena), 0);
}

static int small_arena(void)
{
	struct slab_options options;

	slab_options_default(&options);
	options.arena_size = 12345;
	if (slab_init(&options) != -EINVAL)
		return 1;
	options.arena_size = (size_t)64 << 20;
	return slab_init(&options) || allocate();
}

static void options_out_of_range_are_refused(void **state)
{
	(void)state;
	assert_int_equal(run(small_arena), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_initialising_call_is_needed),
		cmocka_unit_test(kmalloc_starts_the_allocator_too),
		cmocka_unit_test(threads_that_all_come_first_wait_for_the_start),
		cmocka_unit_test(a_second_start_is_refused),
		cmocka_unit_test(after_a_failed_start_another_may_succeed),
		cmocka_unit_test(the_environment_sets_options),
		cmocka_unit_test(a_wrong_word_in_the_environment_stops_the_start),
		cmocka_unit_test(words_that_do_not_fit_stop_the_start),
		cmocka_unit_test(on_the_real_machine_the_kernel_says_which_cpu),
		cmocka_unit_test(options_out_of_range_are_refused),
		cmocka_unit_test(a_file_describes_a_machine),
		cmocka_unit_test(cpus_have_the_operating_systems_numbers),
		cmocka_unit_test(cpus_without_memory_belong_to_the_nearest_node_that_has_some),
		cmocka_unit_test(a_machine_that_cannot_be_is_refused),
		cmocka_unit_test(the_reaper_can_be_asked_for_at_the_start),
		cmocka_unit_test(a_reservation_that_is_refused_is_tried_smaller),
	};

	return cmocka_run_group_tests_name("start", tests, NULL, NULL);
}
