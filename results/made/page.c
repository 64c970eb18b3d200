// SPDX-License-Identifier: GPL-2.0-or-later
// Writes a store of made-up results and its page: `results-made-page STORE FOLDER [ROUNDS]`. What
// site/page_test.sh looks at with a browser, and handy when the page is changed.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "results.h"
#include "results/site/report.h"

int main(int argument_count, char **arguments)
{
	struct report_options options = {.base = "default"};
	struct problem problem;
	struct store *store;
	bool is_written;

	if (argument_count < 3)
		return EXIT_WRONG_USE;
	store = made_store(arguments[1]);
	made_comparison(store, argument_count > 3 ? (int)strtol(arguments[3], NULL, 10) : 10);
	options.folder = arguments[2];
	is_written = report_write(store, &options, &problem);
	store_close(store);
	if (is_written)
		return EXIT_GOOD;
	(void)fprintf(stderr, "results-made-page: %s\n", problem.text);
	return problem.status;
}
