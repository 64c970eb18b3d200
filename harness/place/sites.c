// SPDX-License-Identifier: GPL-2.0-or-later
// Lists the usable hardware threads, the preferred ones first: those with memory of their own, nodes
// in order, the last core of a node first, away from CPU 0 and its interrupts.
#include "sites.h"

#include <stdlib.h>

#include "cpu_kind.h"
#include "nodes.h"
#include "results/text/memory.h"

hwloc_bitmap_t sites_usable_cpus(hwloc_topology_t topology)
{
	hwloc_bitmap_t usable = hwloc_bitmap_dup(hwloc_topology_get_allowed_cpuset(topology));
	hwloc_bitmap_t bound = hwloc_bitmap_alloc();
	bool is_bound = bound && hwloc_topology_is_thissystem(topology) &&
			hwloc_get_cpubind(topology, bound, HWLOC_CPUBIND_THREAD) == 0;

	if (usable && is_bound)
		hwloc_bitmap_and(usable, usable, bound);
	hwloc_bitmap_free(bound);
	return usable;
}

static unsigned cache_of(hwloc_topology_t topology, hwloc_obj_t pu)
{
	unsigned cache = SITE_NONE;

	for (hwloc_obj_t object = pu->parent; object; object = object->parent) {
		bool is_shared = hwloc_obj_type_is_dcache(object->type) &&
				 hwloc_get_nbobjs_inside_cpuset_by_type(
					 topology, object->cpuset, HWLOC_OBJ_CORE) > 1;

		if (is_shared)
			cache = (unsigned)object->gp_index;
	}
	return cache;
}

static struct site site_of(const struct sites *sites, hwloc_obj_t pu)
{
	hwloc_obj_t core = hwloc_get_ancestor_obj_by_type(sites->topology, HWLOC_OBJ_CORE, pu);
	hwloc_obj_t home = nodes_home(sites->topology, pu);
	hwloc_obj_t nearest = nodes_nearest(sites->topology, pu);
	struct site site = {
		.cpu = pu->os_index,
		.node = nearest->os_index,
		.node_index = node_index(sites->topology, nearest),
		.home = home ? home->os_index : SITE_NONE,
		.core = core ? core->logical_index : SITE_NONE - pu->logical_index - 1,
		.cache = cache_of(sites->topology, pu),
	};

	while (site.rank < sites->count &&
		sites->rows[sites->count - 1 - site.rank].core == site.core)
		site.rank++;
	return site;
}

// Those with memory of their own first, nodes in order, the last core of each first, its hardware
// threads in order.
static int compare_sites(const void *left_site, const void *right_site)
{
	const struct site *left = left_site;
	const struct site *right = right_site;

	if (site_has_memory(left) != site_has_memory(right))
		return site_has_memory(left) ? -1 : 1;
	if (left->node != right->node)
		return left->node < right->node ? -1 : 1;
	if (left->core != right->core)
		return left->core > right->core ? -1 : 1;
	return left->rank < right->rank ? -1 : left->rank > right->rank;
}

static bool sites_fill(struct sites *sites, hwloc_const_bitmap_t usable, struct problem *problem)
{
	int pus = hwloc_get_nbobjs_by_type(sites->topology, HWLOC_OBJ_PU);

	sites->rows = calloc(pus > 0 ? pus : 1, sizeof(sites->rows[0]));
	if (!sites->rows)
		return no_memory(problem, "the CPUs");
	for (int i = 0; i < pus; i++) {
		hwloc_obj_t pu = hwloc_get_obj_by_type(sites->topology, HWLOC_OBJ_PU, i);

		if (!hwloc_bitmap_isset(usable, pu->os_index))
			continue;
		sites->rows[sites->count] = site_of(sites, pu);
		sites->count++;
	}
	qsort(sites->rows, sites->count, sizeof(sites->rows[0]), compare_sites);
	if (sites->count > 0)
		return true;
	sites_free(sites);
	return problem_set(
		problem, EXIT_NOT_MEASURED, "hwloc finds no CPU that this process may use");
}

bool sites_find(struct sites *sites, hwloc_topology_t topology, hwloc_const_bitmap_t usable,
	const char *kind, struct problem *problem)
{
	hwloc_bitmap_t chosen = hwloc_bitmap_dup(usable);
	bool is_good;

	*sites = (struct sites){.topology = topology};
	if (!chosen)
		return no_memory(problem, "the CPUs");
	is_good = nodes_have_memory(topology, problem) &&
		  cpu_kind_choose(
			  topology, chosen, kind, sites->kind, sizeof(sites->kind), problem) &&
		  sites_fill(sites, chosen, problem);
	hwloc_bitmap_free(chosen);
	return is_good;
}

void sites_free(struct sites *sites)
{
	free(sites->rows);
	*sites = (struct sites){.rows = NULL};
}

bool site_stands_for_node(const struct sites *sites, size_t index)
{
	const struct site *site = &sites->rows[index];

	return site_has_memory(site) && (index == 0 || site[-1].node != site->node);
}
