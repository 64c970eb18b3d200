// SPDX-License-Identifier: GPL-2.0-or-later
// What a reserved range of addresses is made of: ordinary pages, transparent huge pages, or
// explicit ones; how parts of it get memory, and give it back. One range a node, on that node's
// memory.
#ifndef SLAB_HOST_BACKING_H
#define SLAB_HOST_BACKING_H

#include <stdbool.h>
#include <stddef.h>

#include <slab/slab.h>

// The unit of all calls: parts are multiples of it, at multiples of it.
#define BACKING_STEP ((size_t)2 << 20)

struct backing {
	char *start;
	size_t bytes;
	unsigned node;
	char *small_from; // from here on pages of 4 KiB; before it explicit huge pages
};

// Which kind the ranges that follow are made of. Not while others use the functions below.
void backing_choose(enum slab_backing wish);

// Prepares a reserved range. A kind that the system lacks is reported once and becomes pages of 4
// KiB.
void backing_init(struct backing *backing, char *start, size_t bytes, unsigned node);

// Makes the next part usable: [start, start + bytes), parts in ascending order. Where explicit huge
// pages run out, this part and the rest of the range get pages of 4 KiB. false when the system has
// no memory to promise.
bool backing_commit(struct backing *backing, char *start, size_t bytes);

// Whether memory that was given back must be restored before it is touched.
bool backing_needs_restore(const struct backing *backing, const char *start);

// Gives a part's memory back; the part reads as zeros afterwards. false when the system does not
// take it: nothing has changed then.
bool backing_return(struct backing *backing, char *start, size_t bytes);

// Gets memory for a part that was given back, with pages of 4 KiB where the huge pages have run
// out. false when there is none.
bool backing_restore(struct backing *backing, char *start, size_t bytes);

// Gets ordinary pages for a part at once that would come with the first touch; start and bytes are
// multiples of a page's. Nothing happens where that is not to be had, and errno stays.
void backing_populate(const struct backing *backing, char *start, size_t bytes);

// What is in force: see slab_backing().
const char *backing_name(void);

#endif
