// SPDX-License-Identifier: GPL-2.0-or-later
// What of the memory makes figures noisy: sizes of pages, pages that move, nodes without memory.
#include "look.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/place/nodes.h"

void look_thp(const struct machine *machine, struct finding *finding)
{
	char thp[MACHINE_FACT_SIZE];

	fact_read(machine, "thp", thp);
	if (strcmp(thp, "always") == 0) {
		found(finding, FINDING_BAD,
			"always: which memory gets large pages, and when, is luck");
		advise(finding, "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled");
	} else {
		found(finding, is_unknown(thp) ? FINDING_NOTE : FINDING_GOOD, "%.200s", thp);
	}
}

static int nodes_count(const struct machine *machine)
{
	return hwloc_get_nbobjs_by_type(machine->topology, HWLOC_OBJ_NUMANODE);
}

void look_numa_balancing(const struct machine *machine, struct finding *finding)
{
	char balancing[MACHINE_FACT_SIZE];

	fact_read(machine, "numa_balancing", balancing);
	if (is_unknown(balancing) || strcmp(balancing, "0") == 0) {
		found(finding, FINDING_GOOD, "off");
	} else if (nodes_count(machine) < 2) {
		found(finding, FINDING_GOOD, "on, with one node to balance");
	} else {
		found(finding, FINDING_BAD,
			"on: pages move between nodes, and are unmapped to see "
			"who uses them");
		advise(finding, "sysctl kernel.numa_balancing=0");
	}
}

void look_aslr(const struct machine *machine, struct finding *finding)
{
	long value;

	if (!number_read(machine, "/proc/sys/kernel/randomize_va_space", &value)) {
		found(finding, FINDING_NOTE, "not to be seen");
	} else if (value == 2) {
		found(finding, FINDING_GOOD, "on: processes differ in layout, as they should");
	} else {
		found(finding, FINDING_BAD,
			"%ld: all processes share one layout, and its luck is in every figure",
			value);
		advise(finding, "sysctl kernel.randomize_va_space=2");
	}
}

// Usable CPUs whose own node has no memory, or has none that may be used.
static void cpus_without_memory(const struct machine *machine, hwloc_bitmap_t cpus)
{
	hwloc_obj_t pu = NULL;

	while ((pu = hwloc_get_next_obj_by_type(machine->topology, HWLOC_OBJ_PU, pu))) {
		hwloc_obj_t home = nodes_home(machine->topology, pu);

		if (hwloc_bitmap_isset(machine->usable, pu->os_index) &&
			!(home && node_is_usable(machine->topology, home)))
			hwloc_bitmap_set(cpus, pu->os_index);
	}
}

void look_nodes(const struct machine *machine, struct finding *finding)
{
	hwloc_bitmap_t cpus = hwloc_bitmap_alloc();
	hwloc_bitmap_t forbidden =
		hwloc_bitmap_dup(hwloc_topology_get_topology_nodeset(machine->topology));
	char cpus_list[128] = "";
	char nodes_list[128] = "";

	if (cpus && forbidden) {
		cpus_without_memory(machine, cpus);
		hwloc_bitmap_andnot(forbidden, forbidden,
			hwloc_topology_get_allowed_nodeset(machine->topology));
		list_write(cpus, cpus_list, sizeof(cpus_list));
		list_write(forbidden, nodes_list, sizeof(nodes_list));
	}
	hwloc_bitmap_free(cpus);
	hwloc_bitmap_free(forbidden);
	if (cpus_list[0] == '\0' && nodes_list[0] == '\0') {
		found(finding, FINDING_GOOD, "every usable CPU has memory of its own node");
		return;
	}
	found(finding, FINDING_NOTE, "%s%s%s%s%s",
		cpus_list[0] ? "no memory of their own node for CPUs " : "", cpus_list,
		cpus_list[0] && nodes_list[0] ? "; " : "",
		nodes_list[0] ? "the cpuset forbids the memory of nodes " : "", nodes_list);
	if (nodes_list[0])
		advise(finding, "add these nodes to the cpuset's cpuset.mems");
}

// A value of /proc/meminfo in KiB; negative where it is not there.
static long meminfo(const struct machine *machine, const char *key)
{
	char line[LINE_SIZE];
	size_t length = strlen(key);
	long value = -1;

	snprintf(line, sizeof(line), "%s/proc/meminfo", machine->root);
	FILE *file = fopen(line, "re");
	while (file && value < 0 && fgets(line, sizeof(line), file))
		if (strncmp(line, key, length) == 0 && line[length] == ':')
			value = strtol(line + length + 1, NULL, 10);
	if (file)
		(void)fclose(file);
	return value;
}

void look_swap(const struct machine *machine, struct finding *finding)
{
	long total = meminfo(machine, "SwapTotal");
	long used = total - meminfo(machine, "SwapFree");

	if (total < 0) {
		found(finding, FINDING_NOTE, "not to be seen");
	} else if (total == 0) {
		found(finding, FINDING_GOOD, "none");
	} else {
		found(finding, used > 0 ? FINDING_BAD : FINDING_NOTE, "%ld MiB, %ld MiB of it used",
			total / 1024, used / 1024);
		advise(finding, "swapoff -a");
	}
}

void look_huge_pages(const struct machine *machine, struct finding *finding)
{
	long total = meminfo(machine, "HugePages_Total");

	if (total < 0) {
		found(finding, FINDING_NOTE, "not to be seen");
	} else if (total == 0) {
		found(finding, FINDING_NOTE, "none is reserved: backing=hugetlb gets none");
		advise(finding, "sysctl vm.nr_hugepages=NUMBER, where backing=hugetlb is to be "
				"measured");
	} else {
		found(finding, FINDING_GOOD, "%ld reserved, %ld free", total,
			meminfo(machine, "HugePages_Free"));
	}
}

void look_merging(const struct machine *machine, struct finding *finding)
{
	long value;

	if (!number_read(machine, "/sys/kernel/mm/ksm/run", &value)) {
		found(finding, FINDING_GOOD, "the kernel has none");
	} else if (value == 1) {
		found(finding, FINDING_BAD, "on: the kernel reads memory to find equal pages");
		advise(finding, "echo 0 > /sys/kernel/mm/ksm/run");
	} else {
		found(finding, FINDING_GOOD, "off");
	}
}
