// SPDX-License-Identifier: GPL-2.0-or-later
// Reads the runs of a store and chooses those that a projection compares. Entries: runs_read(),
// runs_choose().
#include "runs.h"

#include <stdlib.h>
#include <string.h>

#include "results/store/internal.h"
#include "results/text/memory.h"

// Texts that may be missing.
static bool is_same(const char *one, const char *two)
{
	return one == two || (one && two && strcmp(one, two) == 0);
}

// ---- reading

static const char RUNS_SQL[] =
	"SELECT p.session_id, p.config, p.workload, b.\"commit\", b.compiler, m.fingerprint,"
	" p.simulator, count(*), min(p.id) AS first_id,"
	" (SELECT count(*) FROM sessions AS s WHERE s.id = p.session_id"
	"  AND " SESSION_HAS_PURPOSE(
		"s.plan") ")"
			  " FROM processes AS p JOIN builds AS b ON b.id = p.build_id"
			  " LEFT JOIN machines AS m ON m.id = p.machine_id"
			  " GROUP BY p.session_id, p.config, p.workload, b.\"commit\", b.compiler, "
			  "m.fingerprint,"
			  " p.simulator ORDER BY p.session_id, first_id";

static struct compare_run *run_add(struct compare_runs *runs)
{
	struct compare_run *items = array_grown(runs->items, runs->count, sizeof(*items));

	if (!items)
		return NULL;
	runs->items = items;
	items[runs->count] = (struct compare_run){0};
	return &items[runs->count++];
}

static char *side_text(const struct projection *projection, const struct store_source *source)
{
	char *text = NULL;
	size_t size;
	FILE *output = open_memstream(&text, &size);

	if (!output)
		return NULL;
	projection_write_side(projection, source, output);
	return fclose(output) == 0 ? text : NULL;
}

// Whether the run may be compared. One of a session that had a purpose is no result: it must be
// named.
static bool is_candidate(
	const struct compare_run *run, const struct projection *projection, bool has_purpose)
{
	return projection_filter(projection, &run->source) != FILTER_NO &&
	       (!has_purpose || projection->names_session);
}

static bool run_take(struct compare_runs *runs, const struct projection *projection,
	const struct statement *statement, struct problem *problem)
{
	struct compare_run *run = run_add(runs);

	if (!run)
		return no_memory(problem, "the comparison");
	if (statement_is_null(statement, 1) || statement_is_null(statement, 2))
		return store_damaged(statement->store, "a process without a config", problem);
	run->source = (struct store_source){
		.session = statement_integer(statement, 0),
		.config = statement_text(statement, 1),
		.workload = statement_text(statement, 2),
		.commit = statement_text(statement, 3),
		.compiler = statement_text(statement, 4),
		.machine = statement_text(statement, 5),
		.simulator = statement_text(statement, 6),
	};
	run->processes = statement_integer(statement, 7);
	run->side = side_text(projection, &run->source);
	run->is_candidate = is_candidate(run, projection, statement_integer(statement, 9) > 0);
	return (run->source.config && run->source.workload && run->side) ||
	       no_memory(problem, "the comparison");
}

bool runs_read(struct store *store, const struct projection *projection, struct compare_runs *runs,
	struct problem *problem)
{
	struct statement statement;
	bool has_row = true;
	bool is_good = statement_prepare(&statement, store, RUNS_SQL, problem);

	*runs = (struct compare_runs){0};
	while (is_good && has_row) {
		is_good = statement_next(&statement, &has_row, problem);
		if (is_good && has_row)
			is_good = run_take(runs, projection, &statement, problem);
	}
	statement_close(&statement);
	if (!is_good)
		runs_free(runs);
	return is_good;
}

void runs_free(struct compare_runs *runs)
{
	for (size_t i = 0; i < runs->count; i++) {
		struct compare_run *run = &runs->items[i];

		free((char *)run->source.config);
		free((char *)run->source.workload);
		free((char *)run->source.commit);
		free((char *)run->source.compiler);
		free((char *)run->source.machine);
		free((char *)run->source.simulator);
		free(run->side);
	}
	free(runs->items);
	*runs = (struct compare_runs){0};
}

const struct compare_run *runs_find(
	const struct compare_runs *runs, const struct store_source *source)
{
	for (size_t i = 0; i < runs->count; i++) {
		const struct compare_run *run = &runs->items[i];

		if (run->is_chosen && run->source.session == source->session &&
			is_same(run->source.config, source->config) &&
			is_same(run->source.workload, source->workload) &&
			is_same(run->source.commit, source->commit) &&
			is_same(run->source.compiler, source->compiler) &&
			is_same(run->source.machine, source->machine) &&
			is_same(run->source.simulator, source->simulator))
			return run;
	}
	return NULL;
}

// ---- choosing

// Machines that are told apart by rows each have sessions of their own.
struct chooser {
	struct compare_runs *runs;
	const struct store_names *wanted;
	bool has_machines; // as rows
	const char *machine; // whose turn it is
};

static bool is_of_turn(const struct chooser *chooser, const struct compare_run *run)
{
	return run->is_candidate &&
	       (!chooser->has_machines || is_same(run->source.machine, chooser->machine));
}

// The runs of a session are neighbours: from the one at `first` to before the result.
static size_t session_end(const struct compare_runs *runs, size_t first)
{
	size_t end = first + 1;

	while (end < runs->count &&
		runs->items[end].source.session == runs->items[first].source.session)
		end++;
	return end;
}

static bool session_has(const struct chooser *chooser, size_t first, size_t end, const char *side)
{
	for (size_t i = first; i < end; i++) {
		const struct compare_run *run = &chooser->runs->items[i];

		if (is_of_turn(chooser, run) && strcmp(run->side, side) == 0)
			return true;
	}
	return false;
}

static bool session_has_two(const struct chooser *chooser, size_t first, size_t end)
{
	const char *side = NULL;

	for (size_t i = first; i < end; i++) {
		const struct compare_run *run = &chooser->runs->items[i];

		if (!is_of_turn(chooser, run))
			continue;
		// Without a side the columns are of the name, and any session has all that there
		// are.
		if (!*run->side || (side && strcmp(run->side, side) != 0))
			return true;
		side = run->side;
	}
	return false;
}

// Whether a session by itself makes a comparison: it has all sides that are wanted, or two of any.
static bool session_suffices(const struct chooser *chooser, size_t first, size_t end)
{
	for (size_t i = 0; i < chooser->wanted->count; i++) {
		if (!session_has(chooser, first, end, chooser->wanted->items[i]))
			return false;
	}
	return chooser->wanted->count > 0 || session_has_two(chooser, first, end);
}

// The newest session that suffices. False: none does.
static bool session_choose(const struct chooser *chooser)
{
	struct compare_runs *runs = chooser->runs;
	size_t best = runs->count;
	size_t best_end = runs->count;
	size_t end;

	for (size_t first = 0; first < runs->count; first = end) {
		end = session_end(runs, first);
		if (session_suffices(chooser, first, end)) {
			best = first;
			best_end = end;
		}
	}
	for (size_t i = best; i < best_end; i++) {
		if (is_of_turn(chooser, &runs->items[i]))
			runs->items[i].is_chosen = true;
	}
	return best < best_end;
}

// What measured the same, perhaps at different times, becomes neighbours.
static int cell_order(const struct compare_run *one, const struct compare_run *two)
{
	int order = strcmp(one->side, two->side);

	if (order == 0)
		order = strcmp(one->source.config, two->source.config);
	return order ? order : strcmp(one->source.workload, two->source.workload);
}

static int newest_first(const void *left, const void *right)
{
	const struct compare_run *one = *(struct compare_run *const *)left;
	const struct compare_run *two = *(struct compare_run *const *)right;
	int order = cell_order(one, two);

	return order ? order
		     : (one->source.session < two->source.session) -
			       (one->source.session > two->source.session);
}

// Of each cell the newest session.
static bool cells_choose(const struct chooser *chooser)
{
	struct compare_runs *runs = chooser->runs;
	struct compare_run **sorted =
		(struct compare_run **)calloc(runs->count + 1, sizeof(struct compare_run *));
	size_t count = 0;
	size_t newest = 0;

	for (size_t i = 0; sorted && i < runs->count; i++) {
		if (is_of_turn(chooser, &runs->items[i]))
			sorted[count++] = &runs->items[i];
	}
	if (count > 0)
		qsort((void *)sorted, count, sizeof(struct compare_run *), newest_first);
	for (size_t i = 0; i < count; i++) {
		if (cell_order(sorted[newest], sorted[i]) != 0)
			newest = i;
		sorted[i]->is_chosen = sorted[i]->source.session == sorted[newest]->source.session;
	}
	free((void *)sorted);
	return sorted;
}

// Whether this candidate is the first of its machine. There are few machines, and their first runs
// come early.
static bool begins_machine(const struct compare_runs *runs, size_t i)
{
	for (size_t k = 0; k < i; k++) {
		if (runs->items[k].is_candidate &&
			is_same(runs->items[k].source.machine, runs->items[i].source.machine))
			return false;
	}
	return runs->items[i].is_candidate;
}

bool runs_choose(struct compare_runs *runs, const struct projection *projection,
	const struct store_names *wanted, struct problem *problem)
{
	struct chooser chooser = {.runs = runs,
		.wanted = wanted,
		.has_machines = names_have(&projection->rows, "machine")};
	bool are_named = filter_mentions(projection->filter, "session") ||
			 names_have(&projection->rows, "session") ||
			 names_have(&projection->columns, "session");

	for (size_t i = 0; are_named && i < runs->count; i++)
		runs->items[i].is_chosen = runs->items[i].is_candidate;
	if (are_named)
		return true;
	if (!chooser.has_machines)
		return session_choose(&chooser) || cells_choose(&chooser) ||
		       no_memory(problem, "the comparison");
	for (size_t i = 0; i < runs->count; i++) {
		chooser.machine = runs->items[i].source.machine;
		if (begins_machine(runs, i) && !session_choose(&chooser) && !cells_choose(&chooser))
			return no_memory(problem, "the comparison");
	}
	return true;
}
