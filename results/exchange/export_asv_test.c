// SPDX-License-Identifier: GPL-2.0-or-later
// asv's results tree: what is written is checked file by file against what asv's "Developer Docs"
// ask of it, by the rules that asv itself reads it with.
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "asv_name.h"
#include "asv_tree.h"
#include "export.h"
#include "results/made/results.h"

static const char COMMIT[] = "0123456789abcdef0123456789abcdef01234567"; // of made_document()

// ---- what asv asks

static json_t *file_json(const char *directory, const char *name)
{
	char path[512];
	json_t *json;

	(void)snprintf(path, sizeof(path), "%s/%s", directory, name);
	json = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
	if (!json)
		fail_msg("%s is missing or no JSON", path);
	return json;
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	if (!text)
		fail_msg("'%s' is no text", key);
	return text;
}

// The product of the numbers of values; every value is a text, as Python prints it.
static size_t check_params(const json_t *params)
{
	size_t cells = 1;

	assert_true(json_is_array(params));
	for (size_t i = 0; i < json_array_size(params); i++) {
		const json_t *values = json_array_get(params, i);

		assert_true(json_array_size(values) > 0);
		for (size_t k = 0; k < json_array_size(values); k++)
			assert_true(json_is_string(json_array_get(values, k)));
		cells *= json_array_size(values);
	}
	return cells;
}

static void check_benchmarks(const json_t *benchmarks)
{
	const char *name;
	json_t *benchmark;

	assert_int_equal(json_integer_value(json_object_get(benchmarks, "version")), 2);
	json_object_foreach((json_t *)benchmarks, name, benchmark)
	{
		if (strcmp(name, "version") == 0)
			continue;
		assert_string_equal(text_of(benchmark, "name"), name);
		assert_string_equal(text_of(benchmark, "type"), "time");
		assert_string_equal(text_of(benchmark, "unit"), "seconds");
		(void)text_of(benchmark, "code");
		(void)text_of(benchmark, "version");
		(void)check_params(json_object_get(benchmark, "params"));
		assert_int_equal(json_array_size(json_object_get(benchmark, "param_names")),
			json_array_size(json_object_get(benchmark, "params")));
		assert_null(strchr(name, '/'));
	}
}

static const json_t *column(const json_t *columns, const json_t *row, const char *name)
{
	for (size_t i = 0; i < json_array_size(columns); i++) {
		if (strcmp(json_string_value(json_array_get(columns, i)), name) == 0)
			return json_array_get(row, i);
	}
	fail_msg("no column is called %s", name);
	return NULL;
}

static double cell(const json_t *columns, const json_t *row, const char *name, size_t i)
{
	return json_number_value(json_array_get(column(columns, row, name), i));
}

static void check_cell(const json_t *columns, const json_t *row, size_t i)
{
	const json_t *samples = json_array_get(column(columns, row, "samples"), i);
	double result = cell(columns, row, "result", i);

	if (json_is_null(json_array_get(column(columns, row, "result"), i))) {
		assert_true(json_is_null(samples));
		return;
	}
	assert_true(json_array_size(samples) > 0);
	assert_true(result > 0);
	if (json_array_size(samples) == 1)
		return;
	assert_true(cell(columns, row, "stats_repeat", i) == (double)json_array_size(samples));
	assert_true(cell(columns, row, "stats_number", i) == 1);
	assert_true(cell(columns, row, "stats_ci_99_a", i) <= result);
	assert_true(cell(columns, row, "stats_ci_99_b", i) >= result);
	assert_true(cell(columns, row, "stats_q_25", i) <= cell(columns, row, "stats_q_75", i));
}

static void check_row(const json_t *columns, const json_t *row, const json_t *benchmark)
{
	const json_t *params = column(columns, row, "params");
	size_t cells = check_params(params);

	assert_non_null(benchmark);
	assert_true(json_array_size(row) <= json_array_size(columns));
	assert_true(json_equal(params, json_object_get(benchmark, "params")));
	assert_string_equal(
		json_string_value(column(columns, row, "version")), text_of(benchmark, "version"));
	assert_int_equal(json_array_size(column(columns, row, "result")), cells);
	assert_int_equal(json_array_size(column(columns, row, "samples")), cells);
	for (size_t i = 0; i < cells; i++)
		check_cell(columns, row, i);
}

// No two files may have the same, however they are told apart.
static void check_date(const json_t *results)
{
	static json_int_t seen[64];
	static size_t count;
	json_int_t date = json_integer_value(json_object_get(results, "date"));

	if (!results) { // another tree
		count = 0;
		return;
	}
	assert_true(json_is_integer(json_object_get(results, "date")));
	for (size_t i = 0; i < count; i++)
		assert_true(seen[i] != date);
	assert_true(count < sizeof(seen) / sizeof(seen[0]));
	seen[count++] = date;
}

static void check_results(const char *directory, const char *file, const json_t *benchmarks)
{
	static const char *const COLUMNS[] = {"result", "params", "version", "started_at",
		"duration", "stats_ci_99_a", "stats_ci_99_b", "stats_q_25", "stats_q_75",
		"stats_number", "stats_repeat", "samples", "profile"};
	json_t *results = file_json(directory, file);
	json_t *machine = file_json(directory, "machine.json");
	const json_t *columns = json_object_get(results, "result_columns");
	const char *name;
	json_t *row;
	char expected[256];

	assert_int_equal(json_integer_value(json_object_get(results, "version")), 2);
	assert_int_equal(json_integer_value(json_object_get(machine, "version")), 1);
	(void)snprintf(expected, sizeof(expected), "%.8s-%s.json", text_of(results, "commit_hash"),
		text_of(results, "env_name"));
	assert_string_equal(file, expected);
	assert_string_equal(text_of(machine, "machine"), strrchr(directory, '/') + 1);
	assert_string_equal(text_of(machine, "machine"),
		text_of(json_object_get(results, "params"), "machine"));
	check_date(results);
	(void)text_of(results, "python");
	assert_true(json_is_object(json_object_get(results, "requirements")));
	assert_true(json_is_object(json_object_get(results, "env_vars")));
	assert_true(json_is_object(json_object_get(results, "durations")));
	assert_int_equal(json_array_size(columns), sizeof(COLUMNS) / sizeof(COLUMNS[0]));
	for (size_t i = 0; i < json_array_size(columns); i++)
		assert_string_equal(json_string_value(json_array_get(columns, i)), COLUMNS[i]);
	json_object_foreach(json_object_get(results, "results"), name, row)
		check_row(columns, row, json_object_get(benchmarks, name));
	json_decref(results);
	json_decref(machine);
}

// Every file of the tree; returns how many hold results.
static size_t check_machine(const char *directory, const json_t *benchmarks)
{
	DIR *entries = opendir(directory);
	const struct dirent *entry;
	size_t count = 0;

	assert_non_null(entries);
	while ((entry = readdir(entries))) {
		if (*entry->d_name == '.' || strcmp(entry->d_name, "machine.json") == 0)
			continue;
		check_results(directory, entry->d_name, benchmarks);
		count++;
	}
	closedir(entries);
	return count;
}

static size_t check_tree(const char *directory)
{
	json_t *benchmarks = file_json(directory, "benchmarks.json");
	DIR *entries = opendir(directory);
	const struct dirent *entry;
	size_t count = 0;

	assert_non_null(entries);
	check_date(NULL);
	check_benchmarks(benchmarks);
	while ((entry = readdir(entries))) {
		char path[512];
		struct stat status;

		(void)snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);
		if (*entry->d_name != '.' && stat(path, &status) == 0 && S_ISDIR(status.st_mode))
			count += check_machine(path, benchmarks);
	}
	closedir(entries);
	json_decref(benchmarks);
	return count;
}

// ---- exports

static bool export_to(struct store *store, const char *directory,
	const struct export_commits *commits, char said[512], struct problem *problem)
{
	FILE *output = fmemopen(said, 512, "w");
	const struct export_request request = {.format = "asv",
		.round = -1,
		.folder = directory,
		.commits = commits,
		.output = output};
	bool is_good = export_write(store, &request, problem);

	assert_int_equal(fclose(output), 0);
	return is_good;
}

static void every_file_is_as_asv_reads_it(void **state)
{
	struct store *store = made_store(made_path("all.db"));
	const char *tree = made_path("all");
	struct problem problem;
	char said[512];

	(void)state;
	(void)made_comparison(store, 10);
	(void)made_comparison(store, 3); // too few processes for a signed-rank interval
	if (!export_to(store, tree, NULL, said, &problem))
		fail_msg("%s", problem.text);
	assert_non_null(strstr(said, "of 1 commit\n"));
	assert_int_equal(check_tree(tree), 5); // a file a config
	store_close(store);
}

// A session with one process of two benchmarks.
static void add_session(struct store *store, const char *commit, const char *first, double first_ns,
	const char *second)
{
	json_t *document = made_document("default");
	json_t *context = json_object_get(document, "context");

	json_object_set_new(context, "commit", json_string(commit));
	made_sample(document, first, first_ns);
	made_sample(document, second, 7);
	made_process(store, made_session(store), 0, "default", "made", document);
}

static json_t *row_at(const char *directory, const char *name)
{
	json_t *file = file_json(directory, "feedfacecafebeef/01234567-default-gcc_12.2.0-"
					    "RelWithDebInfo.json");
	json_t *row = json_incref(json_object_get(json_object_get(file, "results"), name));

	assert_non_null(row);
	json_decref(file);
	return row;
}

// exp() of a log, so that the last digits may differ.
static void assert_result(const json_t *row, size_t i, double expected_s)
{
	double result = json_real_value(json_array_get(json_array_get(row, 0), i));

	assert_true(fabs(result / expected_s - 1) < 1e-9);
}

static void a_later_session_of_a_commit_replaces_what_it_measured_again(void **state)
{
	struct store *store = made_store(made_path("again.db"));
	const char *tree = made_path("again");
	struct problem problem;
	char said[512];
	json_t *row;

	(void)state;
	add_session(store, COMMIT, "pair/size:8", 10, "pair/size:64");
	add_session(store, COMMIT, "pair/size:8", 20, "pair/size:192");
	assert_true(export_to(store, tree, NULL, said, &problem));
	assert_int_equal(check_tree(tree), 1);
	row = row_at(tree, "pair");
	// Sizes as numbers: 8, 64, 192.
	assert_result(row, 0, 20e-9);
	assert_result(row, 1, 7e-9);
	assert_result(row, 2, 7e-9);
	json_decref(row);
	store_close(store);
}

static void a_series_without_a_parameter_has_none_there(void **state)
{
	struct store *store = made_store(made_path("none.db"));
	const char *tree = made_path("none");
	struct problem problem;
	char said[512];
	json_t *row;

	(void)state;
	add_session(store, COMMIT, "pair/size:8", 10, "pair/size:8/threads:2");
	assert_true(export_to(store, tree, NULL, said, &problem));
	assert_int_equal(check_tree(tree), 1);
	row = row_at(tree, "pair");
	assert_string_equal(
		json_string_value(json_array_get(json_array_get(json_array_get(row, 1), 1), 1)),
		"None");
	assert_result(row, 0, 7e-9);
	assert_result(row, 1, 10e-9);
	json_decref(row);
	store_close(store);
}

static void a_commit_with_changes_on_top_is_left_out(void **state)
{
	struct store *store = made_store(made_path("dirty.db"));
	struct problem problem;
	char said[512];

	(void)state;
	add_session(store, "0123456789ab-dirty", "pair/size:8", 10, "pair/size:64");
	assert_false(export_to(store, made_path("dirty"), NULL, said, &problem));
	assert_int_equal(problem.status, EXIT_NOT_MEASURED);
	assert_non_null(strstr(problem.text, "a commit without changes on top"));
	add_session(store, COMMIT, "pair/size:8", 10, "pair/size:64");
	assert_true(export_to(store, made_path("dirty"), NULL, said, &problem));
	assert_non_null(strstr(said, "left out: 1 build "));
	store_close(store);
}

static bool find(
	void *context, const char *name, struct export_commit *commit, struct problem *problem)
{
	if (strcmp(name, context) != 0)
		return problem_set(problem, EXIT_WRONG_USE, "no such commit");
	*commit = (struct export_commit){.name = "abcdef0123", .unix_ns = 5000000000};
	return true;
}

static void commits_are_looked_up_where_there_is_a_repository(void **state)
{
	struct store *store = made_store(made_path("commits.db"));
	struct export_commits commits = {.find = find, .context = (char *)COMMIT};
	struct problem problem;
	char said[512];
	json_t *file;

	(void)state;
	add_session(store, COMMIT, "pair/size:8", 10, "pair/size:64");
	assert_true(export_to(store, made_path("commits"), &commits, said, &problem));
	file = file_json(made_path("commits"), "feedfacecafebeef/abcdef01-default-gcc_12.2.0"
					       "-RelWithDebInfo.json");
	assert_int_equal(json_integer_value(json_object_get(file, "date")), 5000);
	json_decref(file);
	commits.context = "another";
	assert_false(export_to(store, made_path("commits"), &commits, said, &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	store_close(store);
}

static void a_folder_that_is_not_ours_stays_as_it_is(void **state)
{
	struct store *store = made_store(made_path("foreign.db"));
	struct problem problem;
	char said[512];

	(void)state;
	(void)made_comparison(store, 1);
	assert_false(export_to(store, made_folder(), NULL, said, &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	assert_non_null(strstr(problem.text, "neither empty nor an earlier page or export"));
	assert_false(export_to(store, NULL, NULL, said, &problem));
	assert_non_null(strstr(problem.text, "--out=DIR"));
	store_close(store);
}

// ---- names

static void names_become_benchmarks_and_parameters(void **state)
{
	static const struct {
		const char *series;
		const char *expected;
	} CASES[] = {
		{"pair", "{\"benchmark\": \"pair\", \"parameters\": {}}"},
		{"pair/64", "{\"benchmark\": \"pair.64\", \"parameters\": {}}"},
		{"a/size:64/real_time/threads:2",
			"{\"benchmark\": \"a.real_time\", \"parameters\": {\"size\": \"64\", "
			"\"threads\": \"2\"}}"},
		{"a/k:same-node/k:2",
			"{\"benchmark\": \"a.k:2\", \"parameters\": {\"k\": \"'same-node'\"}}"},
		{"a/k:it's\\",
			"{\"benchmark\": \"a\", \"parameters\": {\"k\": \"'it\\\\'s\\\\\\\\'\"}}"},
		{"a/:x/k:", "{\"benchmark\": \"a.:x\", \"parameters\": {\"k\": \"''\"}}"},
		{"a:1/b:0x10/c:1e3/d:1-2",
			"{\"benchmark\": \"a:1\", \"parameters\": {\"b\": \"'0x10'\", \"c\": "
			"\"1e3\", \"d\": \"'1-2'\"}}"},
		{"version", "{\"benchmark\": \"version_\", \"parameters\": {}}"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		json_t *split = asv_name_split(CASES[i].series);
		char *text = json_dumps(split, 0);

		assert_string_equal(text, CASES[i].expected);
		free(text);
		json_decref(split);
	}
	assert_null(asv_name_split("\xff"));
}

static void parts_of_paths_stay_where_they_are_put(void **state)
{
	static const char *const UNSAFE[] = {
		"..", ".", "", "/etc/passwd", "a/b", ".hidden", "-rf", "\x01\x02", "a\nb", "ü"};
	char long_one[200];

	(void)state;
	for (size_t i = 0; i < sizeof(UNSAFE) / sizeof(UNSAFE[0]); i++) {
		char *part = asv_path_part(UNSAFE[i]);

		assert_true(strcmp(part, UNSAFE[i]) != 0);
		assert_null(strchr(part, '/'));
		assert_true(*part != '.');
		free(part);
	}
	memset(long_one, 'x', sizeof(long_one) - 1);
	long_one[sizeof(long_one) - 1] = '\0';
	for (size_t i = 0; i < 2; i++) {
		char *part = asv_path_part(i ? long_one : "gcc-12.2_0+x");

		assert_true(strlen(part) <= 100);
		assert_int_equal(strcmp(part, "gcc-12.2_0+x") == 0, i == 0);
		free(part);
	}
}

static void a_grid_that_is_nearly_empty_comes_apart(void **state)
{
	static const struct asv_place PLACE = {
		.machine = "m", .commit = "0123456789", .config = "default"};
	struct asv_tree *tree = asv_tree_new();
	const json_t *benchmarks;
	json_t *files;

	(void)state;
	for (int i = 0; i < 200; i++) { // 40 000 cells
		const struct asv_point point = {
			.samples_s = (double[]){1}, .count = 1, .result_s = 1};
		struct asv_point named = point;
		char name[64];

		(void)snprintf(name, sizeof(name), "x/a:%d/b:%d", i, i);
		named.series = name;
		assert_true(asv_tree_add(tree, &PLACE, &named));
	}
	files = asv_tree_files(tree);
	benchmarks = json_object_get(files, "benchmarks.json");
	check_benchmarks(benchmarks);
	assert_int_equal(json_object_size(benchmarks), 200 + 1);
	assert_non_null(json_object_get(benchmarks, "x.a:7.b:7"));
	json_decref(files);
	asv_tree_free(tree);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(every_file_is_as_asv_reads_it),
		cmocka_unit_test(a_later_session_of_a_commit_replaces_what_it_measured_again),
		cmocka_unit_test(a_series_without_a_parameter_has_none_there),
		cmocka_unit_test(a_commit_with_changes_on_top_is_left_out),
		cmocka_unit_test(commits_are_looked_up_where_there_is_a_repository),
		cmocka_unit_test(a_folder_that_is_not_ours_stays_as_it_is),
		cmocka_unit_test(names_become_benchmarks_and_parameters),
		cmocka_unit_test(parts_of_paths_stay_where_they_are_put),
		cmocka_unit_test(a_grid_that_is_nearly_empty_comes_apart),
	};

	return cmocka_run_group_tests(TESTS, made_folder_create, made_folder_remove);
}
