// SPDX-License-Identifier: GPL-2.0-or-later
// What a choice of runs comes to: its sessions, the values of its keys, and which of the keys are
// the same in all of them. Entries: sessions_list(), values_list(), constants_list().
#include "choice.h"

#include <stdlib.h>
#include <string.h>

#include "block.h"
#include "results/text/memory.h"

bool side_has_session(const struct comparison *comparison, const char *side, int64_t session)
{
	for (size_t i = 0; i < comparison->samples.count; i++) {
		const struct compare_sample *sample = &comparison->samples.items[i];

		if (sample->side == side && block_session(sample->block) == session)
			return true;
	}
	return false;
}

static bool key_text(const char *key, const struct store_source *source, char **text)
{
	size_t size;
	FILE *output = open_memstream(text, &size);

	if (!output)
		return false;
	key_value_write(output, key, source);
	return fclose(output) == 0;
}

// The different values of a key among the chosen runs, of one side or (NULL) of all.
bool values_list(
	const struct choice *choice, const char *key, const char *side, struct store_names *values)
{
	bool is_good = true;

	*values = (struct store_names){0};
	for (size_t i = 0; is_good && i < choice->runs.count; i++) {
		const struct compare_run *run = &choice->runs.items[i];
		char *text = NULL;

		if (!run->is_chosen || (side && strcmp(run->side, side) != 0))
			continue;
		is_good = key_text(key, &run->source, &text)
				  ? names_add_new(values, text, choice->problem)
				  : no_memory(choice->problem, "the comparison");
		free(text);
	}
	if (!is_good)
		store_names_free(values);
	return is_good;
}

// A key that does not tell any two rows apart is not worth its place in their names.
bool constants_list(struct choice *choice)
{
	const struct store_names *rows = &choice->projection.rows;

	for (size_t i = 0; i < rows->count; i++) {
		struct store_names values;
		bool is_good;

		if (key_is_of_name(rows->items[i]))
			continue;
		if (!values_list(choice, rows->items[i], NULL, &values))
			return false;
		is_good = values.count > 1 ||
			  names_add(&choice->constant, rows->items[i], choice->problem);
		store_names_free(&values);
		if (!is_good)
			return false;
	}
	return true;
}

bool sessions_list(struct choice *choice)
{
	char number[24];
	bool is_good = true;

	for (size_t i = 0; is_good && i < choice->runs.count; i++) {
		const struct compare_run *run = &choice->runs.items[i];

		(void)snprintf(number, sizeof(number), "%lld", (long long)run->source.session);
		if (run->is_chosen)
			is_good = names_add_new(&choice->sessions, number, choice->problem);
	}
	if (is_good && choice->sessions.count == 0)
		is_good = problem_set(choice->problem, EXIT_NOT_MEASURED,
			choice->runs.count == 0
				? "nothing is stored yet; `slabmark run` measures"
				: "nothing that is stored passes the filter and the session");
	return is_good;
}
