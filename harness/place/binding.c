// SPDX-License-Identifier: GPL-2.0-or-later
// Binds by hwloc, which knows how each kernel wants it.
#include "binding.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

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

// What hwloc calls the policy. Without STRICT it makes BIND a preference.
static hwloc_membind_policy_t policy_of(const struct memory_policy *policy, int *flags)
{
	*flags = HWLOC_MEMBIND_THREAD | HWLOC_MEMBIND_BYNODESET;
	if (policy->kind == MEMORY_LOCAL)
		return HWLOC_MEMBIND_FIRSTTOUCH;
	if (policy->kind != MEMORY_PREFERRED)
		*flags |= HWLOC_MEMBIND_STRICT;
	return policy->kind == MEMORY_INTERLEAVE ? HWLOC_MEMBIND_INTERLEAVE : HWLOC_MEMBIND_BIND;
}

static bool bind_memory(hwloc_topology_t topology, const struct site *site,
	const struct memory_policy *policy, char *reason, size_t reason_size)
{
	hwloc_const_bitmap_t all = hwloc_topology_get_topology_nodeset(topology);
	hwloc_bitmap_t set = hwloc_bitmap_dup(policy->nodes ? policy->nodes : all);
	int flags;
	hwloc_membind_policy_t kind = policy_of(policy, &flags);
	bool is_bound = set &&
			(policy->nodes || policy->kind == MEMORY_LOCAL ||
				hwloc_bitmap_only(set, site->node) == 0) &&
			hwloc_set_membind(topology, set, kind, flags) == 0;

	if (!is_bound)
		snprintf(reason, reason_size, "a thread's memory can't be bound to node %u: %s",
			site->node, strerror(errno));
	hwloc_bitmap_free(set);
	return is_bound;
}

bool binding_check(
	hwloc_topology_t topology, const struct site *site, char *reason, size_t reason_size)
{
	int cpu = hwloc_topology_is_thissystem(topology) ? sched_getcpu() : (int)site->cpu;

	if (cpu == (int)site->cpu)
		return true;
	snprintf(reason, reason_size, "a thread bound to CPU %u runs on CPU %d", site->cpu, cpu);
	return false;
}

bool binding_make(hwloc_topology_t topology, const struct site *site,
	const struct memory_policy *policy, char *reason, size_t reason_size)
{
	if (!hwloc_topology_is_thissystem(topology))
		return true;
	if (!bind_cpu(topology, site, reason, reason_size))
		return false;
	if (hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_NUMANODE) > 1 &&
		!bind_memory(topology, site, policy, reason, reason_size))
		return false;
	return binding_check(topology, site, reason, reason_size);
}

void binding_end(hwloc_topology_t topology, hwloc_const_bitmap_t usable)
{
	if (!hwloc_topology_is_thissystem(topology))
		return;
	hwloc_set_cpubind(topology, usable, HWLOC_CPUBIND_THREAD);
	if (hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_NUMANODE) > 1)
		hwloc_set_membind(topology, hwloc_topology_get_topology_nodeset(topology),
			HWLOC_MEMBIND_DEFAULT, HWLOC_MEMBIND_THREAD | HWLOC_MEMBIND_BYNODESET);
}
