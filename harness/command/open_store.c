// SPDX-License-Identifier: GPL-2.0-or-later
// Opens the store of a command that writes. Entry: open_store_for_writing().
#include "open_store.h"

bool open_store_for_writing(const struct command_call *call, const char *path, struct store **store,
	struct problem *problem)
{
	if (!store_open(store, path, STORE_WRITE, problem))
		return false;
	const char *notice = store_notice(*store);
	if (notice)
		fprintf(stderr, "slabmark %s: %s: %s\n", call->command->name, store_name(*store),
			notice);
	return true;
}
