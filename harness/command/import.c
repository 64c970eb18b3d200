// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark import`: files of measurements into the store. Entry: import_command. What is read is
// checked and stored by results/exchange/import.c; here the files are told apart and read, and what
// was done is said.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "harness/process/clock.h"
#include "open_store.h"
#include "results/document/benchmark_file.h"
#include "results/exchange/asv_folder.h"
#include "results/exchange/formats.h"
#include "results/exchange/import.h"
#include "results/store/store.h"
#include "results/text/digest.h"
#include "results/text/escape.h"
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

// ---- documents

static bool documents_import(struct import *import, json_t *documents, struct problem *problem)
{
	const json_t *document;
	bool is_good = true;
	size_t i;

	json_array_foreach(documents, i, document)
	{
		is_good = is_good && import_document(import, document, problem);
	}
	json_decref(documents);
	return is_good;
}

static bool text_import(struct import *import, struct import_file *file, char *text, size_t size,
	struct problem *problem)
{
	char digest[DIGEST_SIZE];
	json_t *documents;

	digest_make(text, size, digest);
	file->digest = digest;
	documents = formats_read(text, size, file->path, problem);
	return documents && import_file_begin(import, file, problem) &&
	       import_file_end(import,
		       documents_import(import, documents, problem) ||
			       problem_locate(problem, file->path),
		       problem);
}

static bool stream_import(
	struct import *import, FILE *stream, struct import_file *file, struct problem *problem)
{
	size_t size;
	char *text = benchmark_stream_text(stream, file->path, &size, problem);
	bool is_good = text && text_import(import, file, text, size, problem);

	free(text);
	return is_good;
}

// ---- a file

// Whether the file goes on with `start`; if so, and unless it is kept, it is passed over. A pipe cannot go
// back, so what was read of it is given back.
static bool passes(FILE *file, const char *start, bool is_kept)
{
	char found[sizeof(LINE_START)];
	size_t length = fread(found, 1, strlen(start), file);
	bool is_it = length == strlen(start) && memcmp(found, start, length) == 0;

	for (size_t i = length; i > 0 && (is_kept || !is_it); i--)
		(void)ungetc((unsigned char)found[i - 1], file);
	return is_it;
}

static bool begins_as_lines(FILE *file)
{
	(void)passes(file, BYTE_ORDER_MARK, false);
	return passes(file, LINE_START, true);
}

static int64_t time_of(FILE *stream)
{
	struct stat status;

	if (fstat(fileno(stream), &status) != 0 || !S_ISREG(status.st_mode))
		return clock_now_unix_ns();
	return (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
}

static bool is_folder(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool file_import(struct import *import, const char *path, struct problem *problem)
{
	if (is_folder(path))
		return asv_folder_import(import, path, problem);
	FILE *stream = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");
	bool is_good;

	if (!stream)
		return problem_set(problem, EXIT_NOT_MEASURED, "%s: could not open it: %s", path,
			strerror(errno));
	struct import_file file = {.path = path, .time_unix_ns = time_of(stream)};
	if (begins_as_lines(stream))
		is_good = import_file_begin(import, &file, problem) &&
			  import_file_end(
				  import, lines_import(import, stream, path, problem), problem);
	else
		is_good = stream_import(import, stream, &file, problem);
	if (stream != stdin)
		(void)fclose(stream);
	return is_good;
}

static void say(void *context, const char *path, const char *text)
{
	(void)context;
	fprintf(stderr, "slabmark import: ");
	print_clean(stderr, path);
	fprintf(stderr, ": ");
	print_clean(stderr, text);
	fputc('\n', stderr);
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
		.say = say,
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
		.help = "The config of other programs' files; without it what the file says, "
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
		"results of other programs: JSON and CSV of Google Benchmark (a file is one "
		"process), JSON of hyperfine and pyperf (a run is one). All files of a call are "
		"one session, and the n-th process of a config is its round n. Of a folder it "
		"takes asv's results, a session a commit and environment.\n\n"
		"A row that has no figure, because it was skipped or makes no sense, is said and "
		"counts as failed. A file that the store holds already is known and left out. A "
		"date that cannot be read is said; the file's own is taken.\n\n"
		"'-' is standard input. A file is imported whole or not at all. The first bad one "
		"ends the import with "
		"status 2; the message says where it is bad.",
	.options = OPTIONS,
	.run = import_run,
};
