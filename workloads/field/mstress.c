// SPDX-License-Identifier: GPL-2.0-or-later
// mimalloc's stress test, in shape: in a round a thread allocates objects of random sizes. Some are
// kept to the round's end; of the others, random ones are freed, and some change places with an object
// in a table that all threads share. At the end all are freed but those in the table. One operation
// is one object.
//
// The round's decisions are drawn before the timed loop, so that each round of a thread is the same.
#include <stdatomic.h>
#include <stdlib.h>

#include "workloads/parts/item.h"
#include "workloads/parts/parameter.h"

enum { SCALE, TRANSFERS };
enum { ALLOCS = 100 }; // objects a round, times the scale
enum { KEEP_PERCENT = 33, FREE_PERCENT = 66, TRANSFER_PERCENT = 25 };

struct step {
	uint32_t size;
	bool is_kept; // to the round's end
	bool frees; // the object in slot `freed`
	bool transfers; // what slot `moved` holds, to `place`
	uint32_t freed;
	uint32_t moved;
	uint32_t place;
};

// A thread's slots each hold an item, which may have no object. Items wander; their memory does not.
struct stressed {
	struct step *steps;
	struct item *items;
	struct item **slots;
};

struct mstress {
	int64_t steps; // and slots, a thread
	int64_t places_count;
	unsigned threads;
	struct item *items; // of the table, at the start
	_Atomic(struct item *) *places; // the table
	struct stressed *stressed; // one a thread
};

static bool mstress_setup(struct workload_context *context)
{
	size_t places = (size_t)context->values[TRANSFERS];
	struct mstress *mstress = calloc(1, sizeof(*mstress));

	context->shared = mstress;
	if (!mstress)
		return workload_fail(context, "no memory for the workload's state");
	*mstress = (struct mstress){.steps = ALLOCS * context->values[SCALE],
		.places_count = (int64_t)places,
		.threads = context->threads,
		.items = calloc(places, sizeof(struct item)),
		.places = calloc(places, sizeof(mstress->places[0])),
		.stressed = calloc(context->threads, sizeof(struct stressed))};
	if (!mstress->items || !mstress->places || !mstress->stressed)
		return workload_fail(context, "no memory for %zu transfers", places);
	for (size_t i = 0; i < places; i++)
		atomic_init(&mstress->places[i], &mstress->items[i]);
	return true;
}

// ---- drawing a round

static bool chance(struct workload_context *context, int percent)
{
	return erand48(context->random) * 100 < percent;
}

// A number below a limit.
static uint32_t number_draw(struct workload_context *context, int64_t limit)
{
	return (uint32_t)(erand48(context->random) * (double)limit);
}

// Sizes are 8 bytes times a small number, rarely ten or a hundred times as many.
static uint32_t size_draw(struct workload_context *context)
{
	uint32_t size = 8 * (1 + number_draw(context, 20));

	if (number_draw(context, 1000) == 0)
		return size * 100;
	return chance(context, 1) ? size * 10 : size;
}

static void step_draw(struct workload_context *context, struct step *step, int64_t number)
{
	*step = (struct step){.size = size_draw(context),
		.is_kept = chance(context, KEEP_PERCENT),
		.frees = chance(context, FREE_PERCENT),
		.transfers = chance(context, TRANSFER_PERCENT),
		.freed = number_draw(context, number + 1),
		.moved = number_draw(context, number + 1),
		.place = number_draw(context, context->values[TRANSFERS])};
}

static struct stressed *stressed_of(const struct workload_context *context)
{
	return &((struct mstress *)context->shared)->stressed[context->thread];
}

static bool mstress_thread_start(struct workload_context *context)
{
	size_t steps = (size_t)((struct mstress *)context->shared)->steps;
	struct stressed *stressed = stressed_of(context);

	if (stressed->slots)
		return true; // from an earlier loop
	*stressed = (struct stressed){calloc(steps, sizeof(struct step)),
		calloc(steps, sizeof(struct item)),
		(struct item **)calloc(steps, sizeof(struct item *))};
	if (!stressed->steps || !stressed->items || !stressed->slots)
		return workload_fail(context, "no memory for a round's objects");
	for (size_t i = 0; i < steps; i++) {
		step_draw(context, &stressed->steps[i], (int64_t)i);
		stressed->slots[i] = &stressed->items[i];
	}
	return true;
}

// ---- the loop

static inline void transfer(
	struct mstress *mstress, struct stressed *stressed, const struct step *step)
{
	struct item **slot = &stressed->slots[step->moved];

	if (!stressed->steps[step->moved].is_kept)
		*slot = atomic_exchange_explicit(
			&mstress->places[step->place], *slot, memory_order_acq_rel);
}

BODY step_do(struct workload_context *context, struct stressed *stressed, int64_t number,
	const bool is_checked)
{
	const struct step *step = &stressed->steps[number];
	struct item **slots = stressed->slots;
	bool is_good = item_make(context, NULL, slots[number], step->size, is_checked);

	if (is_good && step->frees && !stressed->steps[step->freed].is_kept &&
		slots[step->freed]->object)
		is_good = item_free(context, NULL, slots[step->freed], is_checked);
	if (step->transfers)
		transfer(context->shared, stressed, step);
	return is_good;
}

BODY mstress(struct workload_context *context, int64_t count, const bool is_checked)
{
	int64_t steps = ((struct mstress *)context->shared)->steps;
	struct stressed *stressed = stressed_of(context);
	bool is_good = true;

	for (int64_t done = 0; is_good && done < count; done += steps) {
		for (int64_t i = 0; is_good && i < steps; i++)
			is_good = step_do(context, stressed, i, is_checked);
		for (int64_t i = 0; i < steps; i++)
			if (stressed->slots[i]->object)
				is_good =
					item_free(context, NULL, stressed->slots[i], is_checked) &&
					is_good;
	}
	return is_good;
}
WORKLOAD_BODIES(mstress)

static void mstress_teardown(void *shared)
{
	struct mstress *mstress = shared;

	if (!mstress)
		return;
	for (unsigned i = 0; mstress->stressed && i < mstress->threads; i++) {
		struct stressed *stressed = &mstress->stressed[i];

		items_free(NULL, stressed->items, (size_t)mstress->steps);
		free(stressed->steps);
		free(stressed->items);
		free((void *)stressed->slots);
	}
	items_free(NULL, mstress->items, (size_t)mstress->places_count);
	free(mstress->items);
	free((void *)mstress->places);
	free(mstress->stressed);
	free(mstress);
}

static int64_t mstress_operations(const int64_t *values)
{
	return ALLOCS * values[SCALE];
}

static void mstress_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	int64_t steps = ALLOCS * values[SCALE];
	bool is_alone = counts[0] == 1;

	*promise = (struct workload_promise){.allocations = 1,
		.remote_min = is_alone ? 0 : 0.005,
		.remote_max = is_alone ? 0 : 0.3,
		.live_min = steps / 3,
		.live_max = steps * counts[0] + values[TRANSFERS],
		.size_min = 8,
		.size_max = 16000};
}

const struct workload workload_mstress = {
	.name = "mstress",
	.summary = "Threads allocate rounds of objects, free random ones and swap some by a table.",
	.stresses = "random order of frees, random transfer between threads",
	.published = "mimalloc test/test-stress.c by D. Leijen; mimalloc-bench mstress N 50 25",
	.relations = RELATIONS_OF_WORKERS,
	.roles = {ROLE_WORKERS(2)},
	.parameters = {[SCALE] = PARAMETER_QUIET(
			       "scale", "hundreds of objects a round and thread", "", 50, 1, 10000),
		[TRANSFERS] = PARAMETER_QUIET("transfers", "places in the table that threads share",
			"objects", 1000, 1, 1000000)},
	.operations = mstress_operations,
	.setup = mstress_setup,
	.thread_start = mstress_thread_start,
	.run = mstress_run,
	.verify = mstress_verify,
	.teardown = mstress_teardown,
	.promise = mstress_promise,
};
