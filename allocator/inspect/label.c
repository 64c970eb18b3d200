// SPDX-License-Identifier: GPL-2.0-or-later
// Labels in the C library's search tree. Entries: label_give, label_find.
#include "inspect/label.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *one, const void *other)
{
	return strcmp(((const struct label *)one)->name, ((const struct label *)other)->name);
}

bool label_give(struct labels *labels, const struct label *label)
{
	struct label *copy = malloc(sizeof(*copy));
	struct label **found;

	if (!copy)
		return false;
	*copy = *label;
	found = tsearch(copy, &labels->root, compare);
	if (found && *found == copy)
		return true;
	free(copy);
	if (found)
		**found = *label;
	return found != NULL;
}

const struct label *label_find(const struct labels *labels, const char *name)
{
	const struct label wanted = {.name = name};
	struct label *const *found = tfind(&wanted, &labels->root, compare);

	return found ? *found : NULL;
}

void labels_free(struct labels *labels)
{
	tdestroy(labels->root, free);
	labels->root = NULL;
}
