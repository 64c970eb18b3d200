// SPDX-License-Identifier: GPL-2.0-or-later
// Walks a results tree of asv: DIR/benchmarks.json, DIR/MACHINE/machine.json and
// DIR/MACHINE/COMMIT-ENVIRONMENT.json. Entry: asv_folder_import(). A machine's folder alone will do.
#include "asv_folder.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "asv_document.h"
#include "import_internal.h"
#include "results/document/benchmark_file.h"
#include "results/text/digest.h"
#include "results/text/memory.h"

enum { DEPTH_MAX = 2 };

// A results file.
struct results_file {
	char *path;
	char digest[DIGEST_SIZE];
	int64_t time_unix_ns;
	json_t *json;
};

struct tree {
	json_t *benchmarks;
	json_t *machines; // by folder
	struct results_file *files;
	size_t count;
	size_t others; // benchmarks that are no times
};

// ---- the walk

static int64_t time_of(const struct stat *status)
{
	return (int64_t)status->st_mtim.tv_sec * 1000000000 + status->st_mtim.tv_nsec;
}

static bool results_keep(struct tree *tree, const char *path, const char *digest,
	const struct stat *status, json_t *json, struct problem *problem)
{
	struct results_file *files = array_grown(tree->files, tree->count, sizeof(*files));

	if (!files)
		return no_memory(problem, "the import");
	tree->files = files;
	files += tree->count;
	*files = (struct results_file){
		.path = strdup(path), .time_unix_ns = time_of(status), .json = json_incref(json)};
	(void)snprintf(files->digest, sizeof(files->digest), "%s", digest);
	tree->count++;
	return files->path || no_memory(problem, "the import");
}

static bool json_keep(struct tree *tree, const FTSENT *entry, const char *digest, json_t *json,
	struct problem *problem)
{
	if (strcmp(entry->fts_name, "benchmarks.json") == 0)
		return json_object_set(tree->benchmarks, "", json) == 0;
	if (strcmp(entry->fts_name, "machine.json") == 0)
		return json_object_set(tree->machines, entry->fts_parent->fts_path, json) == 0;
	return !asv_is_results(json) ||
	       results_keep(tree, entry->fts_path, digest, entry->fts_statp, json, problem);
}

static bool file_take(
	struct import *import, struct tree *tree, const FTSENT *entry, struct problem *problem)
{
	struct problem refusal = {0};
	char digest[DIGEST_SIZE];
	size_t size;
	char *text = benchmark_file_text(entry->fts_accpath, &size, &refusal);
	json_t *json = NULL;
	bool is_good = true;

	if (text) {
		digest_make(text, size, digest);
		json = benchmark_file_parse(text, size, entry->fts_path, 1, &refusal);
	}
	if (json)
		is_good = json_keep(tree, entry, digest, json, problem);
	else if (import->options.say)
		import->options.say(import->options.say_context, entry->fts_path, refusal.text);
	json_decref(json);
	free(text);
	return is_good;
}

static bool is_json(const FTSENT *entry)
{
	const char *dot = strrchr(entry->fts_name, '.');

	return entry->fts_info == FTS_F && dot && strcmp(dot, ".json") == 0;
}

static bool tree_walk(
	struct import *import, struct tree *tree, const char *folder, struct problem *problem)
{
	char *const roots[] = {(char *)folder, NULL}; // fts only reads it
	FTS *walk = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, NULL);
	bool is_good = true;
	FTSENT *entry;

	while (walk && is_good && (entry = fts_read(walk))) {
		if (entry->fts_info == FTS_D && entry->fts_level >= DEPTH_MAX)
			(void)fts_set(walk, entry, FTS_SKIP);
		else if (entry->fts_info == FTS_DNR && entry->fts_level == 0)
			is_good = problem_set(problem, EXIT_NOT_MEASURED,
				"%s: could not read the folder: %s", folder,
				strerror(entry->fts_errno));
		else if (is_json(entry))
			is_good = file_take(import, tree, entry, problem);
	}
	if (!walk)
		return problem_set(problem, EXIT_NOT_MEASURED, "%s: could not read the folder: %s",
			folder, strerror(errno));
	(void)fts_close(walk);
	if (is_good && tree->count == 0)
		return problem_set(problem, EXIT_WRONG_USE,
			"%s: no results file of asv is in the folder "
			"(MACHINE/COMMIT-ENVIRONMENT.json "
			"with \"commit_hash\" and \"results\")",
			folder);
	return is_good;
}

// ---- the import

static int date_order(const void *left, const void *right)
{
	const struct results_file *one = left;
	const struct results_file *two = right;
	double a = json_number_value(json_object_get(one->json, "date"));
	double b = json_number_value(json_object_get(two->json, "date"));

	return a != b ? (a < b ? -1 : 1) : strcmp(one->path, two->path);
}

// "DIR/MACHINE" of its path, as the walk wrote it.
static const json_t *machine_of(const struct tree *tree, const struct results_file *file)
{
	const char *slash = strrchr(file->path, '/');
	char *folder = slash ? strndup(file->path, (size_t)(slash - file->path)) : NULL;
	const json_t *machine = folder ? json_object_get(tree->machines, folder) : NULL;

	free(folder);
	return machine;
}

static bool results_import(struct import *import, struct tree *tree,
	const struct results_file *results, struct problem *problem)
{
	const struct asv_beside beside = {.benchmarks = json_object_get(tree->benchmarks, ""),
		.machine = machine_of(tree, results)};
	const struct import_file file = {.path = results->path,
		.digest = results->digest,
		.time_unix_ns = results->time_unix_ns};
	json_t *document = asv_document(results->json, &beside, &tree->others);
	bool is_good = document || no_memory(problem, "the import");

	if (is_good && json_array_size(json_object_get(document, "benchmarks")) > 0) {
		import_session_next(import);
		is_good = import_file_begin(import, &file, problem);
		is_good = import_file_end(
			import, is_good && import_document(import, document, problem), problem);
	}
	json_decref(document);
	return is_good;
}

static void tree_free(struct tree *tree)
{
	for (size_t i = 0; i < tree->count; i++) {
		free(tree->files[i].path);
		json_decref(tree->files[i].json);
	}
	free(tree->files);
	json_decref(tree->benchmarks);
	json_decref(tree->machines);
}

static void others_say(const struct import *import, const char *folder, const struct tree *tree)
{
	char text[128];

	(void)snprintf(text, sizeof(text),
		"%zu results are no times in seconds (memory, sizes) and were left out",
		tree->others);
	if (tree->others > 0 && import->options.say)
		import->options.say(import->options.say_context, folder, text);
}

bool asv_folder_import(struct import *import, const char *folder, struct problem *problem)
{
	struct tree tree = {.benchmarks = json_object(), .machines = json_object()};
	bool is_good = tree_walk(import, &tree, folder, problem);

	if (is_good && tree.files)
		qsort(tree.files, tree.count, sizeof(*tree.files), date_order);
	for (size_t i = 0; is_good && tree.files && i < tree.count; i++)
		is_good = results_import(import, &tree, &tree.files[i], problem) ||
			  problem_locate(problem, tree.files[i].path);
	if (is_good)
		others_say(import, folder, &tree);
	import_session_next(import);
	tree_free(&tree);
	return is_good;
}
