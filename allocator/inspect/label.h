// SPDX-License-Identifier: GPL-2.0-or-later
// The labels of a trace: which names have been given, to what, and in which line.
#ifndef SLAB_INSPECT_LABEL_H
#define SLAB_INSPECT_LABEL_H

#include <stdbool.h>

// What a label names: a cache by its index, or one or more objects by theirs.
struct label {
	const char *name; // borrowed
	unsigned line; // that gave it
	unsigned first; // index of the cache, or of the first object
	unsigned count; // objects
	bool is_group; // made by alloc_bulk; its objects are name.0, name.1 …
};

// Opaque; NULL is the empty set.
struct labels {
	void *root;
};

// Gives a name to something, whatever it named before. false when memory has run out.
bool label_give(struct labels *labels, const struct label *label);

// NULL when there is none.
const struct label *label_find(const struct labels *labels, const char *name);

void labels_free(struct labels *labels);

#endif
