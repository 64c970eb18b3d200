// SPDX-License-Identifier: GPL-2.0-or-later
// The arithmetic of the overlaps. A turn has as many objects as the least common multiple of producers
// and consumers; `made` and `taken`, a producer's and a consumer's part of it, have no common divisor.
#include "lanes.h"

#include <stdlib.h>

static unsigned greatest_divisor(unsigned left, unsigned right)
{
	return right == 0 ? left : greatest_divisor(right, left % right);
}

static bool lane_add(struct lanes *lanes, struct lane lane, size_t entries, bool yields)
{
	struct lane *added = &lanes->lanes[lanes->count++];

	*added = lane;
	return ring_open(&added->ring, entries, yields);
}

bool lanes_open(
	struct lanes *lanes, unsigned producers, unsigned consumers, size_t entries, bool yields)
{
	unsigned divisor = greatest_divisor(producers, consumers);
	unsigned made = consumers / divisor;
	unsigned taken = producers / divisor;
	unsigned turn = made * producers;
	bool is_good = true;

	*lanes = (struct lanes){
		.lanes = aligned_alloc(RING_LINE,
			(size_t)(producers + consumers - divisor) * sizeof(*lanes->lanes)),
		.made = made,
		.taken = taken,
	};
	if (!lanes->lanes)
		return false;
	for (unsigned at = 0, end; is_good && at < turn; at = end) {
		unsigned producer = at / made;
		unsigned consumer = at / taken;

		end = (producer + 1) * made < (consumer + 1) * taken ? (producer + 1) * made
								     : (consumer + 1) * taken;
		is_good = lane_add(lanes,
			(struct lane){
				.width = end - at, .producer = producer, .consumer = consumer},
			entries, yields);
	}
	return is_good;
}

void lanes_free(struct lanes *lanes)
{
	for (unsigned i = 0; i < lanes->count; i++)
		ring_free(&lanes->lanes[i].ring);
	free(lanes->lanes);
	*lanes = (struct lanes){.lanes = NULL};
}

// How many lanes begin before an object of the turn: as many as there are ends of parts up to it.
static unsigned lanes_before(const struct lanes *lanes, unsigned object)
{
	return object / lanes->made + object / lanes->taken - object / (lanes->made * lanes->taken);
}

static struct lane *lanes_of(
	const struct lanes *lanes, unsigned first_object, unsigned objects, unsigned *count)
{
	unsigned first = lanes_before(lanes, first_object);

	*count = lanes_before(lanes, first_object + objects) - first;
	return &lanes->lanes[first];
}

struct lane_side lane_side_of(const struct lanes *lanes, bool is_producer, unsigned index)
{
	unsigned part = is_producer ? lanes->made : lanes->taken;
	struct lane_side side = {.lanes = NULL};

	side.lanes = lanes_of(lanes, index * part, part, &side.count);
	side.left = side.lanes->width;
	return side;
}

void lanes_close(struct lanes *lanes)
{
	for (unsigned i = 0; i < lanes->count; i++)
		ring_close(&lanes->lanes[i].ring);
}
