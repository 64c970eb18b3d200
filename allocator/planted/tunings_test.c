// SPDX-License-Identifier: GPL-2.0-or-later
// Planted bugs: nonsense written to slabinfo. It is refused, or accepted and ignored as the kernel
// does; the cache keeps its numbers.
#include "planted/planted_test.h"

#include <errno.h>

// What is written to slabinfo. result 0: accepted and ignored.
static const struct writing {
	const char *text;
	int result;
} writings[] = {
	{"planted 0 0 0", 0},
	{"planted 0 1 0", 0},
	{"planted 1 0 0", 0},
	{"planted 1 2 0", 0},
	{"planted -1 -1 -1", 0},
	{"planted 10 5 -1", 0},
	{"planted 10 11 8", 0},
	{"planted -2147483648 1 1", 0},
	{"planted 2147483648 1 1", 0}, // wraps to the one above
	{"planted 4294967296 1 0", 0}, // wraps to 0
	{"planted 10 4294967306000 0\n", 0},
	{"planted 2147483647 1 0", -ENOMEM},
	{"", -EINVAL},
	{"\n", -EINVAL},
	{"planted", -EINVAL},
	{"planted\n", -EINVAL},
	{"planted ", -EINVAL},
	{"planted 10", -EINVAL},
	{"planted 10 5", -EINVAL},
	{"planted 10 5 ", -EINVAL},
	{"planted ten 5 8", -EINVAL},
	{"planted 10 five 8", -EINVAL},
	{"planted +10 5 8", -EINVAL},
	{"planted 10, 5, 8", -EINVAL},
	{"planted - 10 5 8", -EINVAL},
	{"planted 10.5 5 8", -EINVAL},
	{"planted\t10 5 8", -EINVAL},
	{" planted 10 5 8", -EINVAL},
	{"Planted 10 5 8", -EINVAL},
	{"planted2 10 5 8", -EINVAL},
	{"plante 10 5 8", -EINVAL},
	{"10 5 8", -EINVAL},
	{"planted 10 5 8                                                                     "
	 "                                                       ",
		-EINVAL},
};

static bool slabinfo_text(bool is_tuning)
{
	unsigned kind = pick(COUNT_OF(writings)), limit, batchcount, shared;
	const char *text = writings[kind].text;
	ssize_t expected = writings[kind].result ? writings[kind].result : (ssize_t)strlen(text);

	if (is_tuning != (writings[kind].result != -EINVAL))
		return false;
	take_shape(&shapes[pick(2) ? 7 : 5]);
	describe("slabinfo gets '%s'", text);
	limit = attempt.cache->limit;
	batchcount = attempt.cache->batchcount;
	shared = attempt.cache->shared;
	assert_int_equal(slabinfo_write(text, strlen(text)), expected);
	assert_int_equal(attempt.cache->limit, limit);
	assert_int_equal(attempt.cache->batchcount, batchcount);
	assert_int_equal(attempt.cache->shared, shared);
	return true;
}

static bool tuning(void)
{
	return slabinfo_text(true);
}

static bool slabinfo_nonsense(void)
{
	return slabinfo_text(false);
}

#define WRITINGS (2 * COUNT_OF(writings))

const struct kind kinds_of_tunings[] = {
	{"nonsense tuning", NULL, tuning, WRITINGS},
	{"nonsense for slabinfo", NULL, slabinfo_nonsense, WRITINGS},
	{0},
};
