// SPDX-License-Identifier: GPL-2.0-or-later
// Loads a topology. Entry: machine_topology_load(). The variables are read here, and not left to
// hwloc, so that one that is wrong is said.
#include "topology.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const VARIABLES[] = {"HWLOC_FSROOT", "HWLOC_SYNTHETIC", "HWLOC_XMLFILE"};

static const char *value_of(const char *variable)
{
	const char *value = getenv(variable);

	return value && value[0] != '\0' ? value : NULL;
}

const char *machine_topology_variable(void)
{
	for (size_t i = 0; i < sizeof(VARIABLES) / sizeof(VARIABLES[0]); i++)
		if (value_of(VARIABLES[i]))
			return VARIABLES[i];
	return NULL;
}

static bool unreadable(const char *what, struct problem *problem)
{
	const char *variable = machine_topology_variable();

	return problem_set(
		problem, EXIT_WRONG_USE, "%s=%s: %s", variable, value_of(variable), what);
}

// hwloc reads a tree of files itself. One that has no CPUs it replaces by what the processor says.
static bool check_root(const char *root, struct problem *problem)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/sys/devices/system/cpu", root);
	return access(path, R_OK | X_OK) == 0 ||
	       unreadable("no folder sys/devices/system/cpu lies there", problem);
}

// Which hwloc wrote the file, by its first lines; 0 where they do not say.
static unsigned writer_of(const char *file)
{
	static const char mark[] = "<topology version=\"";
	char head[1024];
	FILE *stream = fopen(file, "r");
	const char *version;

	if (!stream)
		return 0;
	head[fread(head, 1, sizeof(head) - 1, stream)] = '\0';
	fclose(stream);
	version = strstr(head, mark);
	return version ? (unsigned)strtoul(version + sizeof(mark) - 1, NULL, 10) : 0;
}

static bool refuse_file(const char *file, struct problem *problem)
{
	unsigned writer = writer_of(file), own = HWLOC_API_VERSION >> 16;
	char what[160];

	if (writer <= own)
		return unreadable("this is no file that lstopo has written as XML", problem);
	snprintf(what, sizeof(what),
		"hwloc %u has written it, and hwloc %u reads it here; lstopo's format 'v%uxml' is "
		"the one to write",
		writer, own, own);
	return unreadable(what, problem);
}

static bool describe(hwloc_topology_t topology, struct problem *problem)
{
	const char *root = value_of("HWLOC_FSROOT");
	const char *synthetic = value_of("HWLOC_SYNTHETIC");
	const char *file = value_of("HWLOC_XMLFILE");

	if (root)
		return check_root(root, problem);
	if (synthetic)
		return hwloc_topology_set_synthetic(topology, synthetic) == 0 ||
		       unreadable("this is no description that hwloc can read, as \"pack:2 [numa] "
				  "core:4 pu:2\" is",
			       problem);
	if (!file)
		return true;
	if (access(file, R_OK) != 0)
		return unreadable(strerror(errno), problem);
	return hwloc_topology_set_xml(topology, file) == 0 || refuse_file(file, problem);
}

static bool load(hwloc_topology_t topology, struct problem *problem)
{
	// All of the machine: its digest must not depend on what this process may use of it.
	hwloc_topology_set_flags(topology, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
	if (!describe(topology, problem))
		return false;
	if (hwloc_topology_load(topology) == 0)
		return true;
	if (value_of("HWLOC_FSROOT") || value_of("HWLOC_SYNTHETIC"))
		return unreadable("hwloc cannot read it", problem);
	if (value_of("HWLOC_XMLFILE"))
		return refuse_file(value_of("HWLOC_XMLFILE"), problem);
	return problem_set(problem, EXIT_NOT_MEASURED,
		"hwloc cannot read this machine's topology: %s", strerror(errno));
}

bool machine_topology_load(hwloc_topology_t *topology, struct problem *problem)
{
	*topology = NULL;
	if (hwloc_topology_init(topology) != 0)
		return problem_set(
			problem, EXIT_NOT_MEASURED, "hwloc cannot start: %s", strerror(errno));
	if (load(*topology, problem))
		return true;
	hwloc_topology_destroy(*topology);
	*topology = NULL;
	return false;
}
