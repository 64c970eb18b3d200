// SPDX-License-Identifier: GPL-2.0-or-later
// A memory policy told to the allocator, whose slabs are on nodes of their own: the kernel's policy
// decides about pages, the allocator's about objects.
#ifndef HARNESS_MEASURED_OBJECT_POLICY_H
#define HARNESS_MEASURED_OBJECT_POLICY_H

#include "harness/place/memory_policy.h"

// For the calling thread. A peer knows no such policy, and its pages are placed by the kernel's alone.
void object_policy_set(const struct memory_policy *policy, hwloc_topology_t topology);

#endif
