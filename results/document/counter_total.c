// SPDX-License-Identifier: GPL-2.0-or-later
// The names of totals. Entry: counter_is_total().
#include "counter_total.h"

#include <stddef.h>
#include <string.h>

bool counter_is_raw(const char *name)
{
	static const char RAW[] = ".raw";
	size_t length = strlen(name);
	size_t tail = sizeof(RAW) - 1;

	return length > tail && strcmp(name + length - tail, RAW) == 0;
}

bool counter_is_total(const char *name)
{
	static const char *const TOTALS[] = {"migrations", "context_switches_voluntary",
		"context_switches_involuntary", "page_faults", "lock_contended",
		"sequences_aborted"};

	for (size_t i = 0; i < sizeof(TOTALS) / sizeof(TOTALS[0]); i++) {
		if (strcmp(TOTALS[i], name) == 0)
			return true;
	}
	return counter_is_raw(name);
}
