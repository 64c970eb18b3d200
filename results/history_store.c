// SPDX-License-Identifier: GPL-2.0-or-later
// Reads histories out of the store. Entry: history_read().
#include "history.h"
bool history_read(struct store *store, const struct history_filter *filter, struct history *history,
	struct problem *problem)
{
	(void)store;
	(void)filter;
	(void)history;
	return problem_set(problem, EXIT_NOT_MEASURED, "not yet");
}
