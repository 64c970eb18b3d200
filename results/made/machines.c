// SPDX-License-Identifier: GPL-2.0-or-later
// Machines of older slabmarks, and what must have become of them. For tests only: not part of the
// library.
#include "machines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "results/compare/calibration.h"
#include "results/compare/compare.h"
#include "results/gate/gate.h"
#include "results/history/history.h"
#include "results/store/internal.h"
#include "results/text/fingerprint.h"

#define MODEL       "AMD EPYC 7763 64-Core Processor"
#define OTHER_MODEL "AMD EPYC 7543 32-Core Processor"
#define DIGEST      "0123456789abcdef"

#define MACHINE(id, fingerprint, model)                                                            \
	"INSERT INTO machines (id, fingerprint, cpu_model, topology_digest) VALUES (" id           \
	", '" fingerprint "', '" model "', '" DIGEST "');"
#define SESSION(id)                                                                                \
	"INSERT INTO sessions (id, command, plan, started_unix_ns, ended) VALUES (" id             \
	", 'slabmark run', '{}', 17953632000000000" id ", 'complete');"
#define PROCESS(id, session, machine, fingerprint, build, config, round, memory)                   \
	"INSERT INTO processes (id, session_id, machine_id, build_id, round, position, config, "   \
	"workload, started_unix_ns, elapsed_s, simulated, context) VALUES (" id ", " session       \
	", " machine ", " build ", " round ", 0, '" config "', 'pair', 17953632000000000" session  \
	", 0.5, 0, '{\"machine\":\"" fingerprint                                                   \
	"\",\"cpu_model\":\"\\\"machine\\\":\\\"" fingerprint                                      \
	"\\\"\",\"memory_per_node\":\"node 0: " memory " GiB\"}');"                                \
	"INSERT INTO samples (process_id, name, run_type, real_time_ns, failed, counters) "        \
	"VALUES (" id ", 'pair/size:64', 'iteration', 1" round ".5, 0, '{}');"
#define RECORDS(fingerprint, session)                                                              \
	"INSERT INTO calibrations (fingerprint, series, config, session_id, created_unix_ns, "     \
	"rounds, spread, smallest, margin) VALUES ('" fingerprint                                  \
	"', 'pair/size:64', 'default', " session ", " session ", 12, 0.01, '{}', 0.0" session ");" \
	"INSERT INTO accepted (fingerprint, config, series, metric, value, reason, "               \
	"created_unix_ns) VALUES ('" fingerprint "', 'default', 'pair/size:64', 'time', 1.1, "     \
	"'needed', " session ");"                                                                  \
	"INSERT INTO triage (change_id, name, config, machine, kind, direction, session, state, "  \
	"changed_unix_ns) VALUES ('00000000" session "', 'pair/size:64', 'default', '" fingerprint \
	"', 'step', 'up', " session ", 'expected', " session ");"                                  \
	"INSERT INTO gates (session_id, created_unix_ns, baseline, status) VALUES (" session       \
	", " session ", 'last-good', 0);"                                                          \
	"INSERT INTO baselines (name, session_id, created_unix_ns) VALUES ('v" session             \
	"', " session ", " session ");"

// clang-format off
const char made_former_machines[] =
	MACHINE("31", "00000000000000a1", MODEL)
	MACHINE("32", "00000000000000a2", MODEL)
	MACHINE("33", "00000000000000a3", MODEL)
	MACHINE("34", "00000000000000b1", OTHER_MODEL)
	MACHINE("35", "lab-3", MODEL)
	"INSERT INTO builds (id, config) VALUES (41, 'default'), (42, 'debug');"
	SESSION("21") SESSION("22") SESSION("23") SESSION("24")
	PROCESS("51", "21", "31", "00000000000000a1", "41", "default", "0", "3")
	PROCESS("52", "21", "31", "00000000000000a1", "42", "debug", "0", "3")
	PROCESS("53", "22", "31", "00000000000000a1", "41", "default", "0", "3")
	PROCESS("54", "22", "32", "00000000000000a2", "42", "debug", "0", "4")
	PROCESS("55", "22", "33", "00000000000000a3", "41", "default", "1", "6")
	PROCESS("56", "22", "33", "00000000000000a3", "42", "debug", "1", "6")
	PROCESS("57", "23", "34", "00000000000000b1", "41", "default", "0", "3")
	PROCESS("58", "24", "35", "lab-3", "41", "default", "0", "3")
	RECORDS("00000000000000a1", "21")
	RECORDS("00000000000000a2", "22")
	RECORDS("00000000000000b1", "23")
	RECORDS("lab-3", "24");
// clang-format on

static void assert_count(struct store *store, int64_t expected, const char *sql, const char *name)
{
	char text[256];
	int64_t count;

	(void)snprintf(text, sizeof(text), sql, name);
	assert_true(store_query_integer(store, text, &count, NULL));
	if (count != expected)
		fail_msg("%s: %d, expected %d", text, (int)count, (int)expected);
}

static void assert_machine_has(struct store *store, const char *fingerprint, int records)
{
	static const char *const TABLES[] = {
		"SELECT count(*) FROM calibrations WHERE fingerprint = '%s'",
		"SELECT count(*) FROM accepted WHERE fingerprint = '%s'",
		"SELECT count(*) FROM triage WHERE machine = '%s'"};

	assert_count(
		store, 1, "SELECT count(*) FROM machines WHERE fingerprint = '%s'", fingerprint);
	for (size_t i = 0; i < sizeof(TABLES) / sizeof(TABLES[0]); i++)
		assert_count(store, records, TABLES[i], fingerprint);
}

// The member is another, and a text that looks like it is not.
static void assert_contexts_follow(struct store *store, const char *fingerprint)
{
	assert_count(store, 6,
		"SELECT count(*) FROM processes WHERE json_extract(context, '$.machine') = '%s'",
		fingerprint);
	assert_count(store, 3,
		"SELECT count(*) FROM processes WHERE json_extract(context, '$.cpu_model') = "
		"'\"machine\":\"%s\"'",
		"00000000000000a1");
}

static void assert_is_compared(struct store *store)
{
	static const char *const CONFIGS[] = {"default", "debug"};
	const struct compare_options options = {
		.sides = CONFIGS, .sides_count = 2, .session = 22, .alpha = 0.05};
	struct problem problem = {0};
	struct comparison *comparison;

	if (!compare_make(store, &options, &comparison, &problem))
		fail_msg("%s", problem.text);
	comparison_free(comparison);
}

static void assert_is_calibrated(struct store *store, const char *fingerprint)
{
	struct calibrations read;

	assert_true(calibrations_read(store, fingerprint, &read, NULL));
	assert_int_equal(read.count, 1);
	assert_string_equal(read.items[0].series, "pair/size:64");
	assert_true(read.items[0].margin == 0.022); // the newest of both
	calibrations_free(&read);
}

static void assert_has_baseline(struct store *store)
{
	const struct gate_options options = {.baseline = "last-good", .alpha = 0.05, .session = 22};
	struct problem problem = {0};
	struct gate *gate;

	if (!gate_make(store, &options, &gate, &problem))
		fail_msg("%s", problem.text);
	assert_int_equal(gate->baselines[0], 21);
	gate_free(gate);
}

static void assert_is_one_history(struct store *store, const char *fingerprint)
{
	const char *config = "debug";
	const struct history_filter filter = {.configs = &config, .configs_count = 1};
	struct history history = {0};

	assert_true(history_read(store, &filter, &history, NULL));
	assert_int_equal(history.count, 1);
	assert_string_equal(history.items[0].machine, fingerprint);
	assert_int_equal(history.items[0].count, 2);
	history_free(&history);
}

void assert_machines_are_led(struct store *store)
{
	char today[FINGERPRINT_SIZE];
	char other[FINGERPRINT_SIZE];

	fingerprint_make(MODEL, DIGEST, today);
	fingerprint_make(OTHER_MODEL, DIGEST, other);
	assert_machine_has(store, today, 2);
	assert_machine_has(store, other, 1);
	assert_machine_has(store, "lab-3", 1);
	assert_contexts_follow(store, today);
	assert_is_compared(store);
	assert_is_calibrated(store, today);
	assert_has_baseline(store);
	assert_is_one_history(store, today);
}
