// SPDX-License-Identifier: GPL-2.0-or-later
// The start and the end that all fuzz targets share.
#include "fuzz/target.h"

#include "config.h"

#include <slab/slab.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NODES_MOST         8
#define CPUS_PER_NODE_MOST 16

struct fuzz_machine fuzz_machine = {4, 2};

static int report_descriptor = STDERR_FILENO;

static void read_machine(void)
{
	const char *text = getenv("SLABMARK_FUZZ_MACHINE");
	unsigned *nodes = &fuzz_machine.nodes, *cpus = &fuzz_machine.cpus_per_node;
	char *end;

	if (!text)
		return;
	*nodes = (unsigned)strtoul(text, &end, 10);
	*cpus = *end == 'x' ? (unsigned)strtoul(end + 1, &end, 10) : 0;
	if (*end == '\0' && *nodes >= 1 && *nodes <= NODES_MOST && *cpus >= 1 &&
		*cpus <= CPUS_PER_NODE_MOST)
		return;
	fprintf(stderr,
		"SLABMARK_FUZZ_MACHINE is '%.60s'; it takes NODESxCPUS_PER_NODE, from 1x1 to "
		"%dx%d\n",
		text, NODES_MOST, CPUS_PER_NODE_MOST);
	exit(2);
}

void fuzz_start(void)
{
	// One thread runs: the fast path's sequences need nobody to guard them.
	struct slab_options options = {.slab_nomerge = true,
		.percpu = IS_ENABLED(CONFIG_SLAB_RSEQ) ? SLAB_PERCPU_RSEQ : SLAB_PERCPU_AUTO,
		.slab_max_order = -1,
		.cache_line = 64,
		.arena_size = FUZZ_ARENA_BYTES};
	char topology[40];
	int error;

	report_descriptor = dup(STDERR_FILENO);
	read_machine();
	snprintf(topology, sizeof(topology), "node:%u core:%u pu:1", fuzz_machine.nodes,
		fuzz_machine.cpus_per_node);
	options.topology = topology;
	error = slab_init(&options);
	if (error)
		fuzz_fail("the allocator does not start: %s", strerror(-error));
}

void fuzz_fail_list(const char *before, const char *format, va_list arguments)
{
	dprintf(report_descriptor, "fuzz: %s", before);
	vdprintf(report_descriptor, format, arguments);
	dprintf(report_descriptor, "\n");
	abort();
}

void fuzz_fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fuzz_fail_list("", format, arguments);
}
