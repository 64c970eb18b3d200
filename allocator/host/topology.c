// SPDX-License-Identifier: GPL-2.0-or-later
// What every source of a topology shares: the structure itself, and in which order a node's zone
// list names the others.
#include "host/topology.h"

#include <string.h>

struct topology topology;

void topology_clear(void)
{
	memset(&topology, 0, sizeof(topology));
	memset(topology.cpu_node, NODE_NONE, sizeof(topology.cpu_node));
}

void topology_add_cpu(unsigned cpu, unsigned node)
{
	topology.cpu_node[cpu] = (unsigned char)node;
	topology.node_cpus[node]++;
	topology.nr_possible_cpus++;
	if (cpu >= topology.nr_cpus)
		topology.nr_cpus = cpu + 1;
}

// Nearest first; of equally near ones the next higher number first, cyclically, so that the
// overflow of all nodes does not land on node 0.
static void order_nodes(unsigned from, node_distance *distance)
{
	unsigned char *order = topology.zonelist[from];

	for (unsigned i = 0; i < topology.nr_nodes; i++) {
		unsigned node = (from + i) % topology.nr_nodes, place = i;

		for (; place > 0 && distance(from, order[place - 1]) > distance(from, node);
			place--)
			order[place] = order[place - 1];
		order[place] = (unsigned char)node;
	}
}

void topology_order_nodes(node_distance *distance)
{
	for (unsigned node = 0; node < topology.nr_nodes; node++)
		order_nodes(node, distance);
}
