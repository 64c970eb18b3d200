// SPDX-License-Identifier: GPL-2.0-or-later
// What colouring is for: one thread walks a list that links many objects through the same field of
// each. Where a slab's objects begin at the same places as those of every other slab, the field lies in
// a few sets of the processor's cache alone, and the walk misses though the cache has room. Colouring
// moves each slab's objects by another multiple of a cache line, as far as the left-over goes.
//
// The list goes through the objects in an order drawn from the seed, so that no prefetcher guesses the
// next one, and begins anew where it ends. Nothing is allocated while it is timed.
#include <slab/slab.h>
#include <stdlib.h>

#include "objects.h"
#include "pattern.h"
#include "workload.h"

enum { SIZE = OBJECTS_SIZE, WALKED = OBJECTS_COUNT };

// The field, at the start of each object.
struct link {
	struct link *next;
};

// What thread_start makes.
struct walk {
	struct link *place; // where the walk is
	size_t count; // objects that there are
	struct link *objects[];
};

static bool colour_setup(struct workload_context *context)
{
	return objects_setup(context, "slabmark-colour");
}

static bool objects_take(struct workload_context *context, struct walk *walk)
{
	for (; walk->count < (size_t)context->values[WALKED]; walk->count++) {
		walk->objects[walk->count] = kmem_cache_alloc(context->shared, GFP_KERNEL);
		if (!walk->objects[walk->count])
			return workload_out_of_memory(context, context->values[SIZE]);
	}
	return true;
}

static void shuffle(struct workload_context *context, struct walk *walk)
{
	for (size_t i = walk->count - 1; i > 0; i--) {
		size_t other = (size_t)(erand48(context->random) * (double)(i + 1));
		struct link *kept = walk->objects[i];

		walk->objects[i] = walk->objects[other];
		walk->objects[other] = kept;
	}
}

// Into a ring, in the array's order.
static void objects_link(struct walk *walk)
{
	for (size_t i = 0; i < walk->count; i++)
		walk->objects[i]->next = walk->objects[(i + 1) % walk->count];
	walk->place = walk->objects[0];
}

static bool colour_thread_start(struct workload_context *context)
{
	struct walk *walk =
		calloc(1, sizeof(*walk) + context->values[WALKED] * sizeof(struct link *));

	context->own = walk;
	if (!walk)
		return workload_fail(context, "no memory for the objects' pointers");
	if (!objects_take(context, walk))
		return false;
	shuffle(context, walk);
	objects_link(walk);
	return true;
}

static bool colour_run(struct workload_context *context, int64_t count)
{
	struct walk *walk = context->own;
	struct link *place = walk->place;

	for (int64_t i = 0; i < count; i++)
		place = place->next;
	walk->place = place;
	return true;
}

// The objects keep what is written to them, and the ring leads through each of them once.
static bool colour_verify(struct workload_context *context, int64_t count)
{
	struct walk *walk = context->own;
	size_t size = context->values[SIZE];

	for (size_t i = 0; i < walk->count; i++)
		if (!pattern_write(
			    context, walk->objects[i], size, kmem_cache_size(context->shared), i))
			return false;
	for (size_t i = 0; i < walk->count; i++)
		if (!pattern_check(context, walk->objects[i], size, i))
			return false;
	objects_link(walk);
	return colour_run(context, count);
}

static void colour_thread_end(struct workload_context *context)
{
	struct walk *walk = context->own;

	for (size_t i = 0; walk && i < walk->count; i++)
		kmem_cache_free(context->shared, walk->objects[i]);
	free(walk);
	context->own = NULL;
}

static void colour_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	*promise = (struct workload_promise){.allocations = 0,
		.live_min = values[WALKED] * counts[0],
		.live_max = values[WALKED] * counts[0],
		.size_min = values[SIZE],
		.size_max = values[SIZE],
		.is_by_cache = true};
}

const struct workload workload_colour = {
	.name = "colour",
	.summary = "One thread walks a list through the same field of many objects.",
	.stresses = "no path at all, but where the allocator puts objects: colouring",
	.published = "Bonwick, The Slab Allocator (USENIX Summer 1994), section 4: slab colouring",
	.relations = RELATION_BIT(RELATION_ALONE),
	.roles = {ROLE_WORKERS(1)},
	.parameters = {[SIZE] = PARAMETER_OBJECT_SIZE,
		[WALKED] = {.name = "objects",
			.summary = "objects that the list links",
			.unit = "objects",
			.initial = 128,
			.minimum = 2,
			.maximum = 1000000}},
	.setup = colour_setup,
	.thread_start = colour_thread_start,
	.run = colour_run,
	.verify = colour_verify,
	.thread_end = colour_thread_end,
	.teardown = objects_teardown,
	.promise = colour_promise,
};
