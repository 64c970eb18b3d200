// SPDX-License-Identifier: GPL-2.0-or-later
// The page of a session: gathers its five files and hands them to site_folder. Entry:
// report_write(). What is drawn and how is site/page.js; its input is data.js, a script because
// file:// forbids a page to fetch.
#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assets.h"
#include "results/history/triage.h"
#include "results/text/folder.h"
#include "results/text/memory.h"

static bool read_whole(const char *path, char **text, size_t *length, struct problem *problem)
{
	FILE *file = fopen(path, "rb");
	FILE *copy = open_memstream(text, length);
	char buffer[1 << 14];
	size_t got;
	bool is_good = file && copy;

	while (is_good && (got = fread(buffer, 1, sizeof(buffer), file)) > 0)
		is_good = fwrite(buffer, 1, got, copy) == got;
	if (!is_good || ferror(file))
		problem_set(problem, EXIT_NOT_MEASURED,
			"%s: could not read the chart library: %s; Debian's package libjs-chart.js "
			"installs it",
			path, strerror(errno));
	is_good = is_good && !ferror(file);
	if (file)
		(void)fclose(file);
	if (copy)
		(void)fclose(copy);
	return is_good;
}

// The data as a script. '<' occurs in texts only; escaped there, no text can end a script element
// or open a comment, wherever somebody pastes this.
static bool data_script(json_t *json, char **text, size_t *length)
{
	FILE *output = open_memstream(text, length);
	char *dump = json_dumps(json, JSON_COMPACT | JSON_ENSURE_ASCII);

	if (dump && output) {
		fputs("window.SLABMARK = ", output);
		for (const char *c = dump; *c; c++) {
			if (*c == '<')
				fputs("\\u003c", output);
			else
				fputc(*c, output);
		}
		fputs(";\n", output);
	}
	if (output)
		(void)fclose(output);
	free(dump);
	return dump && output;
}

bool report_folder_write(
	json_t *json, const char *folder, const char *chart_library, struct problem *problem)
{
	static const char MARKER[] = "Written by slabmark report, which may write here again.\n";
	char *data = NULL;
	char *chart = NULL;
	size_t data_length = 0;
	size_t chart_length = 0;
	bool is_good = read_whole(chart_library, &chart, &chart_length, problem);

	if (is_good && !data_script(json, &data, &data_length))
		is_good = problem_set(problem, EXIT_NOT_MEASURED,
			"no memory left for the page's data, or a name in the store is not UTF-8");
	if (is_good) {
		const struct site_file files[] = {
			{SITE_MARKER, MARKER, sizeof(MARKER) - 1},
			{"chart.js", chart, chart_length},
			{"style.css", asset_style_css,
				(size_t)(asset_style_css_end - asset_style_css)},
			{"page.js", asset_page_js, (size_t)(asset_page_js_end - asset_page_js)},
			{"data.js", data, data_length},
			{"index.html", asset_index_html,
				(size_t)(asset_index_html_end - asset_index_html)},
		};

		is_good =
			site_folder_write(folder, files, sizeof(files) / sizeof(files[0]), problem);
	}
	free(data);
	free(chart);
	return is_good;
}

static bool choose_session(struct store *store, const struct report_options *options,
	int64_t *session, struct problem *problem)
{
	const struct compare_options base = {.sides = &options->base, .sides_count = 1};

	*session = options->session;
	if (!compare_configs_check(store, &base, problem))
		return false;
	if (*session)
		return true;
	if (!store_session_newest_around(store, options->base, session, problem))
		return false;
	return *session || store_session_newest(store, &options->base, 1, session, problem);
}

// The configs of the session with the base first. Returns how many; the texts are the names'.
static size_t base_first(const struct store_names *names, const char *base, const char **configs)
{
	size_t count = 0;

	configs[count++] = base;
	for (size_t i = 0; i < names->count; i++) {
		if (strcmp(names->items[i], base) != 0)
			configs[count++] = names->items[i];
	}
	return count;
}

static bool compare_all(struct store *store, const struct report_options *options,
	struct comparison **comparison, struct problem *problem)
{
	struct compare_options compare = {.alpha = COMPARE_ALPHA_DEFAULT, .is_page = true};
	struct store_names names;
	const char **configs;
	bool is_good;

	if (!choose_session(store, options, &compare.session, problem) ||
		!store_session_configs(store, compare.session, &names, problem))
		return false;
	configs = calloc(names.count + 1, sizeof(*configs));
	if (configs) {
		compare.sides_count = base_first(&names, options->base, configs);
		compare.sides = configs;
	}
	is_good = configs ? compare_make(store, &compare, comparison, problem)
			  : no_memory(problem, "the page");
	free(configs);
	store_names_free(&names);
	return is_good;
}

// ---- what changed over time

static bool history_take(struct store *store, struct history *history, struct problem *problem)
{
	return history_read(store, &(struct history_filter){0}, history, problem) &&
	       history_judge(history, problem) && triage_read(store, history, problem);
}

// What the store's history says of the machine that the comparison is of becomes the page's member
// "history"; an empty list where the machine is not known.
static bool changes_add(struct store *store, const struct comparison *comparison, json_t *json,
	struct problem *problem)
{
	const char *machine = comparison->builds.items[0].machine;
	struct history history = {0};
	bool is_good = history_take(store, &history, problem);

	if (is_good)
		json_object_set_new(json, "history",
			history_changes_json(&history, machine ? machine : "unknown"));
	history_free(&history);
	return is_good;
}

// The page's data without any session: all series, and all changes.
static bool history_data(struct store *store, json_t **json, struct problem *problem)
{
	struct history history = {0};
	bool is_good = history_take(store, &history, problem);
	json_t *series = json_array();

	*json = NULL;
	for (size_t i = 0; is_good && i < history.count; i++)
		json_array_append_new(series, history_series_json(&history, &history.items[i]));
	if (is_good && history.count == 0)
		is_good = problem_set(problem, EXIT_NOT_MEASURED, "%s: holds no measured series",
			store_name(store));
	if (is_good)
		*json = json_pack("{s:O, s:o, s:[], s:[]}", "series", series, "history",
			history_changes_json(&history, NULL), "rows", "warnings");
	json_decref(series);
	history_free(&history);
	return is_good;
}

static bool session_data(struct store *store, const struct report_options *options, json_t **json,
	struct problem *problem)
{
	struct comparison *comparison = NULL;
	bool is_good = compare_all(store, options, &comparison, problem);

	*json = is_good ? compare_json(comparison) : NULL;
	is_good = comparison && changes_add(store, comparison, *json, problem);
	comparison_free(comparison);
	return is_good;
}

bool report_write(
	struct store *store, const struct report_options *options, struct problem *problem)
{
	json_t *json = NULL;
	bool is_good = (options->is_history ? history_data(store, &json, problem)
					    : session_data(store, options, &json, problem)) &&
		       report_folder_write(json, options->folder, CHART_LIBRARY, problem);

	json_decref(json);
	return is_good;
}
