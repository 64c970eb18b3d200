// SPDX-License-Identifier: GPL-2.0-or-later
// Writes a store of made-up nights: `results-made-year STORE [NIGHTS [MACHINES [CONFIGS]]]`, a year
// on three machines when nothing is said. What site/browser/ looks at, and what the site's speed is
// measured with.
#include <stdio.h>
#include <stdlib.h>

#include "year.h"

static int number(int count, char **arguments, int which, int otherwise)
{
	return which < count ? (int)strtol(arguments[which], NULL, 10) : otherwise;
}

int main(int argument_count, char **arguments)
{
	struct made_year wanted = {
		.nights = number(argument_count, arguments, 2, 365),
		.machines = (size_t)number(argument_count, arguments, 3, MADE_MACHINES),
		.configs = (size_t)number(argument_count, arguments, 4, MADE_CONFIGS),
		.with_hostile_names = true,
	};
	struct problem problem;
	struct store *store;

	if (argument_count < 2 || arguments[1][0] == '-' || wanted.nights < 1 ||
		wanted.machines < 1 || wanted.machines > MADE_MACHINES || wanted.configs < 1 ||
		wanted.configs > MADE_CONFIGS) {
		(void)fputs(
			"Usage: results-made-year STORE [NIGHTS [MACHINES [CONFIGS]]]\n", stderr);
		return EXIT_WRONG_USE;
	}
	if (!store_open(&store, arguments[1], STORE_WRITE, &problem)) {
		(void)fprintf(stderr, "results-made-year: %s\n", problem.text);
		return problem.status;
	}
	made_year(store, &wanted);
	store_close(store);
	return EXIT_GOOD;
}
