// SPDX-License-Identifier: GPL-2.0-or-later
// From relations to CPUs. The list of usable hardware threads has the preferred ones first (those
// with memory of their own, nodes in order, the last core of a node first, away from CPU 0 and its
// interrupts). The first pair in that order that has the relation is taken, so that each call finds
// a pair if there is one, and the same.
//
// Example, two nodes of two cores with two hardware threads each (c0: 0,1; c1: 2,3 | c2: 4,5; c3:
// 6,7): alone is 2; smt-sibling 2 and 3; same-node 2 and 0; node-near 2 and 6.
#include "placement.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cpu_kind.h"
#include "nodes.h"
#include "results/text/memory.h"

hwloc_bitmap_t placement_usable_cpus(hwloc_topology_t topology)
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
	struct site site = {
		.cpu = pu->os_index,
		.node = nodes_nearest(sites->topology, pu)->os_index,
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

// ---- how far two nodes are

// The first site of a node that has memory stands for it.
static bool stands_for_node(const struct sites *sites, size_t i)
{
	const struct site *site = &sites->rows[i];

	return site_has_memory(site) && (i == 0 || site[-1].node != site->node);
}

// The least and the greatest distance between two nodes that both have usable CPUs. False: there is
// only one such node.
static bool distance_range(const struct sites *sites, uint64_t *least, uint64_t *greatest)
{
	*least = UINT64_MAX;
	*greatest = 0;
	for (size_t i = 0; i < sites->count; i++) {
		if (!stands_for_node(sites, i))
			continue;
		for (size_t j = i + 1; j < sites->count; j++) {
			uint64_t distance;

			if (!stands_for_node(sites, j))
				continue;
			distance = nodes_distance(
				sites->topology, sites->rows[i].node, sites->rows[j].node);
			*least = distance < *least ? distance : *least;
			*greatest = distance > *greatest ? distance : *greatest;
		}
	}
	return *least != UINT64_MAX;
}

// ---- pairs

// What a pair must be. Where two wishes are given, the second is what will do.
enum wish {
	WISH_SAME_CPU,
	WISH_SIBLING,
	WISH_SHARED_CACHE,
	WISH_NODE_WITHOUT_CACHE,
	WISH_NODE,
	WISH_OTHER_NODE,
};

static bool pair_is(const struct sites *sites, const struct site *first, const struct site *second,
	enum wish wish, uint64_t distance)
{
	bool is_same_memory = first->node == second->node;
	bool is_same_node = first->home == second->home && first->home != SITE_NONE;
	bool are_nodes = site_has_memory(first) && site_has_memory(second);
	bool is_same_cache = first->cache == second->cache && first->cache != SITE_NONE;

	if (wish == WISH_SAME_CPU)
		return first->cpu == second->cpu;
	if (wish == WISH_SIBLING)
		return first->core == second->core && first->cpu != second->cpu;
	// All others are pairs of cores: one hardware thread stands for each.
	if (first->core == second->core || first->rank != 0 || second->rank != 0)
		return false;
	switch (wish) {
	case WISH_SHARED_CACHE:
		return is_same_memory && is_same_cache;
	case WISH_NODE_WITHOUT_CACHE:
		return is_same_node && !is_same_cache;
	case WISH_NODE:
		return is_same_node;
	default:
		return are_nodes && !is_same_node &&
		       nodes_distance(sites->topology, first->node, second->node) == distance;
	}
}

static bool choose_pair(
	struct placement *placement, const struct sites *sites, enum wish wish, uint64_t distance)
{
	for (size_t i = 0; i < sites->count; i++) {
		const struct site *first = &sites->rows[i];

		for (size_t j = 0; j < sites->count; j++) {
			const struct site *second = &sites->rows[j];

			if (!pair_is(sites, first, second, wish, distance))
				continue;
			placement->threads_count = 2;
			placement->threads[0] = *first;
			placement->threads[1] = *second;
			return true;
		}
	}
	return false;
}

static bool lacks(const struct sites *sites, char *reason, size_t reason_size, const char *what)
{
	if (sites->count == 1)
		snprintf(reason, reason_size, "needs %s; this process may use CPU %u only", what,
			sites->rows[0].cpu);
	else
		snprintf(reason, reason_size,
			"needs %s; the %zu CPUs that this process may use have none", what,
			sites->count);
	return false;
}

static bool choose_nodes(
	struct placement *placement, const struct sites *sites, char *reason, size_t reason_size)
{
	uint64_t least = 0;
	uint64_t greatest = 0;

	if (!distance_range(sites, &least, &greatest))
		return lacks(sites, reason, reason_size, "CPUs of two nodes");
	if (placement->relation == RELATION_NODE_NEAR)
		return choose_pair(placement, sites, WISH_OTHER_NODE, least) ||
		       lacks(sites, reason, reason_size, "CPUs of two nodes");
	if (least < greatest)
		return choose_pair(placement, sites, WISH_OTHER_NODE, greatest) ||
		       lacks(sites, reason, reason_size, "CPUs of two nodes");
	snprintf(reason, reason_size, "every two nodes are equally far: node-near says it all");
	return false;
}

bool placement_choose(struct placement *placement, const struct sites *sites,
	enum relation relation, char *reason, size_t reason_size)
{
	*placement = (struct placement){.relation = relation, .threads_count = 1};
	switch (relation) {
	case RELATION_ALONE:
		placement->threads[0] = sites->rows[0];
		return true;
	case RELATION_SAME_CPU:
		return choose_pair(placement, sites, WISH_SAME_CPU, 0);
	case RELATION_SMT_SIBLING:
		return choose_pair(placement, sites, WISH_SIBLING, 0) ||
		       lacks(sites, reason, reason_size, "two hardware threads of one core");
	case RELATION_SAME_CACHE:
		return choose_pair(placement, sites, WISH_SHARED_CACHE, 0) ||
		       lacks(sites, reason, reason_size, "two cores behind one shared cache");
	case RELATION_SAME_NODE:
		return choose_pair(placement, sites, WISH_NODE_WITHOUT_CACHE, 0) ||
		       choose_pair(placement, sites, WISH_NODE, 0) ||
		       lacks(sites, reason, reason_size, "two cores of one node");
	default:
		return choose_nodes(placement, sites, reason, reason_size);
	}
}

// ---- binding

static bool bind_cpu(
	hwloc_topology_t topology, const struct site *site, char *reason, size_t reason_size)
{
	hwloc_bitmap_t set = hwloc_bitmap_alloc();
	bool is_bound =
		set && hwloc_bitmap_only(set, site->cpu) == 0 &&
		hwloc_set_cpubind(topology, set, HWLOC_CPUBIND_THREAD | HWLOC_CPUBIND_STRICT) == 0;

	if (!is_bound)
		snprintf(reason, reason_size, "a thread can't be bound to CPU %u: %s", site->cpu,
			strerror(errno));
	hwloc_bitmap_free(set);
	return is_bound;
}

static bool bind_memory(
	hwloc_topology_t topology, const struct site *site, char *reason, size_t reason_size)
{
	hwloc_bitmap_t set = hwloc_bitmap_alloc();
	bool is_bound =
		set && hwloc_bitmap_only(set, site->node) == 0 &&
		hwloc_set_membind(topology, set, HWLOC_MEMBIND_BIND,
			HWLOC_MEMBIND_THREAD | HWLOC_MEMBIND_STRICT | HWLOC_MEMBIND_BYNODESET) == 0;

	if (!is_bound)
		snprintf(reason, reason_size, "a thread's memory can't be bound to node %u: %s",
			site->node, strerror(errno));
	hwloc_bitmap_free(set);
	return is_bound;
}

bool placement_check(
	hwloc_topology_t topology, const struct site *site, char *reason, size_t reason_size)
{
	int cpu = hwloc_topology_is_thissystem(topology) ? sched_getcpu() : (int)site->cpu;

	if (cpu == (int)site->cpu)
		return true;
	snprintf(reason, reason_size, "a thread bound to CPU %u runs on CPU %d", site->cpu, cpu);
	return false;
}

bool placement_bind(
	hwloc_topology_t topology, const struct site *site, char *reason, size_t reason_size)
{
	if (!hwloc_topology_is_thissystem(topology))
		return true;
	if (!bind_cpu(topology, site, reason, reason_size))
		return false;
	if (hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_NUMANODE) > 1 &&
		!bind_memory(topology, site, reason, reason_size))
		return false;
	return placement_check(topology, site, reason, reason_size);
}

void placement_unbind(hwloc_topology_t topology, hwloc_const_bitmap_t usable)
{
	if (!hwloc_topology_is_thissystem(topology))
		return;
	hwloc_set_cpubind(topology, usable, HWLOC_CPUBIND_THREAD);
	if (hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_NUMANODE) > 1)
		hwloc_set_membind(topology, hwloc_topology_get_topology_nodeset(topology),
			HWLOC_MEMBIND_DEFAULT, HWLOC_MEMBIND_THREAD | HWLOC_MEMBIND_BYNODESET);
}
