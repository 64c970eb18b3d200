// SPDX-License-Identifier: GPL-2.0-or-later
// Tries every placement on this machine. Entry: measured_placements().
#include "placement_list.h"

#include <stdlib.h>
#include <string.h>

#include "harness/place/topology.h"

enum { THREADS_USUAL = 2, REASON_SIZE = 256 };

// Numbers that only tell whether two CPUs share something; null: there is no such thing.
static json_t *shared_number(unsigned number)
{
	return number == SITE_NONE ? json_null() : json_integer(number);
}

static int compare_places(const void *left_site, const void *right_site)
{
	const struct site *left = left_site;
	const struct site *right = right_site;

	if (left->node != right->node)
		return left->node < right->node ? -1 : 1;
	if (left->core != right->core)
		return left->core < right->core ? -1 : 1;
	return left->rank < right->rank ? -1 : left->rank > right->rank;
}

// In the order of a map: node by node, core by core.
static json_t *describe_cpus(const struct sites *sites)
{
	struct site *ordered = calloc(sites->count, sizeof(*ordered));
	json_t *rows = json_array();

	if (ordered)
		memcpy(ordered, sites->rows, sites->count * sizeof(*ordered));
	if (ordered)
		qsort(ordered, sites->count, sizeof(*ordered), compare_places);
	for (size_t i = 0; ordered && i < sites->count; i++) {
		const struct site *site = &ordered[i];

		json_array_append_new(rows,
			json_pack("{si si si so}", "cpu", (int)site->cpu, "node", (int)site->node,
				"core", (int)site->core, "cache", shared_number(site->cache)));
	}
	free(ordered);
	return rows;
}

static json_t *describe_found(const char *name, const struct placement *placement)
{
	json_t *cpus = json_array();
	json_t *nodes = json_array();

	for (unsigned i = 0; i < placement->threads_count; i++) {
		json_array_append_new(cpus, json_integer(placement->threads[i].cpu));
		json_array_append_new(nodes, json_integer(placement->threads[i].node));
	}
	return json_pack("{ss so so}", "name", name, "cpus", cpus, "nodes", nodes);
}

static json_t *describe_relation(
	const struct measured_process *process, enum relation relation, unsigned threads)
{
	const struct placement_request request = {
		.relation = relation, .counts = &threads, .roles_count = 1};
	struct placement placement;
	char reason[REASON_SIZE];
	json_t *row;

	row = placement_choose(&placement, &process->sites, &request, reason, sizeof(reason))
		      ? describe_found(relation_name(relation), &placement)
		      : json_pack("{ss ss}", "name", relation_name(relation), "reason", reason);
	placement_free(&placement);
	return row;
}

// The nodes that have CPUs and memory; the matrix is of each ordered pair of them.
static json_t *describe_matrix(const struct sites *sites)
{
	json_t *nodes = json_array();

	for (size_t i = 0; i < sites->count; i++)
		if (site_stands_for_node(sites, i))
			json_array_append_new(nodes, json_integer(sites->rows[i].node));
	return json_pack("{ss so}", "name", relation_name(RELATION_MATRIX), "nodes", nodes);
}

json_t *measured_placements(const struct measured_process *process)
{
	unsigned threads =
		process->threads.count > 0 ? (unsigned)process->threads.values[0] : THREADS_USUAL;
	json_t *rows = json_array();

	for (enum relation relation = RELATION_SAME_CPU; relation < RELATION_MATRIX; relation++)
		json_array_append_new(rows, describe_relation(process, relation, threads));
	json_array_append_new(rows, describe_matrix(&process->sites));
	return json_pack("{si ss* so so}", "threads", (int)threads, "simulated",
		machine_topology_variable(), "cpus", describe_cpus(&process->sites), "placements",
		rows);
}
