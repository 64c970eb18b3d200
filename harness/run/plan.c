// SPDX-License-Identifier: GPL-2.0-or-later
// Lays out the rounds and shuffles them. Entry: plan_make().
//
// Within a round the workloads come in shuffled order, and for each workload the sides in shuffled
// order. Compared sides thus run close in time, so that a drift of the machine hits them alike, and
// no side is always first. An example of two rounds of workloads p, q and sides A, B:
// qB qA pA pB | pB pA qB qA.
#include "plan.h"

#include <stdlib.h>

// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014): small, and
// the same everywhere, so that a seed in a store means the same plan on each machine and version of
// the C library.
static uint64_t random_next(uint64_t *state)
{
	uint64_t mixed = *state += 0x9e3779b97f4a7c15u;

	mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
	mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
	return mixed ^ (mixed >> 31);
}

// A number below `bound`, each equally likely: values of the incomplete last block are drawn again.
static size_t random_below(uint64_t *state, size_t bound)
{
	uint64_t excess = (UINT64_MAX % bound + 1) % bound;
	uint64_t drawn = random_next(state);

	while (drawn > UINT64_MAX - excess)
		drawn = random_next(state);
	return (size_t)(drawn % bound);
}

// Fisher and Yates.
static void shuffle(size_t *order, size_t count, uint64_t *state)
{
	for (size_t i = 0; i < count; i++)
		order[i] = i;
	for (size_t i = count; i > 1; i--) {
		size_t j = random_below(state, i);
		size_t kept = order[i - 1];

		order[i - 1] = order[j];
		order[j] = kept;
	}
}

static bool shape_has(const struct plan_shape *shape, size_t workload, size_t side)
{
	return !shape->has || shape->has[workload * shape->sides_count + side];
}

struct draft {
	struct plan *plan;
	const struct plan_shape *shape;
	size_t *workloads; // their order in this round
	size_t *sides; // their order for this workload
	uint64_t state;
};

static void block_add(struct draft *draft, int round, size_t workload, int *position)
{
	const struct plan_shape *shape = draft->shape;
	uint64_t workload_seed = random_next(&draft->state) >> 1; // fits a signed number, too

	shuffle(draft->sides, shape->sides_count, &draft->state);
	for (size_t i = 0; i < shape->sides_count; i++) {
		size_t side = draft->sides[i];
		size_t padding = random_below(&draft->state, PLAN_PADDING_BYTES_MAX + 1);

		if (!shape_has(shape, workload, side))
			continue;
		draft->plan->steps[draft->plan->count++] = (struct plan_step){
			.round = round,
			.position = (*position)++,
			.side = side,
			.workload = workload,
			.workload_seed = workload_seed,
			.padding_bytes = padding,
		};
	}
}

static void round_add(struct draft *draft, int round)
{
	int position = 0;

	shuffle(draft->workloads, draft->shape->workloads_count, &draft->state);
	for (size_t i = 0; i < draft->shape->workloads_count; i++)
		block_add(draft, round, draft->workloads[i], &position);
}

bool plan_make(struct plan *plan, const struct plan_shape *shape)
{
	struct draft draft = {.plan = plan, .shape = shape, .state = shape->seed};
	size_t steps_max = shape->sides_count * shape->workloads_count * (size_t)shape->rounds;

	plan->count = 0;
	plan->steps = calloc(steps_max + 1, sizeof(*plan->steps));
	draft.workloads = calloc(shape->workloads_count + 1, sizeof(*draft.workloads));
	draft.sides = calloc(shape->sides_count + 1, sizeof(*draft.sides));
	bool is_good = plan->steps && draft.workloads && draft.sides;
	for (int round = 0; is_good && round < shape->rounds; round++)
		round_add(&draft, round);
	free(draft.workloads);
	free(draft.sides);
	if (!is_good)
		plan_free(plan);
	return is_good;
}

void plan_free(struct plan *plan)
{
	free(plan->steps);
	plan->steps = NULL;
	plan->count = 0;
}
