// SPDX-License-Identifier: GPL-2.0-or-later
// Fuzz target: files for `slabmark compare --input … --against …`. An input is one document, or
// several with a line of "---" between them, which are dealt out to the two sides. What is accepted
// is shown in every format.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/compare/files.h"
#include "results/document/benchmark_json.h"
#include "target.h"

enum { FILES_MOST = 6 };
static const char SEPARATOR[] = "\n---\n";

static void check_rows(const struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->rows_count; i++) {
		const struct compare_row *row = &comparison->rows[i];

		if (!(row->ratio >= 0) || !(row->p >= 0 && row->p <= 1) ||
			!(row->q >= row->p - 1e-12 && row->q <= 1) ||
			!(row->superiority >= 0 && row->superiority <= 1))
			fuzz_fail("'%s': ratio %g, p %g, q %g, superiority %g", row->name,
				row->ratio, row->p, row->q, row->superiority);
		if (row->ratio_low > row->ratio || row->ratio_high < row->ratio)
			fuzz_fail("'%s': ratio %g is outside of its interval %g to %g", row->name,
				row->ratio, row->ratio_low, row->ratio_high);
	}
}

static void show(const struct comparison *comparison)
{
	FILE *sink = fopen("/dev/null", "we");
	json_t *json = compare_json(comparison);
	char *text = json ? json_dumps(json, 0) : NULL;

	if (!text)
		fuzz_fail("what was compared cannot be shown as JSON");
	free(text);
	json_decref(json);
	if (!sink)
		return;
	compare_text(comparison, sink, false);
	compare_markdown(comparison, sink);
	compare_csv(comparison, sink);
	(void)fclose(sink);
}

static void compare_sides(const struct compare_file *files, size_t count, bool is_paired)
{
	size_t half = (count + 1) / 2;
	const struct compare_files_options options = {.input = files,
		.input_count = half,
		.against = count > 1 ? files + half : files,
		.against_count = count > 1 ? count - half : 1,
		.is_paired = is_paired,
		.margin = COMPARE_MARGIN_DEFAULT,
		.alpha = COMPARE_ALPHA_DEFAULT};
	struct comparison *comparison;
	struct problem problem = {0};

	if (compare_files(&options, &comparison, &problem)) {
		check_rows(comparison);
		show(comparison);
	} else if (problem.status != EXIT_NOT_MEASURED) { // that is: no benchmark in common
		fuzz_check_problem(&problem);
	}
	comparison_free(comparison);
}

// Reads the documents between the separators; false when one is no JSON.
static bool documents_read(char *text, size_t size, struct compare_file *files, size_t *count)
{
	static const char *const PATHS[FILES_MOST] = {"a", "b", "c", "d", "e", "f"};
	char *end = text + size;
	json_error_t error;

	for (*count = 0; *count < FILES_MOST && text <= end; ++*count) {
		char *stop = memmem(text, (size_t)(end - text), SEPARATOR, strlen(SEPARATOR));

		if (!stop)
			stop = end;
		files[*count].path = PATHS[*count];
		files[*count].document = benchmark_json_read(text, (size_t)(stop - text), &error);
		if (!files[*count].document)
			return false;
		text = stop < end ? stop + strlen(SEPARATOR) : end + 1;
	}
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct compare_file files[FILES_MOST] = {{0}};
	char *text = fuzz_copy(data, size);
	size_t count;

	if (documents_read(text, size, files, &count)) {
		compare_sides(files, count, false);
		compare_sides(files, count, true);
	}
	for (size_t i = 0; i < FILES_MOST; i++)
		json_decref((json_t *)files[i].document);
	free(text);
	return 0;
}
