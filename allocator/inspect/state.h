// SPDX-License-Identifier: GPL-2.0-or-later
// The allocator's state as a trace sees it: its caches by label, what happened to their slabs, and
// dumps, in the words of the expected results.
#ifndef SLAB_INSPECT_STATE_H
#define SLAB_INSPECT_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "types.h"

// A cache label of the trace.
struct state_cache {
	const char *label;
	struct kmem_cache *cache; // NULL: refused, or gone
	int first; // index of the label that the cache was made for; its own unless merged
	unsigned long ctor_calls; // counted at the first label
	unsigned line; // that made it
	unsigned gone_line; // that destroyed it; 0: none
};

// A slab that a cache got or lost.
struct state_event {
	const char *label;
	unsigned slab;
	unsigned node;
	bool is_grown;
};

struct state {
	struct state_cache *caches;
	unsigned caches_count;
	struct state_event *events; // of the current operation, in their order
	size_t events_count;
	bool is_out_of_memory; // an event was lost
	bool has_statistics; // dumps have a stats line, where the config counts
};

// Whether this config counts at all.
bool state_can_count(void);

// The label that a live cache was made for; NULL for caches that are not the trace's.
struct state_cache *state_find(struct state *state, const struct kmem_cache *cache);

void state_event_add(
	struct state *state, const struct kmem_cache *cache, struct slab *slab, bool is_grown);

// " ev …" and forgets the events; nothing where there are none.
void state_print_events(struct state *state, FILE *output);

// Where an object that was handed out lies: slab:index:offset:node.
void state_print_place(FILE *output, const void *object);

// A dump's lines and its "end".
void state_print_dump(struct state *state, const struct state_cache *wanted, FILE *output);

#endif
