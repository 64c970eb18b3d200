// SPDX-License-Identifier: GPL-2.0-or-later
// Walks PATH. Entry: tool_find().
#include "tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool tool_find(const char *name, char path[TOOL_PATH_SIZE])
{
	const char *folders = getenv("PATH");

	while (folders && *folders) {
		size_t length = strcspn(folders, ":");

		snprintf(path, TOOL_PATH_SIZE, "%.*s/%s", (int)length, folders, name);
		if (access(path, X_OK) == 0)
			return true;
		folders += length + (folders[length] == ':');
	}
	return false;
}
