// SPDX-License-Identifier: GPL-2.0-or-later
// Reads lists of CPUs. Entry: cpu_list_choose(). libhwloc has no reader of hwloc-calc's locations;
// types and sets are read by its functions all the same.
#include "cpu_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/text/memory.h"

enum { LOCATION_SIZE = 256, CPU_NUMBER_END = 65536 };

static bool refuse(const char *location, const char *what, struct problem *problem)
{
	return problem_set(problem, EXIT_WRONG_USE,
		"'%s' is no list of CPUs: %s; right are \"0-3,8\", \"node:0.core:0-3\", "
		"\"0x0f\", \"all\"",
		location, what);
}

// ---- indices

// Which objects of a level: first, first + step … up to last.
struct indices {
	unsigned first;
	unsigned last; // UINT_MAX: to the end
	unsigned step;
};

static bool indices_read(const char *text, struct indices *indices)
{
	char *end;

	*indices = (struct indices){0, ~0u, 1};
	if (strcmp(text, "all") == 0)
		return true;
	if (strcmp(text, "odd") == 0 || strcmp(text, "even") == 0) {
		indices->first = text[0] == 'o';
		indices->step = 2;
		return true;
	}
	if (text[0] < '0' || text[0] > '9')
		return false;
	indices->first = indices->last = (unsigned)strtoul(text, &end, 10);
	if (*end == '\0')
		return true;
	if (*end++ != '-')
		return false;
	indices->last = ~0u;
	if (*end == '\0')
		return true;
	if (*end < '0' || *end > '9')
		return false;
	indices->last = (unsigned)strtoul(end, &end, 10);
	return *end == '\0' && indices->last >= indices->first;
}

// ---- hwloc's locations

// The level of a type's name. "node" is hwloc-calc's word for a NUMA node.
static bool level_read(hwloc_topology_t topology, const char *name, int *depth)
{
	hwloc_obj_type_t type;

	if (hwloc_type_sscanf(name, &type, NULL, 0) < 0)
		return false;
	*depth = hwloc_get_type_depth(topology, type);
	return *depth != HWLOC_TYPE_DEPTH_UNKNOWN && *depth != HWLOC_TYPE_DEPTH_MULTIPLE;
}

// Narrows `cpus` to the objects of one step, "core:0-3".
static bool step_take(hwloc_topology_t topology, char *step, hwloc_bitmap_t cpus)
{
	char *colon = strchr(step, ':');
	hwloc_bitmap_t found = hwloc_bitmap_alloc();
	struct indices indices;
	bool is_good;
	int depth;

	if (colon)
		*colon = '\0';
	is_good = found && colon && level_read(topology, step, &depth) &&
		  indices_read(colon + 1, &indices);
	for (unsigned i = is_good ? indices.first : 1; is_good && i <= indices.last;
		i += indices.step) {
		hwloc_obj_t object = hwloc_get_obj_inside_cpuset_by_depth(topology, cpus, depth, i);

		if (!object && indices.last != ~0u)
			is_good = false;
		if (!object)
			break;
		hwloc_bitmap_or(found, found, object->cpuset);
	}
	if (is_good)
		hwloc_bitmap_copy(cpus, found);
	hwloc_bitmap_free(found);
	return is_good && !hwloc_bitmap_iszero(cpus);
}

static bool location_take(hwloc_topology_t topology, const char *location, hwloc_bitmap_t cpus)
{
	char steps[LOCATION_SIZE];
	char *rest = NULL;
	char *step;

	snprintf(steps, sizeof(steps), "%s", location);
	hwloc_bitmap_copy(cpus, hwloc_topology_get_topology_cpuset(topology));
	for (step = strtok_r(steps, ".", &rest); step; step = strtok_r(NULL, ".", &rest))
		if (!step_take(topology, step, cpus))
			return false;
	return true;
}

// ---- numbers

// "0-3,8": hwloc's own reader takes more than that for a list.
static bool numbers_read(const char *text, hwloc_bitmap_t cpus)
{
	hwloc_bitmap_zero(cpus);
	for (const char *at = text;; at++) {
		char range[32];
		size_t length = strcspn(at, ",");
		struct indices indices;

		if (length >= sizeof(range))
			return false;
		memcpy(range, at, length);
		range[length] = '\0';
		if (range[0] < '0' || range[0] > '9' || !indices_read(range, &indices) ||
			indices.last >= CPU_NUMBER_END)
			return false;
		hwloc_bitmap_set_range(cpus, indices.first, (int)indices.last);
		at += length;
		if (*at == '\0')
			return true;
	}
}

// The n-th usable CPUs become their numbers.
static bool relative_take(hwloc_const_bitmap_t usable, const char *text, hwloc_bitmap_t cpus)
{
	hwloc_bitmap_t places = hwloc_bitmap_alloc();
	bool is_good = places && numbers_read(text, places);
	int place = 0;

	hwloc_bitmap_zero(cpus);
	for (int cpu = hwloc_bitmap_first(usable); is_good && cpu >= 0;
		cpu = hwloc_bitmap_next(usable, cpu))
		if (hwloc_bitmap_isset(places, (unsigned)place++))
			hwloc_bitmap_set(cpus, (unsigned)cpu);
	is_good = is_good && hwloc_bitmap_last(places) < place;
	hwloc_bitmap_free(places);
	return is_good;
}

static bool others_take(hwloc_const_bitmap_t usable, const char *text, hwloc_bitmap_t cpus)
{
	bool is_good = numbers_read(text, cpus);

	hwloc_bitmap_andnot(cpus, usable, cpus);
	return is_good;
}

// ---- a list

static bool one_take(hwloc_topology_t topology, hwloc_const_bitmap_t usable, const char *location,
	hwloc_bitmap_t cpus)
{
	if (strcmp(location, "all") == 0)
		return hwloc_bitmap_copy(cpus, usable) == 0;
	if (location[0] == '+')
		return relative_take(usable, location + 1, cpus);
	if (location[0] == '!')
		return others_take(usable, location + 1, cpus);
	if (strncmp(location, "0x", 2) == 0)
		return location[2 + strspn(location + 2, "0123456789abcdefABCDEFx,")] == '\0' &&
		       hwloc_bitmap_sscanf(cpus, location) == 0;
	if (strchr(location, ':'))
		return location_take(topology, location, cpus);
	return numbers_read(location, cpus);
}

static bool all_take(hwloc_topology_t topology, hwloc_const_bitmap_t usable, char *text,
	hwloc_bitmap_t chosen, struct problem *problem)
{
	hwloc_bitmap_t cpus = hwloc_bitmap_alloc();
	bool is_good = cpus != NULL;
	char *rest = NULL;

	for (char *location = strtok_r(text, " ", &rest); is_good && location;
		location = strtok_r(NULL, " ", &rest)) {
		bool is_less = location[0] == '~';

		is_good = strlen(location) < LOCATION_SIZE &&
			  one_take(topology, usable, location + is_less, cpus);
		if (!is_good)
			refuse(location, "it cannot be read, or this machine has no such CPUs",
				problem);
		else if (is_less)
			hwloc_bitmap_andnot(chosen, chosen, cpus);
		else
			hwloc_bitmap_or(chosen, chosen, cpus);
	}
	hwloc_bitmap_free(cpus);
	return is_good;
}

static bool check_usable(hwloc_const_bitmap_t usable, hwloc_bitmap_t chosen, const char *text,
	struct problem *problem)
{
	char list[256];
	int forbidden;

	if (hwloc_bitmap_iszero(chosen))
		return refuse(text, "nothing is left", problem);
	if (hwloc_bitmap_isincluded(chosen, usable))
		return true;
	hwloc_bitmap_list_snprintf(list, sizeof(list), usable);
	hwloc_bitmap_andnot(chosen, chosen, usable);
	forbidden = hwloc_bitmap_first(chosen);
	return problem_set(problem, EXIT_WRONG_USE,
		"'%s' holds CPU %d, which this process may not use, or which is not there; it may "
		"use %s",
		text, forbidden, list);
}

bool cpu_list_choose(
	hwloc_topology_t topology, hwloc_bitmap_t usable, const char *text, struct problem *problem)
{
	hwloc_bitmap_t chosen = hwloc_bitmap_alloc();
	char *locations = strdup(text);
	bool is_good;

	if (!chosen || !locations) {
		hwloc_bitmap_free(chosen);
		free(locations);
		return no_memory(problem, "the CPUs");
	}
	is_good = all_take(topology, usable, locations, chosen, problem) &&
		  check_usable(usable, chosen, text, problem);
	if (is_good)
		hwloc_bitmap_copy(usable, chosen);
	hwloc_bitmap_free(chosen);
	free(locations);
	return is_good;
}
