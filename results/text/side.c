// SPDX-License-Identifier: GPL-2.0-or-later
// Reads the names of sides.
#include "side.h"

#include <string.h>

enum { COMMIT_LENGTH_MIN = 4 };

size_t side_config_length(const char *name)
{
	static const char KINDS[] = {SIDE_OF_COMMIT, SIDE_OF_FOLDER, '\0'};

	return strcspn(name, KINDS);
}

char side_kind(const char *name)
{
	size_t length = side_config_length(name);

	return length > 0 && name[length] && name[length + 1] ? name[length] : '\0';
}

bool side_is_build_of(const char *name, const char *config)
{
	size_t length = side_config_length(name);

	return side_kind(name) && strlen(config) == length && strncmp(name, config, length) == 0;
}

bool side_is_named(const char *name, const char *word)
{
	size_t least = side_config_length(name) + 1 + COMMIT_LENGTH_MIN;
	size_t length = strlen(word);

	if (strcmp(name, word) == 0)
		return true;
	if (side_kind(name) != SIDE_OF_COMMIT || length < least)
		return false;
	return strncmp(name, word, length < strlen(name) ? length : strlen(name)) == 0;
}
