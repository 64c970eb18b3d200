// SPDX-License-Identifier: GPL-2.0-or-later
// Records on their way from store to store: what people made of changes, calibrations, baselines,
// gates and what was accepted comes along, follows its sessions when they get other numbers, and
// never takes the place of something newer.
#include "record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "export.h"
#include "results/compare/calibration.h"
#include "results/gate/gate.h"
#include "results/made/lines.h"
#include "results/made/results.h"
#include "results/store/internal.h"
#include "results/text/fingerprint.h"

static void execute(struct store *store, const char *sql)
{
	struct problem problem;

	if (!store_execute(store, sql, &problem))
		fail_msg("%s", problem.text);
}

static int64_t number(struct store *store, const char *sql)
{
	struct problem problem;
	int64_t value;

	if (!store_query_integer(store, sql, &value, &problem))
		fail_msg("%s", problem.text);
	return value;
}

static void assert_lacks(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("'%s' is in:\n%.2000s", part, text);
}

static void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("'%s' lacks in:\n%.2000s", part, text);
}

// A session with one process. What tells it from others is its plan.
static int64_t session_with_process(struct store *store, const char *plan)
{
	const struct store_session session = {
		.command = "slabmark run", .plan = plan, .started_unix_ns = 1};
	struct problem problem;
	json_t *document = made_document("default");
	int64_t id;

	assert_true(store_session_begin(store, &session, &id, &problem));
	assert_true(store_session_end(store, id, "complete", &problem));
	made_sample(document, "pair/size:64", 5);
	made_process(store, id, 0, "default", "pair", document);
	return id;
}

#define JUDGEMENT(id, name, direction, session, state, note, changed)                              \
	"INSERT INTO triage (change_id, name, config, machine, kind, direction, session, state, "  \
	"note, changed_unix_ns) VALUES ('" id "', '" name "', 'default', 'one', 'step', "          \
	"'" direction "', " session ", '" state "', " note ", " changed ");"

// Three sessions and records of each kind, those of sessions of the second and third.
static struct store *store_fill(const char *name)
{
	struct store *store = made_store(made_path(name));
	const struct calibration calibration = {.machine = (char *)"one",
		.series = (char *)"pair/size:64",
		.config = (char *)"default",
		.session = 2,
		.rounds = 12,
		.spread = 1.0 / 3,
		.layout = 0.0625,
		.smallest = {0.5, 0.25, 0.1},
		.margin = 0.03};
	const struct calibrations calibrations = {(struct calibration *)&calibration, 1};
	struct problem problem;

	for (int i = 0; i < 3; i++)
		(void)session_with_process(store, (const char *const[]){"{}", "[1]", "[2]"}[i]);
	execute(store, JUDGEMENT("00000000aa", "pair/size:64", "up", "2", "expected",
			       "'it''s \"so\"'", "100") JUDGEMENT("00000000bb", "pair/size:64",
			       "down", "3", "noise", "NULL", "200"));
	assert_true(calibrations_write(store, &calibrations, 77, &problem));
	assert_true(gate_baseline_set(store, "release-1", 3, "the first", 300, &problem));
	assert_true(gate_baseline_set(store, "last-good", 2, NULL, 400, &problem));
	execute(store, "INSERT INTO accepted (fingerprint, config, series, metric, value, reason, "
		       "created_unix_ns) VALUES ('one', 'default', 'pair/size:64', 'time', 1.1, "
		       "'needed', 500)");
	return store;
}

// ---- there and back

static void records_come_along(void **state)
{
	struct store *store = store_fill("from.db");
	struct store *copy = made_store(made_path("to.db"));
	char *lines = made_lines(store);
	struct import_counts counts = made_lines_take(copy, lines);
	char *again = made_lines(copy);

	(void)state;
	assert_string_equal(lines, again);
	assert_int_equal(counts.processes, 3);
	assert_int_equal(counts.records, 6);
	assert_int_equal(counts.records_known, 0);
	assert_has(lines, "{\"slabmark_judgement\":1,\"id\":\"00000000aa\",\"name\":"
			  "\"pair/size:64\",\"config\":\"default\",\"machine\":\"one\",\"kind\":"
			  "\"step\",\"direction\":\"up\",\"session\":2,\"state\":\"expected\","
			  "\"note\":\"it's \\\"so\\\"\",\"changed_unix_ns\":100}\n");
	assert_has(lines, "{\"slabmark_calibration\":1,\"machine\":\"one\"");
	assert_has(lines, "\"spread\":0.33333333333333331,\"layout\":0.0625");
	assert_has(lines, "{\"slabmark_baseline\":1,\"name\":\"release-1\",\"session\":3,"
			  "\"created_unix_ns\":300,\"note\":\"the first\"}\n");
	assert_has(lines, "{\"slabmark_gate\":1,\"session\":2,\"created_unix_ns\":400");
	assert_has(lines, "\"value\":1.1000000000000001,\"reason\":\"needed\"");
	free(lines);
	free(again);
	store_close(copy);
	store_close(store);
}

static void importing_twice_changes_nothing(void **state)
{
	struct store *store = store_fill("twice.db");
	char *lines = made_lines(store);
	struct import_counts counts = made_lines_take(store, lines);
	char *again = made_lines(store);

	(void)state;
	assert_string_equal(lines, again);
	assert_int_equal(counts.processes_known, 3);
	assert_int_equal(counts.records, 0);
	assert_int_equal(counts.records_known, 6);
	free(lines);
	free(again);
	store_close(store);
}

static void records_follow_their_sessions(void **state)
{
	struct store *store = store_fill("low.db");
	struct store *other = made_store(made_path("high.db"));
	char *lines = made_lines(store);

	(void)state;
	for (int i = 0; i < 4; i++)
		(void)session_with_process(other, (const char *const[]){"0", "1", "2", "3"}[i]);
	(void)made_lines_take(other, lines);
	assert_int_equal(
		number(other, "SELECT session FROM triage WHERE change_id = '00000000aa'"), 6);
	assert_int_equal(number(other, "SELECT session_id FROM calibrations"), 6);
	assert_int_equal(number(other, "SELECT session_id FROM baselines"), 7);
	assert_int_equal(number(other, "SELECT session_id FROM gates"), 6);
	free(lines);
	store_close(other);
	store_close(store);
}

static void an_export_of_one_session_has_no_records(void **state)
{
	struct store *store = store_fill("one.db");
	char *text = NULL;
	size_t size;
	FILE *output = open_memstream(&text, &size);
	const struct export_request request = {
		.format = "jsonl", .session = 2, .round = -1, .output = output};
	struct problem problem;

	(void)state;
	assert_true(export_write(store, &request, &problem));
	assert_int_equal(fclose(output), 0);
	assert_has(text, "{\"slabmark_process\":1");
	assert_lacks(text, "{\"slabmark_judgement\"");
	assert_lacks(text, "{\"slabmark_gate\"");
	free(text);
	store_close(store);
}

static void lines_of_slabmarks_that_knew_no_records_are_taken(void **state)
{
	struct store *store = store_fill("whole.db");
	struct store *copy = made_store(made_path("part.db"));
	char *lines = made_lines(store);
	char *first_record = strstr(lines, "{\"slabmark_judgement\"");
	struct import_counts counts;

	(void)state;
	assert_non_null(first_record);
	*first_record = '\0';
	counts = made_lines_take(copy, lines);
	assert_int_equal(counts.processes, 3);
	assert_int_equal(counts.records, 0);
	free(lines);
	lines = made_lines(copy);
	assert_lacks(lines, "slabmark_judgement");
	free(lines);
	store_close(copy);
	store_close(store);
}

// ---- what is there already

static void the_newer_judgement_stays(void **state)
{
	struct store *one = store_fill("newer-one.db");
	struct store *two = store_fill("newer-two.db");
	char *lines;

	(void)state;
	execute(two,
		"UPDATE triage SET state = 'fixed', note = 'mended', changed_unix_ns = 101 WHERE "
		"change_id = '00000000aa'");
	lines = made_lines(two);
	assert_int_equal(made_lines_take(one, lines).records, 1);
	free(lines);
	assert_int_equal(
		number(one, "SELECT count(*) FROM triage WHERE state = 'fixed' AND note = 'mended' "
			    "AND change_id = '00000000aa' AND changed_unix_ns = 101"),
		1);
	execute(one, "UPDATE triage SET state = 'noise', changed_unix_ns = 99 WHERE change_id = "
		     "'00000000aa'");
	lines = made_lines(one);
	assert_int_equal(made_lines_take(two, lines).records, 0);
	free(lines);
	assert_int_equal(number(two, "SELECT count(*) FROM triage WHERE state = 'fixed'"), 1);
	store_close(one);
	store_close(two);
}

static void the_newer_baseline_and_calibration_stay(void **state)
{
	struct store *old = store_fill("old.db");
	struct store *store = store_fill("new.db");
	struct calibrations read;
	char *lines;

	(void)state;
	execute(store, "UPDATE calibrations SET created_unix_ns = 78, margin = 0.5");
	execute(store, "UPDATE baselines SET created_unix_ns = 301, session_id = 1");
	lines = made_lines(old);
	assert_int_equal(
		made_lines_take(store, lines).records, 1); // the calibration, for the record
	free(lines);
	assert_int_equal(number(store, "SELECT session_id FROM baselines"), 1);
	assert_int_equal(number(store, "SELECT count(*) FROM calibrations"), 2);
	assert_true(calibrations_read(store, "one", &read, NULL));
	assert_int_equal(read.count, 1);
	assert_true(read.items[0].margin == 0.5);
	calibrations_free(&read);
	store_close(old);
	store_close(store);
}

static void one_id_of_two_changes_is_given_to_one(void **state)
{
	struct store *one = store_fill("ids-one.db");
	struct store *two = store_fill("ids-two.db");
	char *lines = made_lines(two);

	(void)state;
	execute(one, "UPDATE triage SET name = 'batch/size:64' WHERE change_id = '00000000aa'");
	assert_int_equal(made_lines_take(one, lines).records, 1);
	assert_int_equal(number(one, "SELECT count(*) FROM triage WHERE session = 2"), 2);
	assert_int_equal(number(one, "SELECT count(*) FROM triage WHERE change_id = '00000000aa' "
				     "AND name = 'batch/size:64'"),
		1);
	free(lines);
	store_close(one);
	store_close(two);
}

static void a_judgement_of_a_pruned_session_goes_to_the_next(void **state)
{
	struct store *store = store_fill("pruned.db");
	struct store *copy = made_store(made_path("pruned-copy.db"));
	char *lines;

	(void)state;
	execute(store, "DELETE FROM sessions WHERE id = 2");
	lines = made_lines(store);
	(void)made_lines_take(copy, lines);
	// The sessions 1 and 3 are 1 and 2 there.
	assert_int_equal(
		number(copy, "SELECT session FROM triage WHERE change_id = '00000000aa'"), 2);
	assert_int_equal(number(copy, "SELECT count(*) FROM triage WHERE session = 2"), 2);
	assert_int_equal(number(copy, "SELECT count(*) FROM calibrations WHERE session_id IS "
				      "NULL"),
		1);
	free(lines);
	store_close(copy);
	store_close(store);
}

// ---- hostile lines

static void a_bad_record_undoes_its_whole_file(void **state)
{
	static const struct {
		const char *from; // of a good line
		const char *to;
		const char *expected; // of the problem
	} BAD[] = {
		{"\"slabmark_judgement\":1", "\"slabmark_judgement\":2", "newer slabmark"},
		{"\"slabmark_judgement\":1", "\"slabmark_judgement\":\"1\"", "newer slabmark"},
		{"\"id\":\"00000000aa\"", "\"id\":\"00000000a\"", "ten hexadecimal digits"},
		{"\"id\":\"00000000aa\"", "\"id\":\"00000000AA\"", "ten hexadecimal digits"},
		{"\"kind\":\"step\"", "\"kind\":\"stepp\"", "step|drift"},
		{"\"kind\":\"step\"", "\"kind\":\"step|drift\"", "step|drift"},
		{"\"direction\":\"up\"", "\"direction\":\"\"", "up|down"},
		{"\"state\":\"noise\"", "\"state\":null", "new|expected|fixed|noise"},
		{"\"session\":3,\"state\"", "\"session\":3.5,\"state\"", "a whole number"},
		{"\"changed_unix_ns\":100", "\"changed\":100", "is missing"},
		{"\"note\":null", "\"note\":7", "a text or null"},
		{"\"rounds\":12", "\"rounds\":0", "not too small"},
		{"\"spread\":0.3", "\"spread\":-0.3", "not too small"},
		{"\"layout\":0.0625", "\"layout\":\"0.0625\"", "a number"},
		{"\"smallest\":{", "\"smallest\":{\"x\":[],", "an object of numbers"},
		{"\"name\":\"release-1\"", "\"name\":\"rel ease\"", "a name of letters"},
		{"\"name\":\"release-1\"", "\"name\":\"\"", "a name of letters"},
		{"\"session\":3,\"created", "\"session\":4,\"created", "no line before"},
		{"\"session\":3,\"created", "\"session\":null,\"created", "a whole number"},
		{"\"status\":0", "\"status\":-1", "not too small"},
		{"\"value\":1.1", "\"value\":[],\"v\":1", "a number"},
		{"\"reason\":\"needed\"", "\"reason\":null", "a text"},
		{"\"slabmark_accepted\":1", "\"slabmark_record\":1", "not a line of"},
	};
	struct store *store = store_fill("hostile.db");
	struct store *copy = made_store(made_path("unharmed.db"));
	struct import *import = made_import(copy);
	char *lines = made_lines(store);

	(void)state;
	for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
		const char *place = strstr(lines, BAD[i].from);
		struct problem problem = {0};
		char *text;

		if (!place)
			fail_msg("'%s' is in no line", BAD[i].from);
		assert_true(asprintf(&text, "%.*s%s%s", (int)(place - lines), lines, BAD[i].to,
				    place + strlen(BAD[i].from)) > 0);
		assert_false(made_lines_import(import, text, &problem));
		assert_int_equal(problem.status, EXIT_WRONG_USE);
		assert_has(problem.text, BAD[i].expected);
		assert_int_equal(import_counts(import).records, 0);
		free(text);
	}
	assert_int_equal(number(copy, "SELECT count(*) FROM sessions"), 0);
	assert_int_equal(number(copy, "SELECT count(*) FROM triage"), 0);
	assert_int_equal(number(copy, "SELECT count(*) FROM calibrations"), 0);
	import_free(import);
	free(lines);
	store_close(copy);
	store_close(store);
}

// ---- older slabmarks' machines ------------------------------------------------------------------

#define FORMER "feedfacecafebeef"

static void today_of(char today[FINGERPRINT_SIZE])
{
	fingerprint_make("AMD EPYC 7763 64-Core Processor", "0123456789abcdef", today);
}

// A session on a machine of ours, and records that name it by that fingerprint.
static void machine_fill(struct store *store, const char *fingerprint)
{
	int64_t session = made_session(store);
	json_t *document = made_document("default");
	json_t *context = json_object_get(document, "context");
	char sql[1024];

	json_object_set_new(context, "topology_digest", json_string("0123456789abcdef"));
	made_sample(document, "pair/size:64", 5);
	made_process(store, session, 0, "default", "pair", document);
	(void)snprintf(sql, sizeof(sql),
		"INSERT INTO triage (change_id, name, config, machine, kind, direction, session, "
		"state, note, changed_unix_ns) VALUES ('00000000aa', 'pair/size:64', 'default', "
		"'%s', 'step', 'up', 1, 'expected', NULL, 100);"
		"INSERT INTO calibrations (fingerprint, series, config, session_id, "
		"created_unix_ns, rounds, spread, smallest, margin) VALUES ('%s', 'pair/size:64', "
		"'default', 1, 200, 12, 0.5, '{}', 0.25);"
		"INSERT INTO accepted (fingerprint, config, series, metric, value, reason, "
		"created_unix_ns) VALUES ('%s', 'default', 'pair/size:64', 'time', 1.5, 'needed', "
		"300);",
		fingerprint, fingerprint, fingerprint);
	execute(store, sql);
}

// The lines as a slabmark wrote them for which this machine was FORMER. The caller's.
static char *former_lines(const char *lines, const char *today)
{
	char *former = strdup(lines);

	assert_non_null(former);
	for (char *at = former; (at = strstr(at, today));) {
		for (const char *c = FORMER; *c; c++)
			*at++ = *c;
	}
	return former;
}

static void lines_of_an_older_slabmark_come_under_todays_machine(void **state)
{
	char today[FINGERPRINT_SIZE];
	struct store *store = made_store(made_path("today.db"));
	struct store *copy = made_store(made_path("led.db"));
	struct import_counts counts;
	char *lines;
	char *former;
	char *led;

	(void)state;
	today_of(today);
	machine_fill(store, today);
	lines = made_lines(store);
	assert_lacks(lines, FORMER);
	former = former_lines(lines, today);
	assert_lacks(former, today);
	counts = made_lines_take(copy, former);
	assert_int_equal(counts.records, 3);
	led = made_lines(copy);
	assert_string_equal(led, lines);
	free(led);
	free(former);
	free(lines);
	store_close(copy);
	store_close(store);
}

// Both know the same, each under its own fingerprint.
static void lines_of_an_older_slabmark_are_known_again(void **state)
{
	char today[FINGERPRINT_SIZE];
	struct store *store = made_store(made_path("source.db"));
	struct store *copy = made_store(made_path("known.db"));
	struct import_counts counts;
	char *lines;
	char *former;

	(void)state;
	today_of(today);
	machine_fill(store, today);
	lines = made_lines(store);
	former = former_lines(lines, today);
	(void)made_lines_take(copy, lines);
	counts = made_lines_take(copy, former);
	assert_int_equal(counts.processes_known, 1);
	assert_int_equal(counts.records_known, 3);
	assert_int_equal(counts.records, 0);
	free(former);
	free(lines);
	store_close(copy);
	store_close(store);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(records_come_along),
		cmocka_unit_test(importing_twice_changes_nothing),
		cmocka_unit_test(records_follow_their_sessions),
		cmocka_unit_test(an_export_of_one_session_has_no_records),
		cmocka_unit_test(lines_of_slabmarks_that_knew_no_records_are_taken),
		cmocka_unit_test(the_newer_judgement_stays),
		cmocka_unit_test(the_newer_baseline_and_calibration_stay),
		cmocka_unit_test(one_id_of_two_changes_is_given_to_one),
		cmocka_unit_test(a_judgement_of_a_pruned_session_goes_to_the_next),
		cmocka_unit_test(a_bad_record_undoes_its_whole_file),
		cmocka_unit_test(lines_of_an_older_slabmark_come_under_todays_machine),
		cmocka_unit_test(lines_of_an_older_slabmark_are_known_again),
	};

	return cmocka_run_group_tests(TESTS, made_folder_create, made_folder_remove);
}
