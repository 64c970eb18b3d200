// SPDX-License-Identifier: GPL-2.0-or-later
// Fuzz target: files for `slabmark import`, JSON lines or one document of Google Benchmark. A file
// that is refused leaves nothing in the store. One that is accepted comes out as lines which
// another store takes and gives back byte for byte.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "results/document/benchmark_json.h"
#include "results/exchange/export.h"
#include "results/exchange/import.h"
#include "results/store/internal.h"
#include "target.h"

static struct store *stores[2]; // opened by the first input, emptied after each
static char folder[] = "/tmp/slabmark-fuzz-XXXXXX";

static void must(bool is_good, const char *what, const struct problem *problem)
{
	if (!is_good)
		fuzz_fail("%s: %s", what, problem->text);
}

// ---- the two stores

static void folder_remove(void)
{
	static const char *const SUFFIXES[] = {".db", ".db-wal", ".db-shm"};
	char path[64];

	for (int i = 0; i < 2; i++) {
		store_close(stores[i]);
		for (size_t k = 0; k < sizeof(SUFFIXES) / sizeof(SUFFIXES[0]); k++) {
			(void)snprintf(path, sizeof(path), "%s/%d%s", folder, i, SUFFIXES[k]);
			unlink(path);
		}
	}
	rmdir(folder);
}

static void stores_open(void)
{
	struct problem problem = {0};
	char path[64];

	if (stores[0])
		return;
	if (!mkdtemp(folder))
		fuzz_fail("no temporary folder");
	for (int i = 0; i < 2; i++) {
		(void)snprintf(path, sizeof(path), "%s/%d.db", folder, i);
		must(store_open(&stores[i], path, STORE_WRITE, &problem), "no store", &problem);
		must(store_execute(stores[i], "PRAGMA synchronous = OFF", &problem), "no store",
			&problem);
	}
	if (atexit(folder_remove) != 0)
		folder_remove();
}

// As a new store is, the next session's number too. A rollback makes the store forget machines and
// builds.
static void store_empty(struct store *store)
{
	struct problem problem = {0};

	must(store_execute(store,
		     "DELETE FROM sessions; DELETE FROM sqlite_sequence; DELETE FROM machines; "
		     "DELETE FROM builds; DELETE FROM triage; DELETE FROM calibrations; "
		     "DELETE FROM accepted",
		     &problem) &&
			store_begin(store, &problem),
		"could not empty the store", &problem);
	store_rollback(store);
}

static void check_is_empty(struct store *store)
{
	struct problem problem = {0};
	struct statement statement;
	bool has_row = false;

	must(statement_prepare(&statement, store,
		     "SELECT 1 FROM (SELECT id FROM sessions UNION ALL SELECT id FROM processes "
		     "UNION ALL SELECT id FROM samples UNION ALL SELECT id FROM machines UNION ALL "
		     "SELECT id FROM builds UNION ALL SELECT id FROM triage UNION ALL SELECT id "
		     "FROM calibrations UNION ALL SELECT id FROM accepted UNION ALL SELECT id FROM "
		     "gates UNION ALL SELECT session_id FROM baselines) AS rows LIMIT 1",
		     &problem) &&
			statement_next(&statement, &has_row, &problem),
		"could not look into the store", &problem);
	statement_close(&statement);
	if (has_row)
		fuzz_fail("a file that was refused left something in the store");
}

// ---- files

static bool text_import(
	struct import *import, char *text, size_t size, bool is_line, struct problem *problem)
{
	json_error_t error;
	json_t *json = benchmark_json_read(text, size, &error);
	bool is_good;

	if (!json)
		return problem_set(problem, EXIT_WRONG_USE, "not JSON");
	is_good = is_line ? import_line(import, json, problem)
			  : import_document(import, json, problem);
	json_decref(json);
	return is_good;
}

// As the command does: lines when it begins like one, else a document.
static bool file_fill(struct import *import, char *text, size_t size, struct problem *problem)
{
	static const char LINE_START[] = "{\"slabmark_";
	char *end = text + size;

	if (size < strlen(LINE_START) || memcmp(text, LINE_START, strlen(LINE_START)) != 0)
		return text_import(import, text, size, false, problem);
	while (text < end) {
		char *stop = memchr(text, '\n', (size_t)(end - text));

		stop = stop ? stop : end;
		if (!text_import(import, text, (size_t)(stop - text), true, problem))
			return false;
		text = stop + 1;
	}
	return true;
}

static bool file_import(struct store *store, char *text, size_t size, struct problem *problem)
{
	static const struct import_options OPTIONS = {.command = "slabmark import"};
	static const struct import_file FILE_OF_INPUT = {
		.path = "folder/file.json", .time_unix_ns = 1};
	struct import *import = import_begin(store, &OPTIONS);
	bool is_good;

	if (!import)
		fuzz_fail("no memory for the import");
	is_good = import_file_begin(import, &FILE_OF_INPUT, problem);
	is_good =
		import_file_end(import, is_good && file_fill(import, text, size, problem), problem);
	import_free(import);
	return is_good;
}

static char *lines_of(struct store *store, size_t *size)
{
	struct problem problem = {0};
	char *text = NULL;
	FILE *output = open_memstream(&text, size);
	const struct export_request request = {.format = "jsonl", .round = -1, .output = output};

	must(output && export_write(store, &request, &problem), "could not export", &problem);
	(void)fclose(output);
	return text;
}

static void check_round_trip(void)
{
	struct problem problem = {0};
	size_t size, size_again;
	char *lines = lines_of(stores[0], &size);
	char *copy = fuzz_copy((const uint8_t *)lines, size);
	char *again;

	must(file_import(stores[1], copy, size, &problem), "our own lines were refused", &problem);
	again = lines_of(stores[1], &size_again);
	if (size != size_again || memcmp(lines, again, size) != 0)
		fuzz_fail("the lines came back as others:\n%.4000s\n%.4000s", lines, again);
	free(lines);
	free(copy);
	free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct problem problem = {0};
	char *text = fuzz_copy(data, size);

	stores_open();
	if (file_import(stores[0], text, size, &problem)) {
		check_round_trip();
		store_empty(stores[1]);
	} else {
		fuzz_check_problem(&problem);
		check_is_empty(stores[0]);
	}
	store_empty(stores[0]);
	free(text);
	return 0;
}
