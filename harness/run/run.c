// SPDX-License-Identifier: GPL-2.0-or-later
// Selects what a run measures, plans it, and writes it down for the store. Entries: run_select(),
// run_plan(). session.c measures.
#include "run.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "results/text/memory.h"

// ---- what is measured when

bool run_tell(struct run *run, const char *option, const char *value, struct problem *problem)
{
	const char **items = array_grown((void *)run->told.items, run->told.count, sizeof(*items));
	char *text = NULL;

	if (items)
		run->told.items = items;
	if (!items || asprintf(&text, "%s%s%s", option, value ? "=" : "", value ? value : "") < 0)
		return no_memory(problem, "the options of the measured programs");
	items[run->told.count++] = text;
	return true;
}

bool run_simulate(struct run *run, struct callgrind *callgrind,
	const struct simulated_caches *caches, const char *operations, bool is_dry,
	struct problem *problem)
{
	run->callgrind = callgrind;
	run->purpose = "simulation";
	return callgrind_open(callgrind, caches, is_dry, problem) &&
	       run_tell(run, "--slabmark_simulation", callgrind->output, problem) &&
	       run_tell(run, "--slabmark_simulated_operations", operations, problem);
}

bool run_select(
	struct run *run, struct texts sides, struct texts workloads, struct problem *problem)
{
	const struct selection_request request = {.sides = sides,
		.workloads = workloads,
		.settings = run->settings,
		.told = run->told,
		.layouts = run->layouts,
		.layouts_seed = run->layouts_seed};

	return selection_make(&run->selection, &request, problem);
}

bool run_plan(struct run *run, struct problem *problem)
{
	const struct plan_shape shape = {
		.sides_count = run->selection.sides_count,
		.workloads_count = run->selection.workloads_count,
		.has = run->selection.has,
		.rounds = run->rounds,
		.seed = run->seed,
	};

	return plan_make(&run->plan, &shape) || no_memory(problem, "the plan");
}

void run_free(struct run *run)
{
	for (size_t i = 0; i < run->told.count; i++)
		free((void *)run->told.items[i]);
	free((void *)run->told.items);
	run->told = (struct texts){NULL, 0};
	plan_free(&run->plan);
	selection_free(&run->selection);
}

uint64_t run_seed_draw(void)
{
	uint32_t drawn = 0;

	if (getrandom(&drawn, sizeof(drawn), 0) != (ssize_t)sizeof(drawn))
		drawn = (uint32_t)time(NULL);
	return drawn;
}

// ---- its record

char *run_store_name(const struct run *run)
{
	return store_path_shown(run->store_path);
}

static json_t *texts_json(struct texts texts)
{
	json_t *array = json_array();

	for (size_t i = 0; i < texts.count; i++)
		json_array_append_new(array, json_string(texts.items[i]));
	return array;
}

char *run_json_text(const struct run *run)
{
	const struct selection *selection = &run->selection;
	const struct texts labels = {selection->labels, selection->sides_count};
	const struct texts workloads = {selection->workloads, selection->workloads_count};
	json_t *json = json_pack("{s:o, s:o, s:i, s:I, s:f, s:f, s:I, s:o, s:o, s:O*, s:s*, s:s*}",
		"configs", texts_json(labels), "workloads", texts_json(workloads), "rounds",
		run->rounds, "seed", (json_int_t)run->seed, "min_time_s", run->min_time_s,
		"timeout_s", run->timeout_s, "processes", (json_int_t)run->plan.count, "settings",
		texts_json(run->settings), "passed", texts_json(run->told), "until",
		run->watch ? run->watch->looks : NULL, "purpose", run->purpose, "counters",
		run->counters);
	char *text;

	if (json && run->layouts > 0)
		json_object_set_new(json, "layouts", json_integer((json_int_t)run->layouts));
	text = json ? json_dumps(json, JSON_COMPACT) : NULL;
	json_decref(json);
	return text;
}

void run_word_write(FILE *stream, const char *word)
{
	bool is_plain = *word && strpbrk(word, " \t\n\"'\\$`*?[]{}()<>|&;#~!") == NULL;

	fprintf(stream, is_plain ? "%s" : "'%s'", word);
}

// A password in a store's URL stays out of the record.
static void word_keep(FILE *stream, const char *word)
{
	static const char OPTION[] = "--db=";
	size_t skipped = strncmp(word, OPTION, sizeof(OPTION) - 1) == 0 ? sizeof(OPTION) - 1 : 0;
	char *shown = store_is_url(word + skipped) ? store_path_shown(word + skipped) : NULL;

	if (shown)
		fprintf(stream, "%.*s", (int)skipped, word);
	run_word_write(stream, shown ? shown : word);
	free(shown);
}

char *run_words_text(const struct run *run)
{
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return NULL;
	for (size_t i = 0; i < run->words.count; i++) {
		if (i > 0)
			fputc(' ', stream);
		word_keep(stream, run->words.items[i]);
	}
	fclose(stream);
	return text;
}
