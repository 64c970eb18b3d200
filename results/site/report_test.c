// SPDX-License-Identifier: GPL-2.0-or-later
// The page's folder: what is in it, what it may replace, and what a failure leaves. page_test.sh
// looks at the page itself with a browser.
#include "report.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "results/history/triage.h"
#include "results/made/results.h"
#include "results/text/folder.h"

static struct store *store;

static int set_up(void **state)
{
	(void)state;
	(void)made_folder_create(state);
	store = made_store(made_path("made.db"));
	made_comparison(store, 6);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	store_close(store);
	(void)made_folder_remove(state);
	return 0;
}

static char *read_text(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *text = calloc(1, 1 << 20);

	if (!file)
		fail_msg("%s is missing", path);
	assert_non_null(text);
	assert_true(fread(text, 1, (1 << 20) - 1, file) > 0);
	(void)fclose(file);
	return text;
}

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	(void)fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static bool write_page(const char *name, struct problem *problem)
{
	const struct report_options options = {.folder = made_path(name), .base = "default"};

	return report_write(store, &options, problem);
}

static void a_page_is_six_files_that_name_nothing_outside(void **state)
{
	static const char *const FILES[] = {
		"index.html", "style.css", "page.js", "data.js", "chart.js", SITE_MARKER};
	char name[64];
	char *text;

	(void)state;
	assert_true(write_page("site", NULL));
	for (size_t i = 0; i < sizeof(FILES) / sizeof(FILES[0]); i++) {
		(void)snprintf(name, sizeof(name), "site/%s", FILES[i]);
		text = read_text(made_path(name));
		// Chart.js names its home in a comment.
		if (strcmp(FILES[i], "chart.js") != 0)
			assert_null(strstr(text, "://"));
		(void)snprintf(name, sizeof(name), "site/%s.new", FILES[i]);
		assert_int_not_equal(access(made_path(name), F_OK), 0);
		free(text);
	}
	text = read_text(made_path("site/index.html"));
	assert_non_null(strstr(text, "<script src=\"chart.js\"></script>"));
	assert_non_null(strstr(text, "</html>"));
	free(text);
	text = read_text(made_path("site/chart.js"));
	assert_non_null(strstr(text, "Chart.js"));
	free(text);
}

static void the_data_is_a_script_that_no_name_can_break_out_of(void **state)
{
	static const char START[] = "window.SLABMARK = ";
	json_error_t error;
	json_t *data;
	char *text;

	(void)state;
	assert_true(write_page("data", NULL));
	text = read_text(made_path("data/data.js"));
	assert_memory_equal(text, START, sizeof(START) - 1);
	assert_null(strchr(text, '<'));
	assert_string_equal(text + strlen(text) - 2, ";\n");
	text[strlen(text) - 2] = '\0';
	data = json_loads(text + sizeof(START) - 1, 0, &error);
	assert_non_null(data);
	// Six benchmarks of four configs against the base; the name with markup is whole again.
	assert_int_equal(json_array_size(json_object_get(data, "rows")), 24);
	assert_string_equal(json_string_value(json_object_get(
				    json_array_get(json_object_get(data, "rows"), 0), "workload")),
		"</script><b>&\"'");
	json_decref(data);
	free(text);
}

static void a_folder_of_somebody_else_is_refused_and_left_untouched(void **state)
{
	struct problem problem = {0};
	char *text;

	(void)state;
	assert_int_equal(mkdir(made_path("home"), 0777), 0);
	write_text(made_path("home/index.html"), "my own page");
	assert_false(write_page("home", &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	assert_non_null(strstr(problem.text, "neither empty nor an earlier page"));
	text = read_text(made_path("home/index.html"));
	assert_string_equal(text, "my own page");
	assert_int_not_equal(access(made_path("home/data.js"), F_OK), 0);
	free(text);
}

static void a_file_in_the_folders_place_is_refused(void **state)
{
	struct problem problem = {0};

	(void)state;
	write_text(made_path("file"), "text");
	assert_false(write_page("file", &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
}

static void an_earlier_page_is_replaced_and_added_files_stay(void **state)
{
	char *text;

	(void)state;
	assert_true(write_page("again", NULL));
	write_text(made_path("again/data.js"), "old");
	write_text(made_path("again/CNAME"), "example.org");
	assert_true(write_page("again", NULL));
	text = read_text(made_path("again/data.js"));
	assert_string_not_equal(text, "old");
	free(text);
	assert_int_equal(access(made_path("again/CNAME"), F_OK), 0);
}

static struct comparison *made(void)
{
	static const char *const CONFIGS[] = {"default", "null"};
	const struct compare_options options = {
		.sides = CONFIGS, .sides_count = 2, .margin = 0.02, .alpha = 0.05};
	struct comparison *comparison;

	assert_true(compare_make(store, &options, &comparison, NULL));
	return comparison;
}

static void without_the_chart_library_no_folder_is_made(void **state)
{
	struct comparison *comparison = made();
	json_t *json = compare_json(comparison);
	struct problem problem = {0};

	(void)state;
	assert_false(
		report_folder_write(json, made_path("bare"), made_path("no-chart.js"), &problem));
	json_decref(json);
	assert_int_equal(problem.status, EXIT_NOT_MEASURED);
	assert_non_null(strstr(problem.text, "no-chart.js"));
	assert_non_null(strstr(problem.text, "libjs-chart.js"));
	assert_int_not_equal(access(made_path("bare"), F_OK), 0);
	comparison_free(comparison);
}

// A limit on the size of a file stands in for a full disk: the write of chart.js, some 200 kB,
// comes back short.
static bool write_page_on_full_disk(const char *name, struct problem *problem)
{
	struct rlimit before;
	struct rlimit small;
	bool is_written;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 50000;
	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	is_written = write_page(name, problem);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	return is_written;
}

static void a_write_that_fails_leaves_the_earlier_page(void **state)
{
	struct problem problem = {0};
	char *text;

	(void)state;
	assert_true(write_page("kept", NULL));
	write_text(made_path("kept/data.js"), "earlier");
	assert_false(write_page_on_full_disk("kept", &problem));
	assert_int_equal(problem.status, EXIT_NOT_MEASURED);
	assert_non_null(strstr(problem.text, "chart.js"));
	text = read_text(made_path("kept/data.js"));
	assert_string_equal(text, "earlier");
	assert_int_not_equal(access(made_path("kept/chart.js.new"), F_OK), 0);
	free(text);
}

static void a_write_that_fails_leaves_no_new_folder(void **state)
{
	struct problem problem = {0};

	(void)state;
	assert_false(write_page_on_full_disk("never", &problem));
	assert_int_not_equal(access(made_path("never"), F_OK), 0);
}

static void an_unknown_base_is_wrong_use(void **state)
{
	const struct report_options options = {.folder = made_path("unknown"), .base = "nothing"};
	struct problem problem = {0};

	(void)state;
	assert_false(report_write(store, &options, &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	assert_non_null(strstr(problem.text, "'nothing'"));
	assert_int_not_equal(access(options.folder, F_OK), 0);
}

static void a_session_of_two_machines_is_shown_and_labelled(void **state)
{
	struct store *mixed = made_store(made_path("mixed.db"));
	const struct report_options options = {.folder = made_path("mixed"), .base = "default"};
	int64_t session = made_session(mixed);
	struct problem problem = {0};
	char *text;

	(void)state;
	for (int side = 0; side < 2; side++) {
		json_t *document = made_document(side ? "noalien" : "default");

		json_object_set_new(json_object_get(document, "context"), "machine",
			json_string(side ? "beef" : "feed"));
		made_sample(document, "pair/64", 100);
		made_process(mixed, session, 0, side ? "noalien" : "default", "pair", document);
	}
	if (!report_write(mixed, &options, &problem))
		fail_msg("%s", problem.text);
	text = read_text(made_path("mixed/data.js"));
	assert_non_null(strstr(text, "compared across machines (feed, beef)"));
	free(text);
	store_close(mixed);
}

// Nights in which default takes twice as long from the ninth on; somebody looked at it.
static void made_nights(struct store *nights)
{
	struct history history = {0};

	for (int night = 0; night < 16; night++) {
		int64_t session = made_session(nights);

		for (int side = 0; side < 2; side++) {
			json_t *document = made_document(side ? "noalien" : "default");

			made_sample(document, "pair/64",
				(side || night < 8 ? 100 : 200) + night * 5 % 7);
			made_process(
				nights, session, 0, side ? "noalien" : "default", "pair", document);
		}
	}
	assert_true(history_read(nights, &(struct history_filter){0}, &history, NULL));
	assert_true(history_judge(&history, NULL));
	assert_true(triage_read(nights, &history, NULL));
	assert_int_equal(history.items[0].found.count, 1);
	assert_true(triage_write(nights, &history, history.items[0].marks[0].id, "expected",
		"</script> is planned", 1, NULL));
	history_free(&history);
}

static void the_page_shows_what_changed_over_time_and_what_people_made_of_it(void **state)
{
	struct store *nights = made_store(made_path("nights.db"));
	const struct report_options options = {.folder = made_path("nights"), .base = "default"};
	char *text;

	(void)state;
	made_nights(nights);
	assert_true(report_write(nights, &options, NULL));
	text = read_text(made_path("nights/data.js"));
	assert_non_null(strstr(text, "\"history\":[{"));
	assert_non_null(
		strstr(text, "\"state\":\"expected\",\"note\":\"\\u003c/script> is planned\""));
	assert_non_null(strstr(text, "\"config\":\"default\",\"kind\":\"step\",\"events\":[]"));
	assert_non_null(
		strstr(text, "\"commit\":\"0123456789abcdef0123456789abcdef01234567\",\"day\":\""));
	assert_non_null(
		strstr(text, "\"commit_before\":\"0123456789abcdef0123456789abcdef01234567\""));
	free(text);
	store_close(nights);
}

// A config that was measured without another is no reason for no page.
static void one_config_alone_has_its_figures(void **state)
{
	struct store *alone = made_store(made_path("alone.db"));
	struct report_options options = {.folder = made_path("alone"), .base = "default"};
	int64_t session = made_session(alone);
	struct problem problem = {0};
	char *text;

	(void)state;
	for (int round = 0; round < 8; round++) {
		json_t *document = made_document("default");

		made_sample(document, "pair/64", 100 + round % 2);
		made_process(alone, session, round, "default", "pair", document);
	}
	if (!report_write(alone, &options, &problem))
		fail_msg("%s", problem.text);
	text = read_text(made_path("alone/data.js"));
	assert_non_null(strstr(text, "\"rows\":[]"));
	assert_non_null(strstr(text, "\"figures\":[{\"name\":\"pair/64\""));
	assert_non_null(strstr(text, "\"ns\":100.49"));
	assert_non_null(strstr(text, "\"n\":8"));
	free(text);
	store_close(alone);
}

static void history_alone_has_every_series(void **state)
{
	struct store *nights = made_store(made_path("only.db"));
	const struct report_options options = {.folder = made_path("only"), .is_history = true};
	struct problem problem = {0};
	char *text;

	(void)state;
	assert_false(report_write(nights, &options, &problem));
	assert_int_equal(problem.status, EXIT_NOT_MEASURED);
	made_nights(nights);
	assert_true(report_write(nights, &options, NULL));
	text = read_text(made_path("only/data.js"));
	assert_non_null(strstr(text, "{\"series\":[{\"name\":\"pair/64\""));
	assert_non_null(strstr(text, "\"history\":[{"));
	assert_null(strstr(text, "\"base\""));
	free(text);
	store_close(nights);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(a_page_is_six_files_that_name_nothing_outside),
		cmocka_unit_test(the_data_is_a_script_that_no_name_can_break_out_of),
		cmocka_unit_test(a_folder_of_somebody_else_is_refused_and_left_untouched),
		cmocka_unit_test(a_file_in_the_folders_place_is_refused),
		cmocka_unit_test(an_earlier_page_is_replaced_and_added_files_stay),
		cmocka_unit_test(without_the_chart_library_no_folder_is_made),
		cmocka_unit_test(a_write_that_fails_leaves_the_earlier_page),
		cmocka_unit_test(a_write_that_fails_leaves_no_new_folder),
		cmocka_unit_test(the_page_shows_what_changed_over_time_and_what_people_made_of_it),
		cmocka_unit_test(a_session_of_two_machines_is_shown_and_labelled),
		cmocka_unit_test(an_unknown_base_is_wrong_use),
		cmocka_unit_test(one_config_alone_has_its_figures),
		cmocka_unit_test(history_alone_has_every_series),
	};

	return cmocka_run_group_tests(TESTS, set_up, tear_down);
}
