// SPDX-License-Identifier: GPL-2.0-or-later
// The site's folder and its other forms: what is in them, what they may replace, and what a failure
// leaves. browser/ looks at the pages themselves.
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
#include "results/made/year.h"
#include "results/text/folder.h"
#include "site.h"

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
	char *text = calloc(1, 4 << 20);

	if (!file)
		fail_msg("%s is missing", path);
	assert_non_null(text);
	assert_true(fread(text, 1, (4 << 20) - 1, file) > 0);
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
	const struct report_options options = {.folder = made_path(name), .version = "1"};

	return report_write(store, &options, problem);
}

// The JSON of a chunk; everything about it that must hold for all chunks is checked.
static json_t *read_chunk(const char *path)
{
	char *text = read_text(path);
	char *comma = strchr(text, ',');
	json_error_t error;
	json_t *data;

	assert_memory_equal(text, "SLABMARK.take(\"", 15);
	assert_null(strchr(text, '<'));
	assert_non_null(comma);
	assert_string_equal(text + strlen(text) - 3, ");\n");
	text[strlen(text) - 3] = '\0';
	data = json_loads(comma + 1, 0, &error);
	if (!data)
		fail_msg("%s: %s", path, error.text);
	free(text);
	return data;
}

static void a_site_has_its_files_and_names_nothing_outside(void **state)
{
	static const char *const FILES[] = {"index.html", "tables.html", "style.css", "slabmark.js",
		"data/index.js", "run/1.js", "session/1.js", "compare/1-0.js", SITE_MARKER};
	static const char NAMESPACE[] = "http://www.w3.org/";
	char name[64];

	(void)state;
	assert_true(write_page("site", NULL));
	for (size_t i = 0; i < sizeof(FILES) / sizeof(FILES[0]); i++) {
		(void)snprintf(name, sizeof(name), "site/%s", FILES[i]);
		char *text = read_text(made_path(name));

		// What XML calls its namespaces is asked for by nobody.
		for (const char *at = text; (at = strstr(at, "http")); at++) {
			if (strncmp(at, "http://", 7) == 0 || strncmp(at, "https://", 8) == 0)
				assert_memory_equal(at, NAMESPACE, sizeof(NAMESPACE) - 1);
		}
		(void)snprintf(name, sizeof(name), "site/%s.new", FILES[i]);
		assert_int_not_equal(access(made_path(name), F_OK), 0);
		free(text);
	}
}

static void a_page_allows_nothing_inline(void **state)
{
	char *text;

	(void)state;
	assert_true(write_page("policy", NULL));
	text = read_text(made_path("policy/index.html"));
	assert_non_null(strstr(text, "default-src 'none'; script-src 'self'; style-src 'self'"));
	assert_null(strstr(text, "<script>"));
	assert_null(strstr(text, "<style>"));
	assert_null(strstr(text, "style=\""));
	assert_non_null(strstr(text, "</html>"));
	free(text);
}

static void the_tables_are_there_without_a_script_and_names_are_text(void **state)
{
	char *text;

	(void)state;
	assert_true(write_page("tables", NULL));
	text = read_text(made_path("tables/tables.html"));
	assert_null(strstr(text, "<script"));
	assert_null(strstr(text, "<b>&\"'"));
	assert_non_null(strstr(text, "&lt;/script&gt;&lt;b&gt;&amp;&quot;"));
	assert_non_null(strstr(text, "Ratios of the configs"));
	assert_non_null(strstr(text, "<td>offslab</td>"));
	assert_non_null(strstr(text, "Every series"));
	free(text);
	text = read_text(made_path("tables/index.html"));
	assert_non_null(strstr(text, "How the configs compare"));
	assert_non_null(strstr(text, "<a href=\"tables.html\">"));
	free(text);
}

static void the_data_is_a_script_that_no_name_can_break_out_of(void **state)
{
	json_t *data;

	(void)state;
	assert_true(write_page("data", NULL));
	data = read_chunk(made_path("data/compare/1-0.js"));
	// Six benchmarks of four configs against the base; the name with markup is whole again.
	assert_int_equal(json_array_size(json_object_get(data, "rows")), 24);
	assert_string_equal(json_string_value(json_object_get(
				    json_array_get(json_object_get(data, "rows"), 0), "workload")),
		"</script><b>&\"'");
	json_decref(data);
	data = read_chunk(made_path("data/data/index.js"));
	assert_int_equal(json_integer_value(json_object_get(data, "version")), 1);
	assert_int_equal(json_array_size(json_object_get(data, "series")), 30);
	assert_int_equal(json_array_size(json_object_get(data, "nights")), 1);
	json_decref(data);
}

static void every_config_can_be_the_base(void **state)
{
	json_t *index;
	char name[64];
	const json_t *night;

	(void)state;
	assert_true(write_page("bases", NULL));
	index = read_chunk(made_path("bases/data/index.js"));
	night = json_array_get(json_object_get(index, "nights"), 0);
	assert_int_equal(json_array_size(json_object_get(night, "bases")), 5);
	for (size_t i = 0; i < 5; i++) {
		json_int_t place =
			json_integer_value(json_array_get(json_object_get(night, "bases"), i));
		const json_t *config =
			json_array_get(json_object_get(index, "configs"), (size_t)place);

		(void)snprintf(name, sizeof(name), "bases/compare/1-%lld.js", place);
		json_t *data = read_chunk(made_path(name));

		assert_string_equal(json_string_value(json_object_get(data, "base")),
			json_string_value(json_object_get(config, "name")));
		json_decref(data);
	}
	json_decref(index);
}

static void a_series_has_an_address_that_stays(void **state)
{
	char id[SERIES_ID_SIZE];
	char path[64];
	json_t *data;

	(void)state;
	site_series_id("pair/64", "default", "feedfacecafebeef", id);
	assert_string_equal(id, "d562a0a66ba5");
	assert_true(write_page("series", NULL));
	(void)snprintf(path, sizeof(path), "series/series/%s.js", id);
	data = read_chunk(made_path(path));
	assert_string_equal(json_string_value(json_object_get(data, "name")), "pair/64");
	// One night, six processes, each with its figure.
	assert_int_equal(json_array_size(json_object_get(data, "ns")), 1);
	assert_int_equal(json_array_size(json_array_get(json_object_get(data, "figures"), 0)), 6);
	json_decref(data);
}

static void a_run_has_every_sample_with_all_that_was_recorded(void **state)
{
	json_t *data;
	const json_t *process;

	(void)state;
	assert_true(write_page("run", NULL));
	data = read_chunk(made_path("run/run/1.js"));
	assert_int_equal(json_array_size(json_object_get(data, "processes")), 6 * 6 * 5);
	process = json_array_get(json_object_get(data, "processes"), 0);
	assert_int_equal(json_array_size(json_object_get(process, "samples")), 3);
	assert_non_null(json_object_get(json_object_get(process, "facts"), "config"));
	assert_string_equal(
		json_string_value(json_object_get(json_object_get(data, "facts"), "governor")),
		"performance");
	json_decref(data);
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
	assert_int_not_equal(access(made_path("home/slabmark.js"), F_OK), 0);
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
	write_text(made_path("again/data/index.js"), "old");
	write_text(made_path("again/CNAME"), "example.org");
	assert_true(write_page("again", NULL));
	text = read_text(made_path("again/data/index.js"));
	assert_string_not_equal(text, "old");
	free(text);
	assert_int_equal(access(made_path("again/CNAME"), F_OK), 0);
}

// A limit on the size of a file stands in for a full disk: the write of slabmark.js, some 150 kB,
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
	write_text(made_path("kept/data/index.js"), "earlier");
	assert_false(write_page_on_full_disk("kept", &problem));
	assert_int_equal(problem.status, EXIT_NOT_MEASURED);
	assert_non_null(strstr(problem.text, ".js"));
	text = read_text(made_path("kept/data/index.js"));
	assert_string_equal(text, "earlier");
	assert_int_not_equal(access(made_path("kept/slabmark.js.new"), F_OK), 0);
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
	const struct report_options options = {
		.folder = made_path("unknown"), .base = "nothing", .version = "1"};
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
	const struct report_options options = {.folder = made_path("mixed"), .version = "1"};
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
	text = read_text(made_path("mixed/compare/1-0.js"));
	assert_non_null(strstr(text, "compared across machines (feed, beef)"));
	free(text);
	store_close(mixed);
}

// Nights in which default takes twice as long from the ninth on; somebody looked at it.
static void made_step(struct store *nights)
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
	const struct report_options options = {.folder = made_path("nights"), .version = "1"};
	char *text;

	(void)state;
	made_step(nights);
	assert_true(report_write(nights, &options, NULL));
	text = read_text(made_path("nights/data/index.js"));
	assert_non_null(
		strstr(text, "\"state\":\"expected\",\"note\":\"\\u003c/script> is planned\""));
	assert_non_null(strstr(text, "\"kind\":\"step\""));
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
	struct report_options options = {.folder = made_path("alone"), .version = "1"};
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
	text = read_text(made_path("alone/compare/1-0.js"));
	assert_non_null(strstr(text, "\"rows\":[]"));
	assert_non_null(strstr(text, "\"figures\":[{\"name\":\"pair/64\""));
	assert_non_null(strstr(text, "\"ns\":100.499"));
	assert_non_null(strstr(text, "\"n\":8"));
	free(text);
	store_close(alone);
}

static void an_empty_store_is_no_site(void **state)
{
	struct store *nothing = made_store(made_path("nothing.db"));
	const struct report_options options = {.folder = made_path("nothing"), .version = "1"};
	struct problem problem = {0};

	(void)state;
	assert_false(report_write(nothing, &options, &problem));
	assert_int_equal(problem.status, EXIT_NOT_MEASURED);
	assert_non_null(strstr(problem.text, "holds no measured series"));
	assert_int_not_equal(access(options.folder, F_OK), 0);
	store_close(nothing);
}

static void an_unknown_session_is_wrong_use(void **state)
{
	const struct report_options options = {
		.folder = made_path("gone"), .session = 99, .version = "1"};
	struct problem problem = {0};

	(void)state;
	assert_false(report_write(store, &options, &problem));
	assert_int_equal(problem.status, EXIT_WRONG_USE);
	assert_non_null(strstr(problem.text, "no session 99"));
}

static void one_file_holds_everything_and_says_which_script_may_run(void **state)
{
	const struct report_options options = {
		.single_file = made_path("one.html"), .version = "1"};
	char *text;

	(void)state;
	assert_true(report_write(store, &options, NULL));
	text = read_text(options.single_file);
	assert_non_null(strstr(text, "script-src 'sha256-"));
	assert_null(strstr(text, "src=\""));
	assert_null(strstr(text, "rel=\"stylesheet\""));
	assert_non_null(strstr(text, "<script type=\"application/json\" data-chunk=\"index\">{"));
	assert_non_null(strstr(text, "data-chunk=\"compare/1-0\">{"));
	assert_null(strstr(text, "tables.html\">Every"));
	free(text);
}

// Three machines, ten nights; the last one brought what nights.h says.
static struct store *ten_nights(void)
{
	struct store *year = made_store(made_path("year.db"));

	made_year(year, &(struct made_year){.nights = 10, .machines = 2, .configs = 6});
	return year;
}

static char *print(struct store *of,
	bool (*print_it)(struct store *store, const struct report_options *options, FILE *output,
		struct problem *problem))
{
	const struct report_options options = {.version = "1"};
	struct problem problem = {0};
	char *text = NULL;
	size_t length;
	FILE *output = open_memstream(&text, &length);

	assert_non_null(output);
	if (!print_it(of, &options, output, &problem))
		fail_msg("%s", problem.text);
	(void)fclose(output);
	return text;
}

static void a_summary_says_what_got_slower_and_how_sure(void **state)
{
	struct store *year = ten_nights();
	char *text = print(year, report_summary);

	(void)state;
	// What got slower stands in the first machine's section.
	assert_true(strstr(text, "**regression**") < strstr(text, "### altra"));
	assert_non_null(strstr(text, "### rome"));
	assert_non_null(
		strstr(text, "relation:node-far/real\\_time/threads:2 | default | **regression**"));
	assert_non_null(strstr(text, "| pair/size:32/real\\_time | minimal | **faster**"));
	assert_non_null(strstr(text, "Nothing moved beyond chance and margin."));
	free(text);
	store_close(year);
}

static bool print_chart(const char *name, char **text, struct problem *problem)
{
	const struct report_options options = {.version = "1"};
	size_t length;
	FILE *output = open_memstream(text, &length);
	bool is_good;

	assert_non_null(output);
	is_good = report_chart(store, &options, name, output, problem);
	(void)fclose(output);
	return is_good;
}

static void a_chart_stands_alone_and_labels_its_ratio_axis_at_1(void **state)
{
	static const char *const NAMES[] = {"configs", "configs:offslab"};
	struct problem problem = {0};
	char *text = NULL;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		if (!print_chart(NAMES[i], &text, &problem))
			fail_msg("%s", problem.text);
		assert_memory_equal(text, "<svg xmlns=", 11);
		assert_non_null(strstr(text, ">1 \xc3\x97</text>"));
		assert_null(strstr(text, "<b>"));
		assert_non_null(strstr(text, "</svg>"));
		free(text);
	}
}

static void a_series_can_be_drawn_by_the_beginning_of_its_id(void **state)
{
	char id[SERIES_ID_SIZE];
	char name[32];
	struct problem problem = {0};
	char *text = NULL;

	(void)state;
	site_series_id("pair/64", "default", "feedfacecafebeef", id);
	(void)snprintf(name, sizeof(name), "history:%.8s", id);
	if (!print_chart(name, &text, &problem))
		fail_msg("%s", problem.text);
	assert_non_null(strstr(text, "<title>pair/64, default</title>"));
	assert_non_null(strstr(text, "<circle"));
	free(text);
}

static void an_unknown_chart_is_wrong_use(void **state)
{
	static const struct {
		const char *name, *says;
	} CASES[] = {{"pie", "configs, configs:CONFIG and history:ID"},
		{"configs:nothing", "nothing of config 'nothing'"},
		{"history:zzz", "0 series have an id that begins with 'zzz'"},
		{"history:", "0 series"}};
	char *text = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct problem problem = {0};

		assert_false(print_chart(CASES[i].name, &text, &problem));
		assert_int_equal(problem.status, EXIT_WRONG_USE);
		assert_non_null(strstr(problem.text, CASES[i].says));
		free(text);
	}
}

static void nights_that_got_slower_stand_first_and_are_found(void **state)
{
	struct store *year = ten_nights();
	const struct report_options options = {.folder = made_path("year"), .version = "1"};
	size_t slower = 0;
	size_t faster = 0;
	size_t i;
	json_t *index;
	json_t *row;

	(void)state;
	assert_true(report_write(year, &options, NULL));
	index = read_chunk(made_path("year/data/index.js"));
	json_array_foreach(
		json_object_get(json_object_get(json_array_get(json_object_get(index, "nights"), 0),
					"gate"),
			"rows"),
		i, row)
	{
		const char *series = json_string_value(json_object_get(row, "series"));

		slower += strcmp(series, MADE_SLOWER_SERIES) == 0;
		faster += strcmp(series, MADE_FASTER_SERIES) == 0 &&
			  strcmp(json_string_value(json_object_get(row, "config")), "minimal") == 0;
	}
	assert_int_equal(slower, 6); // every config made
	assert_int_equal(faster, 1);
	json_decref(index);
	store_close(year);
}

static void the_dashboard_is_json(void **state)
{
	char *text = NULL;
	size_t length;
	FILE *output = open_memstream(&text, &length);
	json_t *dashboard;

	(void)state;
	assert_non_null(output);
	report_grafana(output);
	(void)fclose(output);
	dashboard = json_loads(text, 0, NULL);
	assert_non_null(dashboard);
	assert_int_equal(json_array_size(json_object_get(dashboard, "panels")), 4);
	json_decref(dashboard);
	free(text);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(a_site_has_its_files_and_names_nothing_outside),
		cmocka_unit_test(a_page_allows_nothing_inline),
		cmocka_unit_test(the_tables_are_there_without_a_script_and_names_are_text),
		cmocka_unit_test(the_data_is_a_script_that_no_name_can_break_out_of),
		cmocka_unit_test(every_config_can_be_the_base),
		cmocka_unit_test(a_series_has_an_address_that_stays),
		cmocka_unit_test(a_run_has_every_sample_with_all_that_was_recorded),
		cmocka_unit_test(a_folder_of_somebody_else_is_refused_and_left_untouched),
		cmocka_unit_test(a_file_in_the_folders_place_is_refused),
		cmocka_unit_test(an_earlier_page_is_replaced_and_added_files_stay),
		cmocka_unit_test(a_write_that_fails_leaves_the_earlier_page),
		cmocka_unit_test(a_write_that_fails_leaves_no_new_folder),
		cmocka_unit_test(an_unknown_base_is_wrong_use),
		cmocka_unit_test(a_session_of_two_machines_is_shown_and_labelled),
		cmocka_unit_test(the_page_shows_what_changed_over_time_and_what_people_made_of_it),
		cmocka_unit_test(one_config_alone_has_its_figures),
		cmocka_unit_test(an_empty_store_is_no_site),
		cmocka_unit_test(an_unknown_session_is_wrong_use),
		cmocka_unit_test(one_file_holds_everything_and_says_which_script_may_run),
		cmocka_unit_test(a_summary_says_what_got_slower_and_how_sure),
		cmocka_unit_test(a_chart_stands_alone_and_labels_its_ratio_axis_at_1),
		cmocka_unit_test(a_series_can_be_drawn_by_the_beginning_of_its_id),
		cmocka_unit_test(an_unknown_chart_is_wrong_use),
		cmocka_unit_test(nights_that_got_slower_stand_first_and_are_found),
		cmocka_unit_test(the_dashboard_is_json),
	};

	return cmocka_run_group_tests(TESTS, set_up, tear_down);
}
