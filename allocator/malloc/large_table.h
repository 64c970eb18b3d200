// SPDX-License-Identifier: GPL-2.0-or-later
// Which large blocks there are: a table of open addressing, keyed by address, in mappings of its
// own. Nothing is written beside a block, so that it starts where its alignment says and an overrun
// meets no bookkeeping; a pointer that is in no table is no block: that is how a wrong free() is told.
#ifndef SLAB_MALLOC_LARGE_TABLE_H
#define SLAB_MALLOC_LARGE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

// One thread at a time makes these calls, but for large_table_bytes().

// Keeps a place for an entry to come. false when the table cannot grow.
bool large_table_promise(void);
void large_table_drop_promise(void);

// Fills a place that was promised.
void large_table_add(void *address, size_t bytes);

// Takes a block out, and leaves its place promised. Returns its bytes; 0 when there is no such
// block.
size_t large_table_remove(const void *address);

// The bytes of a block; 0 when there is no such. Any thread, any time, without a lock.
size_t large_table_bytes(const void *address);

#endif
