// SPDX-License-Identifier: GPL-2.0-or-later
// Runs programs under callgrind. Entries: callgrind_open(), callgrind_place(), callgrind_words().
#include "callgrind.h"

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/process/process.h"

enum { LINE_MIN = 16, TRY_TIMEOUT_S = 60 };

static const char PROGRAM_NAME[] = "measured";
static const char OUTPUT_NAME[] = "callgrind";

// ---- geometries

struct geometry {
	uint64_t size;
	uint64_t ways;
	uint64_t line;
};

static bool geometry_read(const char *text, struct geometry *geometry)
{
	const char *rest = text;
	uint64_t *const numbers[] = {&geometry->size, &geometry->ways, &geometry->line};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		char *end = NULL;

		if (*rest < '0' || *rest > '9')
			return false;
		*numbers[i] = strtoull(rest, &end, 10);
		if (*end != (i < 2 ? ',' : '\0'))
			return false;
		rest = end + 1;
	}
	return true;
}

static bool is_power_of_two(uint64_t number)
{
	return number > 0 && (number & (number - 1)) == 0;
}

// NULL: callgrind can simulate it.
static const char *geometry_fault(const char *text)
{
	struct geometry geometry = {0};

	if (!geometry_read(text, &geometry))
		return "must be SIZE,WAYS,LINE in bytes, such as 32768,8,64";
	if (!is_power_of_two(geometry.line) || geometry.line < LINE_MIN)
		return "a line must be a power of two of bytes, from 16 on";
	if (geometry.ways == 0 || geometry.ways > geometry.size / geometry.line ||
		geometry.size % (geometry.ways * geometry.line) != 0)
		return "the size must be a multiple of WAYS lines";
	if (!is_power_of_two(geometry.size / geometry.ways / geometry.line))
		return "the number of sets, SIZE / WAYS / LINE, must be a power of two";
	return NULL;
}

static bool options_make(
	struct callgrind *callgrind, const struct simulated_caches *caches, struct problem *problem)
{
	const struct {
		const char *ours;
		const char *valgrinds;
		const char *geometry;
	} rows[] = {{"--simulate-i1", "--I1", caches->i1}, {"--simulate-d1", "--D1", caches->d1},
		{"--simulate-ll", "--LL", caches->ll}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *fault = geometry_fault(rows[i].geometry);

		if (fault)
			return problem_set(problem, EXIT_WRONG_USE, "%s=%s: %s", rows[i].ours,
				rows[i].geometry, fault);
		snprintf(callgrind->options[i], sizeof(callgrind->options[i]), "%s=%s",
			rows[i].valgrinds, rows[i].geometry);
	}
	return true;
}

// ---- what is held fixed

// Where the allocator's options and a made-up topology come from, and valgrind's own tools.
static bool is_kept(const char *entry)
{
	static const char *const starts[] = {"SLAB_OPTIONS=", "HWLOC_", "VALGRIND_LIB="};

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (strncmp(entry, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

static void environment_make(struct callgrind *callgrind)
{
	size_t count = 0;

	callgrind->environment[count++] = "PATH=/usr/bin:/bin";
	for (char **entry = environ; *entry && count < CALLGRIND_ENVIRONMENT_MAX; entry++)
		if (is_kept(*entry))
			callgrind->environment[count++] = *entry;
	callgrind->environment[count] = NULL;
}

// Not in TMPDIR: the path has to have one length.
static bool folder_make(struct callgrind *callgrind, struct problem *problem)
{
	snprintf(callgrind->folder, sizeof(callgrind->folder), "/tmp/slabmark-XXXXXX");
	if (!mkdtemp(callgrind->folder)) {
		problem_set(problem, EXIT_NOT_MEASURED,
			"--simulate: no folder for callgrind's files below /tmp: %s",
			strerror(errno));
		callgrind->folder[0] = '\0';
		return false;
	}
	return true;
}

static void paths_make(struct callgrind *callgrind)
{
	snprintf(callgrind->program, sizeof(callgrind->program), "%s/%s", callgrind->folder,
		PROGRAM_NAME);
	snprintf(callgrind->output, sizeof(callgrind->output), "%s/%s", callgrind->folder,
		OUTPUT_NAME);
	snprintf(callgrind->options[3], sizeof(callgrind->options[3]), "--callgrind-out-file=%s",
		callgrind->output);
}

static void folder_clear(const struct callgrind *callgrind)
{
	DIR *folder = opendir(callgrind->folder);

	for (const struct dirent *entry = folder ? readdir(folder) : NULL; entry;
		entry = readdir(folder))
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder)
		closedir(folder);
}

bool callgrind_place(
	const struct callgrind *callgrind, const char *program, struct problem *problem)
{
	char *real = realpath(program, NULL);

	folder_clear(callgrind);
	bool is_good = real && symlink(real, callgrind->program) == 0;
	if (!is_good)
		problem_set(problem, EXIT_NOT_MEASURED, "cannot link %s to %s: %s", program,
			callgrind->program, strerror(errno));
	free(real);
	return is_good;
}

// A part a benchmark, behind the one of the test whether callgrind counts.
bool callgrind_functions(
	const struct callgrind *callgrind, struct functions *functions, struct problem *problem)
{
	char path[CALLGRIND_PATH_SIZE + 16];
	bool is_good = true;

	for (unsigned part = 2; is_good; part++) {
		snprintf(path, sizeof(path), "%s.%u", callgrind->output, part);
		if (access(path, F_OK) != 0)
			break;
		is_good = functions_add(functions, path, problem);
	}
	return is_good;
}

size_t callgrind_words(const struct callgrind *callgrind, const char **words)
{
	size_t count = 0;

	if (callgrind->setarch[0] != '\0') {
		words[count++] = callgrind->setarch;
		words[count++] = "-R";
	}
	words[count++] = callgrind->valgrind;
	words[count++] = "--quiet";
	words[count++] = "--tool=callgrind";
	words[count++] = "--cache-sim=yes";
	words[count++] = "--instr-atstart=no";
	words[count++] = "--collect-atstart=no";
	for (size_t i = 0; i < sizeof(callgrind->options) / sizeof(callgrind->options[0]); i++)
		words[count++] = callgrind->options[i];
	words[count++] = callgrind->program;
	return count;
}

// ---- opening

static bool is_run(
	const struct callgrind *callgrind, struct process_outcome *outcome, struct problem *problem)
{
	const char *words[CALLGRIND_WORDS_MAX + 1] = {NULL};
	const struct process_request request = {
		.arguments = words,
		.environment = callgrind->environment,
		.is_environment_whole = true,
		.folder = callgrind->folder,
		.output_bytes_max = 1 << 20,
		.timeout_s = TRY_TIMEOUT_S,
	};

	callgrind_words(callgrind, words);
	if (!process_run(&request, outcome, problem))
		return false;
	if (outcome->end == PROCESS_EXITED && outcome->code == 0)
		return true;
	problem_set(problem, EXIT_NOT_MEASURED, "--simulate: %s refuses: %s", callgrind->valgrind,
		*outcome->errors ? outcome->errors : "it says nothing");
	return false;
}

// Some containers forbid setarch's system call, so what is fixed then is a little less.
static bool valgrind_try(struct callgrind *callgrind, struct problem *problem)
{
	struct process_outcome outcome = {0};
	char nothing[TOOL_PATH_SIZE];

	if (!tool_find("true", nothing))
		return problem_set(problem, EXIT_NOT_MEASURED, "there is no true in PATH");
	if (!callgrind_place(callgrind, nothing, problem))
		return false;
	bool is_good = is_run(callgrind, &outcome, problem);
	process_outcome_free(&outcome);
	if (is_good || callgrind->setarch[0] == '\0')
		return is_good;
	callgrind->setarch[0] = '\0';
	is_good = is_run(callgrind, &outcome, problem);
	process_outcome_free(&outcome);
	return is_good;
}

bool callgrind_open(struct callgrind *callgrind, const struct simulated_caches *caches, bool is_dry,
	struct problem *problem)
{
	*callgrind = (struct callgrind){.folder = ""};
	if (!options_make(callgrind, caches, problem))
		return false;
	environment_make(callgrind);
	if (is_dry) {
		paths_make(callgrind);
		return true;
	}
	if (!tool_find("valgrind", callgrind->valgrind))
		return problem_set(problem, EXIT_NOT_MEASURED,
			"--simulate: there is no valgrind in PATH (Debian: valgrind)");
	if (!tool_find("setarch", callgrind->setarch))
		callgrind->setarch[0] = '\0';
	if (!folder_make(callgrind, problem))
		return false;
	paths_make(callgrind);
	return valgrind_try(callgrind, problem);
}

void callgrind_close(const struct callgrind *callgrind)
{
	if (callgrind->folder[0] == '\0')
		return;
	folder_clear(callgrind);
	rmdir(callgrind->folder);
}
