// SPDX-License-Identifier: GPL-2.0-or-later
// Looks at pages. What the kernel does not tell is no violation.
#include "page_check.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "page_nodes.h"

bool page_check_fresh(const struct memory_policy *policy, const struct site *site, char *reason,
	size_t reason_size)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	char *page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return true; // memory has run out, which others will say
	*(volatile char *)page = 1;
	int node = page_node(page);
	munmap(page, size);
	if (node < 0 || memory_policy_allows(policy, site->node, (unsigned)node))
		return true;
	snprintf(reason, reason_size,
		"a page of the thread on CPU %u lies on node %d, which its memory policy (%s) "
		"forbids",
		site->cpu, node, policy->name[0] != '\0' ? policy->name : "bind");
	return false;
}

// Whether any thread of the placement may have made a page on this node.
static bool is_allowed(
	const struct memory_policy *policy, const struct placement *placement, unsigned node)
{
	if (policy->kind == MEMORY_PREFERRED || policy->nodes)
		return memory_policy_allows(policy, node, node);
	return hwloc_bitmap_isset(placement->nodes, node);
}

bool page_check_objects(const struct memory_policy *policy, const struct placement *placement,
	void *const *objects, size_t count, char *reason, size_t reason_size)
{
	int before = -1; // most objects lie on one node, which is looked up once

	for (size_t i = 0; i < count; i++) {
		int node = page_node(objects[i]);

		if (node < 0 || node == before || is_allowed(policy, placement, (unsigned)node)) {
			before = node;
			continue;
		}
		snprintf(reason, reason_size,
			"an object's page lies on node %d, and no thread's memory may", node);
		return false;
	}
	return true;
}
