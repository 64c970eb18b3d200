// SPDX-License-Identifier: GPL-2.0-or-later
// Asks hwloc for kinds of CPUs, which it sorts from the most efficient to the fastest where it can
// tell. Entry: cpu_kind_choose().
#include "cpu_kind.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "results/text/memory.h"

enum { CPU_KIND_NONE = -1 };

// Where hwloc knows no kinds, or one, all CPUs are alike.
static int kinds_count(hwloc_topology_t topology)
{
	int count = hwloc_cpukinds_get_nr(topology, 0);

	return count > 0 ? count : 0;
}

// What hwloc calls the cores of a kind; NULL: nothing.
static const char *kind_name(hwloc_topology_t topology, unsigned number)
{
	struct hwloc_info_s *infos = NULL;
	unsigned count = 0;

	hwloc_cpukinds_get_info(topology, number, NULL, NULL, &count, &infos, 0);
	for (unsigned i = 0; i < count; i++)
		if (strcmp(infos[i].name, "CoreType") == 0)
			return infos[i].value;
	return NULL;
}

static hwloc_bitmap_t kind_cpus(hwloc_topology_t topology, unsigned number)
{
	hwloc_bitmap_t cpus = hwloc_bitmap_alloc();

	if (cpus)
		hwloc_cpukinds_get_info(topology, number, cpus, NULL, NULL, NULL, 0);
	return cpus;
}

void cpu_kind_describe(hwloc_topology_t topology, unsigned number, char *words, size_t words_size)
{
	hwloc_bitmap_t cpus = kind_cpus(topology, number);
	const char *name = kind_name(topology, number);
	char list[256] = "unknown";

	if (cpus)
		hwloc_bitmap_list_snprintf(list, sizeof(list), cpus);
	snprintf(words, words_size, "%s%skind %u of 0 to %d, CPUs %s", name ? name : "",
		name ? ", " : "", number, kinds_count(topology) - 1, list);
	hwloc_bitmap_free(cpus);
}

static bool kind_has_any_of(hwloc_topology_t topology, unsigned number, hwloc_const_bitmap_t cpus)
{
	hwloc_bitmap_t own = kind_cpus(topology, number);
	bool has = own && hwloc_bitmap_intersects(own, cpus);

	hwloc_bitmap_free(own);
	return has;
}

static int fastest_kind(hwloc_topology_t topology, hwloc_const_bitmap_t cpus)
{
	int number = kinds_count(topology) - 1;

	while (number >= 0 && !kind_has_any_of(topology, (unsigned)number, cpus))
		number--;
	return number;
}

static int find_kind(hwloc_topology_t topology, hwloc_const_bitmap_t cpus, const char *kind)
{
	if (!kind || strcmp(kind, "fastest") == 0)
		return fastest_kind(topology, cpus);
	for (int number = 0; number < kinds_count(topology); number++) {
		const char *name = kind_name(topology, (unsigned)number);
		char digits[16];

		snprintf(digits, sizeof(digits), "%d", number);
		if (strcmp(kind, digits) == 0 || (name && strcasecmp(kind, name) == 0))
			return number;
	}
	return CPU_KIND_NONE;
}

static bool no_such_kind(hwloc_topology_t topology, const char *kind, struct problem *problem)
{
	char all[1024] = "";
	size_t used = 0;

	for (int number = 0; number < kinds_count(topology) && used < sizeof(all) / 2; number++) {
		used += (size_t)snprintf(all + used, sizeof(all) - used, "%s", number ? "; " : "");
		cpu_kind_describe(topology, (unsigned)number, all + used, sizeof(all) / 4);
		used = strlen(all);
	}
	if (used == 0)
		snprintf(all, sizeof(all), "one kind, \"fastest\"");
	return problem_set(problem, EXIT_WRONG_USE,
		"no CPU that this process may use is of kind '%s'; this machine has %s", kind, all);
}

bool cpu_kind_choose(hwloc_topology_t topology, hwloc_bitmap_t cpus, const char *kind, char *words,
	size_t words_size, struct problem *problem)
{
	int number = find_kind(topology, cpus, kind);
	bool is_default = !kind || strcmp(kind, "fastest") == 0;
	hwloc_bitmap_t own;

	words[0] = '\0';
	if (number == CPU_KIND_NONE)
		return is_default || no_such_kind(topology, kind, problem);
	own = kind_cpus(topology, (unsigned)number);
	if (!own)
		return no_memory(problem, "the CPUs");
	if (hwloc_bitmap_intersects(cpus, own)) {
		hwloc_bitmap_and(cpus, cpus, own);
		if (kinds_count(topology) > 1)
			snprintf(words, words_size, "%s kind %d of 0 to %d",
				kind_name(topology, (unsigned)number)
					? kind_name(topology, (unsigned)number)
					: "CPU",
				number, kinds_count(topology) - 1);
		hwloc_bitmap_free(own);
		return true;
	}
	hwloc_bitmap_free(own);
	return no_such_kind(topology, kind, problem);
}
