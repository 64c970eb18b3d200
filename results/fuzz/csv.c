// SPDX-License-Identifier: GPL-2.0-or-later
// Fuzz target: CSV both ways. The first line of an input is the name of a column, what follows the
// file that is read. Then every text of the input is written as a field and read again as the name
// of a column: the same must come back.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/history/input.h"
#include "results/text/csv.h"
#include "target.h"

static void read_column(const char *name, const uint8_t *data, size_t size)
{
	const struct history_input_options options = {.columns = &name, .columns_count = 1};
	struct history history = {0};
	struct problem problem = {0};
	char *text = fuzz_copy(data, size);

	if (!history_csv(text, size, "input", &options, &history, &problem)) {
		fuzz_check_problem(&problem);
	} else if (history.count != 1) {
		fuzz_fail("one column became %zu series", history.count);
	}
	history_free(&history);
	free(text);
}

// Blanks around a field and what is not UTF-8 are the reader's to change, and an empty name is no
// name.
static bool comes_back(const char *text)
{
	size_t length = strlen(text);

	for (const char *c = text; *c; c++) {
		if ((unsigned char)*c >= 0x80)
			return false;
	}
	return length > 0 && !strchr(" \t\r\n", text[0]) && !strchr(" \t\r\n", text[length - 1]);
}

static void write_and_read(const char *name)
{
	static const char *const COLUMNS[] = {"1"};
	static const struct history_input_options FIRST = {.columns = COLUMNS, .columns_count = 1};
	bool is_formula = strchr("=+-@\t", *name) != NULL;
	struct history history = {0};
	struct problem problem = {0};
	char *text = NULL;
	size_t size = 0;
	FILE *output = open_memstream(&text, &size);

	if (!output)
		fuzz_fail("no memory for a line of CSV");
	csv_text(output, name);
	csv_next_text(output, "other name");
	fputs("\r\n", output);
	fputc('1', output);
	csv_next_real(output, 2);
	fputs("\r\n", output);
	(void)fclose(output);
	if (!history_csv(text, size, "written", &FIRST, &history, &problem))
		fuzz_fail("what was written cannot be read: %s", problem.text);
	if (history.items[0].count != 1 || strcmp(history.items[0].name + is_formula, name) != 0)
		fuzz_fail("'%s' came back as '%s' with %zu values", name, history.items[0].name,
			history.items[0].count);
	if (is_formula != (history.items[0].name[0] == '\'') && *name != '\'')
		fuzz_fail("'%s' is not kept from being a formula", name);
	history_free(&history);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
	char *name;

	if (!end)
		return 0;
	name = fuzz_copy(data, (size_t)(end - data));
	read_column(name, end + 1, size - (size_t)(end - data) - 1);
	if (comes_back(name))
		write_and_read(name);
	free(name);
	return 0;
}
