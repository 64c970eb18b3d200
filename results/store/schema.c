// SPDX-License-Identifier: GPL-2.0-or-later
// The schema's steps, and what of their SQL reads differently in PostgreSQL. A step that was ever
// released is never edited: a change is a new step at the end of STEPS, and nothing else needs to
// know of it, unless rows have to become others (machines.c). Steps are written in SQLite's words,
// with the types INTEGER, REAL and TEXT; TYPES turns these into PostgreSQL's.
#include "schema.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Text columns that repeat a member of Google Benchmark's context are NULL where a document lacked
// that member.
static const char *const STEPS[] = {
	"CREATE TABLE machines ("
	" id INTEGER PRIMARY KEY,"
	" fingerprint TEXT NOT NULL UNIQUE,"
	" cpu_model TEXT, microcode TEXT, topology_digest TEXT, topology_summary TEXT,"
	" kernel TEXT, kernel_command_line TEXT, governor TEXT, smt TEXT, thp TEXT, numa_balancing "
	"TEXT);"

	"CREATE TABLE builds ("
	" id INTEGER PRIMARY KEY,"
	" \"commit\" TEXT, config TEXT, config_description TEXT, cpu_mode TEXT,"
	" compiler TEXT, compiler_flags TEXT, build_type TEXT, slabmark_version TEXT);"
	// UNIQUE alone would take two rows with a NULL for different ones.
	"CREATE UNIQUE INDEX builds_identity ON builds ("
	" ifnull(\"commit\", ''), ifnull(config, ''), ifnull(config_description, ''), "
	"ifnull(cpu_mode, ''),"
	" ifnull(compiler, ''), ifnull(compiler_flags, ''), ifnull(build_type, ''), "
	"ifnull(slabmark_version, ''));"

	"CREATE TABLE sessions ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" command TEXT NOT NULL, plan TEXT NOT NULL, started_unix_ns INTEGER NOT NULL,"
	" ended TEXT);" // NULL while it runs and after a crash

	"CREATE TABLE processes ("
	" id INTEGER PRIMARY KEY,"
	" session_id INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,"
	" machine_id INTEGER REFERENCES machines (id)," // NULL: the document named no machine
	" build_id INTEGER NOT NULL REFERENCES builds (id),"
	" round INTEGER NOT NULL CHECK (round >= 0), position INTEGER NOT NULL,"
	" config TEXT NOT NULL, workload TEXT NOT NULL,"
	" started_unix_ns INTEGER NOT NULL, elapsed_s REAL NOT NULL,"
	" seed TEXT, placement TEXT, page_backing TEXT, time_source TEXT,"
	" simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)), simulator TEXT,"
	" context TEXT NOT NULL);" // the document's context, whole, as JSON
	"CREATE INDEX processes_by_session ON processes (session_id, config);"

	"CREATE TABLE samples ("
	" id INTEGER PRIMARY KEY,"
	" process_id INTEGER NOT NULL REFERENCES processes (id) ON DELETE CASCADE,"
	" name TEXT NOT NULL, run_type TEXT NOT NULL CHECK (run_type IN ('iteration', "
	"'aggregate')),"
	" aggregate_name TEXT, repetition INTEGER, repetitions INTEGER, threads INTEGER, "
	"iterations INTEGER,"
	" real_time_ns REAL, cpu_time_ns REAL, items_per_second REAL, bytes_per_second REAL,"
	" label TEXT, failed INTEGER NOT NULL CHECK (failed IN (0, 1)), error_message TEXT,"
	" counters TEXT NOT NULL);" // every other number of the benchmark, as one JSON object
	"CREATE INDEX samples_by_process ON samples (process_id, name);",

	// Version 2: who writes a session, so that one whose writer died can be told from one that
	// runs.
	"ALTER TABLE sessions ADD COLUMN writer TEXT;", // NULL: nobody here does, or not known

	// Version 3: what equal programs differ by on a machine; which sessions others are held
	// against, how that ended, and what was accepted although it is a regression.
	"CREATE TABLE calibrations ("
	" id INTEGER PRIMARY KEY,"
	" fingerprint TEXT NOT NULL, series TEXT NOT NULL, config TEXT NOT NULL,"
	" session_id INTEGER REFERENCES sessions (id) ON DELETE SET NULL,"
	" created_unix_ns INTEGER NOT NULL, rounds INTEGER NOT NULL, spread REAL NOT NULL,"
	" layout REAL," // NULL: no other build of the program was measured
	" smallest TEXT NOT NULL," // by rounds, as one JSON object
	" margin REAL NOT NULL);"
	"CREATE INDEX calibrations_by_series ON calibrations (fingerprint, series);"

	"CREATE TABLE baselines ("
	" name TEXT PRIMARY KEY,"
	" session_id INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,"
	" created_unix_ns INTEGER NOT NULL, note TEXT);"

	"CREATE TABLE gates ("
	" id INTEGER PRIMARY KEY,"
	" session_id INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,"
	" created_unix_ns INTEGER NOT NULL, baseline TEXT NOT NULL,"
	" status INTEGER NOT NULL);" // the exit status
	"CREATE INDEX gates_by_session ON gates (session_id);"

	"CREATE TABLE accepted ("
	" id INTEGER PRIMARY KEY,"
	" fingerprint TEXT NOT NULL, config TEXT NOT NULL, series TEXT NOT NULL,"
	" metric TEXT NOT NULL," // a counter's name, or 'time'
	" value REAL NOT NULL," // of time the ratio, of a counter the figure itself
	" reason TEXT NOT NULL, created_unix_ns INTEGER NOT NULL);",

	// Version 4: what people made of the changes in a history.
	"CREATE TABLE triage ("
	" id INTEGER PRIMARY KEY,"
	" change_id TEXT NOT NULL UNIQUE," // history/triage.h
	" name TEXT NOT NULL, config TEXT NOT NULL, machine TEXT NOT NULL," // of the series
	" kind TEXT NOT NULL, direction TEXT NOT NULL,"
	" session INTEGER NOT NULL," // where the change was; it may be pruned since
	" state TEXT NOT NULL, note TEXT, changed_unix_ns INTEGER NOT NULL);",

	// Version 5: fingerprints without amounts of memory; which older ones became which. The
	// machines themselves are led by machines.c, because SQL cannot make a digest.
	"CREATE TABLE former_machines ("
	" fingerprint TEXT PRIMARY KEY,"
	" today TEXT NOT NULL);",

	// Version 6: what is asked of many processes at a time stands in the index, so that their
	// contexts need not be passed over.
	"DROP INDEX processes_by_session;"
	"CREATE INDEX processes_by_session ON processes ("
	" session_id, config, workload, machine_id, build_id, simulated, simulator, round);",
};

// Longer words first: the first that fits is taken.
static const struct {
	const char *sqlite;
	const char *postgres;
} TYPES[] = {
	{"INTEGER PRIMARY KEY AUTOINCREMENT",
		"BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"},
	{"INTEGER PRIMARY KEY", "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"},
	{"INTEGER", "BIGINT"},
	{"REAL", "DOUBLE PRECISION"},
	{"TEXT", "TEXT COLLATE \"C\""}, // sorted by bytes, as SQLite does
	{"ifnull", "coalesce"},
};
enum { TYPES_COUNT = sizeof(TYPES) / sizeof(TYPES[0]) };

int schema_version(void)
{
	return (int)(sizeof(STEPS) / sizeof(STEPS[0]));
}

static bool is_of_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

// The row of TYPES that stands at `text`, whole; TYPES_COUNT where none does.
static size_t word_find(const char *text)
{
	size_t i = 0;

	while (i < TYPES_COUNT) {
		size_t length = strlen(TYPES[i].sqlite);

		if (strncmp(text, TYPES[i].sqlite, length) == 0 && !is_of_word(text[length]))
			break;
		i++;
	}
	return i;
}

static void step_translate(const char *step, FILE *output)
{
	bool is_start = true; // of a word

	while (*step) {
		size_t word = is_start ? word_find(step) : TYPES_COUNT;

		if (word < TYPES_COUNT) {
			(void)fputs(TYPES[word].postgres, output);
			step += strlen(TYPES[word].sqlite);
			is_start = false;
			continue;
		}
		is_start = !is_of_word(*step);
		(void)fputc(*step++, output);
	}
}

char *schema_step(int version, enum schema_kind kind)
{
	char *text = NULL;
	size_t size = 0;
	FILE *output;

	if (kind == SCHEMA_SQLITE)
		return strdup(STEPS[version]);
	output = open_memstream(&text, &size);
	if (!output)
		return NULL;
	step_translate(STEPS[version], output);
	if (fclose(output) == 0)
		return text;
	free(text);
	return NULL;
}
