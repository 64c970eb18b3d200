// SPDX-License-Identifier: GPL-2.0-or-later
// Documents of Google Benchmark's form into the store, wherever they come from. Entry:
// import_document(). What can be read of one is document/foreign.c's to say.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "import_internal.h"
#include "results/document/document.h"
#include "results/document/foreign.h"
#include "results/store/internal.h"
#include "results/text/date.h"
#include "results/text/memory.h"
#include "results/text/timestamp.h"

enum { LOSSES_SAID = 10 }; // of a file; the rest is counted

__attribute__((format(printf, 2, 3))) static void say(
	const struct import *import, const char *format, ...)
{
	va_list arguments;
	char *text = NULL;

	va_start(arguments, format);
	if (import->options.say && vasprintf(&text, format, arguments) >= 0)
		import->options.say(import->options.say_context, import->file.path, text);
	va_end(arguments);
	free(text);
}

// Never silently the moment of the import: a history would put an old file at its end.
static int64_t date_of(struct import *import, const json_t *document)
{
	const json_t *date = json_object_get(json_object_get(document, "context"), "date");
	char file_time[TIMESTAMP_SIZE];
	int64_t unix_ns;

	if (json_is_string(date) && date_read(json_string_value(date), &unix_ns))
		return unix_ns;
	(void)timestamp(import->file.time_unix_ns, file_time);
	if (!import->is_date_said && json_is_string(date))
		say(import, "its date '%s' cannot be read; the file's own is taken, %s",
			json_string_value(date), file_time);
	else if (!import->is_date_said)
		say(import, "it has no date; the file's own is taken, %s", file_time);
	import->is_date_said = true;
	return import->file.time_unix_ns;
}

static bool documents_session(struct import *import, int64_t started, struct problem *problem)
{
	const struct store_session session = {
		.command = import->options.command, .plan = "{}", .started_unix_ns = started};

	if (import->session)
		return true;
	if (!store_session_begin(import->store, &session, &import->session, problem) ||
		!store_session_end(import->store, import->session, "complete", problem))
		return false;
	import->counts.sessions++;
	return true;
}

// "folder/default.json" is "default". Owned by the caller.
static char *name_of_file(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	const char *dot = strrchr(name, '.');
	size_t length = dot && dot > name ? (size_t)(dot - name) : strlen(name);

	return strndup(name, length);
}

// What comes before the first slash of all names where that is the same. Owned by the caller.
static char *workload_of(const json_t *document)
{
	const json_t *benchmarks = json_object_get(document, "benchmarks");
	const char *first = NULL;
	size_t length = 0;

	for (size_t i = 0; i < json_array_size(benchmarks); i++) {
		const char *name =
			json_string_value(json_object_get(json_array_get(benchmarks, i), "name"));

		if (!first && name) {
			first = name;
			length = strcspn(name, "/");
		} else if (name &&
			   (strcspn(name, "/") != length || strncmp(name, first, length) != 0)) {
			return strdup("several");
		}
	}
	return first ? strndup(first, length) : strdup("several");
}

static int next_round(struct import *import, const char *config)
{
	json_int_t round = json_integer_value(json_object_get(import->rounds, config));

	json_object_set_new(import->rounds, config, json_integer(round + 1));
	return (int)round;
}

static bool document_add(struct import *import, const char *config, const char *workload,
	const json_t *document, struct problem *problem)
{
	int64_t started = date_of(import, document);
	struct store_process process = {.config = config,
		.workload = workload,
		.started_unix_ns = started,
		.is_foreign = true};

	if (!documents_session(import, started, problem))
		return false;
	process.session = import->session;
	process.round = next_round(import, config);
	return import_process_add(import, &process, document, problem);
}

// Whether the store has a process of this file under this config. What this file brought itself does
// not count: it may hold several documents.
static bool file_is_known(
	struct import *import, const char *config, bool *is_known, struct problem *problem)
{
	struct statement statement;
	char pattern[128];
	bool is_good;

	*is_known = false;
	if (!import->file.digest)
		return true;
	(void)snprintf(pattern, sizeof(pattern), "%%\"" IMPORT_DIGEST "\":\"%.64s\"%%",
		import->file.digest);
	is_good = statement_prepare(&statement, import->store,
		"SELECT 1 FROM processes WHERE config = ? AND id <= ? AND context LIKE ? LIMIT 1",
		problem);
	if (is_good) {
		statement_bind_text(&statement, config);
		statement_bind_integer(&statement, import->newest_process);
		statement_bind_text(&statement, pattern);
		is_good = statement_next(&statement, is_known, problem);
	}
	statement_close(&statement);
	return is_good;
}

static void losses_say(const struct import *import, const struct foreign *foreign)
{
	const json_t *loss;
	size_t i;

	json_array_foreach(foreign->losses, i, loss)
	{
		if (i == LOSSES_SAID) {
			say(import, "and %zu further rows give no figure",
				json_array_size(foreign->losses) - i);
			break;
		}
		say(import, "%s", json_string_value(loss));
	}
	if (foreign->measured == 0 && foreign->aggregates > 0)
		say(import, "it holds aggregates alone, and no repetition that could be compared: "
			    "`slabmark compare` shows them without a verdict; measure without "
			    "--benchmark_report_aggregates_only");
	else if (foreign->measured == 0)
		say(import, "no row of it has a figure");
}

static bool document_import(
	struct import *import, const char *config, const json_t *document, struct problem *problem)
{
	char *workload = workload_of(document);
	json_t *hosted = host_document(document, import->file.digest);
	bool is_known = false;
	bool is_good = workload && hosted ? file_is_known(import, config, &is_known, problem)
					  : no_memory(problem, "the import");

	if (is_good && is_known) {
		import->counts.processes_known++;
		say(import, "the store holds it already, as '%s'", config);
	} else if (is_good) {
		is_good = document_add(import, config, workload, hosted, problem);
	}
	json_decref(hosted);
	free(workload);
	return is_good;
}

bool import_document(struct import *import, const json_t *document, struct problem *problem)
{
	const char *fact = document_fact(document, "config");
	const char *config = import->options.config ? import->options.config : fact;
	char *file_name = name_of_file(import->file.path);
	struct foreign foreign = {0};
	bool is_good = document_check(document, problem) &&
		       foreign_read(document, &foreign, problem) &&
		       (file_name || no_memory(problem, "the import"));

	if (is_good) {
		losses_say(import, &foreign);
		is_good = document_import(
			import, config && *config ? config : file_name, foreign.document, problem);
	}
	foreign_clear(&foreign);
	free(file_name);
	return is_good;
}

void import_session_next(struct import *import)
{
	import->session = 0;
	json_object_clear(import->rounds);
}
