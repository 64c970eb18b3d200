// SPDX-License-Identifier: GPL-2.0-or-later
// A session's looks, to JSON and back. Entries: sequential_json() and sequential_of_session().
#include "looks.h"

#include <stdlib.h>

#include "block.h"
#include "results/text/memory.h"

enum { ROUNDS_MOST = 100000 };

json_t *sequential_json(const struct sequential *schedule)
{
	json_t *looks = json_array();

	for (size_t k = 0; k < schedule->looks_count; k++)
		json_array_append_new(looks, json_integer((json_int_t)schedule->looks[k]));
	return json_pack("{s:{s:I, s:o}}", "verdict", "rounds_max",
		(json_int_t)schedule->rounds_max, "looks", looks);
}

// Fills looks[] from the JSON. 0: they are no rising whole numbers up to rounds_max.
static size_t looks_read(const json_t *array, json_int_t rounds_max, size_t *looks)
{
	size_t count = json_array_size(array);
	json_int_t before = 0;

	if (count > SEQUENTIAL_LOOKS_MAX || rounds_max > ROUNDS_MOST)
		return 0;
	for (size_t k = 0; k < count; k++) {
		json_int_t look = json_integer_value(json_array_get(array, k));

		if (look <= before || look > rounds_max)
			return 0;
		looks[k] = (size_t)look;
		before = look;
	}
	return count;
}

bool sequential_of_session(struct store *store, int64_t session, size_t rounds_done,
	struct sequential **schedule, struct problem *problem)
{
	size_t looks[SEQUENTIAL_LOOKS_MAX];
	const json_t *verdict;
	json_int_t rounds_max;
	size_t count = 0;
	json_t *whole;
	bool is_sequential;

	*schedule = NULL;
	if (!store_session_plan(store, session, &whole, problem))
		return false;
	verdict = json_object_get(json_object_get(whole, "until"), "verdict");
	is_sequential = verdict != NULL;
	rounds_max = json_integer_value(json_object_get(verdict, "rounds_max"));
	count = looks_read(json_object_get(verdict, "looks"), rounds_max, looks);
	json_decref(whole);
	if (!is_sequential)
		return true;
	if (count == 0)
		return problem_set(problem, EXIT_WRONG_USE,
			"the plan of session %lld is damaged: its looks are no rising numbers of "
			"rounds",
			(long long)session);
	*schedule = calloc(1, sizeof(**schedule));
	if (!*schedule ||
		!sequential_restore(*schedule, (size_t)rounds_max, looks, count, rounds_done)) {
		free(*schedule);
		*schedule = NULL;
		return no_memory(problem, "the session's looks");
	}
	(*schedule)->first_block = block_of(session, 0);
	return true;
}
