// SPDX-License-Identifier: GPL-2.0-or-later
// What leaves the store and what comes back: nothing is lost by our own lines, nothing is half
// imported, and each other format is what its readers expect.
#include "export.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "results/made/lines.h"
#include "results/made/results.h"
#include "results/store/stored_process.h"

static struct store *made; // a session with every kind of sample; see fill()

// A failed sample, an aggregate, a label and counters that any format must survive.
static json_t *hard_document(void)
{
	json_t *document = made_document("default");
	json_t *benchmarks = json_object_get(document, "benchmarks");

	made_sample(document, "hard/x:1", 12.5);
	json_object_set_new(json_array_get(benchmarks, 0), "label", json_string("a, \"b\"\n"));
	json_object_set_new(json_array_get(benchmarks, 0), "whole", json_integer(1));
	json_object_set_new(json_array_get(benchmarks, 0), "third", json_real(1.0 / 3));
	made_sample(document, "hard/x:2", 1);
	json_object_set_new(json_array_get(benchmarks, 1), "error_occurred", json_true());
	json_object_set_new(
		json_array_get(benchmarks, 1), "error_message", json_string("no memory"));
	made_sample(document, "hard/x:1_mean", 12.5);
	json_object_set_new(json_array_get(benchmarks, 2), "run_type", json_string("aggregate"));
	json_object_set_new(json_array_get(benchmarks, 2), "aggregate_name", json_string("mean"));
	return document;
}

static int fill(void **state)
{
	int64_t session;

	(void)state;
	(void)made_folder_create(state);
	made = made_store(made_path("made.db"));
	session = made_session(made); // never ended
	made_process(made, session, 3, "default", "hard", hard_document());
	(void)made_comparison(made, 10);
	return 0;
}

static int empty(void **state)
{
	(void)state;
	store_close(made);
	(void)made_folder_remove(state);
	return 0;
}

// What the export writes, for the caller to free.
static char *exported(struct store *store, const char *format, int64_t session, const char *config)
{
	char *text = NULL;
	size_t size;
	FILE *output = open_memstream(&text, &size);
	const struct export_request request = {.format = format,
		.session = session,
		.config = config,
		.round = -1,
		.base = "default",
		.output = output};
	struct problem problem;

	if (!export_write(store, &request, &problem))
		fail_msg("%s", problem.text);
	assert_int_equal(fclose(output), 0);
	return text;
}

static void assert_refused(const char *format, int64_t session, const char *config,
	enum exit_status status, const char *expected)
{
	FILE *output = tmpfile();
	const struct export_request request = {.format = format,
		.session = session,
		.config = config,
		.round = -1,
		.base = "default",
		.output = output};
	struct problem problem = {0};

	assert_false(export_write(made, &request, &problem));
	assert_int_equal(fclose(output), 0);
	assert_int_equal(problem.status, status);
	if (!strstr(problem.text, expected))
		fail_msg("'%s' lacks '%s'", problem.text, expected);
}

static json_t *exported_json(const char *format, int64_t session, const char *config)
{
	char *text = exported(made, format, session, config);
	json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

	assert_non_null(json);
	free(text);
	return json;
}

static size_t count_of(const char *text, const char *part)
{
	size_t count = 0;

	for (; (text = strstr(text, part)); text += strlen(part))
		count++;
	return count;
}

static void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("'%s' lacks in:\n%.2000s", part, text);
}

// ---- import

static void lines_make_the_same_results_in_another_store(void **state)
{
	struct store *copy = made_store(made_path("copy.db"));
	struct import *import = made_import(copy);
	char *lines = exported(made, "jsonl", 0, NULL);
	char *again;
	struct problem problem;

	(void)state;
	assert_int_equal(count_of(lines, "\n"), 1 + 10 * 6 * 5);
	if (!made_lines_import(import, lines, &problem))
		fail_msg("%s", problem.text);
	assert_int_equal(import_counts(import).processes, 301);
	assert_int_equal(import_counts(import).sessions, 2);
	again = exported(copy, "jsonl", 0, NULL);
	assert_string_equal(lines, again);
	assert_has(lines, "\"ended\":null");
	assert_has(lines, "\"third\":0.3333333333333333");
	assert_has(lines, "\"whole\":1,");
	assert_has(lines, "\"error_message\":\"no memory\"");
	assert_has(lines, "\"run_name\":\"hard/x:1\",\"run_type\":\"aggregate\"");
	free(lines);
	free(again);
	import_free(import);
	store_close(copy);
}

// What a document may hold beyond hard_document(): numbers at the edges, aggregates of each kind,
// texts of any script.
static const char EDGES[] =
	"{\"context\": {\"host_name\": \"\\u00fcml\\u00e4ut \\ud83d\\ude00\", \"config\": "
	"\"default\", "
	"\"machine\": \"one\", \"simulated\": \"callgrind\", \"seed\": \"18446744073709551615\", "
	"\"nested\": {\"list\": [1, 2.5, null, true, {}]}, \"num_cpus\": 2}, \"benchmarks\": ["
	"{\"name\": \"edge\", \"repetition_index\": 0, \"threads\": 64, \"iterations\": "
	"9223372036854775807, \"real_time\": 5e-324, \"cpu_time\": 0, \"time_unit\": \"ns\", "
	"\"most\": 9223372036854775807, \"least\": -9223372036854775808, \"zero\": -0.0, "
	"\"tiny\": 2.2250738585072014e-308, \"large\": 1.7976931348623157e308, \"tenth\": 0.1, "
	"\"whole\": 3, \"real\": 3.0, \"items_per_second\": 1e9, \"bytes_per_second\": 0.5},"
	"{\"name\": \"edge\", \"repetition_index\": 1, \"iterations\": 1, \"real_time\": 1e290, "
	"\"cpu_time\": 1e290, \"time_unit\": \"s\", \"label\": \"\\t\\\"\\\\/\"},"
	"{\"name\": \"edge_cv\", \"run_name\": \"edge\", \"run_type\": \"aggregate\", "
	"\"aggregate_name\": \"cv\", \"aggregate_unit\": \"percentage\", \"real_time\": 0.01, "
	"\"cpu_time\": 0.01, \"time_unit\": \"ns\"},"
	"{\"name\": \"edge_stddev\", \"run_type\": \"aggregate\", \"aggregate_name\": \"stddev\", "
	"\"real_time\": 0, \"cpu_time\": 0, \"time_unit\": \"us\"},"
	"{\"name\": \"edge_BigO\", \"run_type\": \"aggregate\", \"aggregate_name\": \"BigO\", "
	"\"cpu_coefficient\": 1.5, \"real_coefficient\": 2.5, \"big_o\": \"N\", \"time_unit\": "
	"\"ns\"},"
	"{\"name\": \"failed\", \"error_occurred\": true, \"error_message\": \"\", \"real_time\": "
	"0, "
	"\"cpu_time\": 0, \"time_unit\": \"ns\", \"refills\": 7}]}";

static char *copied(const char *lines, const char *name)
{
	struct store *copy = made_store(made_path(name));
	struct import *import = made_import(copy);
	struct problem problem;
	char *again;

	if (!made_lines_import(import, lines, &problem))
		fail_msg("%s", problem.text);
	again = exported(copy, "jsonl", 0, NULL);
	import_free(import);
	store_close(copy);
	return again;
}

static void every_kind_of_sample_survives_the_way_out_and_in(void **state)
{
	struct store *store = made_store(made_path("edges.db"));
	int64_t complete = made_session(store);
	int64_t interrupted = made_session(store);
	int64_t running = made_session(store);
	struct problem problem;
	json_error_t error;
	char *lines;
	char *again;

	(void)state;
	for (int round = 0; round < 3; round++) {
		int64_t session = round == 0 ? complete : round == 1 ? interrupted : running;
		json_t *document = json_loads(EDGES, JSON_REJECT_DUPLICATES, &error);

		if (!document)
			fail_msg("%s", error.text);
		made_process(store, session, round, "default", "edge", document);
		made_process(store, session, round, "other", "hard", hard_document());
	}
	assert_true(store_session_end(store, complete, "complete", &problem));
	assert_true(store_session_end(store, interrupted, "interrupted", &problem));
	lines = exported(store, "jsonl", 0, NULL);
	assert_int_equal(count_of(lines, "\n"), 6);
	assert_int_equal(count_of(lines, "\"ended\":\"complete\""), 2);
	assert_int_equal(count_of(lines, "\"ended\":\"interrupted\""), 2);
	assert_int_equal(count_of(lines, "\"ended\":null"), 2);
	assert_int_equal(count_of(lines, "\"most\":9223372036854775807"), 3);
	assert_int_equal(count_of(lines, "\"least\":-9223372036854775808"), 3);
	assert_int_equal(count_of(lines, "\"zero\":-0.0"), 3);
	assert_int_equal(count_of(lines, "\"whole\":3,\"real\":3.0"), 3);
	assert_int_equal(count_of(lines, "\"real_coefficient\":2.5"), 3);
	assert_int_equal(count_of(lines, "\"refills\":7"), 3);
	assert_int_equal(count_of(lines, "\"nested\":{\"list\":[1,2.5,null,true,{}]}"), 3);
	again = copied(lines, "edges-copy.db");
	assert_string_equal(lines, again);
	free(lines);
	lines = copied(again, "edges-third.db"); // a copy of a copy
	assert_string_equal(lines, again);
	free(lines);
	free(again);
	store_close(store);
}

static void a_session_that_is_there_already_is_left_out(void **state)
{
	struct store *copy = made_store(made_path("twice.db"));
	struct import *import = made_import(copy);
	char *lines = exported(made, "jsonl", 1, NULL);
	struct problem problem;

	(void)state;
	assert_true(made_lines_import(import, lines, &problem));
	assert_true(made_lines_import(import, lines, &problem));
	assert_int_equal(import_counts(import).processes, 1);
	assert_int_equal(import_counts(import).processes_known, 1);
	assert_int_equal(import_counts(import).sessions, 1);
	free(lines);
	import_free(import);
	store_close(copy);
}

// Exported while it ran, and again when it had ended.
static void a_session_may_come_piece_by_piece(void **state)
{
	struct store *source = made_store(made_path("pieces.db"));
	struct store *copy = made_store(made_path("pieces-copy.db"));
	struct import *import = made_import(copy);
	int64_t session = made_session(source);
	struct problem problem;
	char *first, *second, *twice, *kept;

	(void)state;
	made_process(source, session, 0, "default", "hard", hard_document());
	first = exported(source, "jsonl", 0, NULL);
	made_process(source, session, 1, "default", "hard", hard_document());
	assert_true(store_session_end(source, session, "complete", &problem));
	second = exported(source, "jsonl", 0, NULL);
	assert_true(asprintf(&twice, "%s%s", second, second) > 0);
	assert_true(made_lines_import(import, first, &problem));
	assert_true(made_lines_import(import, twice, &problem));
	assert_int_equal(import_counts(import).processes, 2);
	assert_int_equal(import_counts(import).processes_known, 3);
	kept = exported(copy, "jsonl", 0, NULL);
	assert_string_equal(kept, second);
	free(first);
	free(second);
	free(twice);
	free(kept);
	import_free(import);
	store_close(copy);
	store_close(source);
}

static void a_bad_line_undoes_its_whole_file_and_no_other(void **state)
{
	static const char *const BAD[] = {
		"{\"slabmark_process\":2,\"session\":{\"id\":1,\"command\":\"\",\"plan\":\"\","
		"\"started_unix_ns\":1,"
		"\"ended\":null},\"process\":{\"round\":0,\"position\":0,\"config\":\"\","
		"\"workload\":\"\","
		"\"started_unix_ns\":1,\"elapsed_s\":1},\"document\":{}}",
		"{\"slabmark_process\":1,\"session\":{\"id\":1,\"command\":\"\",\"plan\":\"\","
		"\"started_unix_ns\":1,"
		"\"ended\":null},\"process\":{\"round\":-1,\"position\":0,\"config\":\"\","
		"\"workload\":\"\","
		"\"started_unix_ns\":1,\"elapsed_s\":1},\"document\":{}}",
		"{\"slabmark_process\":1,\"session\":{\"id\":9,\"command\":\"\",\"plan\":\"\","
		"\"started_unix_ns\":1,"
		"\"ended\":null},\"process\":{\"round\":0,\"position\":0,\"config\":\"\","
		"\"workload\":\"\","
		"\"started_unix_ns\":1,\"elapsed_s\":1},\"document\":{\"context\":{},"
		"\"benchmarks\":[{}]}}",
		"{\"slabmark_process\":1}",
		"[]",
	};
	struct store *copy = made_store(made_path("undone.db"));
	struct import *import = made_import(copy);
	char *first = exported(made, "jsonl", 1, NULL);
	char *second = exported(made, "jsonl", 2, "null");
	char *kept;

	(void)state;
	assert_true(made_lines_import(import, first, NULL));
	for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
		struct problem problem = {0};
		char *text = NULL;

		assert_true(asprintf(&text, "%s%s\n", second, BAD[i]) > 0);
		assert_false(made_lines_import(import, text, &problem));
		assert_int_equal(problem.status, EXIT_WRONG_USE);
		assert_int_equal(import_counts(import).processes, 1);
		free(text);
	}
	kept = exported(copy, "jsonl", 0, NULL);
	assert_string_equal(kept, first);
	free(kept);
	free(first);
	free(second);
	import_free(import);
	store_close(copy);
}

static bool import_one(struct import *import, const char *path, json_t *document)
{
	const struct import_file file = {.path = path, .time_unix_ns = 7};
	struct problem problem;
	bool is_good = import_file_begin(import, &file, &problem);

	is_good = import_file_end(
		import, is_good && import_document(import, document, &problem), &problem);
	json_decref(document);
	return is_good;
}

static json_t *foreign_document(const char *config, const char *date)
{
	json_t *document =
		json_pack("{s:{s:s}, s:[]}", "context", "host_name", "far", "benchmarks");
	json_t *context = json_object_get(document, "context");

	if (config)
		json_object_set_new(context, "config", json_string(config));
	if (date)
		json_object_set_new(context, "date", json_string(date));
	made_sample(document, "sort/100", 5);
	return document;
}

struct seen {
	char text[512];
};

static bool note_process(
	const struct stored_process *process, void *context, struct problem *problem)
{
	struct seen *seen = context;
	size_t used = strlen(seen->text);

	(void)problem;
	(void)snprintf(seen->text + used, sizeof(seen->text) - used, "%lld:%d:%s:%s:%lld ",
		(long long)process->place.session, process->place.round, process->place.config,
		process->place.workload, (long long)process->place.started_unix_ns);
	return true;
}

static void documents_become_rounds_of_one_session(void **state)
{
	struct store *store = made_store(made_path("documents.db"));
	struct import *import = made_import(store);
	struct seen seen = {""};
	struct problem problem;

	(void)state;
	assert_true(import_one(import, "x/old.json", foreign_document(NULL, NULL)));
	assert_true(import_one(
		import, "x/new.json", foreign_document(NULL, "1970-01-01T01:00:02+01:00")));
	// A bad file in between takes no round away.
	assert_false(import_one(import, "x/old.json",
		json_pack("{s:{}, s:[{s:s}]}", "context", "benchmarks", "name", "sort")));
	assert_true(import_one(import, "x/old.json", foreign_document(NULL, NULL)));
	assert_true(import_one(import, "x/old.json", foreign_document("said", "nonsense")));
	assert_true(stored_processes_visit(store, 0, NULL, note_process, &seen, &problem));
	assert_string_equal(seen.text,
		"1:0:old:sort:7 1:0:new:sort:2000000000 1:1:old:sort:7 1:0:said:sort:7 ");
	import_free(import);
	store_close(store);
}

// ---- formats

static void google_benchmarks_json_has_every_repetition_of_one_config(void **state)
{
	json_t *document = exported_json("gbench", 2, "offslab");
	json_t *benchmarks = json_object_get(document, "benchmarks");
	json_t *last = json_array_get(benchmarks, json_array_size(benchmarks) - 1);

	(void)state;
	assert_int_equal(json_array_size(benchmarks), 10 * 6 * 3);
	assert_int_equal(json_integer_value(json_object_get(last, "repetitions")), 30);
	assert_int_equal(json_integer_value(json_object_get(last, "repetition_index")), 29);
	assert_string_equal(json_string_value(json_object_get(last, "run_type")), "iteration");
	assert_string_equal(
		json_string_value(json_object_get(json_object_get(document, "context"), "config")),
		"offslab");
	json_decref(document);
	assert_refused("gbench", 2, NULL, EXIT_WRONG_USE, "choose one with --config");
}

static void csv_has_a_line_for_each_sample(void **state)
{
	char *text = exported(made, "csv", 1, NULL);

	(void)state;
	assert_int_equal(count_of(text, "\r\n"), 4);
	assert_has(text, "session,round,position,config,");
	assert_has(text, "1,3,0,default,hard,0123456789abcdef0123456789abcdef01234567,"
			 "feedfacecafebeef,hard/x:1,iteration,,0,1,100000,12.5,12.5,");
	assert_has(text, ",\"a, \"\"b\"\"\n\",0,,\"{");
	assert_has(text, ",1,no memory,");
	free(text);
}

// "a b" and "a_b" are one word in Go's text.
static void go_text_folds_no_two_names_into_one(void **state)
{
	struct store *store = made_store(made_path("twins.db"));
	int64_t session = made_session(store);
	char *text;

	(void)state;
	for (int i = 0; i < 2; i++) {
		json_t *document = made_document("default");

		made_sample(document, i ? "Pair_x" : "pair x", 10 + i);
		made_process(store, session, 0, "default", "pair", document);
	}
	text = exported(store, "gobench", session, NULL);
	assert_has(text, "\nBenchmarkPair_x/config=default-1 1 11 ns/op\n");
	assert_has(text, "\nBenchmarkPair_x/config=default#01-1 1 10 ns/op\n");
	free(text);
	store_close(store);
}

static void go_text_has_a_line_for_each_process(void **state)
{
	char *text = exported(made, "gobench", 2, "null");

	(void)state;
	assert_has(text, "\nUnit ns/op better=lower\n");
	assert_int_equal(count_of(text, "\nBenchmark"), 6 * 10);
	assert_int_equal(count_of(text, "\nBenchmarkPair/64/config=null-1 1 "), 10);
	assert_int_equal(count_of(text, " ns/op\n"), 6 * 10);
	free(text);
	text = exported(made, "gobench", 1, NULL);
	assert_has(text, "BenchmarkHard/x=1/config=default-1 1 12.5 ns/op\n");
	free(text);
}

static void github_actions_entries_have_name_unit_and_value(void **state)
{
	json_t *list = exported_json("github-action", 2, NULL);
	size_t i;
	json_t *entry;

	(void)state;
	assert_int_equal(json_array_size(list), 6 * 5);
	json_array_foreach(list, i, entry)
	{
		assert_true(json_is_string(json_object_get(entry, "name")));
		assert_string_equal(json_string_value(json_object_get(entry, "unit")), "ns/op");
		assert_true(json_real_value(json_object_get(entry, "value")) > 0);
		assert_true(json_is_string(json_object_get(entry, "range")));
	}
	json_decref(list);
}

static void benchers_bounds_enclose_the_value(void **state)
{
	json_t *benchmarks = exported_json("bmf", 2, NULL);
	const char *name;
	json_t *benchmark;

	(void)state;
	assert_int_equal(json_object_size(benchmarks), 6 * 5);
	json_object_foreach(benchmarks, name, benchmark)
	{
		json_t *latency = json_object_get(benchmark, "latency");
		double value = json_real_value(json_object_get(latency, "value"));

		assert_true(json_real_value(json_object_get(latency, "lower_value")) <= value);
		assert_true(json_real_value(json_object_get(latency, "upper_value")) >= value);
	}
	json_decref(benchmarks);
	// One process has no interval, so that no bound is made up.
	benchmarks = exported_json("bmf", 1, NULL);
	benchmark = json_object_get(benchmarks, "hard/x:1 config:default");
	assert_int_equal(json_object_size(json_object_get(benchmark, "latency")), 1);
	assert_int_equal(json_object_size(benchmarks), 1);
	json_decref(benchmarks);
}

static void lnts_report_has_every_process_in_seconds(void **state)
{
	json_t *report = exported_json("lnt", 1, NULL);
	json_t *test = json_array_get(json_object_get(report, "tests"), 0);

	(void)state;
	assert_string_equal(json_string_value(json_object_get(report, "format_version")), "2");
	assert_string_equal(
		json_string_value(json_object_get(json_object_get(report, "machine"), "name")),
		"feedfacecafebeef");
	assert_string_equal(
		json_string_value(json_object_get(json_object_get(report, "run"), "start_time")),
		"2026-11-22T16:00:00");
	assert_true(
		fabs(json_real_value(json_array_get(json_object_get(test, "execution_time"), 0)) -
			12.5e-9) < 1e-20);
	json_decref(report);
	report = exported_json("lnt", 2, NULL);
	test = json_array_get(json_object_get(report, "tests"), 0);
	assert_int_equal(json_array_size(json_object_get(test, "execution_time")), 10);
	json_decref(report);
}

static void otava_gets_a_line_for_each_session_and_a_column_for_each_series(void **state)
{
	char *text = exported(made, "otava", 0, "default");

	(void)state;
	assert_int_equal(count_of(text, "\r\n"), 3);
	assert_has(text, "time,commit,machine,hard/x:1 config:default,");
	assert_has(text, "\r\n2026-11-22T16:00:00Z,0123456789abcdef0123456789abcdef01234567,"
			 "feedfacecafebeef,12.5");
	assert_has(text, "\r\n2026-11-22T16:00:00Z,0123456789abcdef0123456789abcdef01234567,"
			 "feedfacecafebeef,,1");
	assert_has(text, ",,,,,,\r\n2026");
	free(text);
	assert_refused("otava", 0, "nonsense", EXIT_NOT_MEASURED,
		"no session has a good sample of config nonsense");
}

static void openmetrics_end_as_they_must_and_escape_their_labels(void **state)
{
	char *text = exported(made, "openmetrics", 2, NULL);
	size_t length = strlen(text);

	(void)state;
	assert_string_equal(text + length - 6, "# EOF\n");
	assert_int_equal(count_of(text, "\nslabmark_real_time_seconds{"), 6 * 5);
	assert_int_equal(count_of(text, "\nslabmark_processes{"), 6 * 5);
	assert_has(text, "benchmark=\"</script><b>&\\\"'/");
	free(text);
}

static void junit_fails_what_is_slower_and_skips_what_cannot_be_said(void **state)
{
	char *text = exported(made, "junit", 2, "offslab");
	struct store *few = made_store(made_path("few.db"));
	int64_t session = made_comparison(few, 3);

	(void)state;
	assert_has(text, "<testsuites name=\"slabmark\" tests=\"6\" failures=\"");
	assert_int_equal(count_of(text, "<testcase "), 6);
	assert_int_equal(count_of(text, "<testcase "), count_of(text, "</testcase>"));
	// Five of the six are slower by 14 % beyond doubt; the sixth is the noisy one.
	assert_in_range(count_of(text, "<failure type=\"regression\" message=\"1.1"), 5, 6);
	assert_has(text, "name=\"&lt;/script&gt;&lt;b&gt;&amp;&quot;'/");
	free(text);
	text = exported(few, "junit", session, "offslab");
	assert_has(text, "failures=\"0\" errors=\"0\" skipped=\"6\"");
	assert_int_equal(
		count_of(text, "<skipped message=\"too few rounds for a verdict: 3\"/>"), 6);
	free(text);
	store_close(few);
}

static void what_is_not_there_is_said(void **state)
{
	(void)state;
	assert_refused("csv", 99, NULL, EXIT_WRONG_USE, "there is no session 99");
	assert_refused(
		"bmf", 0, "nonsense", EXIT_WRONG_USE, "no session measured config 'nonsense'");
	assert_refused(
		"bmf", 2, "nonsense", EXIT_NOT_MEASURED, "no good sample of config nonsense");
	assert_refused(
		"gbench", 2, "nonsense", EXIT_NOT_MEASURED, "measured nothing of config nonsense");
	assert_refused("junit", 1, NULL, EXIT_NOT_MEASURED, "no config to compare with 'default'");
	assert_refused("tarball", 1, NULL, EXIT_WRONG_USE, "no format 'tarball'");
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(lines_make_the_same_results_in_another_store),
		cmocka_unit_test(every_kind_of_sample_survives_the_way_out_and_in),
		cmocka_unit_test(a_session_that_is_there_already_is_left_out),
		cmocka_unit_test(a_session_may_come_piece_by_piece),
		cmocka_unit_test(a_bad_line_undoes_its_whole_file_and_no_other),
		cmocka_unit_test(documents_become_rounds_of_one_session),
		cmocka_unit_test(google_benchmarks_json_has_every_repetition_of_one_config),
		cmocka_unit_test(csv_has_a_line_for_each_sample),
		cmocka_unit_test(go_text_folds_no_two_names_into_one),
		cmocka_unit_test(go_text_has_a_line_for_each_process),
		cmocka_unit_test(github_actions_entries_have_name_unit_and_value),
		cmocka_unit_test(benchers_bounds_enclose_the_value),
		cmocka_unit_test(lnts_report_has_every_process_in_seconds),
		cmocka_unit_test(otava_gets_a_line_for_each_session_and_a_column_for_each_series),
		cmocka_unit_test(openmetrics_end_as_they_must_and_escape_their_labels),
		cmocka_unit_test(junit_fails_what_is_slower_and_skips_what_cannot_be_said),
		cmocka_unit_test(what_is_not_there_is_said),
	};

	return cmocka_run_group_tests(TESTS, fill, empty);
}
