// SPDX-License-Identifier: GPL-2.0-or-later
// Lists of names: growing them, asking them, and showing them. Entry: names_add().
#include "names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/text/memory.h"
#include "results/text/side.h"

bool names_have(const struct store_names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++) {
		if (strcmp(names->items[i], name) == 0)
			return true;
	}
	return false;
}

const char *names_side(const struct store_names *names, const char *word)
{
	const char *found = NULL;

	for (size_t i = 0; i < names->count; i++) {
		if (strcmp(names->items[i], word) == 0)
			return names->items[i];
		if (!side_is_named(names->items[i], word))
			continue;
		if (found)
			return NULL;
		found = names->items[i];
	}
	return found;
}

bool names_add(struct store_names *names, const char *name, struct problem *problem)
{
	char **items = array_grown(names->items, names->count, sizeof(*items));

	if (!items)
		return no_memory(problem, "the names");
	names->items = items;
	items[names->count] = strdup(name);
	return items[names->count++] || no_memory(problem, "the names");
}

bool names_add_new(struct store_names *names, const char *name, struct problem *problem)
{
	return names_have(names, name) || names_add(names, name, problem);
}

// "a, b, c", as far as it fits.
const char *names_text(const struct store_names *names, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < names->count && used < size; i++)
		used += (size_t)snprintf(
			text + used, size - used, "%s%s", i > 0 ? ", " : "", names->items[i]);
	return text;
}

void store_names_free(struct store_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i]);
	free(names->items);
	*names = (struct store_names){0};
}
