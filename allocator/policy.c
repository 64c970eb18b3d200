// SPDX-License-Identifier: GPL-2.0-or-later
// A thread's memory policy, in user space: set_mempolicy(2) itself speaks of pages, and a slab's
// pages are its cache's, so the allocator asks here, object by object, as the kernel's does. Also
// the spreading of SLAB_MEM_SPREAD caches.
#include "policy.h"

#include <errno.h>

#include "bootstrap.h"
#include "host/topology.h"
#include "nonshared/copy.h"

__thread bool policy_is_set;
static __thread struct policy policy __attribute__((tls_model("initial-exec")));

struct policy policy_now(void)
{
	return policy;
}

static bool is_member(unsigned node)
{
	return (policy.nodes >> node) & 1;
}

static unsigned interleave_node(void)
{
	unsigned node = policy.next;

	while (!is_member(node))
		node = (node + 1) % topology.nr_nodes;
	policy.next = (node + 1) % topology.nr_nodes;
	return node;
}

static unsigned first_bound_node(unsigned cpu_node)
{
	for (unsigned i = 0; i < topology.nr_nodes; i++)
		if (is_member(topology.zonelist[cpu_node][i]))
			return topology.zonelist[cpu_node][i];
	return cpu_node;
}

static int mempolicy_node(unsigned cpu_node)
{
	switch (policy.mode) {
	case SLAB_MPOL_PREFERRED:
		return __builtin_ctzl(policy.nodes);
	case SLAB_MPOL_BIND:
		return (int)first_bound_node(cpu_node);
	case SLAB_MPOL_INTERLEAVE:
		return (int)interleave_node();
	default:
		return POLICY_NONE;
	}
}

int policy_node(const struct kmem_cache *cache, unsigned cpu_node)
{
	if (policy.is_spreading && (cache->flags & SLAB_MEM_SPREAD)) {
		unsigned node = policy.spread_next % topology.nr_nodes;

		policy.spread_next = node + 1;
		return (int)node;
	}
	return mempolicy_node(cpu_node);
}

unsigned policy_fallback_node(unsigned cpu_node)
{
	int node = mempolicy_node(cpu_node);

	return node == POLICY_NONE ? cpu_node : (unsigned)node;
}

// From now on somebody may have a policy.
static void gates_close(struct slab_gates *gates)
{
	__atomic_store_n(&gates->has_policies, true, __ATOMIC_SEQ_CST);
	__atomic_store_n(&gates->kmalloc_limit, 0, __ATOMIC_RELAXED);
}

static void policy_changed(void)
{
	policy_is_set = policy.mode != SLAB_MPOL_DEFAULT || policy.is_spreading;
	if (!policy_is_set)
		return;
	gates_close(&slab_gates);
	for_each_fast_copy(copy)
		gates_close(copy->gates);
}

int slab_set_mempolicy(enum slab_mempolicy mode, unsigned long nodes)
{
	unsigned long known;

	if (!slab_start())
		return -errno;
	known = topology.nr_nodes < 64 ? (1UL << topology.nr_nodes) - 1 : ~0UL;
	if (mode > SLAB_MPOL_INTERLEAVE || (nodes & ~known) ||
		(mode == SLAB_MPOL_DEFAULT) != (nodes == 0))
		return -EINVAL;
	if (mode == SLAB_MPOL_PREFERRED && (nodes & (nodes - 1)))
		return -EINVAL;
	policy.mode = mode;
	policy.nodes = nodes;
	policy.next = 0;
	policy_changed();
	return 0;
}

void slab_set_mem_spread(bool is_on)
{
	policy.is_spreading = is_on;
	policy_changed();
}
