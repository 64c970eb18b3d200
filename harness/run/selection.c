// SPDX-License-Identifier: GPL-2.0-or-later
// Turns names from the command line into programs and workloads, or says what is wrong with them.
// Entry: selection_make().
#include "selection.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/process/commit_build.h"
#include "results/text/memory.h"
#include "results/text/nearest.h"
#include "results/text/side.h"

enum { MALLOC_NAME_MAX = 64 };
enum { OFFER_SIZE = 512, LABEL_SIZE = 256 };

#define MALLOC_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

static const char SELECTION[] = "what is to be measured"; // what memory was for

static bool sides_choose(struct selection *selection, struct texts words, struct problem *problem);
static bool workloads_choose(
	struct selection *selection, struct texts requested, struct problem *problem);
static bool workloads_narrow(struct selection *selection, struct problem *problem);
static bool has_fill(struct selection *selection, bool is_explicit, struct problem *problem);

bool selection_make(struct selection *selection, const struct selection_request *request,
	struct problem *problem)
{
	*selection = (struct selection){.told = request->told,
		.layouts = request->layouts,
		.layouts_seed = request->layouts_seed};
	bool is_good = sides_choose(selection, request->sides, problem) &&
		       workloads_choose(selection, request->workloads, problem) &&
		       run_settings_check(selection, request->settings, problem) &&
		       run_settings_ask(selection, request->settings, problem) &&
		       workloads_choose(selection, request->workloads, problem) &&
		       workloads_narrow(selection, problem) &&
		       has_fill(selection, request->workloads.count > 0, problem);
	if (!is_good)
		selection_free(selection);
	return is_good;
}

static void side_free(struct side *side)
{
	free(side->label);
	program_free(&side->program);
	for (size_t i = 0; i < side->layouts_count; i++)
		free(side->layouts[i]);
	free(side->layouts);
}

void selection_free(struct selection *selection)
{
	for (size_t i = 0; i < selection->sides_count; i++)
		side_free(&selection->sides[i]);
	free(selection->sides);
	free(selection->labels);
	free(selection->workloads);
	free(selection->has);
	*selection = (struct selection){0};
}

bool selection_unknown(
	const char *what, const char *name, struct texts known, struct problem *problem)
{
	char offer[OFFER_SIZE];

	nearest_offer(offer, sizeof(offer), name, known.items, known.count);
	return problem_set(problem, EXIT_WRONG_USE, "unknown %s '%s'; %s", what, name, offer);
}

static struct texts labels_of(const struct selection *selection)
{
	return (struct texts){selection->labels, selection->sides_count};
}

static struct texts workloads_of(const struct selection *selection)
{
	return (struct texts){selection->workloads, selection->workloads_count};
}

// ---- sides

// Makes room for one more side.
static bool room_make(struct selection *selection, struct problem *problem)
{
	size_t count = selection->sides_count;
	struct side *sides = array_grown(selection->sides, count, sizeof(*sides));

	if (!sides)
		return no_memory(problem, SELECTION);
	selection->sides = sides;
	const char **labels = array_grown(selection->labels, count, sizeof(*labels));
	if (!labels)
		return no_memory(problem, SELECTION);
	selection->labels = labels;
	return true;
}

// Adds a side and asks its program what it offers. preload: a malloc that it runs with, or NULL.
static bool preloaded_add(struct selection *selection, const char *label, const char *config,
	const char *path, const char *preload, struct problem *problem)
{
	struct side side = {.label = strdup(label)};
	bool is_good = (program_make(&side.program, config, path) && side.label) ||
		       no_memory(problem, SELECTION);

	side.program.preload = preload ? strdup(preload) : NULL;
	is_good = is_good && (!preload || side.program.preload || no_memory(problem, SELECTION));
	is_good = is_good && program_ask(&side.program, selection->told, problem) &&
		  room_make(selection, problem);
	if (!is_good) {
		side_free(&side);
		return false;
	}
	selection->labels[selection->sides_count] = side.label;
	selection->sides[selection->sides_count++] = side;
	return true;
}

static bool side_add(struct selection *selection, const char *label, const char *config,
	const char *path, struct problem *problem)
{
	return preloaded_add(selection, label, config, path, NULL, problem);
}

// A side that is measured twice a round would count as two.
static bool label_check(
	const struct selection *selection, const char *label, struct problem *problem)
{
	if (!texts_have(labels_of(selection), label))
		return true;
	return problem_set(problem, EXIT_WRONG_USE, "%s '%s' is named twice",
		side_kind(label) ? "side" : "config", label);
}

// Where sides come from. Our own programs are looked for when one is asked for.
struct sources {
	struct programs programs;
	bool has_programs;
};

// Our program of a config. NULL fills the problem.
static const struct program *own_program(
	struct sources *sources, const char *config, struct problem *problem)
{
	if (!sources->has_programs)
		sources->has_programs =
			programs_find(&sources->programs, PROGRAM_MEASURED, problem);
	return sources->has_programs ? programs_get(&sources->programs, config, problem) : NULL;
}

// A config's own program, under the config's name.
static bool own_add(struct selection *selection, struct sources *sources, const char *config,
	struct problem *problem)
{
	const struct program *program = own_program(sources, config, problem);

	return program && label_check(selection, config, problem) &&
	       side_add(selection, config, config, program->path, problem);
}

// The side that was added last takes the programs over: one a layout.
static void layouts_take(struct selection *selection, struct commit_build *build)
{
	struct side *side = &selection->sides[selection->sides_count - 1];

	side->layouts = build->paths;
	side->layouts_count = build->count;
	build->paths = NULL;
	build->count = 0;
}

// "CONFIG@COMMIT", under the beginning of the commit's name; or, in several layouts, the tree's config.
static bool of_commit_add(struct selection *selection, const char *config, const char *commit,
	struct problem *problem)
{
	const struct commit_request request = {
		config, commit, selection->layouts, selection->layouts_seed};
	bool is_tree = strcmp(commit, COMMIT_OF_TREE) == 0;
	struct commit_build build;
	char label[LABEL_SIZE];
	bool is_good;

	if (!commit_build_get(&build, &request, problem))
		return false;
	snprintf(label, sizeof(label), "%s%c%.*s", config, SIDE_OF_COMMIT, COMMIT_SHOWN,
		build.commit);
	if (is_tree)
		snprintf(label, sizeof(label), "%s", config);
	is_good = label_check(selection, label, problem) &&
		  side_add(selection, label, config, build.paths[0], problem);
	if (is_good && selection->layouts > 0)
		layouts_take(selection, &build);
	commit_build_free(&build);
	return is_good;
}

// "CONFIG=FOLDER", under that name.
static bool of_folder_add(struct selection *selection, const char *label, const char *config,
	const char *folder, struct problem *problem)
{
	char *path = NULL;
	bool is_good;

	if (asprintf(&path, "%s/" PROGRAM_MEASURED "%s", folder, config) < 0)
		return no_memory(problem, SELECTION);
	is_good = access(path, X_OK) == 0 ||
		  problem_set(problem, EXIT_WRONG_USE, "%s: there is no program %s", label, path);
	is_good = is_good && label_check(selection, label, problem) &&
		  side_add(selection, label, config, path, problem);
	free(path);
	return is_good;
}

// Whose program a malloc is preloaded into: its workloads call malloc itself.
static const char MALLOC_CONFIG[] = "glibc";

// "malloc:NAME=LIBRARY", under "malloc:NAME".
static bool of_malloc_add(struct selection *selection, struct sources *sources, const char *word,
	struct problem *problem)
{
	size_t length = strcspn(word, "="), named = length - strlen(SIDE_OF_MALLOC);
	const struct program *program;
	char label[LABEL_SIZE], *library;
	bool is_good;

	if (named == 0 || named > MALLOC_NAME_MAX || !word[length] || !word[length + 1] ||
		strspn(word + strlen(SIDE_OF_MALLOC), MALLOC_LETTERS) != named)
		return problem_set(problem, EXIT_WRONG_USE,
			"'%s' is no malloc:NAME=LIBRARY, such as "
			"malloc:mimalloc3=./libmimalloc.so.3; a "
			"name has letters, digits, '.', '_' and '-'",
			word);
	if (selection->layouts > 0)
		return problem_set(problem, EXIT_WRONG_USE,
			"%s: --layouts links programs anew, and this one is linked already", word);
	program = own_program(sources, MALLOC_CONFIG, problem);
	if (!program)
		return false;
	library = realpath(word + length + 1, NULL);
	if (!library)
		return problem_set(problem, EXIT_WRONG_USE, "%s: there is no such library: %s",
			word, strerror(errno));
	snprintf(label, sizeof(label), "%.*s", (int)length, word);
	is_good = (!strpbrk(library, ": ") ||
			  problem_set(problem, EXIT_WRONG_USE,
				  "%s: the loader takes no library whose path has blanks or ':'",
				  word)) &&
		  label_check(selection, label, problem) &&
		  preloaded_add(selection, label, MALLOC_CONFIG, program->path, library, problem);
	free(library);
	return is_good;
}

static bool word_add(struct selection *selection, struct sources *sources, const char *word,
	struct problem *problem)
{
	size_t length = side_config_length(word);
	char kind = side_kind(word);
	char *config;
	bool is_good;

	if (strncmp(word, SIDE_OF_MALLOC, strlen(SIDE_OF_MALLOC)) == 0)
		return of_malloc_add(selection, sources, word, problem);
	if (!kind)
		return selection->layouts > 0
			       ? of_commit_add(selection, word, COMMIT_OF_TREE, problem)
			       : own_add(selection, sources, word, problem);
	if (kind == SIDE_OF_FOLDER && selection->layouts > 0)
		return problem_set(problem, EXIT_WRONG_USE,
			"%s: --layouts links programs anew, and a folder has no parts to link",
			word);
	config = strndup(word, length);
	if (!config)
		return no_memory(problem, SELECTION);
	is_good = kind == SIDE_OF_COMMIT
			  ? of_commit_add(selection, config, word + length + 1, problem)
			  : of_folder_add(selection, word, config, word + length + 1, problem);
	free(config);
	return is_good;
}

static bool sides_choose(struct selection *selection, struct texts words, struct problem *problem)
{
	struct sources sources = {0};
	bool is_good = true;

	for (size_t i = 0; is_good && i < words.count; i++)
		is_good = word_add(selection, &sources, words.items[i], problem);
	if (sources.has_programs)
		programs_free(&sources.programs);
	return is_good;
}

bool selection_build_add(
	struct selection *selection, const char *label, const char *path, struct problem *problem)
{
	bool *has = selection->has;

	if (!side_add(selection, label, selection->sides[0].program.config, path, problem))
		return false;
	if (has_fill(selection, false, problem)) {
		free(has);
		return true;
	}
	selection->has = has;
	side_free(&selection->sides[--selection->sides_count]);
	return false;
}

const char *selection_path(const struct selection *selection, size_t side, int round)
{
	const struct side *chosen = &selection->sides[side];

	return chosen->layouts_count > 0 ? chosen->layouts[(size_t)round % chosen->layouts_count]
					 : chosen->program.path;
}

// ---- workloads

static const json_t *workloads_offered(const struct side *side)
{
	return json_object_get(side->program.catalogue, "workloads");
}

// Every workload that any side knows, in the order in which they say it. NULL: no memory.
static const char **workloads_united(const struct selection *selection, size_t *count)
{
	size_t room = 1;

	*count = 0;
	for (size_t i = 0; i < selection->sides_count; i++)
		room += json_array_size(workloads_offered(&selection->sides[i]));
	const char **names = calloc(room, sizeof(*names));
	for (size_t i = 0; names && i < selection->sides_count; i++) {
		size_t j;
		const json_t *entry;

		json_array_foreach(workloads_offered(&selection->sides[i]), j, entry)
		{
			const char *name = json_string_value(json_object_get(entry, "name"));

			if (name && !texts_have((struct texts){names, *count}, name))
				names[(*count)++] = name;
		}
	}
	return names;
}

// Moves those that were asked for to the front, in the order of asking, and leaves out the others.
static bool workloads_choose(
	struct selection *selection, struct texts requested, struct problem *problem)
{
	free(selection->workloads);
	selection->workloads = workloads_united(selection, &selection->workloads_count);
	if (!selection->workloads)
		return no_memory(problem, SELECTION);
	if (requested.count == 0)
		return true;
	for (size_t i = 0; i < requested.count; i++) {
		const char *name = requested.items[i];
		size_t place = texts_index(workloads_of(selection), name);

		if (place == selection->workloads_count)
			return selection_unknown(
				"workload", name, workloads_of(selection), problem);
		if (place < i)
			return problem_set(
				problem, EXIT_WRONG_USE, "workload '%s' is named twice", name);
		name = selection->workloads[place];
		selection->workloads[place] = selection->workloads[i];
		selection->workloads[i] = name;
	}
	selection->workloads_count = requested.count;
	return true;
}

static bool is_offered(const struct selection *selection, size_t workload)
{
	for (size_t side = 0; side < selection->sides_count; side++) {
		const json_t *entry = program_workload(
			&selection->sides[side].program, selection->workloads[workload]);

		if (json_array_size(json_object_get(entry, "benchmarks")) > 0 ||
			json_array_size(json_object_get(entry, "skipped")) > 0)
			return true;
	}
	return false;
}

// Leaves out the workloads of which a filter leaves nothing.
static bool workloads_narrow(struct selection *selection, struct problem *problem)
{
	size_t kept = 0;

	for (size_t i = 0; i < selection->workloads_count; i++)
		if (is_offered(selection, i))
			selection->workloads[kept++] = selection->workloads[i];
	if (kept == 0)
		return problem_set(problem, EXIT_WRONG_USE,
			"no benchmark is left: the filter matches none; slabmark-run-%s "
			"--benchmark_list_tests names them",
			selection->sides[0].program.config);
	selection->workloads_count = kept;
	return true;
}

// ---- what can be run here

const char *selection_reason(const struct selection *selection, size_t workload, size_t side)
{
	const json_t *entry =
		program_workload(&selection->sides[side].program, selection->workloads[workload]);
	const json_t *skipped = json_array_get(json_object_get(entry, "skipped"), 0);
	const char *reason = json_string_value(json_object_get(skipped, "reason"));

	if (!entry)
		return "the config has no such workload";
	if (json_array_size(json_object_get(entry, "benchmarks")) > 0)
		return NULL;
	return reason ? reason : "it offers no benchmark";
}

// A workload that the user named and that nothing can run is an error; of all workloads, some must
// be left.
static bool has_check(const struct selection *selection, bool is_explicit, struct problem *problem)
{
	size_t runnable = 0;

	for (size_t workload = 0; workload < selection->workloads_count; workload++) {
		size_t before = runnable;

		for (size_t side = 0; side < selection->sides_count; side++)
			runnable += *selection_has(selection, workload, side);
		if (is_explicit && runnable == before)
			return problem_set(problem, EXIT_NOT_MEASURED,
				"workload '%s' can't be run here: %s",
				selection->workloads[workload],
				selection_reason(selection, workload, 0));
	}
	return runnable > 0 ||
	       problem_set(problem, EXIT_NOT_MEASURED, "no workload can be run here");
}

// On failure selection->has is NULL.
static bool has_fill(struct selection *selection, bool is_explicit, struct problem *problem)
{
	size_t count = selection->workloads_count * selection->sides_count;

	selection->has = calloc(count + 1, sizeof(*selection->has));
	if (!selection->has)
		return no_memory(problem, SELECTION);
	for (size_t i = 0; i < count; i++)
		selection->has[i] = selection_reason(selection, i / selection->sides_count,
					    i % selection->sides_count) == NULL;
	if (has_check(selection, is_explicit, problem))
		return true;
	free(selection->has);
	selection->has = NULL;
	return false;
}
