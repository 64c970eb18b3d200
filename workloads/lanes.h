// SPDX-License-Identifier: GPL-2.0-or-later
// What lies between a number of producers and a number of consumers that share the same objects
// evenly: rings, each between one producer and one consumer, as few of them as will do.
//
// Lay all objects of a turn out in a row. Each producer makes an equal part of the row, each consumer
// takes an equal part; where a producer's part and a consumer's meet, there is a lane, as wide as
// they overlap. That makes producers + consumers - (their greatest common divisor) lanes, so that the number
// grows with the threads and not with their square. Example, 2 producers and 3 consumers, 6 objects
// a turn:
//
//     producers   0 0 0 1 1 1
//     consumers   0 0 1 1 2 2     lanes: 0-0 two wide, 0-1 one, 1-1 one, 1-2 two
//
// Each side takes its lanes in turn, in order. Nobody waits in a circle: a lane's two sides have only
// lanes before it to do first.
#ifndef WORKLOADS_LANES_H
#define WORKLOADS_LANES_H

#include "ring.h"

struct lane {
	struct ring ring;
	uint64_t pushed, popped; // for who counts them: each is its own side's
	unsigned width; // objects a turn
	unsigned producer, consumer;
};

struct lanes {
	struct lane *lanes;
	unsigned count;
	unsigned made; // objects of a turn by each producer
	unsigned taken; // and by each consumer
};

// Opens the lanes, each a ring of `entries` (a power of two). False: no memory; lanes_free() all
// the same.
bool lanes_open(
	struct lanes *lanes, unsigned producers, unsigned consumers, size_t entries, bool yields);
void lanes_free(struct lanes *lanes);

// A side's place among its lanes; one a thread, its own.
struct lane_side {
	struct lane *lanes;
	unsigned count;
	unsigned at;
	int64_t left; // objects that still go over the lane it is at
};

// The side of a producer, or else of a consumer, of this index.
struct lane_side lane_side_of(const struct lanes *lanes, bool is_producer, unsigned index);

// How many of `count` objects go over one lane next, and over which.
static inline int64_t lane_side_next(struct lane_side *side, int64_t count, struct lane **lane)
{
	if (side->count == 1) {
		*lane = side->lanes;
		return count;
	}
	if (side->left == 0) {
		side->at = side->at + 1 < side->count ? side->at + 1 : 0;
		side->left = side->lanes[side->at].width;
	}
	int64_t objects = count < side->left ? count : side->left;

	side->left -= objects;
	*lane = &side->lanes[side->at];
	return objects;
}

// A side has failed: nobody waits for it at any lane.
void lanes_close(struct lanes *lanes);

#endif
