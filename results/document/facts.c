// SPDX-License-Identifier: GPL-2.0-or-later
// The table of facts. The order of those that are shown is part of a comparison's JSON.
#include "facts.h"

#include <string.h>

const struct fact facts[] = {
	{"cpu_model", FACT_MACHINE, FACT_COLUMN | FACT_SHOWN, NULL, NULL},
	{"microcode", FACT_MACHINE, FACT_COLUMN | FACT_SHOWN | FACT_GATE | FACT_HISTORY, NULL,
		NULL},
	{"topology_summary", FACT_MACHINE, FACT_COLUMN | FACT_SHOWN, NULL, NULL},
	{"topology", FACT_MACHINE, 0, NULL, NULL}, // the digest tells whether it is the same
	{"topology_digest", FACT_MACHINE, FACT_COLUMN | FACT_SHOWN | FACT_HISTORY, NULL, NULL},
	{"kernel", FACT_MACHINE, FACT_COLUMN | FACT_SHOWN | FACT_SIDES | FACT_GATE | FACT_HISTORY,
		"the kernels differ", NULL},
	{"kernel_command_line", FACT_MACHINE, FACT_COLUMN | FACT_SHOWN | FACT_GATE, NULL, NULL},
	{"governor", FACT_MACHINE, FACT_COLUMN | FACT_SHOWN | FACT_GATE, NULL, NULL},
	{"smt", FACT_MACHINE, FACT_COLUMN | FACT_SHOWN, NULL, NULL},
	{"thp", FACT_MACHINE, FACT_COLUMN | FACT_SHOWN | FACT_GATE, NULL, NULL},
	{"numa_balancing", FACT_MACHINE, FACT_COLUMN | FACT_SHOWN, NULL, NULL},
	{"host_name", FACT_MACHINE, FACT_SHOWN | FACT_FILES | FACT_FOREIGN, "the hosts differ",
		NULL},
	// The fingerprint. That sides are of several machines is refused, not warned of.
	{"machine", FACT_MACHINE, FACT_COLUMN | FACT_FILES, "the machines differ", NULL},
	// That it differs within what is compared memory_doubt() says, process by process.
	{"memory_per_node", FACT_MACHINE, FACT_FILES | FACT_HISTORY,
		"the machines' amounts of memory differ", NULL},
	{"usable_cpus", FACT_MACHINE, FACT_SIDES | FACT_GATE, "the CPUs that could be used differ",
		NULL},

	{"commit", FACT_BUILD, FACT_COLUMN | FACT_SHOWN | FACT_SIDES, "the commits differ", NULL},
	{"slabmark_version", FACT_BUILD, FACT_COLUMN | FACT_SHOWN, NULL, NULL},
	{"config", FACT_BUILD, FACT_COLUMN, NULL, NULL},
	{"config_description", FACT_BUILD, FACT_COLUMN | FACT_SHOWN, NULL, NULL},
	{"cpu_mode", FACT_BUILD, FACT_COLUMN | FACT_SHOWN | FACT_GATE, NULL, NULL},
	{"compiler", FACT_BUILD, FACT_COLUMN | FACT_SHOWN | FACT_SIDES | FACT_GATE | FACT_HISTORY,
		"the compilers differ", NULL},
	{"compiler_flags", FACT_BUILD, FACT_COLUMN | FACT_SHOWN | FACT_SIDES | FACT_GATE,
		"the compiler flags differ", NULL},
	{"build_type", FACT_BUILD, FACT_COLUMN | FACT_SHOWN | FACT_GATE, NULL, NULL},
	{"library_build_type", FACT_BUILD, FACT_FILES | FACT_FOREIGN,
		"the builds of Google Benchmark differ", NULL},

	{"page_backing", FACT_PROCESS, FACT_SHOWN | FACT_GATE, NULL, NULL},
	// Sides may differ in it as their configs do: a peer has none.
	{"slab_backing", FACT_PROCESS, FACT_GATE, NULL, NULL},
	{"allocator_calls", FACT_PROCESS, 0, NULL, NULL},
	// Of a side malloc:NAME.
	{"malloc_path", FACT_PROCESS, 0, NULL, NULL},
	{"malloc_bytes", FACT_PROCESS, 0, NULL, NULL},
	{"malloc_digest", FACT_PROCESS, 0, NULL, NULL},
	{"malloc_version", FACT_PROCESS, 0, NULL, NULL},
	{"slab_options", FACT_PROCESS, FACT_SIDES | FACT_GATE, "the allocator's options differ",
		"none"},
	{"time_source", FACT_PROCESS, FACT_SHOWN | FACT_SIDES | FACT_GATE,
		"the time sources differ", NULL},
	// Of single operations; loops are timed by time_source.
	{"timestamps", FACT_PROCESS, FACT_SIDES, "the clocks of single operations differ", NULL},
	{"simulated", FACT_PROCESS, FACT_SHOWN | FACT_SIDES,
		"measured and simulated times are mixed", NULL},
	{"counters_absent", FACT_PROCESS, FACT_SIDES | FACT_GATE,
		"the counters that could not be read differ", "none"},
	{"exact_counters", FACT_PROCESS, 0, NULL, "none"},
	{"seed", FACT_PROCESS, 0, NULL, NULL},
	{"slowdown", FACT_PROCESS, FACT_SHOWN | FACT_SIDES,
		"some are slowed down on purpose, by a known share", "none"},
};
const size_t facts_count = sizeof(facts) / sizeof(facts[0]);

bool fact_is(const struct fact *fact, enum fact_use use)
{
	return fact->uses & use;
}

const char *context_fact(const json_t *context, const char *name)
{
	const char *value = json_string_value(json_object_get(context, name));

	for (size_t i = 0; !value && i < facts_count; i++) {
		if (strcmp(facts[i].name, name) == 0)
			value = facts[i].absent;
	}
	return value ? value : "unknown";
}
