// SPDX-License-Identifier: GPL-2.0-or-later
// Reads the first line of a file. Entry: first_line().
#include "first_line.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

bool first_line(const char *path, char *line, size_t size)
{
	FILE *file = fopen(path, "re");

	line[0] = '\0';
	if (!file)
		return false;
	errno = 0;
	bool is_read = fgets(line, (int)size, file) != NULL;
	int error = errno;
	(void)fclose(file);
	line[is_read ? strcspn(line, "\n") : 0] = '\0';
	errno = is_read ? 0 : error;
	return is_read;
}
