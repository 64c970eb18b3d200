// SPDX-License-Identifier: GPL-2.0-or-later
// Looks at the machine for whoever measures. Entry: quiet_require().
#include "quiet.h"

#include <stdio.h>
#include <string.h>

#include "examination.h"
#include "harness/place/sites.h"
#include "harness/place/topology.h"
#include "results/text/memory.h"

enum { NAMES_SIZE = 512 };

// The names of what is bad, with commas; returns how many.
static size_t bad_names(const struct machine *machine, char names[NAMES_SIZE])
{
	struct finding finding;
	size_t bad = 0;

	names[0] = '\0';
	for (size_t row = 0; row < doctor_count(); row++) {
		size_t used = strlen(names);

		doctor_examine(machine, row, &finding);
		if (finding.state != FINDING_BAD)
			continue;
		snprintf(names + used, NAMES_SIZE - used, "%s%s", bad++ > 0 ? ", " : "",
			finding.name);
	}
	return bad;
}

bool quiet_require(struct problem *problem)
{
	struct machine machine = {.root = ""};
	char names[NAMES_SIZE];
	hwloc_topology_t topology;

	if (!machine_topology_load(&topology, problem))
		return false;
	hwloc_bitmap_t usable = sites_usable_cpus(topology);
	machine.topology = topology;
	machine.usable = usable;
	bool is_good = usable || no_memory(problem, "the CPUs");
	if (is_good && bad_names(&machine, names) > 0)
		is_good = problem_set(problem, EXIT_NOT_MEASURED,
			"--require-quiet: this machine is not quiet: %s; 'slabmark doctor' says "
			"more, and "
			"'slabmark doctor --tune' sets some of it",
			names);
	hwloc_bitmap_free(usable);
	hwloc_topology_destroy(topology);
	return is_good;
}
