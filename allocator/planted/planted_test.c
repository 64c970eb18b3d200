// SPDX-License-Identifier: GPL-2.0-or-later
// The table of planted bugs: each kind of misuse in many ways, which are the products of a few
// tables: shapes of caches, what happens meanwhile, the call that meets the bug. Each way must give
// exactly the one line that it deserves, or the documented answer, and leave every cache sound. A
// kind tried in too few ways fails. The kinds are in planted_*_test.c. Other configs have no such
// checks and skip.
#include "planted/planted_test.h"

#define KINDS_MAX 40

static void every_way_is_caught(void **state)
{
	try_every_way(*state);
}

static int start(void **state)
{
	(void)state;
	start_virtual("node:4 core:2 pu:1");
	return 0;
}

int main(void)
{
	static const struct kind *const tables[] = {kinds_of_frees, kinds_of_pointers,
		kinds_of_writes, kinds_of_freelists, kinds_of_requests, kinds_of_tunings};
	struct CMUnitTest tests[KINDS_MAX];
	size_t count = 0;

	if (!IS_ENABLED(CONFIG_DEBUG_SLAB)) {
		puts("skipped: config " SLAB_CONFIG_NAME " has no debug checks");
		return TEST_SKIPPED;
	}
	for (size_t i = 0; i < COUNT_OF(tables); i++)
		for (const struct kind *kind = tables[i]; kind->name; kind++) {
			assert_true(count < KINDS_MAX);
			tests[count++] = (struct CMUnitTest){kind->name, every_way_is_caught,
				capture_begin, capture_end, (void *)kind};
		}
	return _cmocka_run_group_tests("planted", tests, count, start, NULL);
}
