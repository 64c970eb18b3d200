// SPDX-License-Identifier: GPL-2.0-or-later
// The schema's steps. A step that was ever released is never edited: a change is a new step at the end.
#include "schema.h"

// Text columns that repeat a member of Google Benchmark's context are NULL where a document lacked that member.
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
};

int schema_version(void)
{
	return (int)(sizeof(STEPS) / sizeof(STEPS[0]));
}

const char *schema_step(int version)
{
	return STEPS[version];
}
