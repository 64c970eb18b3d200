// SPDX-License-Identifier: GPL-2.0-or-later
// asv's results tree, a folder: all sessions, the newest of a series where a commit was measured
// several times. Sessions whose commit is unknown, or had changes on top, are left out: asv draws
// commits. The tree is made by asv_tree.c.
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "asv_tree.h"
#include "export_internal.h"
#include "results/compare/compare.h"
#include "results/document/facts.h"
#include "results/text/figure.h"
#include "results/text/folder.h"
#include "results/text/memory.h"

enum { COMMIT_DIGITS_MIN = 7, COMMIT_DIGITS_MAX = 64 };

struct gathering {
	const struct export_request *request;
	struct asv_tree *tree;
	json_t *commits; // by name: whether it is in the tree
	size_t left_out; // configs of sessions
};

static bool is_commit(const char *text)
{
	size_t length = 0;

	while (isxdigit((unsigned char)text[length]))
		length++;
	return !text[length] && length >= COMMIT_DIGITS_MIN && length <= COMMIT_DIGITS_MAX;
}

static const char *fact_or_null(const struct store_build *build, const char *name)
{
	return json_string_value(json_object_get(build->context, name));
}

// Without a repository a commit is what the store calls it, and as old as its session.
static bool commit_find(const struct gathering *gathering, const char *name, int64_t started,
	struct export_commit *commit, struct problem *problem)
{
	const struct export_commits *commits = gathering->request->commits;

	if (commits)
		return commits->find(commits->context, name, commit, problem);
	*commit = (struct export_commit){.unix_ns = started};
	(void)snprintf(commit->name, sizeof(commit->name), "%s", name);
	return true;
}

static bool series_add(struct gathering *gathering, const struct asv_place *place,
	const struct export_series *series, struct problem *problem)
{
	double *seconds = calloc(series->processes, sizeof(*seconds));
	const struct asv_point point = {.series = series->name,
		.samples_s = seconds,
		.count = series->processes,
		.result_s = series->ns / 1e9};
	bool is_good;

	for (size_t i = 0; seconds && i < series->processes; i++)
		seconds[i] = series->process_ns[i] / 1e9;
	is_good = seconds && asv_tree_add(gathering->tree, place, &point);
	free(seconds);
	return is_good ||
	       problem_set(problem, EXIT_NOT_MEASURED,
		       "no memory left for the export, or '%s' is not UTF-8", series->name);
}

static bool build_add(struct gathering *gathering, const struct export_session *session,
	const struct store_build *build, struct problem *problem)
{
	const char *name = context_fact(build->context, "commit");
	struct export_commit commit;
	bool is_good = true;

	if (!is_commit(name) || !build->machine) {
		gathering->left_out++;
		return true;
	}
	if (!commit_find(gathering, name, session->facts.started_unix_ns, &commit, problem))
		return false;
	json_object_set_new(gathering->commits, commit.name, json_true());
	const struct asv_place place = {.machine = build->machine,
		.commit = commit.name,
		.commit_unix_ns = commit.unix_ns,
		.started_unix_ns = session->facts.started_unix_ns,
		.config = build->config,
		.compiler = fact_or_null(build, "compiler"),
		.build_type = fact_or_null(build, "build_type"),
		.cpu = fact_or_null(build, "cpu_model"),
		.system = fact_or_null(build, "kernel"),
		.topology = fact_or_null(build, "topology_summary")};
	for (size_t i = 0; is_good && i < session->series_count; i++) {
		if (strcmp(session->series[i].config, build->config) == 0)
			is_good = series_add(gathering, &place, &session->series[i], problem);
	}
	return is_good;
}

// A config that a session measured in two builds has figures of both: they are no figure of either.
static bool is_only_build(const struct export_session *session, const struct store_build *build)
{
	for (size_t i = 0; i < session->builds.count; i++) {
		const struct store_build *other = &session->builds.items[i];

		if (other != build && strcmp(other->config, build->config) == 0)
			return false;
	}
	return true;
}

static bool session_add(
	const struct export_session *session, void *context, struct problem *problem)
{
	struct gathering *gathering = context;

	for (size_t i = 0; i < session->builds.count; i++) {
		const struct store_build *build = &session->builds.items[i];

		if (gathering->request->config &&
			strcmp(gathering->request->config, build->config) != 0)
			continue;
		if (!is_only_build(session, build))
			gathering->left_out++;
		else if (!build_add(gathering, session, build, problem))
			return false;
	}
	return true;
}

// ---- the folder

static void files_free(struct site_file *files, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free((char *)files[i].text);
	free(files);
}

// benchmarks.json is last, so that it never speaks of results that are not there.
static bool files_write(const char *folder, const json_t *tree, struct problem *problem)
{
	static const char MARKER[] = "Written by slabmark export --format=asv.\n";
	struct site_file *files = calloc(json_object_size(tree) + 1, sizeof(*files));
	size_t count = 1;
	bool is_good = files && (files[0].text = strdup(MARKER));
	const char *path;
	json_t *content;

	if (is_good)
		files[0] = (struct site_file){SITE_MARKER, files[0].text, sizeof(MARKER) - 1};
	json_object_foreach((json_t *)tree, path, content)
	{
		char *text = is_good ? json_dumps(content, JSON_INDENT(1)) : NULL;

		if (!text) {
			is_good = false;
			break;
		}
		files[count++] = (struct site_file){path, text, strlen(text)};
	}
	is_good = is_good ? site_folder_write(folder, files, count, problem)
			  : no_memory(problem, "the export");
	if (files)
		files_free(files, count);
	return is_good;
}

static bool tree_write(const struct gathering *gathering, struct problem *problem)
{
	const struct export_request *request = gathering->request;
	json_t *files;
	bool is_good;

	if (json_object_size(gathering->commits) == 0)
		return problem_set(problem, EXIT_NOT_MEASURED, "nothing for asv: %s",
			gathering->left_out
				? "no session knows its machine and a commit without changes on top"
				: "no session has a good sample");
	files = asv_tree_files(gathering->tree);
	if (!files)
		return no_memory(problem, "the export");
	is_good = files_write(request->folder, files, problem);
	if (is_good) {
		size_t commits = json_object_size(gathering->commits);

		fprintf(request->output, "%s: %zu %s of %zu %s", request->folder,
			json_object_size(files), plural(json_object_size(files), "file", "files"),
			commits, plural(commits, "commit", "commits"));
		if (gathering->left_out)
			fprintf(request->output,
				"; left out: %zu %s without a machine or a commit of its own",
				gathering->left_out, gathering->left_out == 1 ? "build" : "builds");
		fputc('\n', request->output);
	}
	json_decref(files);
	return is_good;
}

bool export_asv(struct store *store, const struct export_request *request, struct problem *problem)
{
	struct gathering gathering = {
		.request = request, .tree = asv_tree_new(), .commits = json_object()};
	bool is_good;

	if (!request->folder)
		is_good = problem_set(problem, EXIT_WRONG_USE,
			"asv's results are a folder; name it with --out=DIR");
	else
		is_good = gathering.tree &&
			  export_sessions_visit(store, request, session_add, &gathering, problem) &&
			  tree_write(&gathering, problem);
	asv_tree_free(gathering.tree);
	json_decref(gathering.commits);
	return is_good;
}
