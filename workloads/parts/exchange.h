// SPDX-License-Identifier: GPL-2.0-or-later
// Objects handed from each thread to the next one, the last one's to the first: in boxes of a fixed
// number, which go to and fro between the two. A thread gives a full box and takes one, so that
// nobody waits in a circle; with one thread it gets its own. A box costs two hand-overs of a pointer,
// whatever it holds.
#ifndef WORKLOADS_PARTS_EXCHANGE_H
#define WORKLOADS_PARTS_EXCHANGE_H

#include "item.h"
#include "workloads/ring.h"

enum { EXCHANGE_BOXES = 2 }; // on the way between two threads

struct exchange_path {
	struct ring full; // to the next thread
	struct ring empty; // back
	void *boxes[EXCHANGE_BOXES];
};

struct exchange {
	struct exchange_path *paths; // from each thread; NULL: none
	unsigned threads;
	size_t each; // items a box
};

bool exchange_open(
	struct workload_context *context, struct exchange *exchange, unsigned threads, size_t each);
void exchange_close(struct exchange *exchange);
// Frees objects that are still in boxes, to the cache or by kfree().
void exchange_free(struct exchange *exchange, struct kmem_cache *cache);

// An empty box to fill, for the next thread. NULL: the other one has ended; a failure is set.
struct item *exchange_box(struct workload_context *context, struct exchange *exchange);
// Hands it over.
bool exchange_give(struct workload_context *context, struct exchange *exchange, struct item *box);
// A full box from the thread before; and back with it, empty.
struct item *exchange_take(struct workload_context *context, struct exchange *exchange);
bool exchange_return(struct workload_context *context, struct exchange *exchange, struct item *box);

#endif
