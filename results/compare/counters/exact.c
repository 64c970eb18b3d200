// SPDX-License-Identifier: GPL-2.0-or-later
// Which counters are exact. Entry: exact_kind_of().
#include "exact.h"

#include <string.h>

// By the beginnings of their names.
static const struct {
	const char *start;
	enum exact_kind kind;
} KINDS[] = {
	{"simulated_", EXACT_COUNT}, // of callgrind: instructions, misses of its caches
	{"code_bytes", EXACT_CODE}, // the size of a program's or function's code
	{"exact_", EXACT_COUNT}, // counts that do not depend on time
	{"geometry_", EXACT_GEOMETRY}, // objects a slab, colours, where the freelist lies
};

const char *exact_kind_name(enum exact_kind kind)
{
	static const char *const NAMES[EXACT_KINDS] = {"none", "code", "geometry", "counts"};

	return NAMES[kind];
}

static bool is_listed(const char *counter, const char *listed)
{
	size_t length = strlen(counter);

	while (listed && *listed) {
		size_t item = strcspn(listed, ",");

		if (item == length && strncmp(listed, counter, length) == 0)
			return true;
		listed += item + (listed[item] == ',');
	}
	return false;
}

enum exact_kind exact_kind_of(const char *counter, const char *listed)
{
	for (size_t i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++) {
		if (strncmp(counter, KINDS[i].start, strlen(KINDS[i].start)) == 0)
			return KINDS[i].kind;
	}
	return is_listed(counter, listed) ? EXACT_COUNT : EXACT_NOT;
}
