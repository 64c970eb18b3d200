// SPDX-License-Identifier: GPL-2.0-or-later
// A map has a line a node. Each sign is a CPU: a dot, or the number of the thread that runs there (A
// after 9; of many threads #). CPUs of one core stand together, and brackets hold what shares a cache:
//
//     node 0  [.. 1.] [.. ..]
//     node 1  [.. 2.] [.. ..]
//
// Entries: placement_list_ask(), placement_list_show().
#include "placement_list.h"

#include <stdlib.h>
#include <string.h>

#include "harness/process/process.h"
#include "results/text/figure.h"
#include "results/text/memory.h"
#include "results/text/width.h"

enum { LIST_BYTES_MAX = 16 << 20, WIDTH = 79, INDENT = 6, NODE_WIDTH = 9, GROUP_SIZE = 2048 };
static const double LIST_TIMEOUT_S = 60;

// ---- asking

static bool answer_read(const struct program *program, struct process_outcome *outcome,
	json_t **list, struct problem *problem)
{
	const char *errors = outcome->errors;

	if (outcome->end == PROCESS_EXITED && outcome->code == 0)
		*list = json_loadb(outcome->output, outcome->output_size, 0, NULL);
	if (json_is_array(json_object_get(*list, "placements")) &&
		json_is_array(json_object_get(*list, "cpus")))
		return true;
	json_decref(*list);
	*list = NULL;
	if (outcome->end == PROCESS_EXITED && outcome->code == EXIT_WRONG_USE)
		return problem_set(
			problem, EXIT_WRONG_USE, "%s", program_refusal(program, outcome->errors));
	return problem_set(problem, EXIT_NOT_MEASURED, "%s --slabmark_list_placements: %s",
		program->path, *errors ? errors : "it wrote no list of placements");
}

bool placement_list_ask(
	const struct program *program, struct texts told, json_t **list, struct problem *problem)
{
	const char **arguments = calloc(told.count + 3, sizeof(*arguments));
	const struct process_request request = {
		.arguments = arguments,
		.output_bytes_max = LIST_BYTES_MAX,
		.timeout_s = LIST_TIMEOUT_S,
	};
	struct process_outcome outcome;

	*list = NULL;
	if (!arguments)
		return no_memory(problem, "a command line");
	arguments[0] = program->path;
	for (size_t i = 0; i < told.count; i++)
		arguments[1 + i] = told.items[i];
	arguments[1 + told.count] = "--slabmark_list_placements";
	bool is_good = process_run(&request, &outcome, problem);
	free(arguments);
	if (!is_good)
		return false;
	is_good = answer_read(program, &outcome, list, problem);
	process_outcome_free(&outcome);
	return is_good;
}

// ---- the map

static int number_of(const json_t *object, const char *key)
{
	const json_t *number = json_object_get(object, key);

	return json_is_integer(number) ? (int)json_integer_value(number) : -1;
}

// One CPU's sign: of several threads the first.
static char sign_of(const json_t *placed, int cpu)
{
	size_t i;
	const json_t *number;

	json_array_foreach(placed, i, number)
	{
		if (json_integer_value(number) != cpu)
			continue;
		return i < 9 ? (char)('1' + i) : i < 35 ? (char)('A' + (i - 9)) : '#';
	}
	return '.';
}

// A line that is broken between groups.
struct line {
	FILE *output;
	int used;
};

static void group_write(struct line *line, const char *group)
{
	int length = (int)strlen(group);

	if (line->used + 1 + length > WIDTH && line->used > INDENT + NODE_WIDTH) {
		fprintf(line->output, "\n%*s", INDENT + NODE_WIDTH - 1, "");
		line->used = INDENT + NODE_WIDTH - 1;
	}
	fprintf(line->output, " %s", group);
	line->used += 1 + length;
}

static bool is_same(const json_t *left, const json_t *right, const char *key)
{
	return left && right && number_of(left, key) == number_of(right, key);
}

// Whether a cache that several cores share holds both CPUs.
static bool share_a_cache(const json_t *left, const json_t *right)
{
	return is_same(left, right, "node") && is_same(left, right, "cache") &&
	       number_of(left, "cache") >= 0;
}

// Writes the CPUs from `at` on that belong in one group, and returns where the next group begins.
static size_t group_draw(struct line *line, const json_t *cpus, size_t at, const json_t *placed)
{
	const json_t *first = json_array_get(cpus, at);
	bool has_cache = number_of(first, "cache") >= 0;
	char group[GROUP_SIZE] = "";
	size_t used = 0;

	if (has_cache)
		group[used++] = '[';
	for (const json_t *before = NULL; used < sizeof(group) - 4; at++) {
		const json_t *cpu = json_array_get(cpus, at);

		if (before && !is_same(before, cpu, "core") && !share_a_cache(before, cpu))
			break;
		if (before && !is_same(before, cpu, "core"))
			group[used++] = ' ';
		group[used++] = sign_of(placed, number_of(cpu, "cpu"));
		before = cpu;
	}
	if (has_cache)
		group[used++] = ']';
	group[used] = '\0';
	group_write(line, group);
	return at;
}

static void map_draw(FILE *output, const json_t *cpus, const json_t *placed)
{
	size_t at = 0;

	while (at < json_array_size(cpus)) {
		struct line line = {output, INDENT + NODE_WIDTH - 1};
		int node = number_of(json_array_get(cpus, at), "node");

		fprintf(output, "%*snode %-*d", INDENT, "", NODE_WIDTH - 6, node);
		while (at < json_array_size(cpus) &&
			number_of(json_array_get(cpus, at), "node") == node)
			at = group_draw(&line, cpus, at, placed);
		fputc('\n', output);
	}
}

// ---- each placement

static void numbers_write(struct line *line, const json_t *numbers)
{
	size_t i;
	const json_t *number;

	json_array_foreach(numbers, i, number)
	{
		char text[24];

		snprintf(text, sizeof(text), "%lld", (long long)json_integer_value(number));
		group_write(line, text);
	}
}

static void matrix_show(FILE *output, const json_t *nodes)
{
	size_t count = json_array_size(nodes);
	char text[128];

	snprintf(text, sizeof(text), "from each of %zu %s to each, itself too: %zu %s", count,
		plural(count, "node", "nodes"), count * count,
		plural(count * count, "pair", "pairs"));
	fputs("  matrix\n", output);
	print_wrapped(output, INDENT, text, strlen(text));
}

static void placement_show(FILE *output, const json_t *placement, const json_t *list)
{
	const char *reason = json_string_value(json_object_get(placement, "reason"));
	const json_t *placed = json_object_get(placement, "cpus");
	struct line line = {output, INDENT + NODE_WIDTH - 1};

	if (!reason && !placed) {
		matrix_show(output, json_object_get(placement, "nodes"));
		return;
	}
	fprintf(output, "  %s\n", json_string_value(json_object_get(placement, "name")));
	if (reason) {
		char text[512];

		snprintf(text, sizeof(text), "not here: %s", reason);
		print_wrapped(output, INDENT, text, strlen(text));
		return;
	}
	fprintf(output, "%*sCPUs    ", INDENT, "");
	numbers_write(&line, placed);
	fputc('\n', output);
	map_draw(output, json_object_get(list, "cpus"), placed);
}

void placement_list_show(FILE *output, const json_t *list)
{
	const char *simulated = json_string_value(json_object_get(list, "simulated"));
	int threads = number_of(list, "threads");
	size_t i;
	const json_t *placement;

	fprintf(output, "Placements of %d %s%s%s:\n", threads, threads == 1 ? "thread" : "threads",
		simulated ? ", on the simulated machine of " : "", simulated ? simulated : "");
	json_array_foreach(json_object_get(list, "placements"), i, placement)
		placement_show(output, placement, list);
	fputs("\nEach sign is a CPU: a dot, or its thread's number (A after 9, # after Z).\n"
	      "CPUs of a core stand together; brackets hold the cores of a shared cache.\n",
		output);
}
