// SPDX-License-Identifier: GPL-2.0-or-later
// Fuzz target: a file for `slabmark history --input`, JSON or CSV, whose column is the first, the
// second, or the only one. What is accepted goes all the way through the change points to what is
// printed.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "results/history/alarms.h"
#include "results/history/input.h"
#include "results/history/replay.h"
#include "target.h"

static void check_accepted(struct history *history)
{
	struct problem problem = {0};
	FILE *sink = fopen("/dev/null", "we");

	for (size_t i = 0; i < history->count; i++) {
		if (history->items[i].count == 0)
			fuzz_fail("a series without a value was accepted");
		for (size_t k = 0; k < history->items[i].count; k++) {
			if (isinf(history->items[i].values[k]))
				fuzz_fail("an infinite value was accepted");
		}
	}
	if (!history_judge(history, &problem) ||
		!history_watch(history, &HISTORY_WATCH_DEFAULTS, &problem) ||
		!history_incidents(history, &problem))
		fuzz_fail("what was accepted could not be judged: %s", problem.text);
	for (size_t i = 0; i < history->count; i++) {
		json_t *json = history_series_json(history, &history->items[i]);

		if (!json)
			fuzz_fail("what was accepted cannot be shown as JSON");
		json_decref(json);
	}
	if (sink) {
		history_text(history, sink);
		(void)replay_text(history, sink, &problem);
		(void)fclose(sink);
	}
}

static void read_with(const uint8_t *data, size_t size, const struct history_input_options *options)
{
	struct history history = {0};
	struct problem problem = {0};
	char *text = fuzz_copy(data, size);

	if (history_input(text, size, "input", options, &history, &problem))
		check_accepted(&history);
	else
		fuzz_check_problem(&problem);
	history_free(&history);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const COLUMNS[] = {"1", "2"};
	static const char *const FILTERS[] = {"1:a", "-2:7"};

	read_with(data, size, &(struct history_input_options){0});
	read_with(data, size,
		&(struct history_input_options){.columns = COLUMNS, .columns_count = 1});
	read_with(data, size,
		&(struct history_input_options){.columns = COLUMNS, .columns_count = 2});
	read_with(data, size,
		&(struct history_input_options){
			.time = "1", .commit = "2", .filters = FILTERS, .filters_count = 2});
	return 0;
}
