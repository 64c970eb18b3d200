// SPDX-License-Identifier: GPL-2.0-or-later
// Parameters that make workloads quick for tests: few objects, short rounds, the same kind of work.
#ifndef WORKLOADS_TRIED_SMALL_VALUES_H
#define WORKLOADS_TRIED_SMALL_VALUES_H

#include <stddef.h>

struct small_value {
	const char *workload; // NULL ends the list
	const char *parameter;
	int value;
};

static const struct small_value small_values[] = {
	{"slab-test-single", "count", 50},
	{"slab-test-concurrent", "count", 50},
	{"slab-test-remote-free", "count", 50},
	{"slab-test-one-allocates", "count", 50},
	{"slab-bulk-test02", "prefill", 64},
	{"slab-bulk-test03", "prefill", 64},
	{"slab-bulk-test04", "exhaust", 64},
	{"larson", "chunks", 50},
	{"larson", "rounds", 4},
	{"larson", "max", 200},
	{"larson-sized", "chunks", 50},
	{"larson-sized", "rounds", 4},
	{"larson-sized", "max", 200},
	{"xmalloc-test", "batch", 32},
	{"cache-scratch", "repetitions", 100},
	{"cache-thrash", "repetitions", 100},
	{"threadtest", "objects", 100},
	{"rptest", "allocs", 40},
	{"rptest", "op_count", 10},
	{"mstress", "scale", 1},
	{"mstress", "transfers", 16},
	{"alloc-test", "slots", 100},
	{"alloc-test", "max", 200},
	{"glibc-simple", "live", 50},
	{"glibc-thread", "live", 50},
	{"glibc-thread", "max", 2000},
	{"sh6bench", "round", 50},
	{"sh8bench", "round", 50},
	{"numa-test", "batch", 10},
	{"frag", "objects", 50},
	{"multi", "live", 50},
	{"multi", "max", 100},
	{"prodcons", "max", 100},
	{"mempool-perf", "n_keep", 64},
	{"mempool-perf", "size", 128},
	{"placement", "objects", 50},
	{"shared-array", "batch", 10},
	{"alien-drain", "batch", 10},
	{"tune", "objects", 50},
	{"reap", "objects", 50},
	{"shrink", "objects", 50},
	{"ctor", "objects", 50},
	{"cold-start", "objects", 50},
	{"long-life", "live", 100},
	{"long-life", "phase", 300},
	{"latency", "live", 50},
	{NULL, NULL, 0},
};

#endif
