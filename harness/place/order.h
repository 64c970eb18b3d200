// SPDX-License-Identifier: GPL-2.0-or-later
// All CPUs of a list in the order in which ever more threads take them: as near to each other as
// there is room, or as far apart.
#ifndef HARNESS_PLACE_ORDER_H
#define HARNESS_PLACE_ORDER_H

#include "sites.h"

// The hardware threads of a core, then the cores of its node, then the nodes by their distance from
// the first. The caller frees it; NULL: no memory.
struct site *order_compact(const struct sites *sites);

// Round and round over the nodes; within a node over its shared caches, and within a cache core by
// core. Second hardware threads come when every core of the node has a thread. The caller frees it;
// NULL: no memory.
struct site *order_spread(const struct sites *sites);

#endif
