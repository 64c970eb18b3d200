// SPDX-License-Identifier: GPL-2.0-or-later
// Which counters are exact. Entry: exact_kind_of().
#include "exact.h"

#include <string.h>

// By the beginnings of their names.
static const struct {
	const char *start;
	enum exact_kind kind;
} KINDS[] = {
	{"simulated_", EXACT_LESS_IS_BETTER}, // of callgrind: instructions, misses of its caches
	{"code_bytes", EXACT_LESS_IS_BETTER}, // the size of a program's or function's code
	{"exact_", EXACT_LESS_IS_BETTER}, // counts that do not depend on time
	{"geometry_", EXACT_NEITHER}, // objects a slab, colours, where the freelist lies
};

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
	return is_listed(counter, listed) ? EXACT_LESS_IS_BETTER : EXACT_NOT;
}
