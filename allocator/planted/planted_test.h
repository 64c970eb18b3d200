// SPDX-License-Identifier: GPL-2.0-or-later
// What the files of the table of planted bugs share: the attempt at hand, the shapes of caches that
// bugs are tried on, the calls that meet them, and the kinds of each file.
#ifndef SLAB_PLANTED_TEST_H
#define SLAB_PLANTED_TEST_H

#include "slab_test.h"

#include <stdio.h>
#include <string.h>

#define OTHERS 40 // objects around the one that is misused

#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

// ---- shapes

// What is tried on. A shape of kmalloc's stands for the cache that serves the size.
struct shape {
	unsigned size;
	unsigned align;
	slab_flags_t flags;
	void (*ctor)(void *object);
	bool is_kmalloc;
};

#define SHAPES 19
extern const struct shape shapes[SHAPES];

// ---- the attempt at hand

extern struct attempt {
	char what[300]; // for messages
	unsigned rest; // of the way's number, not yet used to pick
	struct kmem_cache *cache; // NULL without
	bool is_kmalloc;
	bool is_kept; // a destroy was refused
	bool is_caught; // all went as it should
	unsigned lines; // that the way deserves
	unsigned long live; // objects in use before
	void *objects[OTHERS];
	void *object; // the one that is misused, among them
} attempt;

// Adds to the words about the attempt.
#define describe(...)                                                                              \
	snprintf(attempt.what + strlen(attempt.what), sizeof(attempt.what) - strlen(attempt.what), \
		__VA_ARGS__)

// The next factor of the way's number: below count.
unsigned pick(size_t count);

// A cache of the shape becomes the attempt's.
void take_shape(const struct shape *shape);

// Objects of the shape, one of which is to be misused: it has neighbours in use on both sides.
void take_objects(void);

// Frees all of them but the misused one.
void free_others(void);

// What was given back is gone, also where readers might have looked.
void wait_for_slabs(void);

// Lines reported so far that have the words.
unsigned long count_lines(const char *words);

// Starts to count anew.
void forget_lines(void);

// ---- calls that meet the bug

struct call {
	const char *name;
	void (*meet)(struct kmem_cache *cache, void *object);
};

// The first two take the cache's word for it; the last two begin with a question for the size, and
// the very last one frees nothing.
#define CALLS                7
#define CALLS_WITH_CACHE     2
#define CALLS_THAT_ONLY_FREE 5
#define CALLS_THAT_FREE      6
extern const struct call calls[CALLS];

void meet(const struct call *call, void *object);

// ---- what happens meanwhile

// Everything free goes back to the system; the cache has objects in use.
void shrink(void);

// Passes enough for what is not used to go home.
void reap(void);

// ---- kinds

// A row of the table: a kind of misuse and how many ways there are to try it.
struct kind {
	const char *name;
	const char *words; // the line has them; NULL: an answer, no line
	bool (*try)(void); // false: the way does not apply to the shape
	size_t ways;
};

// Each ends with a row without a name.
extern const struct kind kinds_of_frees[], kinds_of_pointers[], kinds_of_writes[],
	kinds_of_freelists[], kinds_of_requests[], kinds_of_tunings[];

// Tries every way of a kind, and fails where one of them is not caught as it should be or they are
// too few. Standard error must have been captured.
void try_every_way(const struct kind *kind);

// Between them standard error is kept where the attempts can read it. Return 0 when that worked.
int capture_begin(void **state);
int capture_end(void **state);

#endif
