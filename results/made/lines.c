// SPDX-License-Identifier: GPL-2.0-or-later
// Lines out of a store and into one, for the tests.
#include "lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "results/exchange/export.h"

char *made_lines(struct store *store)
{
	char *text = NULL;
	size_t size;
	FILE *output = open_memstream(&text, &size);
	const struct export_request request = {.format = "jsonl", .round = -1, .output = output};
	struct problem problem;

	assert_non_null(output);
	if (!export_write(store, &request, &problem))
		fail_msg("%s", problem.text);
	assert_int_equal(fclose(output), 0);
	return text;
}

struct import *made_import(struct store *store)
{
	static const struct import_options OPTIONS = {.command = "slabmark import (made)"};
	struct import *import = import_begin(store, &OPTIONS);

	assert_non_null(import);
	return import;
}

bool made_lines_import(struct import *import, const char *text, struct problem *problem)
{
	static const struct import_file FILE_OF_LINES = {.path = "made.jsonl", .time_unix_ns = 7};
	char *copy = strdup(text);
	char *rest = copy;
	bool is_good = import_file_begin(import, &FILE_OF_LINES, problem);

	for (char *line = strsep(&rest, "\n"); is_good && line && *line;
		line = strsep(&rest, "\n")) {
		json_t *json = json_loads(line, 0, NULL);

		is_good = import_line(import, json, problem);
		json_decref(json);
	}
	free(copy);
	return import_file_end(import, is_good, problem);
}

struct import_counts made_lines_take(struct store *store, const char *text)
{
	struct import *import = made_import(store);
	struct import_counts counts;
	struct problem problem;

	if (!made_lines_import(import, text, &problem))
		fail_msg("%s", problem.text);
	counts = import_counts(import);
	import_free(import);
	return counts;
}
