// SPDX-License-Identifier: GPL-2.0-or-later
// Topologies from hwloc's environment variables: what is read, and what is refused.
#include "topology.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static int forget_variables(void **state)
{
	(void)state;
	unsetenv("HWLOC_FSROOT");
	unsetenv("HWLOC_SYNTHETIC");
	unsetenv("HWLOC_XMLFILE");
	return 0;
}

static int count_cpus(void)
{
	hwloc_topology_t topology;
	struct problem problem = {0};
	int count;

	if (!machine_topology_load(&topology, &problem))
		fail_msg("%s", problem.text);
	count = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PU);
	hwloc_topology_destroy(topology);
	return count;
}

static void expect_refused(const char *variable, const char *value, const char *part)
{
	hwloc_topology_t topology;
	struct problem problem = {0};

	setenv(variable, value, 1);
	assert_false(machine_topology_load(&topology, &problem));
	assert_null(topology);
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	assert_non_null(strstr(problem.text, variable));
	if (!strstr(problem.text, part))
		fail_msg("%s=%s: %s", variable, value, problem.text);
	unsetenv(variable);
}

static void without_variables_it_is_this_machine(void **state)
{
	(void)state;
	assert_null(machine_topology_variable());
	assert_true(count_cpus() > 0);
	setenv("HWLOC_SYNTHETIC", "", 1);
	assert_null(machine_topology_variable());
}

static void a_description_or_a_file_takes_its_place(void **state)
{
	char path[] = "/tmp/slabmark-topology-test-XXXXXX.xml";
	hwloc_topology_t topology;
	int file = mkstemps(path, 4);

	(void)state;
	assert_true(file >= 0);
	close(file);
	setenv("HWLOC_SYNTHETIC", "node:3 core:7 pu:1", 1);
	assert_string_equal(machine_topology_variable(), "HWLOC_SYNTHETIC");
	assert_int_equal(count_cpus(), 21);
	assert_true(machine_topology_load(&topology, NULL));
	assert_int_equal(hwloc_topology_export_xml(topology, path, 0), 0);
	hwloc_topology_destroy(topology);
	unsetenv("HWLOC_SYNTHETIC");
	setenv("HWLOC_XMLFILE", path, 1);
	assert_string_equal(machine_topology_variable(), "HWLOC_XMLFILE");
	assert_int_equal(count_cpus(), 21);
	unlink(path);
}

static void what_cannot_be_read_is_an_error_and_not_this_machine(void **state)
{
	char path[] = "/tmp/slabmark-topology-test-XXXXXX";
	int file = mkstemp(path);

	(void)state;
	assert_true(file >= 0);
	assert_int_equal(write(file, "<topology>", 10), 10);
	close(file);
	expect_refused("HWLOC_XMLFILE", "/nonexistent/machine.xml", "No such file");
	expect_refused("HWLOC_XMLFILE", path, "lstopo");
	expect_refused("HWLOC_XMLFILE", "/tmp", "lstopo");
	expect_refused("HWLOC_SYNTHETIC", "bad", "no description");
	expect_refused("HWLOC_SYNTHETIC", "node:0", "no description");
	expect_refused("HWLOC_FSROOT", "/nonexistent", "sys/devices/system/cpu");
	unlink(path);
}

static void a_file_of_a_newer_hwloc_is_said_to_be_one(void **state)
{
	static const char newer[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
				    "<!DOCTYPE topology SYSTEM \"hwloc2.dtd\">\n"
				    "<topology version=\"9.0\">\n</topology>\n";
	char path[] = "/tmp/slabmark-topology-test-XXXXXX";
	int file = mkstemp(path);

	(void)state;
	assert_true(file >= 0);
	assert_int_equal(write(file, newer, strlen(newer)), strlen(newer));
	close(file);
	expect_refused("HWLOC_XMLFILE", path, "hwloc 9 has written it");
	expect_refused("HWLOC_XMLFILE", path, "xml' is the one to write");
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(without_variables_it_is_this_machine, forget_variables),
		cmocka_unit_test_setup(a_description_or_a_file_takes_its_place, forget_variables),
		cmocka_unit_test_setup(
			what_cannot_be_read_is_an_error_and_not_this_machine, forget_variables),
		cmocka_unit_test_setup(a_file_of_a_newer_hwloc_is_said_to_be_one, forget_variables),
	};

	return cmocka_run_group_tests(tests, NULL, forget_variables);
}
