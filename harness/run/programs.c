// SPDX-License-Identifier: GPL-2.0-or-later
// Finds the programs of the configs beside slabmark itself, and asks a measured program for its
// catalogue. Entries: programs_find(), program_ask(). Nothing is compiled in: a config that is
// installed later is found too.
#include "programs.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/process/process.h"
#include "results/text/memory.h"
#include "results/text/nearest.h"

enum { CATALOGUE_BYTES_MAX = 16 << 20, OFFER_SIZE = 512, FOLDERS_MAX = 3 };
static const double CATALOGUE_TIMEOUT_S =
	60; // a program of a loaded machine under a sanitizer answers in one

// The folders to search, in order.
struct folders {
	char paths[FOLDERS_MAX][PATH_MAX];
	size_t count;
};

static void folder_scan(struct programs *programs, const char *folder, const char *prefix);
static bool names_sort(struct programs *programs);

static void folder_add(struct folders *folders, const char *base, const char *below)
{
	char *path = folders->paths[folders->count];

	if (snprintf(path, PATH_MAX, "%s%s", base, below) < PATH_MAX)
		folders->count++;
}

static void folders_fill(struct folders *folders)
{
	const char *named = getenv("SLABMARK_PROGRAMS");
	char own[PATH_MAX];

	folders->count = 0;
	if (named && *named)
		folder_add(folders, named, "");
	ssize_t length = readlink("/proc/self/exe", own, sizeof(own) - 1);
	if (length <= 0)
		return;
	own[length] = '\0';
	*strrchr(own, '/') = '\0';
	folder_add(folders, own, "");
	folder_add(folders, own, "/../libexec/slabmark");
}

bool programs_find(struct programs *programs, const char *prefix, struct problem *problem)
{
	struct folders folders;

	folders_fill(&folders);
	*programs = (struct programs){0};
	for (size_t i = 0; i < folders.count; i++)
		folder_scan(programs, folders.paths[i], prefix);
	if (programs->count == 0)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"no program %s<config> in %s%s%s; build or install them, or set "
			"SLABMARK_PROGRAMS to their folder",
			prefix, folders.paths[0], folders.count > 1 ? " or " : "",
			folders.count > 1 ? folders.paths[1] : "");
	if (names_sort(programs))
		return true;
	programs_free(programs);
	return no_memory(problem, "the list of programs");
}

void programs_free(struct programs *programs)
{
	for (size_t i = 0; i < programs->count; i++)
		program_free(&programs->items[i]);
	free(programs->items);
	free(programs->configs);
	*programs = (struct programs){0};
}

bool program_make(struct program *program, const char *config, const char *path)
{
	*program = (struct program){.config = strdup(config), .path = strdup(path)};
	return program->config && program->path;
}

void program_free(struct program *program)
{
	free(program->config);
	free(program->path);
	free(program->preload);
	json_decref(program->catalogue);
	*program = (struct program){0};
}

struct program *programs_get(
	const struct programs *programs, const char *config, struct problem *problem)
{
	for (size_t i = 0; i < programs->count; i++)
		if (strcmp(programs->items[i].config, config) == 0)
			return &programs->items[i];
	char offer[OFFER_SIZE];
	nearest_offer(offer, sizeof(offer), config, programs->configs, programs->count);
	problem_set(problem, EXIT_WRONG_USE, "unknown config '%s'; %s", config, offer);
	return NULL;
}

bool program_environment(const struct program *program, const char **words, char **texts)
{
	static const char LOADER[] = "LD_PRELOAD=", OURS[] = "SLABMARK_MALLOC=";
	size_t room;

	*texts = NULL;
	words[0] = NULL;
	if (!program->preload)
		return true;
	room = 2 * strlen(program->preload) + sizeof(LOADER) + sizeof(OURS);
	*texts = malloc(room);
	if (!*texts)
		return false;
	words[0] = *texts;
	words[1] = *texts + sprintf(*texts, "%s%s", LOADER, program->preload) + 1;
	sprintf(*texts + (words[1] - *texts), "%s%s", OURS, program->preload);
	words[2] = NULL;
	return true;
}

// ---- folders

static bool is_program(const char *path)
{
	struct stat about;

	return stat(path, &about) == 0 && S_ISREG(about.st_mode) && access(path, X_OK) == 0;
}

static bool is_known(const struct programs *programs, const char *config)
{
	for (size_t i = 0; i < programs->count; i++)
		if (strcmp(programs->items[i].config, config) == 0)
			return true;
	return false;
}

static void program_add(struct programs *programs, const char *path, const char *config)
{
	struct program *items = array_grown(programs->items, programs->count, sizeof(*items));

	if (!items)
		return;
	programs->items = items;
	if (program_make(&items[programs->count], config, path))
		programs->count++;
	else
		program_free(&items[programs->count]);
}

static void folder_scan(struct programs *programs, const char *folder, const char *prefix)
{
	DIR *entries = opendir(folder);
	size_t prefix_length = strlen(prefix);

	if (!entries)
		return;
	for (const struct dirent *entry = readdir(entries); entry; entry = readdir(entries)) {
		const char *config = entry->d_name + prefix_length;
		char path[PATH_MAX];

		if (strncmp(entry->d_name, prefix, prefix_length) != 0 || *config == '\0' ||
			strchr(config, '.'))
			continue; // a name with a dot is a linker's or packager's by-product
		if (snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name) >=
			(int)sizeof(path))
			continue;
		if (is_program(path) && !is_known(programs, config))
			program_add(programs, path, config);
	}
	closedir(entries);
}

static int program_order(const void *left, const void *right)
{
	const struct program *first = left;
	const struct program *second = right;
	int is_default =
		(strcmp(second->config, "default") == 0) - (strcmp(first->config, "default") == 0);

	return is_default ? is_default : strcmp(first->config, second->config);
}

static bool names_sort(struct programs *programs)
{
	qsort(programs->items, programs->count, sizeof(*programs->items), program_order);
	programs->configs = calloc(programs->count, sizeof(*programs->configs));
	for (size_t i = 0; programs->configs && i < programs->count; i++)
		programs->configs[i] = programs->items[i].config;
	return programs->configs;
}

// ---- catalogue

static bool catalogue_parse(
	struct program *program, const struct process_outcome *outcome, struct problem *problem);

// Takes the newlines off the end of messages.
static void end_trim(char *text)
{
	size_t length = strlen(text);

	while (length > 0 && text[length - 1] == '\n')
		text[--length] = '\0';
}

// The arguments of the question; the caller's.
static const char **question_make(const struct program *program, struct texts told)
{
	const char **arguments = calloc(told.count + 3, sizeof(*arguments));

	if (!arguments)
		return NULL;
	arguments[0] = program->path;
	for (size_t i = 0; i < told.count; i++)
		arguments[1 + i] = told.items[i];
	arguments[1 + told.count] = "--slabmark_list";
	return arguments;
}

// The user gave our options, not the program's: "--slabmark_cpu_kind=x" becomes "--cpu-kind=x".
static void option_rename(char *text)
{
	static const char PREFIX[] = "--slabmark_";
	static const char ONLY[] = "--slabmark_only", FILTER[] = "--filter";
	char *option = strstr(text, PREFIX);
	size_t cut = sizeof(PREFIX) - 1 - 2;

	if (!option)
		return;
	if (strncmp(option, ONLY, sizeof(ONLY) - 1) == 0) {
		memmove(option + sizeof(FILTER) - 1, option + sizeof(ONLY) - 1,
			strlen(option + sizeof(ONLY) - 1) + 1);
		memcpy(option, FILTER, sizeof(FILTER) - 1);
		return;
	}
	memmove(option + 2, option + 2 + cut, strlen(option + 2 + cut) + 1);
	for (char *at = option + 2; *at && *at != '=' && *at != ':' && *at != ' '; at++)
		*at = *at == '_' ? '-' : *at;
}

const char *program_refusal(const struct program *program, char *errors)
{
	size_t length = strlen(program->path);
	char *line;

	end_trim(errors);
	// What the loader says of a library comes before.
	line = program->preload ? strrchr(errors, '\n') : NULL;
	errors = line ? line + 1 : errors;
	option_rename(errors);
	if (strncmp(errors, program->path, length) == 0 && strncmp(errors + length, ": ", 2) == 0)
		return errors + length + 2;
	return errors;
}

static bool answer_read(struct program *program, const struct process_request *request,
	struct process_outcome *outcome, struct problem *problem)
{
	bool is_exited = outcome->end == PROCESS_EXITED;
	char how[128];

	end_trim(outcome->errors);
	if (is_exited && outcome->code == 0)
		return catalogue_parse(program, outcome, problem);
	if (is_exited && outcome->code == EXIT_WRONG_USE)
		return problem_set(
			problem, EXIT_WRONG_USE, "%s", program_refusal(program, outcome->errors));
	process_describe(request, outcome, how, sizeof(how));
	if (program->preload && !is_exited)
		return problem_set(problem, EXIT_WRONG_USE,
			"%s is no malloc that works: a program with it %s", program->preload, how);
	return problem_set(problem, EXIT_NOT_MEASURED, "%s --slabmark_list %s: %s", program->path,
		how, *outcome->errors ? outcome->errors : "no message");
}

bool program_ask(struct program *program, struct texts told, struct problem *problem)
{
	const char **arguments = question_make(program, told);
	const char *environment[PROGRAM_WORDS];
	char *texts;
	struct process_request request = {
		.arguments = arguments,
		.environment = environment,
		.output_bytes_max = CATALOGUE_BYTES_MAX,
		.timeout_s = CATALOGUE_TIMEOUT_S,
	};
	struct process_outcome outcome;
	bool is_good;

	is_good = (program_environment(program, environment, &texts) && arguments) ||
		  no_memory(problem, "a command line");
	is_good = is_good && process_run(&request, &outcome, problem);
	if (is_good) {
		is_good = answer_read(program, &request, &outcome, problem);
		process_outcome_free(&outcome);
	}
	free(texts);
	free(arguments);
	return is_good;
}

// What is wrong with the shape of a catalogue, in words; NULL: nothing.
static const char *catalogue_fault(const json_t *catalogue, const char *config)
{
	const char *own_name = json_string_value(json_object_get(catalogue, "config"));
	const json_t *workloads = json_object_get(catalogue, "workloads");
	size_t i;
	const json_t *workload;

	if (!own_name)
		return "its \"config\" is no text";
	if (strcmp(own_name, config) != 0)
		return "its \"config\" isn't the one in the program's name";
	if (!json_is_array(workloads))
		return "its \"workloads\" is no array";
	json_array_foreach(workloads, i, workload)
	{
		if (!json_is_string(json_object_get(workload, "name")))
			return "a workload has no \"name\"";
		if (!json_is_array(json_object_get(workload, "benchmarks")))
			return "a workload's \"benchmarks\" is no array";
	}
	return NULL;
}

static bool catalogue_parse(
	struct program *program, const struct process_outcome *outcome, struct problem *problem)
{
	json_error_t error;

	json_decref(program->catalogue);
	program->catalogue =
		json_loadb(outcome->output, outcome->output_size, JSON_REJECT_DUPLICATES, &error);
	if (!program->catalogue)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"%s --slabmark_list: no JSON at line %d: %s", program->path, error.line,
			error.text);
	const char *fault = catalogue_fault(program->catalogue, program->config);
	if (!fault)
		return true;
	json_decref(program->catalogue);
	program->catalogue = NULL;
	return problem_set(
		problem, EXIT_NOT_MEASURED, "%s --slabmark_list: %s", program->path, fault);
}

const json_t *program_workload(const struct program *program, const char *workload)
{
	const json_t *workloads = json_object_get(program->catalogue, "workloads");

	for (size_t i = 0; i < json_array_size(workloads); i++) {
		const json_t *entry = json_array_get(workloads, i);

		if (strcmp(json_string_value(json_object_get(entry, "name")), workload) == 0)
			return entry;
	}
	return NULL;
}

const char *program_simulated(const struct program *program)
{
	return json_string_value(json_object_get(program->catalogue, "simulated"));
}
