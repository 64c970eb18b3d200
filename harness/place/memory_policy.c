// SPDX-License-Identifier: GPL-2.0-or-later
// Reads a memory policy. Who carries it out is binding.c, and the allocator for what it hands out.
#include "memory_policy.h"

#include <stdio.h>
#include <string.h>

#include "nodes.h"
#include "results/text/memory.h"
#include "results/text/nearest.h"

static const char *const kinds[] = {
	[MEMORY_BIND] = "bind",
	[MEMORY_LOCAL] = "local",
	[MEMORY_INTERLEAVE] = "interleave",
	[MEMORY_PREFERRED] = "preferred",
};

enum { KINDS_COUNT = sizeof(kinds) / sizeof(kinds[0]), OFFER_SIZE = 256 };

void memory_policy_free(struct memory_policy *policy)
{
	hwloc_bitmap_free(policy->nodes);
	policy->nodes = NULL;
}

static hwloc_bitmap_t usable_nodes(hwloc_topology_t topology)
{
	hwloc_bitmap_t nodes = hwloc_bitmap_alloc();
	hwloc_obj_t node = NULL;

	while (nodes && (node = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_NUMANODE, node)))
		if (node_is_usable(topology, node))
			hwloc_bitmap_set(nodes, node->os_index);
	return nodes;
}

static bool kind_read(struct memory_policy *policy, const char *text, struct problem *problem)
{
	char word[32];
	char offer[OFFER_SIZE];

	snprintf(word, sizeof(word), "%.*s", (int)strcspn(text, ":"), text);
	for (size_t i = 0; i < KINDS_COUNT; i++) {
		if (strcmp(kinds[i], word) != 0)
			continue;
		policy->kind = (enum memory_kind)i;
		return true;
	}
	return problem_set(problem, EXIT_WRONG_USE, "--slabmark_memory: unknown policy '%s'; %s",
		word, nearest_offer(offer, sizeof(offer), word, kinds, KINDS_COUNT));
}

static bool is_list(const char *text)
{
	return *text != '\0' && strspn(text, "0123456789,-") == strlen(text);
}

static bool nodes_read(struct memory_policy *policy, const char *text, const char *list,
	hwloc_topology_t topology, struct problem *problem)
{
	hwloc_bitmap_t usable = usable_nodes(topology);
	char *names = NULL;
	bool is_good = false;

	policy->nodes = hwloc_bitmap_alloc();
	if (!usable || !policy->nodes)
		no_memory(problem, "the nodes");
	else if (policy->kind == MEMORY_LOCAL)
		problem_set(problem, EXIT_WRONG_USE,
			"--slabmark_memory=%s: local takes no nodes; it is where the thread runs",
			text);
	else if (!is_list(list) || hwloc_bitmap_list_sscanf(policy->nodes, list) != 0)
		problem_set(problem, EXIT_WRONG_USE,
			"--slabmark_memory=%s: '%s' is no list of nodes; right are \"0\", "
			"\"0-1,3\"",
			text, list);
	else if (!hwloc_bitmap_isincluded(policy->nodes, usable) &&
		 hwloc_bitmap_list_asprintf(&names, usable) >= 0)
		problem_set(problem, EXIT_WRONG_USE,
			"--slabmark_memory=%s: this process may use the memory of node%s %s alone",
			text, hwloc_bitmap_weight(usable) == 1 ? "" : "s", names);
	else if (policy->kind == MEMORY_PREFERRED && hwloc_bitmap_weight(policy->nodes) != 1)
		problem_set(problem, EXIT_WRONG_USE,
			"--slabmark_memory=%s: preferred takes one node", text);
	else
		is_good = true;
	free(names);
	hwloc_bitmap_free(usable);
	return is_good;
}

bool memory_policy_read(struct memory_policy *policy, const char *text, hwloc_topology_t topology,
	struct problem *problem)
{
	*policy = (struct memory_policy){.kind = MEMORY_BIND};
	if (!text)
		return true;
	const char *list = strchr(text, ':');
	if (!kind_read(policy, text, problem) ||
		(list && !nodes_read(policy, text, list + 1, topology, problem)))
		return false;
	if (!list && policy->kind == MEMORY_INTERLEAVE) {
		policy->nodes = usable_nodes(topology);
		if (!policy->nodes)
			return no_memory(problem, "the nodes");
	}
	if (list)
		snprintf(
			policy->name, sizeof(policy->name), "%s=%s", kinds[policy->kind], list + 1);
	else if (policy->kind != MEMORY_BIND)
		snprintf(policy->name, sizeof(policy->name), "%s", kinds[policy->kind]);
	return true;
}

bool memory_policy_allows(const struct memory_policy *policy, unsigned node, unsigned page_node)
{
	if (policy->kind == MEMORY_PREFERRED)
		return true;
	return policy->nodes ? hwloc_bitmap_isset(policy->nodes, page_node) : page_node == node;
}
