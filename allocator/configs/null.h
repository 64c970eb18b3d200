// SPDX-License-Identifier: GPL-2.0-or-later
// The floor: what a workload costs by itself.
#define SLAB_CONFIG_DESCRIPTION                                                                    \
	"floor: a stack of ready pointers a thread, what the workload itself costs"
