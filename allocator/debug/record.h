// SPDX-License-Identifier: GPL-2.0-or-later
// The debug config's record: two bits for each object, beside the arenas, where no user's write
// reaches them by accident. One says that a user holds the object, the other that the freelist of
// its slab should name it; an object with neither waits in an array.
#ifndef SLAB_DEBUG_RECORD_H
#define SLAB_DEBUG_RECORD_H

#include <stdbool.h>

enum record_bit { RECORD_IN_USE, RECORD_IN_SLAB, RECORD_BITS };

// Makes the record for the arenas that there are, unless it is there. Called for the first slab of
// all, which the start makes alone. Where the system has no room for it that is reported, and there
// is none.
void record_start(void);

// Whether there is one. Nothing below may be called without, but record_has().
bool record_exists(void);

// Whether the object's bit is set; false without a record. object: the start of its stride, as in
// what follows.
bool record_has(enum record_bit bit, const void *object);

// Both are one atomic step. Each returns whether the bit was set before.
bool record_set(enum record_bit bit, const void *object);
bool record_clear(enum record_bit bit, const void *object);

#endif
