// SPDX-License-Identifier: GPL-2.0-or-later
// The reserve of free memory: doubled by regret, halved by time.
#include "host/keep.h"

#define REGRET_NS UINT64_C(1000000000)
#define CALM_NS   UINT64_C(10000000000)

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t least(const struct keep *keep)
{
	return keep->least ? keep->least : KEEP_PAGES_LEAST;
}

size_t keep_reserve(const struct keep *keep, size_t used)
{
	return larger(larger(keep->pages, least(keep)), used / KEEP_USED_PART);
}

static void change(struct keep *keep, size_t pages, uint64_t now_ns)
{
	keep->pages = larger(smaller(pages, KEEP_PAGES_MOST), least(keep));
	keep->changed_ns = now_ns;
	keep->regretted = 0;
}

void keep_note_return(struct keep *keep, uint64_t now_ns)
{
	if (now_ns - keep->changed_ns > CALM_NS)
		change(keep, keep->pages / 2, now_ns);
	keep->returned_ns = now_ns;
}

void keep_note_use(struct keep *keep, size_t pages, uint64_t now_ns)
{
	if (now_ns - keep->returned_ns > REGRET_NS)
		return;
	keep->regretted += pages;
	if (keep->regretted <= keep_reserve(keep, 0) / 2)
		return;
	change(keep, 2 * keep_reserve(keep, 0), now_ns);
	keep->returned_ns = 0;
}
