// SPDX-License-Identifier: GPL-2.0-or-later
// Hand-over from node to node. Entry: matrices_add(). "/relation:matrix/from:0/to:1" in a benchmark's
// name says which pair of nodes it is; the name without it is the matrix'.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "curves.h"
#include "internal.h"
#include "results/statistics/figures.h"
#include "results/text/memory.h"

static const char PAIR[] = "/relation:matrix/from:";
static const char TO[] = "/to:";

bool is_of_matrix(const char *name)
{
	const char *pair = strstr(name, PAIR);

	return pair && strstr(pair, TO);
}

// One matrix while it is gathered.
struct matrix {
	char benchmark[512];
	json_t *pairs; // array of {"from", "to", "ns", "remote_frees", "remote_frees_total"}
	bool has[1024]; // nodes; more than Linux can have
};

// The name without the pair.
static void benchmark_name(char *text, size_t size, const char *name)
{
	const char *pair = strstr(name, PAIR);
	const char *to = strstr(pair, TO) + strlen(TO);

	(void)snprintf(text, size, "%.*s%s", (int)(pair - name), name, to + strcspn(to, "/"));
}

// The memory policy in a name; where it is not said, each thread's memory is bound to its node.
static const char *memory_of(const char *name, char *text, size_t size)
{
	static const char MEMORY[] = "/memory:";
	const char *policy = strstr(name, MEMORY);

	if (!policy)
		return "bound to each thread's node";
	policy += strlen(MEMORY);
	(void)snprintf(text, size, "%.*s", (int)strcspn(policy, "/"), policy);
	return text;
}

static int node_of(const char *digits)
{
	long node = strtol(digits, NULL, 10);

	return node >= 0 && node < 1024 ? (int)node : -1;
}

// ---- figures

// The geometric mean over processes.
static double time_of(const struct compare_side *side, double *logs)
{
	struct figures processes = {.logs = logs};
	double sum = 0;

	for (size_t i = 0; i < side->count; i++)
		if (!side->samples[i].failed)
			figures_add(&processes, side->samples[i].process,
				side->samples[i].real_time_ns);
	figures_end(&processes);
	for (size_t i = 0; i < processes.count; i++)
		sum += logs[i];
	return processes.count > 0 ? exp(sum / (double)processes.count) : NAN;
}

// A counter's sum over the samples; NaN where one has none.
static double counter_sum(const struct compare_side *side, const char *name)
{
	double sum = 0;

	for (size_t i = 0; i < side->count; i++) {
		const json_t *count = json_object_get(side->samples[i].counters, name);

		if (!side->samples[i].failed)
			sum += json_is_number(count) ? json_number_value(count) : NAN;
	}
	return sum;
}

static double operations_sum(const struct compare_side *side)
{
	double sum = 0;

	for (size_t i = 0; i < side->count; i++)
		if (!side->samples[i].failed)
			sum += side->samples[i].iterations;
	return sum;
}

static json_t *real_or_null(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static bool pair_add(struct matrix *matrix, const struct compare_side *side)
{
	const char *from = strstr(side->samples[0].name, PAIR) + strlen(PAIR);
	const char *to = strstr(from, TO) + strlen(TO);
	double *logs = calloc(side->count, sizeof(*logs));
	double frees = counter_sum(side, "remote_frees.raw");

	if (!logs)
		return false;
	if (side->rounds > 0 && node_of(from) >= 0 && node_of(to) >= 0) {
		matrix->has[node_of(from)] = matrix->has[node_of(to)] = true;
		json_array_append_new(matrix->pairs,
			json_pack("{si si so so so}", "from", node_of(from), "to", node_of(to),
				"ns", real_or_null(time_of(side, logs)), "remote_frees",
				real_or_null(frees / operations_sum(side)), "remote_frees_total",
				real_or_null(frees)));
	}
	free(logs);
	return true;
}

// ---- a whole one

static json_t *square_of(size_t nodes)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < nodes; i++) {
		json_t *row = json_array();

		for (size_t k = 0; k < nodes; k++)
			json_array_append_new(row, json_null());
		json_array_append_new(rows, row);
	}
	return rows;
}

static json_t *square_filled(
	const struct matrix *matrix, const int *places, size_t nodes, const char *member)
{
	json_t *rows = square_of(nodes);
	const json_t *pair;
	size_t i;

	json_array_foreach(matrix->pairs, i, pair)
	{
		json_int_t from = json_integer_value(json_object_get(pair, "from"));
		json_int_t to = json_integer_value(json_object_get(pair, "to"));

		json_array_set(json_array_get(rows, (size_t)places[from]), (size_t)places[to],
			json_object_get(pair, member));
	}
	return rows;
}

// Hands the gathered matrix over to the comparison, and empties it.
static void matrix_end(struct comparison *comparison, const char *side, struct matrix *matrix)
{
	int places[1024];
	char memory[64];
	json_t *nodes = json_array();

	for (int node = 0; node < 1024; node++) {
		places[node] = (int)json_array_size(nodes);
		if (matrix->has[node])
			json_array_append_new(nodes, json_integer(node));
	}
	size_t count = json_array_size(nodes);
	if (count > 0)
		json_array_append_new(comparison->matrices,
			json_pack("{ss ss ss sO so so so}", "benchmark", matrix->benchmark, "side",
				side, "memory",
				memory_of(matrix->benchmark, memory, sizeof(memory)), "nodes",
				nodes, "ns", square_filled(matrix, places, count, "ns"),
				"remote_frees",
				square_filled(matrix, places, count, "remote_frees"),
				"remote_frees_total",
				square_filled(matrix, places, count, "remote_frees_total")));
	json_decref(nodes);
	json_array_clear(matrix->pairs);
	memset(matrix->has, 0, sizeof(matrix->has));
}

// The pairs of one matrix are neighbours in the order of names, but for what stands behind "/to:". So a
// side's benchmarks are gone through once for each name that is left.
static bool side_add(struct comparison *comparison, const char *side, struct matrix *matrix)
{
	const struct compare_samples *samples = &comparison->samples;

	for (size_t i = 0, end; i < samples->count; i = end) {
		char benchmark[sizeof(matrix->benchmark)];

		for (end = i + 1; end < samples->count &&
				  strcmp(samples->items[end].name, samples->items[i].name) == 0;
			end++)
			;
		if (!is_of_matrix(samples->items[i].name))
			continue;
		benchmark_name(benchmark, sizeof(benchmark), samples->items[i].name);
		if (strcmp(benchmark, matrix->benchmark) != 0) {
			matrix_end(comparison, side, matrix);
			memcpy(matrix->benchmark, benchmark, sizeof(benchmark));
		}
		struct compare_side found = side_find(&samples->items[i], end - i, side);
		if (found.count > 0 && !pair_add(matrix, &found))
			return false;
	}
	matrix_end(comparison, side, matrix);
	return true;
}

bool matrices_add(struct comparison *comparison, struct problem *problem)
{
	struct matrix *matrix = calloc(1, sizeof(*matrix));
	bool is_good = matrix != NULL;

	comparison->matrices = json_array();
	if (matrix)
		matrix->pairs = json_array();
	for (size_t k = 0; is_good && k < comparison->sides_count; k++)
		is_good = side_add(comparison, comparison->sides[k], matrix);
	if (matrix)
		json_decref(matrix->pairs);
	free(matrix);
	return is_good || no_memory(problem, "the comparison");
}
