// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark import`: files of measurements into the store. Entry: import_command. What is read is
// checked and stored by results/exchange/import.c; here the files are told apart and read, and what
// was done is said.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "command.h"
#include "harness/run/clock.h"
#include "open_store.h"
#include "results/exchange/import.h"
#include "results/store/benchmark_file.h"
#include "results/store/store.h"
#include "results/text/memory.h"
#include "rows.h"

// How each line of our JSON lines begins: {"slabmark_process", {"slabmark_judgement" and so on.
static const char LINE_START[] = "{\"slabmark_";

enum { LINE_BYTES = 1 << 16 }; // room to begin with

struct line_buffer {
	char *text; // not ended by a zero
	size_t length;
	size_t room;
};

// Returns false, as its caller will.
static bool located(const char *path, size_t number, struct problem *problem)
{
	char place[512];

	snprintf(place, sizeof(place), "%s, line %zu", path, number);
	return problem_locate(problem, place);
}

static bool line_import(struct import *import, char *text, size_t length, const char *path,
	size_t number, struct problem *problem)
{
	json_t *line = benchmark_file_parse(text, length, path, (int)number, problem);

	if (!line)
		return false;
	bool is_good = import_line(import, line, problem);
	json_decref(line);
	return is_good || located(path, number, problem);
}

// Reads up to a line break or the end (a line of length 0). getline() would take any length into
// memory.
static bool line_read(FILE *file, struct line_buffer *line, struct problem *problem)
{
	int c = 0;

	for (line->length = 0; c != '\n' && (c = getc_unlocked(file)) != EOF; line->length++) {
		if (line->length == BENCHMARK_FILE_BYTES_MAX)
			return problem_set(problem, EXIT_WRONG_USE,
				"longer than %zu MiB, the most that is read",
				BENCHMARK_FILE_BYTES_MAX >> 20);
		if (line->length + 1 >= line->room) {
			size_t room = line->room ? line->room * 2 : LINE_BYTES;
			char *text = realloc(line->text, room);

			if (!text)
				return no_memory(problem, "a line of it");
			line->text = text;
			line->room = room;
		}
		line->text[line->length] = (char)c;
	}
	return true;
}

static bool lines_import(
	struct import *import, FILE *file, const char *path, struct problem *problem)
{
	struct line_buffer line = {0};
	size_t number = 1;
	bool is_good = true;

	for (; is_good; number++) {
		errno = 0;
		is_good = line_read(file, &line, problem) || located(path, number, problem);
		if (!is_good || line.length == 0)
			break;
		is_good = line_import(import, line.text, line.length, path, number, problem);
	}
	free(line.text);
	if (is_good && ferror(file))
		return problem_set(problem, EXIT_NOT_MEASURED, "%s: could not read it: %s", path,
			strerror(errno));
	return is_good;
}

static bool document_import(struct import *import, const char *path, struct problem *problem)
{
	json_t *document = benchmark_file_read(path, problem);

	if (!document)
		return false;
	bool is_good = import_document(import, path, document, problem);
	json_decref(document);
	return is_good || problem_locate(problem, path);
}

static bool begins_as_lines(FILE *file)
{
	char start[sizeof(LINE_START)] = "";
	size_t length = fread(start, 1, sizeof(LINE_START) - 1, file);

	rewind(file);
	return length == sizeof(LINE_START) - 1 && strcmp(start, LINE_START) == 0;
}

static bool file_import(struct import *import, const char *path, struct problem *problem)
{
	FILE *file = fopen(path, "rb");

	if (!file)
		return problem_set(problem, EXIT_NOT_MEASURED, "%s: could not open it: %s", path,
			strerror(errno));
	bool is_good = import_file_begin(import, problem) &&
		       (begins_as_lines(file) ? lines_import(import, file, path, problem)
					      : document_import(import, path, problem));
	is_good = import_file_end(import, is_good, problem);
	(void)fclose(file);
	return is_good;
}

static void counts_print(const struct import_counts *counts, FILE *output)
{
	fprintf(output, "imported %zu %s of %zu %s", counts->processes,
		counts->processes == 1 ? "process" : "processes", counts->sessions,
		counts->sessions == 1 ? "session" : "sessions");
	if (counts->records)
		fprintf(output, ", %zu %s", counts->records,
			counts->records == 1 ? "record" : "records");
	if (counts->processes_known)
		fprintf(output, "; %zu %s in the store already", counts->processes_known,
			counts->processes_known == 1 ? "was" : "were");
	fputc('\n', output);
}

static bool files_import(
	struct import *import, const struct command_call *call, struct problem *problem)
{
	for (size_t i = 0; i < call->operands_count; i++) {
		if (file_import(import, call->operands[i], problem))
			continue;
		size_t used = strlen(problem->text);
		snprintf(problem->text + used, sizeof(problem->text) - used,
			"; nothing of this file was imported%s",
			i > 0 ? ", all of those before it was" : "");
		return false;
	}
	return true;
}

// The command line as it was, for the session. Owned by the caller.
static char *command_text(const struct command_call *call)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return NULL;
	fputs("slabmark import", stream);
	for (size_t i = 0; i < call->operands_count; i++)
		fprintf(stream, " %s", call->operands[i]);
	return fclose(stream) == 0 ? text : NULL;
}

static bool store_import(
	struct store *store, const struct command_call *call, struct problem *problem)
{
	char *command = command_text(call);
	const struct import_options options = {
		.command = command ? command : "slabmark import",
		.config = call_text(call, "config"),
		.now_unix_ns = clock_now_unix_ns(),
	};
	struct import *import = import_begin(store, &options);
	bool is_good =
		import ? files_import(import, call, problem) : no_memory(problem, "the import");

	if (import) {
		struct import_counts counts = import_counts(import);

		counts_print(&counts, call->output);
	}
	import_free(import);
	free(command);
	return is_good;
}

static int import_run(const struct command_call *call, struct problem *problem)
{
	struct store *store;

	if (!open_store_for_writing(call, call_text(call, "db"), &store, problem))
		return problem->status;
	bool is_good = store_import(store, call, problem);
	store_close(store);
	return is_good ? EXIT_GOOD : (int)problem->status;
}

static const struct option_row OPTIONS[] = {
	ROW_DB(" to fill", "; made when missing"),
	{.name = "config",
		.kind = OPTION_TEXT,
		.argument = "CONFIG",
		.help = "The config of Google Benchmark's files; without it what the file says, "
			"else the file's name."},
	{.name = NULL},
};

const struct command import_command = {
	.name = "import",
	.summary = "Bring results of other machines and programs into the store.",
	.operands = "FILE...",
	.operands_min = 1,
	.operands_max = 100000,
	.description =
		"Takes what 'slabmark export --format=jsonl' wrote, whole; processes that the "
		"store "
		"holds already are left out, and of judgements and baselines the newer stay. And "
		"Google Benchmark's"
		" JSON from anywhere: each file is one process, all files of a call are one "
		"session, "
		"and the n-th file of a config is its round n.\n\n"
		"A file is imported whole or not at all. The first bad one ends the import with "
		"status 2; the message says where it is bad.",
	.options = OPTIONS,
	.run = import_run,
};
