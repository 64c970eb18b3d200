// SPDX-License-Identifier: GPL-2.0-or-later
// Takes a layout for the unit of a comparison. Entries: layouts_of_session(), layouts_condense().
#include "layouts.h"

#include <stdlib.h>

#include "block.h"

bool layouts_of_session(
	struct store *store, int64_t session, size_t *layouts, struct problem *problem)
{
	json_int_t planned;
	json_t *plan;

	if (!store_session_plan(store, session, &plan, problem))
		return false;
	planned = json_integer_value(json_object_get(plan, "layouts"));
	*layouts = planned > 0 ? (size_t)planned : 0;
	json_decref(plan);
	return true;
}

// The rounds of a layout so far.
struct layout {
	double base, difference; // sums
	int64_t block; // of the first
	size_t rounds;
};

bool layouts_condense(
	size_t layouts, double *base, double *difference, int64_t *blocks, size_t *count)
{
	size_t rounds = *count;
	struct layout *sums;

	if (layouts < 2 || rounds == 0)
		return true;
	sums = calloc(rounds, sizeof(*sums));
	if (!sums)
		return false;
	*count = 0;
	for (size_t i = 0; i < rounds; i++) {
		size_t number = (size_t)block_round(blocks[i]) % layouts;
		size_t at = 0;

		while (at < *count && (size_t)block_round(sums[at].block) % layouts != number)
			at++;
		if (at == *count)
			sums[(*count)++].block = blocks[i];
		sums[at].base += base[i];
		sums[at].difference += difference[i];
		sums[at].rounds++;
	}
	for (size_t i = 0; i < *count; i++) {
		base[i] = sums[i].base / (double)sums[i].rounds;
		difference[i] = sums[i].difference / (double)sums[i].rounds;
		blocks[i] = sums[i].block;
	}
	free(sums);
	return true;
}
