// SPDX-License-Identifier: GPL-2.0-or-later
// Lays out the rounds and shuffles them. Entry: plan_make().
//
// Within a round the workloads come in shuffled order, and for each workload the configs in
// shuffled order: what is compared runs close in time, so that a drift of the machine hits both
// sides alike, and no config is always first. An example of two rounds of workloads p, q and
// configs A, B:  qB qA pA pB | pB pA qB qA.
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

static bool choice_has(const struct plan_choice *choice, size_t workload, size_t config)
{
	return !choice->has || choice->has[workload * choice->configs_count + config];
}

struct draft {
	struct plan *plan;
	const struct plan_choice *choice;
	size_t *workloads; // their order in this round
	size_t *configs; // their order for this workload
	uint64_t state;
};

static void block_add(struct draft *draft, int round, size_t workload, int *position)
{
	const struct plan_choice *choice = draft->choice;
	uint64_t workload_seed = random_next(&draft->state) >> 1; // fits a signed number, too

	shuffle(draft->configs, choice->configs_count, &draft->state);
	for (size_t i = 0; i < choice->configs_count; i++) {
		size_t config = draft->configs[i];
		size_t padding = random_below(&draft->state, PLAN_PADDING_BYTES_MAX + 1);

		if (!choice_has(choice, workload, config))
			continue;
		draft->plan->steps[draft->plan->count++] = (struct plan_step){
			.round = round,
			.position = (*position)++,
			.config = choice->configs[config],
			.workload = choice->workloads[workload],
			.workload_seed = workload_seed,
			.padding_bytes = padding,
		};
	}
}

static void round_add(struct draft *draft, int round)
{
	int position = 0;

	shuffle(draft->workloads, draft->choice->workloads_count, &draft->state);
	for (size_t i = 0; i < draft->choice->workloads_count; i++)
		block_add(draft, round, draft->workloads[i], &position);
}

bool plan_make(struct plan *plan, const struct plan_choice *choice)
{
	struct draft draft = {.plan = plan, .choice = choice, .state = choice->seed};
	size_t steps_max = choice->configs_count * choice->workloads_count * (size_t)choice->rounds;

	plan->count = 0;
	plan->steps = calloc(steps_max + 1, sizeof(*plan->steps));
	draft.workloads = calloc(choice->workloads_count + 1, sizeof(*draft.workloads));
	draft.configs = calloc(choice->configs_count + 1, sizeof(*draft.configs));
	bool is_good = plan->steps && draft.workloads && draft.configs;
	for (int round = 0; is_good && round < choice->rounds; round++)
		round_add(&draft, round);
	free(draft.workloads);
	free(draft.configs);
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
