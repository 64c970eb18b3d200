// SPDX-License-Identifier: GPL-2.0-or-later
// A table of facts: a key and the function that reads it.
//
// `machine` is the fingerprint: results of unequal fingerprints are never compared. It is a digest
// of what the machine is, of CPU model and topology digest (results/text/fingerprint.h). Memory,
// kernel, microcode and boot options are facts of their own and not part of it: they change on one
// machine (a virtual one may get more memory whenever it touches more), and a history over them
// must be able to say so, not start anew. `memory_per_node` is in whole GiB, rounded up, since the
// kernel keeps a little that changes from release to release.
//
// `topology_digest` is a digest of every object's type, number and CPUs, of cache sizes and of the
// distances between nodes. It takes nothing from hwloc's XML, which holds host and process names,
// and no memory: neither sizes of nodes or pages, nor caches before memory. What a
// cpuset does not allow is within, because a cpuset is a setting.
#include "machine.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <xxhash.h>

#include "harness/place/topology.h"
#include "results/text/fingerprint.h"
#include "results/text/first_line.h"

static void fact_unknown(char *text, const char *why)
{
	snprintf(text, MACHINE_FACT_SIZE, "unknown: %s", why);
}

// ---- files of one line

static void cut_line(char *text)
{
	text[strcspn(text, "\n")] = '\0';
}

// Reads the first line of a file; "unknown: …" and false where there is none.
static bool read_line(const struct machine *machine, const char *path, char *text)
{
	char full[4096];

	snprintf(full, sizeof(full), "%s%s", machine->root, path);
	if (first_line(full, text, MACHINE_FACT_SIZE))
		return true;
	if (errno == 0)
		snprintf(text, MACHINE_FACT_SIZE, "unknown: %s is empty", path);
	else
		snprintf(text, MACHINE_FACT_SIZE, "unknown: %s: %s", path, strerror(errno));
	return false;
}

// Of "always [madvise] never" the word in brackets.
static void keep_bracketed(char *text)
{
	char *begin = strchr(text, '[');
	char *end = begin ? strchr(begin, ']') : NULL;

	if (!end)
		return;
	*end = '\0';
	memmove(text, begin + 1, (size_t)(end - begin));
}

static void read_thp(const struct machine *machine, char *text)
{
	if (read_line(machine, "/sys/kernel/mm/transparent_hugepage/enabled", text))
		keep_bracketed(text);
}

static void read_numa_balancing(const struct machine *machine, char *text)
{
	read_line(machine, "/proc/sys/kernel/numa_balancing", text);
}

static void read_command_line(const struct machine *machine, char *text)
{
	read_line(machine, "/proc/cmdline", text);
}

static void read_smt(const struct machine *machine, char *text)
{
	read_line(machine, "/sys/devices/system/cpu/smt/control", text);
}

// The governor of all usable CPUs, or "mixed".
static void read_governor(const struct machine *machine, char *text)
{
	char other[MACHINE_FACT_SIZE];
	char path[128];
	int first = hwloc_bitmap_first(machine->usable);

	for (int cpu = first; cpu >= 0; cpu = hwloc_bitmap_next(machine->usable, cpu)) {
		snprintf(path, sizeof(path),
			"/sys/devices/system/cpu/cpu%d/cpufreq/scaling_governor", cpu);
		if (!read_line(machine, path, cpu == first ? text : other))
			return;
		if (cpu != first && strcmp(text, other) != 0) {
			snprintf(text, MACHINE_FACT_SIZE, "mixed");
			return;
		}
	}
}

static void read_kernel(const struct machine *machine, char *text)
{
	struct utsname name;

	(void)machine;
	if (uname(&name) != 0)
		fact_unknown(text, strerror(errno));
	else
		snprintf(text, MACHINE_FACT_SIZE, "%s %s", name.sysname, name.release);
}

static void read_page_backing(const struct machine *machine, char *text)
{
	(void)machine;
	snprintf(text, MACHINE_FACT_SIZE, "anonymous, %ld-byte pages", sysconf(_SC_PAGESIZE));
}

// ---- /proc/cpuinfo

// The value of "key : value" if the line is of that key, else NULL.
static char *cpuinfo_value(char *line, const char *key)
{
	size_t length = strlen(key);

	if (strncmp(line, key, length) != 0)
		return NULL;
	char *value = line + length;
	value += strspn(value, " \t");
	if (*value++ != ':')
		return NULL;
	value += strspn(value, " \t");
	cut_line(value);
	return value;
}

// Finds a key in /proc/cpuinfo, of the first CPU that has it.
static bool cpuinfo_find(const struct machine *machine, const char *key, char *text)
{
	char path[4096];
	char line[MACHINE_FACT_SIZE];
	bool is_found = false;

	snprintf(path, sizeof(path), "%s/proc/cpuinfo", machine->root);
	FILE *file = fopen(path, "re");
	while (file && !is_found && fgets(line, sizeof(line), file)) {
		const char *value = cpuinfo_value(line, key);

		is_found = value && value[0] != '\0';
		if (is_found)
			snprintf(text, MACHINE_FACT_SIZE, "%s", value);
	}
	if (file)
		fclose(file);
	return is_found;
}

// Arm processors have numbers in place of a name.
static bool arm_model(const struct machine *machine, char *text)
{
	static const char *const keys[] = {
		"implementer", "architecture", "variant", "part", "revision"};
	char value[MACHINE_FACT_SIZE];
	char key[32];
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		snprintf(key, sizeof(key), "CPU %s", keys[i]);
		if (cpuinfo_find(machine, key, value))
			used += (size_t)snprintf(text + used, MACHINE_FACT_SIZE / 8, "%s%s %.40s",
				used ? ", " : "", keys[i], value);
	}
	return used > 0;
}

static void read_cpu_model(const struct machine *machine, char *text)
{
	if (!cpuinfo_find(machine, "model name", text) && !arm_model(machine, text))
		fact_unknown(text, "/proc/cpuinfo names no model");
}

static void read_microcode(const struct machine *machine, char *text)
{
	if (!cpuinfo_find(machine, "microcode", text))
		fact_unknown(text, "/proc/cpuinfo has no microcode line");
}

// ---- topology

static void digest_text(XXH3_state_t *state, const char *text)
{
	XXH3_128bits_update(state, text, strlen(text) + 1);
}

static void digest_number(XXH3_state_t *state, uint64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, number);
	digest_text(state, text);
}

// 16 digits: enough to tell machines apart, short enough to read.
static void digest_write(const XXH3_state_t *state, char *text)
{
	snprintf(text, MACHINE_FACT_SIZE, "%016" PRIx64, XXH3_128bits_digest(state).high64);
}

static void digest_object(XXH3_state_t *state, hwloc_obj_t object)
{
	char cpus[MACHINE_FACT_SIZE];

	digest_text(state, hwloc_obj_type_string(object->type));
	digest_number(state, object->os_index);
	hwloc_bitmap_snprintf(cpus, sizeof(cpus), object->complete_cpuset);
	digest_text(state, cpus);
	if (!hwloc_obj_type_is_cache(object->type))
		return;
	digest_number(state, object->attr->cache.depth);
	digest_number(state, object->attr->cache.size);
	digest_number(state, object->attr->cache.linesize);
}

static void digest_depth(XXH3_state_t *state, hwloc_topology_t topology, int depth)
{
	for (unsigned i = 0; i < hwloc_get_nbobjs_by_depth(topology, depth); i++)
		digest_object(state, hwloc_get_obj_by_depth(topology, depth, i));
}

static void digest_distances(XXH3_state_t *state, hwloc_topology_t topology)
{
	struct hwloc_distances_s *matrix = NULL;
	unsigned count = 1;
	int status = hwloc_distances_get_by_type(topology, HWLOC_OBJ_NUMANODE, &count, &matrix,
		HWLOC_DISTANCES_KIND_MEANS_LATENCY, 0);

	if (status != 0 || count == 0)
		return;
	for (unsigned i = 0; i < matrix->nbobjs * matrix->nbobjs; i++)
		digest_number(state, matrix->values[i]);
	hwloc_distances_release(topology, matrix);
}

static void read_topology_digest(const struct machine *machine, char *text)
{
	XXH3_state_t *state = XXH3_createState();

	if (!state) {
		fact_unknown(text, "no memory");
		return;
	}
	XXH3_128bits_reset(state);
	for (int depth = 0; depth < hwloc_topology_get_depth(machine->topology); depth++)
		digest_depth(state, machine->topology, depth);
	digest_depth(state, machine->topology, HWLOC_TYPE_DEPTH_NUMANODE);
	digest_distances(state, machine->topology);
	digest_write(state, text);
	XXH3_freeState(state);
}

static void read_topology_summary(const struct machine *machine, char *text)
{
	static const struct {
		hwloc_obj_type_t type;
		const char *one, *many;
	} counted[] = {
		{HWLOC_OBJ_PACKAGE, "package", "packages"},
		{HWLOC_OBJ_NUMANODE, "node", "nodes"},
		{HWLOC_OBJ_CORE, "core", "cores"},
		{HWLOC_OBJ_PU, "hardware thread", "hardware threads"},
	};
	size_t used = 0;

	for (size_t i = 0; i < sizeof(counted) / sizeof(counted[0]); i++) {
		int count = hwloc_get_nbobjs_by_type(machine->topology, counted[i].type);

		used += (size_t)snprintf(text + used, MACHINE_FACT_SIZE / 8, "%s%d %s",
			used ? ", " : "", count, count == 1 ? counted[i].one : counted[i].many);
	}
}

// hwloc's own short form, from which the site draws the machine. It has none for a topology whose
// parts are unlike each other.
static void read_topology(const struct machine *machine, char *text)
{
	if (hwloc_topology_export_synthetic(machine->topology, text, MACHINE_FACT_SIZE, 0) <= 0)
		fact_unknown(text, "hwloc describes only machines of equal parts in one line");
}

static void read_usable_cpus(const struct machine *machine, char *text)
{
	hwloc_bitmap_list_snprintf(text, MACHINE_FACT_SIZE, machine->usable);
}

static uint64_t gib_up(uint64_t bytes)
{
	return (bytes + ((UINT64_C(1) << 30) - 1)) >> 30;
}

static void read_memory_per_node(const struct machine *machine, char *text)
{
	hwloc_topology_t topology = machine->topology;
	size_t used = 0;

	fact_unknown(text, "hwloc shows no node");
	for (hwloc_obj_t node = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_NUMANODE, NULL);
		node && used < MACHINE_FACT_SIZE - 64;
		node = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_NUMANODE, node))
		used += (size_t)snprintf(text + used, 64, "%snode %u: %" PRIu64 " GiB",
			used ? ", " : "", node->os_index,
			gib_up(node->attr->numanode.local_memory));
}

static void read_fingerprint(const struct machine *machine, char *text)
{
	char cpu_model[MACHINE_FACT_SIZE];
	char digest[MACHINE_FACT_SIZE];

	read_cpu_model(machine, cpu_model);
	read_topology_digest(machine, digest);
	fingerprint_make(cpu_model, digest, text);
}

// ---- simulation

// Valgrind preloads a library of that name into whatever it runs.
static bool is_under_valgrind(const struct machine *machine)
{
	char path[4096];
	char line[4096];
	bool is_found = false;

	snprintf(path, sizeof(path), "%s/proc/self/maps", machine->root);
	FILE *file = fopen(path, "re");
	while (file && !is_found && fgets(line, sizeof(line), file))
		is_found = strstr(line, "/vgpreload_") != NULL;
	if (file)
		fclose(file);
	return is_found;
}

// "no", or by what the machine isn't the one it seems.
static const char *simulated_by(const struct machine *machine)
{
	static const struct {
		const char *variable;
		const char *words;
	} sources[] = {
		{"HWLOC_FSROOT", "topology from HWLOC_FSROOT"},
		{"HWLOC_SYNTHETIC", "topology from HWLOC_SYNTHETIC"},
		{"HWLOC_XMLFILE", "topology from HWLOC_XMLFILE"},
	};
	const char *variable = machine_topology_variable();

	if (is_under_valgrind(machine))
		return "valgrind";
	for (size_t i = 0; variable && i < sizeof(sources) / sizeof(sources[0]); i++)
		if (strcmp(variable, sources[i].variable) == 0)
			return sources[i].words;
	return hwloc_topology_is_thissystem(machine->topology) ? "no"
							       : "topology of another machine";
}

static void read_simulated(const struct machine *machine, char *text)
{
	snprintf(text, MACHINE_FACT_SIZE, "%s", simulated_by(machine));
}

// ---- the table

const struct machine_fact machine_facts[] = {
	{"machine", read_fingerprint},
	{"kernel", read_kernel},
	{"cpu_model", read_cpu_model},
	{"microcode", read_microcode},
	{"topology_digest", read_topology_digest},
	{"topology_summary", read_topology_summary},
	{"topology", read_topology},
	{"memory_per_node", read_memory_per_node},
	{"usable_cpus", read_usable_cpus},
	{"governor", read_governor},
	{"smt", read_smt},
	{"thp", read_thp},
	{"numa_balancing", read_numa_balancing},
	{"kernel_command_line", read_command_line},
	{"page_backing", read_page_backing},
	{"simulated", read_simulated},
	{NULL, NULL},
};
