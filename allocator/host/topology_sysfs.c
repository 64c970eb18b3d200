// SPDX-License-Identifier: GPL-2.0-or-later
// The topology of this machine from sysfs. Our nodes are the kernel's nodes that have memory, in
// its order; a CPU of a node without memory goes to the nearest that has some. All CPUs that are
// present count, those that are offline too: they may come up while the program runs.
#include "host/topology_sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mempolicy.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "host/report.h"
#include "host/topology.h"

#define SYSFS_ROOT      "/sys/devices/system"
#define TEXT_BYTES_MAX  ((size_t)64 << 10) // a list of 8192 CPUs, every second one, has 22 KiB
#define OS_NODES_MAX    1024 // the most that a kernel can be built for
#define DISTANCE_HERE   10 // as firmware tables count
#define DISTANCE_REMOTE 20

// Scratch for reading; the start's lock is held.
static char text[TEXT_BYTES_MAX];

// The kernel's number of each of our nodes. Written once at start.
static unsigned short os_node[NODES_MAX];

// Ours, and the row of the node that is being read, by the kernel's numbers.
static unsigned short distances[NODES_MAX][NODES_MAX];
static unsigned short row[OS_NODES_MAX];

struct number_set {
	uint64_t bits[CPUS_MAX / 64];
};

static bool is_in(const struct number_set *set, unsigned number)
{
	return (set->bits[number / 64] >> (number % 64)) & 1;
}

static bool read_text(const char *root, const char *name)
{
	char path[256];
	ssize_t length = -1;
	int file;

	if (snprintf(path, sizeof(path), "%s/%s", root, name) >= (int)sizeof(path))
		return false;
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return false;
	length = read(file, text, sizeof(text) - 1); // sysfs gives such a file in one piece
	close(file);
	text[length > 0 ? length : 0] = '\0';
	return length > 0;
}

static void set_range(struct number_set *set, unsigned long from, unsigned long to)
{
	for (unsigned long number = from; number <= to && number < CPUS_MAX; number++)
		set->bits[number / 64] |= UINT64_C(1) << (number % 64);
}

// A file such as "0-3,8,10-11". false where there is none, or it holds no number.
static bool read_set(const char *root, const char *name, struct number_set *set)
{
	char *at = text, *end;

	memset(set, 0, sizeof(*set));
	if (!read_text(root, name))
		return false;
	for (;; at = end + 1) {
		unsigned long from = strtoul(at, &end, 10), to = from;

		if (end == at)
			return at != text;
		if (*end == '-')
			to = strtoul(end + 1, &end, 10);
		set_range(set, from, to);
		if (*end != ',')
			return true;
	}
}

// The kernel's node's distances to the others, by the kernel's numbers.
static void read_row(const char *root, unsigned node, const struct number_set *online)
{
	char name[64], *at = text, *end;

	for (unsigned to = 0; to < OS_NODES_MAX; to++)
		row[to] = to == node ? DISTANCE_HERE : DISTANCE_REMOTE;
	snprintf(name, sizeof(name), "node/node%u/distance", node);
	if (!read_text(root, name))
		return;
	for (unsigned to = 0; to < OS_NODES_MAX; to++) {
		unsigned long value;

		if (!is_in(online, to))
			continue;
		value = strtoul(at, &end, 10);
		if (end == at)
			return;
		row[to] = (unsigned short)value;
		at = end;
	}
}

static unsigned nearest_node(void)
{
	unsigned nearest = 0;

	for (unsigned node = 1; node < topology.nr_nodes; node++)
		if (row[os_node[node]] < row[os_node[nearest]])
			nearest = node;
	return nearest;
}

// Takes a node of the kernel's: its CPUs, and its distances if it is one of ours.
static void read_node(const char *root, unsigned node, const struct number_set *online,
	const struct number_set *present)
{
	static struct number_set cpus; // kept off the stack: a thread's may be small
	char name[64];
	unsigned ours;

	read_row(root, node, online);
	ours = nearest_node();
	if (os_node[ours] == node)
		for (unsigned to = 0; to < topology.nr_nodes; to++)
			distances[ours][to] = row[os_node[to]];
	snprintf(name, sizeof(name), "node/node%u/cpulist", node);
	if (!read_set(root, name, &cpus))
		return;
	for (unsigned cpu = 0; cpu < CPUS_MAX; cpu++)
		if (is_in(&cpus, cpu) && is_in(present, cpu))
			topology_add_cpu(cpu, ours);
}

static int number_nodes(const struct number_set *with_memory)
{
	for (unsigned node = 0; node < OS_NODES_MAX; node++) {
		if (!is_in(with_memory, node))
			continue;
		if (topology.nr_nodes == NODES_MAX) {
			report("topology: more than %d NUMA nodes with memory", NODES_MAX);
			return -EINVAL;
		}
		os_node[topology.nr_nodes] = (unsigned short)node;
		topology.node_is_online[topology.nr_nodes] = true;
		topology.nr_nodes++;
	}
	return 0;
}

static int read_nodes(const char *root, const struct number_set *present)
{
	static struct number_set online, with_memory;
	int error;

	if (!read_set(root, "node/online", &online))
		set_range(&online, 0, 0);
	if (!read_set(root, "node/has_memory", &with_memory))
		with_memory = online;
	error = number_nodes(&with_memory);
	if (error)
		return error;
	for (unsigned node = 0; node < OS_NODES_MAX; node++)
		if (is_in(&online, node))
			read_node(root, node, &online, present);
	return 0;
}

// CPUs that no node claims, as those that are offline: they count as the first node's.
static void add_other_cpus(const struct number_set *present)
{
	for (unsigned cpu = 0; cpu < CPUS_MAX; cpu++)
		if (is_in(present, cpu) && topology.cpu_node[cpu] == NODE_NONE)
			topology_add_cpu(cpu, 0);
}

// Those that this thread may run on: without sysfs nobody knows of more. Threads on others, if there
// are any, share the first one's slot.
static void ask_scheduler(struct number_set *present)
{
	memset(present, 0, sizeof(*present));
	if (syscall(SYS_sched_getaffinity, 0, sizeof(present->bits), present->bits) <= 0)
		set_range(present, 0, 0);
}

static void read_memory(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
	long line = sysconf(_SC_LEVEL1_DCACHE_LINESIZE);

	topology.memory = pages > 0 ? (size_t)pages * (size_t)page : 0;
	topology.cache_line = line > 0 ? (unsigned)line : CACHE_LINE_DEFAULT;
}

static unsigned long distance(unsigned from, unsigned to)
{
	return distances[from][to];
}

int topology_read_sysfs(const char *root)
{
	static struct number_set present;
	int error;

	topology_clear();
	if (!read_set(root, "cpu/present", &present))
		ask_scheduler(&present);
	error = read_nodes(root, &present);
	if (error)
		return error;
	add_other_cpus(&present);
	read_memory();
	topology_order_nodes(distance);
	return 0;
}

int topology_init(const char *description)
{
	if (!description || strcmp(description, "machine") == 0)
		return topology_read_sysfs(SYSFS_ROOT);
	report("topology '%s': libslabmalloc runs on this machine's alone, as no thread of the "
	       "program says which CPU it is",
		description);
	return -EINVAL;
}

// Preferred, not bound: a program whose memory this is shall not be killed when one node is full.
void topology_bind(void *start, size_t bytes, unsigned node)
{
	unsigned long mask[OS_NODES_MAX / (8 * sizeof(unsigned long))] = {0};

	if (topology.nr_nodes == 1)
		return;
	mask[os_node[node] / 64] = 1UL << (os_node[node] % 64);
	syscall(SYS_mbind, start, bytes, MPOL_PREFERRED, mask, OS_NODES_MAX + 1, 0);
}
