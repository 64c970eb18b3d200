// SPDX-License-Identifier: GPL-2.0-or-later
// Histories: plain data of every shape and what it is refused for, and the store's series and
// machine events.
#include "history.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "input.h"
#include "results/made/lines.h"
#include "results/made/results.h"
#include "triage.h"

// ---- plain data

static bool read_bytes(const char *text, size_t size, const char *column, struct history *history,
	struct problem *problem)
{
	struct history_input_options options = {.columns = &column};
	char *copy = malloc(size + 1);
	bool is_good;

	assert_non_null(copy);
	memcpy(copy, text, size);
	copy[size] = '\0';
	*history = (struct history){0};
	options.columns_count = column != NULL;
	is_good = history_input(copy, size, "FILE", &options, history, problem);
	free(copy);
	return is_good;
}

static struct history good(const char *text, const char *column)
{
	struct history history;
	struct problem problem = {0};

	if (!read_bytes(text, strlen(text), column, &history, &problem))
		fail_msg("refused: %s", problem.text);
	return history;
}

// The problem's text has `part`, and begins with the file's name.
static void refused_bytes(const char *text, size_t size, const char *column, const char *part)
{
	struct history history;
	struct problem problem = {0};

	assert_false(read_bytes(text, size, column, &history, &problem));
	history_free(&history);
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	if (strncmp(problem.text, "FILE", 4) != 0 || !strstr(problem.text, part))
		fail_msg("expected '%s' in: %s", part, problem.text);
}

static void refused(const char *text, const char *column, const char *part)
{
	refused_bytes(text, strlen(text), column, part);
}

// NaN in `expected` stands for a missing value.
static void assert_values(const struct history_series *series, const double *expected, size_t count)
{
	assert_int_equal(series->count, count);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(isnan(series->values[i]), isnan(expected[i]));
		if (!isnan(expected[i]))
			assert_true(series->values[i] == expected[i]);
	}
}

static void every_shape_of_the_same_data_reads_the_same(void **state)
{
	static const double EXPECTED[] = {1, 2.5, NAN, -3e2};
	static const struct {
		const char *text, *column, *name;
	} CASES[] = {
		{"1\n2.5\n\n-3e2\n", NULL, "FILE"},
		{"1\r\n2.5\r\nnan\r\n-3e2", NULL, "FILE"},
		{"time\n1\n2.5\nNULL\n-3e2\n", NULL, "time"},
		{"t,\"a \"\"b\"\", c\"\nx,1\ny,\" 2.5\"\nz,\nw,-3e2\n", "a \"b\", c", "a \"b\", c"},
		{"9,1\n9,2.5\n\n9,-3e2\n", "2", "FILE"},
		{" [1, 2.5, null, -3e2]", NULL, "FILE"},
		{"[[1, 2.5, null, -3e2]]", NULL, "FILE[0]"},
		{"{\"name\":\"n\",\"series\":[{\"raw\":[1,2.5,null,-3e2]}]}", NULL, "n"},
		{"{\"series\":[{\"raw\":[1,2.5,null,-3e2]}],\"x\":{}}", NULL, "FILE"},
		{"{\"series\":[1,2.5,null,-3e2]}", NULL, "FILE"},
		{"{\"name\":\"n\",\"series\":[1,2.5,null,-3e2]}", NULL, "n"},
		{"{\"series\":[[1,2.5,null,-3e2]]}", NULL, "FILE"},
		{"# by hand\n\nt,v\nx,1\ny,2.5\n\nz,-3e2\n", "v", "v"},
		{"# by hand\n1\n  # half\n2.5\n\n-3e2\n#", NULL, "FILE"},
		{"#t;v\nt;v\nx;1\ny;2,5\nz;\nw;-3e2\n", "v", "v"},
		{"t\tv\r\nx\t1\r\ny\t2.5\r\nz\t\r\nw\t-3e2\r\n", "v", "v"},
		{"t,v;w\nx,1\ny,2.5\nz,\nw,-3e2\n", "v;w", "v;w"},
		{"t,v\nx,1\ny,2.5\nz,\nw,-3e2\n", NULL, "v"},
		{"2026-01-01,1\n2026-01-02,2.5\n2026-01-03,\n2026-01-04,-3e2\n", "2", "FILE"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct history history = good(CASES[i].text, CASES[i].column);

		assert_int_equal(history.count, 1);
		assert_string_equal(history.items[0].name, CASES[i].name);
		assert_values(&history.items[0], EXPECTED, 4);
		history_free(&history);
	}
}

static struct history good_with(const char *text, const struct history_input_options *options)
{
	struct history history = {0};
	struct problem problem = {0};
	char *copy = strdup(text);

	assert_non_null(copy);
	if (!history_input(copy, strlen(text), "FILE", options, &history, &problem))
		fail_msg("%s", problem.text);
	free(copy);
	return history;
}

static const char NIGHTS[] = "night;commit;machine;time;size\n"
			     "2026-01-03;c3;a;3;30\n"
			     "2026-01-01;c1;a;1;10\n"
			     "2026-01-02;c2;b;9;90\n"
			     "2026-01-02;c2;a;2;20\n";

static void every_column_of_numbers_is_a_series(void **state)
{
	struct history history = good_with(NIGHTS, &(struct history_input_options){0});

	(void)state;
	assert_int_equal(history.count, 2);
	assert_string_equal(history.items[0].name, "time");
	assert_string_equal(history.items[1].name, "size");
	assert_values(&history.items[1], (const double[]){30, 10, 90, 20}, 4);
	history_free(&history);
	history = good_with("1,,2\n3,y,4\n", &(struct history_input_options){0});
	assert_int_equal(history.count, 2);
	assert_string_equal(history.items[1].name, "FILE, column 3");
	history_free(&history);
}

static void rows_are_chosen_and_ordered_by_time(void **state)
{
	static const char *const FILTERS[] = {"machine:a", "-commit:c9"};
	const struct history_input_options options = {
		.time = "night", .commit = "2", .filters = FILTERS, .filters_count = 2};
	struct history history = good_with(NIGHTS, &options);

	(void)state;
	assert_int_equal(history.count, 2);
	assert_values(&history.items[0], (const double[]){1, 2, 3}, 3);
	assert_string_equal(history.items[0].times[0], "2026-01-01");
	assert_string_equal(history.items[1].commits[2], "c3");
	history_free(&history);
}

// As pandas writes tables, and as monitors write them.
static void a_column_that_numbers_the_rows_is_no_figure(void **state)
{
	static const char PANDAS[] = ",timestamp,size\n0,1760000000,5\n1,1760086400,6\n";
	static const char TIMES[] = "time;size\n1760000000000;5\n1760086400000;6\n";
	static const char OTHERS[] = "time,date,built,epoch\n1,2,1,1.5\n2,1,2,2.5\n3,3,3,3.5\n";
	const struct history_input_options named = {
		.columns = (const char *const[]){"timestamp"}, .columns_count = 1};
	struct history history = good_with(PANDAS, &(struct history_input_options){0});

	(void)state;
	assert_int_equal(history.count, 1);
	assert_string_equal(history.items[0].name, "size");
	assert_int_equal(history.left_out_count, 2);
	assert_non_null(strstr(history.left_out[0], "column 1, '', numbers the rows"));
	assert_non_null(strstr(history.left_out[1], "column 2, 'timestamp'"));
	history_free(&history);
	history = good_with(PANDAS, &named);
	assert_int_equal(history.count, 1);
	assert_string_equal(history.items[0].name, "timestamp");
	assert_int_equal(history.left_out_count, 0);
	history_free(&history);
	history = good_with(TIMES, &(struct history_input_options){0});
	assert_int_equal(history.count, 1);
	history_free(&history);
	// Small ones, some that fall, another name, fractions.
	history = good_with(OTHERS, &(struct history_input_options){0});
	assert_int_equal(history.count, 4);
	history_free(&history);
}

static void wrong_words_about_columns_are_refused(void **state)
{
	static const struct {
		const char *time, *commit, *filter, *part;
	} CASES[] = {
		{"day", NULL, NULL, "no column 'day'"},
		{"machine", NULL, NULL, "line 2, field 3: 'a' is no time"},
		{NULL, "hash", NULL, "no column 'hash'"},
		{NULL, NULL, "machine", "expected COLUMN:VALUE"},
		{NULL, NULL, "host:a", "no column 'host'"},
		{NULL, NULL, "machine:c", "no row fits --filter=machine:c"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		const struct history_input_options options = {.time = CASES[i].time,
			.commit = CASES[i].commit,
			.filters = &CASES[i].filter,
			.filters_count = CASES[i].filter != NULL};
		struct history history = {0};
		struct problem problem = {0};
		char *copy = strdup(NIGHTS);

		assert_false(
			history_input(copy, strlen(copy), "FILE", &options, &history, &problem));
		assert_int_equal(problem.status, EXIT_WRONG_USE);
		if (!strstr(problem.text, CASES[i].part))
			fail_msg("'%s' lacks '%s'", problem.text, CASES[i].part);
		history_free(&history);
		free(copy);
	}
}

static void several_series_are_named_apart(void **state)
{
	struct history history =
		good("{\"name\":\"n\",\"series\":[{\"label\":\"V\",\"raw\":[1]},{\"raw\":[2,3]}]}",
			NULL);

	(void)state;
	assert_int_equal(history.count, 2);
	assert_string_equal(history.items[0].name, "n/V");
	assert_string_equal(history.items[1].name, "n/1");
	assert_values(&history.items[1], (const double[]){2, 3}, 2);
	history_free(&history);
}

static void what_cannot_be_read_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *text, *column, *part;
	} CASES[] = {
		{"", NULL, "is empty"},
		{"time\n", NULL, "'time' has no values"},
		{"[]", NULL, "has no values"},
		{"\"a\nb\"\n", NULL, "'a?b' has no values"},
		{"1\n2\nthree\n", NULL, "line 3, field 1: 'three'"},
		{"1\n1e400\n", NULL, "line 2, field 1: '1e400'"},
		{"1\n0x10\n", NULL, "line 2, field 1: '0x10'"},
		{"1\ninf\n", NULL, "line 2, field 1: 'inf'"},
		{"1\n1e5e5\n", NULL, "line 2"},
		{"a,b\n1,2\n1\n", "b", "line 3: 1 field,"},
		{"a,b\nx,y\n", NULL, "no column holds figures; there are 'a', 'b'"},
		{"a,b\nx,1\ny,z\n", NULL, "line 3, field 2: 'z'"},
		{"# only\n# comments\n", NULL, "is empty"},
		{"a;b\n1;2;3\n", "b", "line 2: 3 fields"},
		{"a;b\n1;2,5,5\n", "b", "line 2, field 2: '2,5,5'"},
		{"a,b\n1,2\n", "c", "no column 'c'; there are 'a', 'b'"},
		{"a,a\n1,2\n", "a", "2 columns are called 'a'"},
		{"1,2\n", "3", "no column '3'"},
		{"a\n\"1\n2\n", NULL, "line 2: a quoted field does not end"},
		{"\"a\nb\"\n1\n\"2\"x\n", NULL, "line 4: text behind"},
		{"[1, 2", NULL, "line 1, column 5"},
		{"[1,\n 1e400]", NULL, "line 2"},
		{"[1, NaN]", NULL, "a missing value is null"},
		{"[1, \"2\"]", NULL, "[1] is a text"},
		{"[[1], 2]", NULL, "[1] is a number"},
		{"[1] 2", NULL, "line 1"},
		{"[1]", "a", "has no columns"},
		{"{}", NULL, "\"series\" is missing"},
		{"{\"series\":[]}", NULL, "\"series\" is empty"},
		{"{\"series\":[{}]}", NULL, "\"series\"[0].\"raw\" is missing"},
		{"{\"series\":[{\"raw\":[1,{}]}]}", NULL, "\"series\"[0].\"raw\"[1] is an object"},
		{"{\"name\":1,\"series\":[{\"raw\":[1]}]}", NULL, "\"name\" is a number"},
		{"{\"name\":\"a\",\"name\":\"b\",\"series\":[]}", NULL, "duplicate"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
		refused(CASES[i].text, CASES[i].column, CASES[i].part);
	refused_bytes("1\n2\0\n", 5, NULL, "line 2: a zero byte");
	refused_bytes("[1,\0 2]", 7, NULL, "line 1");
}

static void deep_and_long_input_is_refused(void **state)
{
	size_t size = 2 * ((size_t)HISTORY_VALUES_MAX + 1);
	char *text = malloc(size);

	(void)state;
	assert_non_null(text);
	memset(text, '[', size);
	refused_bytes(text, size, NULL, "depth");
	for (size_t i = 0; i < size; i++)
		text[i] = i % 2 ? '\n' : '7';
	refused_bytes(text, size, NULL, "more than");
	memset(text, ',', size);
	refused_bytes(text, size, NULL, "line 1: more than");
	free(text);
}

// Every shorter file is another one or none, and never a crash.
static void a_truncated_file_is_read_or_refused(void **state)
{
	static const char *const WHOLE[] = {
		"{\"name\":\"n\",\"series\":[{\"raw\":[1,2.5,null]}]}", "a,\"b\nc\"\n1,2\n,nan\n"};

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		for (size_t size = 0; size < strlen(WHOLE[k]); size++) {
			struct history history;
			struct problem problem = {0};
			bool is_good = read_bytes(WHOLE[k], size, NULL, &history, &problem);

			assert_true(is_good || problem.status == EXIT_WRONG_USE);
			assert_true(k == 1 || !is_good);
			history_free(&history);
		}
	}
}

static void json_names_the_first_value_of_each_segment(void **state)
{
	struct history history = good(
		"{\"name\":\"n\",\"series\":[{\"raw\":[1,1,1,1,1,1,null,3,3,3,3,3,3]}]}", NULL);
	struct problem problem = {0};
	json_t *json;
	json_t *change;

	(void)state;
	assert_true(history_judge(&history, &problem));
	json = history_series_json(&history, &history.items[0]);
	assert_string_equal(json_string_value(json_object_get(json, "name")), "n");
	assert_int_equal(json_array_size(json_object_get(json, "changepoints")), 1);
	assert_int_equal(
		json_integer_value(json_array_get(json_object_get(json, "changepoints"), 0)), 7);
	change = json_array_get(json_object_get(json, "changes"), 0);
	assert_string_equal(json_string_value(json_object_get(change, "direction")), "up");
	assert_true(json_real_value(json_object_get(change, "size")) == 2);
	assert_true(json_real_value(json_object_get(change, "ratio")) == 3);
	assert_int_equal(json_integer_value(json_object_get(json, "missing")), 1);
	json_decref(json);
	history_free(&history);
}

// ---- the store

enum { SESSIONS = 20, STEP_SESSION = 12, KERNEL_SESSION = 8 };

static void add_process(struct store *store, int64_t id, int session, const char *config,
	const char *workload, double time_ns)
{
	json_t *document = made_document(config);
	json_t *context = json_object_get(document, "context");

	json_object_set_new(
		context, "kernel", json_string(session < KERNEL_SESSION ? "6.1.1" : "6.1.2"));
	made_sample(document, workload, time_ns);
	made_sample(document, workload, time_ns);
	made_process(store, id, 0, config, workload, document);
}

// Nights in which `pair` of `default` takes twice as long from STEP_SESSION on; one of three
// processes is off by far.
static void made_nights(struct store *store)
{
	for (int i = 0; i < SESSIONS; i++) {
		int64_t id = made_session(store);
		double time_ns = (i < STEP_SESSION ? 100 : 200) + i % 3;

		add_process(store, id, i, "default", "pair", time_ns);
		add_process(store, id, i, "default", "pair", 1e6);
		add_process(store, id, i, "default", "pair", time_ns);
		add_process(store, id, i, "default", "other", 50 + i % 2);
		add_process(store, id, i, "glibc", "pair", 50 + i % 2);
	}
}

static struct history nights(const struct history_filter *filter)
{
	struct history history = {0};
	struct problem problem = {0};
	struct store *store;

	assert_true(store_open(&store, made_path("s.db"), STORE_READ, &problem));
	assert_true(history_read(store, filter, &history, &problem));
	assert_true(history_judge(&history, &problem));
	store_close(store);
	return history;
}

static void the_store_gives_a_series_a_benchmark_and_config(void **state)
{
	struct store *store = made_store(made_path("s.db"));
	struct history history;

	(void)state;
	made_nights(store);
	store_close(store);
	history = nights(&(struct history_filter){0});
	assert_int_equal(history.count, 3);
	assert_string_equal(history.items[0].name, "other");
	assert_string_equal(history.items[1].name, "pair");
	assert_string_equal(history.items[1].config, "default");
	assert_string_equal(history.items[2].config, "glibc");
	assert_int_equal(history.items[1].count, SESSIONS);
	assert_int_equal(history.items[0].found.count, 0);
	assert_int_equal(history.items[1].found.count, 1);
	assert_int_equal(history.items[1].found.items[0].index, STEP_SESSION);
	assert_true(fabs(exp(history.items[1].found.items[0].shift.size) - 2) < 0.05);
	assert_int_equal(history.items[2].found.count, 0);
	history_free(&history);
}

static void a_change_of_the_machine_is_told_once(void **state)
{
	struct history history = nights(&(struct history_filter){0});

	(void)state;
	assert_int_equal(history.events_count, 1);
	assert_string_equal(history.events[0].fact, "kernel");
	assert_string_equal(history.events[0].before, "6.1.1");
	assert_string_equal(history.events[0].after, "6.1.2");
	assert_int_equal(history.events[0].session, history.items[1].sessions[KERNEL_SESSION]);
	history_free(&history);
}

static void other_memory_is_a_change_of_the_machine(void **state)
{
	struct store *store = made_store(made_path("memory.db"));
	struct history history = {0};

	(void)state;
	for (int i = 0; i < 2; i++) {
		json_t *document = made_document("default");

		json_object_set_new(json_object_get(document, "context"), "memory_per_node",
			json_string(i ? "node 0: 6 GiB" : "node 0: 3 GiB"));
		made_sample(document, "pair", 10);
		made_process(store, made_session(store), 0, "default", "pair", document);
	}
	assert_true(history_read(store, &(struct history_filter){0}, &history, NULL));
	assert_int_equal(history.count, 1);
	assert_int_equal(history.items[0].count, 2);
	assert_int_equal(history.events_count, 1);
	assert_string_equal(history.events[0].fact, "memory_per_node");
	assert_string_equal(history.events[0].after, "node 0: 6 GiB");
	history_free(&history);
	store_close(store);
}

static void filters_choose_series(void **state)
{
	const char *config = "default";
	const char *workload = "pair";
	struct history history = nights(&(struct history_filter){.configs = &config,
		.configs_count = 1,
		.workloads = &workload,
		.workloads_count = 1});

	(void)state;
	assert_int_equal(history.count, 1);
	assert_string_equal(history.items[0].name, "pair");
	assert_string_equal(history.items[0].config, "default");
	history_free(&history);
	config = "x') OR 1 --";
	history = nights(&(struct history_filter){.configs = &config, .configs_count = 1});
	assert_int_equal(history.count, 0);
	history_free(&history);
}

// ---- judgements

// Judged, and with what people and the machine had to do with it.
// ---- counters

enum { COUNTED_NIGHTS = 30, COUNTED_STEP = 15 };

// Times stay; refills double from COUNTED_STEP on, and remote frees begin. Contention is a total.
static void made_counted_nights(struct store *store)
{
	for (int night = 0; night < COUNTED_NIGHTS; night++) {
		bool is_later = night >= COUNTED_STEP;
		json_t *document = made_document("default");
		json_t *sample;

		made_sample(document, "pair", 10 + 0.01 * (night % 3));
		sample = json_array_get(json_object_get(document, "benchmarks"), 0);
		json_object_set_new(sample, "refills",
			json_real((is_later ? 0.05 : 0.025) * (1 + 0.001 * (night % 5))));
		json_object_set_new(sample, "remote_frees", json_real(is_later ? 0.5 : 0));
		json_object_set_new(sample, "lock_contended",
			json_real(7 * json_number_value(json_object_get(sample, "iterations"))));
		made_process(store, made_session(store), 0, "default", "pair", document);
	}
}

static const struct history_series *series_named(const struct history *history, const char *name)
{
	for (size_t i = 0; i < history->count; i++)
		if (strcmp(history->items[i].name, name) == 0)
			return &history->items[i];
	fail_msg("no series %s", name);
	return NULL;
}

static void counters_are_series_beside_the_times(void **state)
{
	static const char *const NAMES[] = {"refills", "remote_frees", "lock_contended"};
	struct store *store = made_store(made_path("counted.db"));
	struct history history = {0};
	const struct history_filter filter = {.counters = NAMES, .counters_count = 3};
	const struct history_series *series;

	(void)state;
	made_counted_nights(store);
	assert_true(history_read(store, &filter, &history, NULL));
	assert_true(history_judge(&history, NULL));
	assert_int_equal(history.count, 4);
	assert_int_equal(history.items[0].found.count, 0); // the times
	series = series_named(&history, "pair [refills]");
	assert_true(series->has_logs);
	assert_int_equal(series->count, COUNTED_NIGHTS);
	assert_int_equal(series->found.count, 1);
	assert_int_equal(series->found.items[0].index, COUNTED_STEP);
	assert_float_equal(exp(series->found.items[0].shift.size), 2, 0.01);
	series = series_named(&history, "pair [remote_frees]");
	assert_false(series->has_logs); // it was 0: a difference
	assert_int_equal(series->found.count, 1);
	assert_float_equal(series->found.items[0].shift.size, 0.5, 1e-9);
	assert_float_equal(
		exp(series_named(&history, "pair [lock_contended]")->values[0]), 7, 1e-9);
	history_free(&history);
	store_close(store);
}

static void a_counter_that_nobody_counted_is_an_error(void **state)
{
	static const char *const NAMES[] = {"nobody"};
	struct store *store = made_store(made_path("uncounted.db"));
	struct history history = {0};
	const struct history_filter filter = {.counters = NAMES, .counters_count = 1};
	struct problem problem = {0};

	(void)state;
	made_counted_nights(store);
	assert_false(history_read(store, &filter, &history, &problem));
	assert_int_equal(problem.status, EXIT_NOT_MEASURED);
	assert_non_null(strstr(problem.text, "--counters=nobody"));
	history_free(&history);
	store_close(store);
}

static struct history triaged(struct store *store)
{
	struct history history = {0};
	struct problem problem = {0};

	assert_true(history_read(store, &(struct history_filter){0}, &history, &problem));
	assert_true(history_judge(&history, &problem));
	assert_true(triage_read(store, &history, &problem));
	return history;
}

static size_t distance(size_t one, size_t two)
{
	return one > two ? one - two : two - one;
}

static void add_night(struct store *store, int session, double time_ns)
{
	add_process(store, made_session(store), session, "default", "pair", time_ns);
}

// Nights of one process; a step up at 12, a step down at 24.
static struct store *made_steps(const char *name)
{
	struct store *store = made_store(made_path(name));

	for (int i = 0; i < 36; i++)
		add_night(store, i, (i < 12 || i >= 24 ? 100 : 200) + i % 3);
	return store;
}

static void a_judgement_is_kept_with_its_change(void **state)
{
	struct store *store = made_steps("judged.db");
	struct history history = triaged(store);
	char id[HISTORY_ID_SIZE];

	(void)state;
	assert_int_equal(history.items[0].found.count, 2);
	assert_string_equal(history.items[0].marks[0].state, "new");
	assert_null(history.items[0].marks[0].note);
	assert_string_not_equal(history.items[0].marks[0].id, history.items[0].marks[1].id);
	assert_int_equal(strlen(history.items[0].marks[1].id), 10);
	strcpy(id, history.items[0].marks[1].id);
	assert_true(triage_write(store, &history, id, "fixed", "see 1234", 1, NULL));
	assert_string_equal(history.items[0].marks[1].state, "fixed");
	history_free(&history);

	history = triaged(store);
	assert_string_equal(history.items[0].marks[0].state, "new");
	assert_string_equal(history.items[0].marks[1].state, "fixed");
	assert_string_equal(history.items[0].marks[1].note, "see 1234");
	id[4] = '\0'; // the beginning is enough; without a note the old one stays
	assert_true(triage_write(store, &history, id, "noise", NULL, 2, NULL));
	history_free(&history);

	history = triaged(store);
	assert_string_equal(history.items[0].marks[1].state, "noise");
	assert_string_equal(history.items[0].marks[1].note, "see 1234");
	history_free(&history);
	store_close(store);
}

// The sessions get other numbers there, and the changes other ids; what was judged keeps its own.
static void a_judgement_comes_along_to_another_store(void **state)
{
	static const struct store_session UNLIKE = {.command = "made", .plan = "[]"};
	struct store *store = made_steps("leaving.db");
	struct store *other = made_store(made_path("arriving.db"));
	struct history history = triaged(store);
	char id[HISTORY_ID_SIZE];
	json_t *document = made_document("default");
	int64_t session;
	char *lines;

	(void)state;
	strcpy(id, history.items[0].marks[1].id);
	assert_true(triage_write(store, &history, id, "fixed", "see 1234", 1, NULL));
	history_free(&history);
	made_sample(document, "batch", 5);
	assert_true(store_session_begin(other, &UNLIKE, &session, NULL));
	made_process(other, session, 0, "other", "batch", document);
	lines = made_lines(store);
	assert_int_equal(made_lines_take(other, lines).records, 1);
	free(lines);

	history = triaged(other);
	for (size_t i = 0; i < history.count; i++) {
		if (history.items[i].found.count == 0)
			continue;
		assert_int_equal(history.items[i].found.count, 2);
		assert_string_equal(history.items[i].marks[0].state, "new");
		assert_string_equal(history.items[i].marks[1].state, "fixed");
		assert_string_equal(history.items[i].marks[1].note, "see 1234");
		assert_string_equal(history.items[i].marks[1].id, id);
		*id = '\0'; // seen
	}
	assert_int_equal(*id, 0);
	history_free(&history);
	store_close(other);
	store_close(store);
}

// Values that come in later move the place: a last value before the step that already looked like
// one after it.
static void a_judgement_follows_a_change_that_moves(void **state)
{
	struct store *store = made_store(made_path("moving.db"));
	struct history history;
	char id[HISTORY_ID_SIZE];
	size_t before;

	(void)state;
	for (int i = 0; i < 12; i++)
		add_night(store, i, 100 + i % 3);
	add_night(store, 12, 130);
	for (int i = 13; i < 17; i++)
		add_night(store, i, 140 + i % 3);
	history = triaged(store);
	assert_int_equal(history.items[0].found.count, 1);
	before = history.items[0].found.items[0].index;
	strcpy(id, history.items[0].marks[0].id);
	assert_true(triage_write(store, &history, id, "expected", "new pages", 1, NULL));
	history_free(&history);

	for (int i = 17; i < 40; i++)
		add_night(store, i, 180 + i % 3);
	history = triaged(store);
	assert_true(history.items[0].found.count >= 1);
	print_message("the change moved from %zu to %zu\n", before,
		history.items[0].found.items[history.items[0].found.count - 1].index);
	for (size_t i = 0; i < history.items[0].found.count; i++) {
		bool is_near = distance(history.items[0].found.items[i].index, before) <=
			       TRIAGE_PLACE_SLACK;

		assert_string_equal(history.items[0].marks[i].state, is_near ? "expected" : "new");
		assert_true(is_near == (strcmp(history.items[0].marks[i].id, id) == 0));
	}
	history_free(&history);
	store_close(store);
}

static void only_states_that_exist_and_changes_that_are_there_are_judged(void **state)
{
	struct store *store = made_steps("refused.db");
	struct history history = triaged(store);
	struct problem problem = {0};
	const char *id = history.items[0].marks[0].id;

	(void)state;
	assert_false(triage_write(store, &history, id, "exp", NULL, 1, &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	assert_non_null(strstr(problem.text, "'exp' is no state"));
	assert_false(triage_write(store, &history, id, "", NULL, 1, &problem));
	assert_false(triage_write(store, &history, id, "new|expected", NULL, 1, &problem));
	assert_false(triage_write(store, &history, "xyz", "noise", NULL, 1, &problem));
	assert_non_null(strstr(problem.text, "no change has the id 'xyz'"));
	assert_false(triage_write(store, &history, "", "noise", NULL, 1, &problem));
	strcpy(history.items[0].marks[1].id, id);
	assert_false(triage_write(store, &history, id, "noise", NULL, 1, &problem));
	assert_non_null(strstr(problem.text, "2 changes have an id"));
	history_free(&history);
	store_close(store);
}

static void several_judgements_are_kept_together_or_not_at_all(void **state)
{
	struct store *store = made_steps("together.db");
	struct history history = triaged(store);

	(void)state;
	assert_true(triage_begin(store, NULL));
	assert_true(triage_write(
		store, &history, history.items[0].marks[0].id, "noise", NULL, 1, NULL));
	assert_false(triage_end(store, false, NULL));
	history_free(&history);
	history = triaged(store);
	assert_string_equal(history.items[0].marks[0].state, "new");
	history_free(&history);
	store_close(store);
}

static void states_choose_changes(void **state)
{
	static const char *const NOISE[] = {"noise"};
	static const char *const OTHERS[] = {"new", "fixed"};
	struct store *store = made_steps("chosen.db");
	struct history history = triaged(store);

	(void)state;
	assert_true(triage_write(
		store, &history, history.items[0].marks[0].id, "noise", NULL, 1, NULL));
	triage_keep(&history, NOISE, 1);
	assert_int_equal(history.count, 1);
	assert_int_equal(history.items[0].found.count, 1);
	assert_int_equal(history.items[0].found.items[0].index, 12);
	triage_keep(&history, OTHERS, 2);
	assert_int_equal(history.count, 0);
	history_free(&history);
	store_close(store);
}

// Both series of a machine step up with its new kernel, a third does not.
static void a_change_of_the_machine_explains_the_steps_that_come_with_it(void **state)
{
	struct store *store = made_store(made_path("kernel.db"));
	struct history history;
	char *text;
	size_t length;
	FILE *output = open_memstream(&text, &length);

	(void)state;
	for (int i = 0; i < SESSIONS; i++) {
		int64_t id = made_session(store);
		double factor = i < KERNEL_SESSION ? 1 : 1.5;

		add_process(store, id, i, "default", "pair", factor * (100 + i % 3));
		add_process(store, id, i, "default", "batch", factor * (20 + i % 2));
		add_process(store, id, i, "glibc", "pair", 50 + i % 2);
	}
	history = triaged(store);
	assert_int_equal(history.events_count, 1);
	assert_int_equal(history.events[0].changes, 2);
	assert_int_equal(history.events[0].series, 3);
	assert_int_equal(history.items[0].marks[0].events_count, 1);
	history_text(&history, output);
	assert_int_equal(fclose(output), 0);
	assert_non_null(strstr(text, " new; the machine changed then: kernel\n"));
	assert_non_null(strstr(text, "from 6.1.1 to 6.1.2; 2 of 3 series changed with it\n"));
	free(text);
	history_free(&history);
	store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counters_are_series_beside_the_times),
		cmocka_unit_test(a_counter_that_nobody_counted_is_an_error),
		cmocka_unit_test(every_shape_of_the_same_data_reads_the_same),
		cmocka_unit_test(every_column_of_numbers_is_a_series),
		cmocka_unit_test(rows_are_chosen_and_ordered_by_time),
		cmocka_unit_test(a_column_that_numbers_the_rows_is_no_figure),
		cmocka_unit_test(wrong_words_about_columns_are_refused),
		cmocka_unit_test(several_series_are_named_apart),
		cmocka_unit_test(what_cannot_be_read_is_refused_with_its_place),
		cmocka_unit_test(deep_and_long_input_is_refused),
		cmocka_unit_test(a_truncated_file_is_read_or_refused),
		cmocka_unit_test(json_names_the_first_value_of_each_segment),
		cmocka_unit_test(the_store_gives_a_series_a_benchmark_and_config),
		cmocka_unit_test(a_change_of_the_machine_is_told_once),
		cmocka_unit_test(other_memory_is_a_change_of_the_machine),
		cmocka_unit_test(filters_choose_series),
		cmocka_unit_test(a_judgement_is_kept_with_its_change),
		cmocka_unit_test(a_judgement_comes_along_to_another_store),
		cmocka_unit_test(a_judgement_follows_a_change_that_moves),
		cmocka_unit_test(only_states_that_exist_and_changes_that_are_there_are_judged),
		cmocka_unit_test(several_judgements_are_kept_together_or_not_at_all),
		cmocka_unit_test(states_choose_changes),
		cmocka_unit_test(a_change_of_the_machine_explains_the_steps_that_come_with_it),
	};

	return cmocka_run_group_tests(tests, made_folder_create, made_folder_remove);
}
