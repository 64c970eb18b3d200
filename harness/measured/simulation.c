// SPDX-License-Identifier: GPL-2.0-or-later
// Client requests to callgrind, and the reading of its files: lines "events:" with the names of what was
// counted, "totals:" with the numbers in the same order (zeros at the end are left out), and "desc:"
// with the geometry of each cache.
#include "simulation.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <valgrind/callgrind.h>

#include "harness/counters/processor.h"

enum { LINE_SIZE = 4096, EVENTS_MAX = 32, SUMMANDS_MAX = 3, TEST_ROUNDS = 10000, TEST_SLACK = 200 };

static const struct {
	const char *name;
	const char *events[SUMMANDS_MAX + 1]; // callgrind's; NULL at the end
} figures[SIMULATED_FIGURES] = {
	[SIMULATED_INSTRUCTIONS] = {"simulated_instructions", {"Ir"}},
	[SIMULATED_DATA_ACCESSES] = {"simulated_data_accesses", {"Dr", "Dw"}},
	[SIMULATED_I1_MISSES] = {"simulated_i1_misses", {"I1mr"}},
	[SIMULATED_D1_MISSES] = {"simulated_d1_misses", {"D1mr", "D1mw"}},
	[SIMULATED_LL_MISSES] = {"simulated_ll_misses", {"ILmr", "DLmr", "DLmw"}},
};

const char *simulated_figure_name(enum simulated_figure figure)
{
	return figures[figure].name;
}

// ---- callgrind's file

struct part {
	char events[LINE_SIZE]; // their names, cut into words
	const char *names[EVENTS_MAX];
	size_t names_count;
	double totals[EVENTS_MAX];
	bool has_totals;
	char caches[SIMULATION_WORDS_SIZE];
};

static void events_take(struct part *part, const char *line)
{
	char *kept = NULL;

	snprintf(part->events, sizeof(part->events), "%s", line);
	for (char *word = strtok_r(part->events, " \n", &kept);
		word && part->names_count < EVENTS_MAX; word = strtok_r(NULL, " \n", &kept))
		part->names[part->names_count++] = word;
}

static void totals_take(struct part *part, const char *line)
{
	char *end = NULL;

	part->has_totals = true;
	for (size_t i = 0; i < EVENTS_MAX; i++, line = end) {
		part->totals[i] = (double)strtoull(line, &end, 10);
		if (end == line)
			return;
	}
}

// The next number of the line, behind whatever is not one; 0: there is none.
static unsigned long number_next(const char **line)
{
	char *end = NULL;

	*line += strcspn(*line, "0123456789");
	unsigned long number = strtoul(*line, &end, 10);
	*line = end;
	return number;
}

// "D1 cache: 32768 B, 64 B, 8-way associative" becomes " D1 32768,8,64", as valgrind's options say it.
// Of a direct-mapped one there is no number of ways.
static void cache_take(struct part *part, const char *line)
{
	const char *colon = strstr(line, " cache: ");
	size_t used = strlen(part->caches);

	if (!colon)
		return;
	const char *rest = colon;
	unsigned long size = number_next(&rest);
	unsigned long line_size = number_next(&rest);
	unsigned long ways = number_next(&rest);
	snprintf(part->caches + used, sizeof(part->caches) - used, " %.*s %lu,%lu,%lu",
		(int)(colon - line), line, size, ways > 0 ? ways : 1, line_size);
}

static void line_take(struct part *part, const char *line)
{
	static const struct {
		const char *start;
		void (*take)(struct part *part, const char *line);
	} kinds[] = {{"events: ", events_take}, {"totals: ", totals_take}, {"desc: ", cache_take}};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strncmp(line, kinds[i].start, strlen(kinds[i].start)) == 0)
			kinds[i].take(part, line + strlen(kinds[i].start));
}

// False: callgrind did not count it.
static bool event_add(const struct part *part, const char *event, double *sum)
{
	for (size_t i = 0; i < part->names_count; i++) {
		if (strcmp(part->names[i], event) != 0)
			continue;
		*sum += part->totals[i];
		return true;
	}
	return false;
}

static bool figure_sum(const struct part *part, enum simulated_figure figure, double *sum)
{
	*sum = 0;
	for (const char *const *event = figures[figure].events; *event; event++)
		if (!event_add(part, *event, sum))
			return false;
	return true;
}

bool simulation_read(
	const char *path, struct simulated_counts *counts, char *words, struct problem *problem)
{
	struct part part = {0};
	char line[LINE_SIZE];
	FILE *file = fopen(path, "re");

	if (!file)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"callgrind wrote no %s: %s; is the tool of this valgrind callgrind, and "
			"its --callgrind-out-file the same?",
			path, strerror(errno));
	while (fgets(line, sizeof(line), file))
		line_take(&part, line);
	fclose(file);
	if (!part.has_totals)
		return problem_set(
			problem, EXIT_NOT_MEASURED, "%s is cut short: it has no totals", path);
	for (enum simulated_figure figure = 0; figure < SIMULATED_FIGURES; figure++)
		if (!figure_sum(&part, figure, &counts->of[figure]))
			return problem_set(problem, EXIT_NOT_MEASURED,
				"callgrind did not count %s: it needs --cache-sim=yes",
				figures[figure].name);
	if (words)
		snprintf(words, SIMULATION_WORDS_SIZE, "callgrind%.200s", part.caches);
	return true;
}

// ---- requests

static void part_write(void)
{
	CALLGRIND_DUMP_STATS;
	CALLGRIND_STOP_INSTRUMENTATION;
}

void simulation_warm_up(void)
{
	CALLGRIND_START_INSTRUMENTATION;
}

void simulation_toggle(void)
{
	CALLGRIND_TOGGLE_COLLECT;
}

static bool is_under_valgrind(void)
{
	return RUNNING_ON_VALGRIND;
}

static bool part_read(struct simulation *simulation, struct simulated_counts *counts, char *words,
	struct problem *problem)
{
	char path[LINE_SIZE];

	part_write();
	snprintf(path, sizeof(path), "%s.%u", simulation->file, ++simulation->parts);
	return simulation_read(path, counts, words, problem);
}

bool simulation_end(
	struct simulation *simulation, struct simulated_counts *counts, struct problem *problem)
{
	return part_read(simulation, counts, NULL, problem);
}

// Two instructions a round.
static bool loop_is_counted(const struct simulated_counts *counts, struct problem *problem)
{
	double counted = counts->of[SIMULATED_INSTRUCTIONS];

	if (counted >= 2 * TEST_ROUNDS && counted <= 2 * TEST_ROUNDS + TEST_SLACK)
		return true;
	return problem_set(problem, EXIT_NOT_MEASURED,
		"callgrind counts %.0f instructions of a loop that has %d: are "
		"--instr-atstart=no and --collect-atstart=no given?",
		counted, 2 * TEST_ROUNDS);
}

bool simulation_open(struct simulation *simulation, const char *file, struct problem *problem)
{
	struct simulated_counts counts = {0};

	*simulation = (struct simulation){.file = file};
	if (!file)
		return true;
	if (!is_under_valgrind())
		return problem_set(problem, EXIT_WRONG_USE,
			"--slabmark_simulation=%s needs valgrind around this program; 'slabmark "
			"run --simulate' puts it there",
			file);
	simulation_warm_up();
	simulation_toggle();
	loop_run(TEST_ROUNDS);
	simulation_toggle();
	return part_read(simulation, &counts, simulation->words, problem) &&
	       loop_is_counted(&counts, problem);
}
