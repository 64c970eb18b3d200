// SPDX-License-Identifier: GPL-2.0-or-later
// What a benchmark is called, which identifies its history, and where its threads run, in words.
#include "naming.h"

#include <hwloc.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// So many threads the label tells one by one, and so long a list of CPUs as it is.
enum { THREADS_TOLD_MAX = 2, LIST_TOLD_MAX = 40 };

// What does not fit is cut off.
__attribute__((format(printf, 3, 4))) static void text_append(
	char *text, size_t size, const char *format, ...)
{
	size_t used = strlen(text);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text + used, size - used, format, arguments);
	va_end(arguments);
}

#define name_append(benchmark, ...)                                                                \
	text_append((benchmark)->name, sizeof((benchmark)->name), __VA_ARGS__)
#define label_append(benchmark, ...)                                                               \
	text_append((benchmark)->label, sizeof((benchmark)->label), __VA_ARGS__)

static void name_parameter(struct measured_benchmark *benchmark, size_t index)
{
	const struct workload_parameter *parameter = &benchmark->workload->parameters[index];
	int64_t value = benchmark->values[index];
	char text[64];

	if (parameter->is_named_if_changed && value == parameter->initial)
		return;
	name_append(benchmark, "/%s:%s", parameter->name,
		workload_value_text(parameter, value, text, sizeof(text)));
}

// The threads of each role, where their sum, which Google Benchmark adds, does not say it.
static void name_counts(struct measured_benchmark *benchmark)
{
	const struct workload *workload = benchmark->workload;
	unsigned threads = workload_threads_count(workload, benchmark->counts);
	unsigned usual[WORKLOAD_ROLES_MAX];
	char reason[128];

	if (workload_threads_split(workload, threads, usual, reason, sizeof(reason)) &&
		memcmp(usual, benchmark->counts,
			workload_roles_count(workload) * sizeof(usual[0])) == 0)
		return;
	for (size_t i = 0; workload->roles[i].name; i++)
		name_append(benchmark, "/%s:%u", workload->roles[i].plural, benchmark->counts[i]);
}

static void name_place(struct measured_benchmark *benchmark)
{
	const struct place *place = benchmark->place;
	char *cpus = NULL;

	if (place->relation == RELATION_CPUS && hwloc_bitmap_list_asprintf(&cpus, place->cpus) >= 0)
		name_append(benchmark, "/cpus:%s", cpus);
	else if (place->relation == RELATION_MATRIX)
		name_append(benchmark, "/relation:matrix/from:%u/to:%u", place->from, place->to);
	else if (place->relation != RELATION_ALONE)
		name_append(benchmark, "/relation:%s", relation_name(place->relation));
	free(cpus);
}

// What we register; Google Benchmark adds to it how time is taken and the number of threads.
static void name_own_part(struct measured_benchmark *benchmark)
{
	name_append(benchmark, "%s", benchmark->workload->name);
	for (size_t i = 0; i < workload_parameters_count(benchmark->workload); i++)
		name_parameter(benchmark, i);
	name_counts(benchmark);
	name_place(benchmark);
	if (benchmark->process->memory.name[0] != '\0')
		name_append(benchmark, "/memory:%s", benchmark->process->memory.name);
}

static void name_added_part(struct measured_benchmark *benchmark)
{
	unsigned threads = workload_threads_count(benchmark->workload, benchmark->counts);

	name_append(benchmark, "/real_time");
	if (threads > 1)
		name_append(benchmark, "/threads:%u", threads);
}

static void label_append_site(struct measured_benchmark *benchmark, const struct site *site)
{
	if (site_has_memory(site))
		label_append(benchmark, "CPU %u of node %u", site->cpu, site->node);
	else if (site->home == SITE_NONE)
		label_append(benchmark, "CPU %u of no node, nearest memory: node %u", site->cpu,
			site->node);
	else
		label_append(benchmark, "CPU %u of node %u without memory, nearest: node %u",
			site->cpu, site->home, site->node);
}

// Each thread, where they are few.
static void label_threads(struct measured_benchmark *benchmark)
{
	const struct placement *placement = &benchmark->placement;
	const struct workload *workload = benchmark->workload;
	unsigned index;

	for (unsigned i = 0; i < placement->threads_count; i++) {
		unsigned role = workload_role_of(workload, benchmark->counts, i, &index);

		label_append(benchmark, "%s%s on ", i > 0 ? ", " : "", workload->roles[role].name);
		label_append_site(benchmark, &placement->threads[i]);
	}
}

static void label_append_list(
	struct measured_benchmark *benchmark, const char *one, const char *many, hwloc_bitmap_t set)
{
	char *list = NULL;
	int count = hwloc_bitmap_weight(set);

	if (hwloc_bitmap_list_asprintf(&list, set) >= LIST_TOLD_MAX)
		label_append(benchmark, "%d%s", count, many);
	else if (list)
		label_append(benchmark, "%s %s", (count == 1 ? one : many) + 1, list);
	free(list);
}

static void label_role(struct measured_benchmark *benchmark, unsigned role, unsigned first)
{
	hwloc_bitmap_t cpus = hwloc_bitmap_alloc();
	hwloc_bitmap_t nodes = hwloc_bitmap_alloc();

	for (unsigned i = 0; cpus && nodes && i < benchmark->counts[role]; i++) {
		hwloc_bitmap_set(cpus, benchmark->placement.threads[first + i].cpu);
		hwloc_bitmap_set(nodes, benchmark->placement.threads[first + i].node);
	}
	label_append(benchmark, "%s%u %s on ", role > 0 ? ", " : "", benchmark->counts[role],
		benchmark->counts[role] == 1 ? benchmark->workload->roles[role].name
					     : benchmark->workload->roles[role].plural);
	label_append_list(benchmark, " CPU", " CPUs", cpus);
	label_append(benchmark, " of ");
	label_append_list(benchmark, " node", " nodes", nodes);
	hwloc_bitmap_free(cpus);
	hwloc_bitmap_free(nodes);
}

// The threads of each role together, where they are many.
static void label_roles(struct measured_benchmark *benchmark)
{
	unsigned first = 0;

	for (unsigned role = 0; benchmark->workload->roles[role].name; role++) {
		label_role(benchmark, role, first);
		first += benchmark->counts[role];
	}
}

void naming_label(struct measured_benchmark *benchmark)
{
	const char *kind = benchmark->process->sites.kind;

	if (benchmark->placement.threads_count <= THREADS_TOLD_MAX)
		label_threads(benchmark);
	else
		label_roles(benchmark);
	if (kind[0] != '\0')
		label_append(benchmark, " (%s)", kind);
}

void naming_name(struct measured_benchmark *benchmark)
{
	name_own_part(benchmark);
	name_added_part(benchmark);
}
