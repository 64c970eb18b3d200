// SPDX-License-Identifier: GPL-2.0-or-later
// A working set of live objects of mixed sizes: each operation frees a random one and allocates
// another in its place. Sizes follow an inverse square law between two bounds, slots are uniform.
// The setup draws both, before the timed loop, as glibc's bench-malloc-thread does.
#include <slab/slab.h>
#include <stdlib.h>

#include "pattern.h"
#include "workload.h"

enum { LIVE, MIN, MAX };

// Lengths of the drawn tables. The load repeats after their least common multiple, so the second
// one is a prime.
enum { SIZES_COUNT = 8192, SLOTS_COUNT = 4099 };

struct slot {
	void *object;
	uint32_t size;
	uint64_t tag;
};

struct working_set {
	uint32_t sizes[SIZES_COUNT];
	uint32_t slots[SLOTS_COUNT];
	unsigned next_size;
	unsigned next_slot;
	uint64_t operations; // ever checked; tags of the pattern
	struct slot live[];
};

static bool mixed_check(const int64_t *values, const char **why)
{
	*why = "min must not be above max";
	return values[MIN] <= values[MAX];
}

// The inverse of the distribution function of a density that falls with the square of the size.
static uint32_t draw_size(double minimum, double maximum, double uniform)
{
	return (uint32_t)(1 / ((1 / maximum - 1 / minimum) * uniform + 1 / minimum));
}

static bool slot_fill(struct workload_context *context, struct slot *slot, uint32_t size)
{
	slot->size = size;
	slot->object = kmalloc(size, GFP_KERNEL);
	return slot->object || workload_out_of_memory(context, size);
}

static void draw_tables(struct workload_context *context, struct working_set *set)
{
	double minimum = (double)context->values[MIN];
	double maximum = (double)context->values[MAX];

	for (size_t i = 0; i < SIZES_COUNT; i++)
		set->sizes[i] = draw_size(minimum, maximum, erand48(context->random));
	for (size_t i = 0; i < SLOTS_COUNT; i++)
		set->slots[i] =
			(uint32_t)(erand48(context->random) * (double)context->values[LIVE]);
}

static bool mixed_setup(struct workload_context *context)
{
	size_t live = context->values[LIVE];
	struct working_set *set = calloc(1, sizeof(*set) + live * sizeof(set->live[0]));

	if (!set)
		return workload_fail(context, "no memory for %zu slots", live);
	context->shared = set;
	draw_tables(context, set);
	return true;
}

static void mixed_empty(struct workload_context *context)
{
	struct working_set *set = context->shared;

	for (int64_t i = 0; set && i < context->values[LIVE]; i++) {
		kfree(set->live[i].object);
		set->live[i].object = NULL;
	}
}

// Every timed loop starts from the same drawn sizes in the same slots.
static bool mixed_thread_start(struct workload_context *context)
{
	struct working_set *set = context->shared;

	set->next_size = 0;
	set->next_slot = 0;
	for (int64_t i = 0; i < context->values[LIVE]; i++) {
		struct slot *slot = &set->live[i];

		if (!slot_fill(context, slot, set->sizes[i % SIZES_COUNT]))
			return false;
		slot->tag = 0;
	}
	return true;
}

static inline __attribute__((always_inline)) bool replace(
	struct workload_context *context, int64_t count, const bool is_checked)
{
	struct working_set *set = context->shared;
	unsigned next_size = set->next_size;
	unsigned next_slot = set->next_slot;

	for (int64_t i = 0; i < count; i++) {
		struct slot *slot = &set->live[set->slots[next_slot]];

		next_slot = next_slot + 1 < SLOTS_COUNT ? next_slot + 1 : 0;
		next_size = (next_size + 1) % SIZES_COUNT;
		if (is_checked && slot->tag != 0 &&
			!pattern_check(context, slot->object, slot->size, slot->tag))
			return false;
		kfree(slot->object);
		if (!slot_fill(context, slot, set->sizes[next_size]))
			return false;
		*(volatile char *)slot->object = 1;
		if (!is_checked)
			continue;
		slot->tag = ++set->operations;
		if (!pattern_write(
			    context, slot->object, slot->size, ksize(slot->object), slot->tag))
			return false;
	}
	set->next_size = next_size;
	set->next_slot = next_slot;
	return true;
}

static bool mixed_run(struct workload_context *context, int64_t count)
{
	return replace(context, count, false);
}

static bool mixed_verify(struct workload_context *context, int64_t count)
{
	return replace(context, count, true);
}

static void mixed_teardown(void *shared)
{
	free(shared);
}

const struct workload workload_kmalloc_mixed = {
	.name = "kmalloc-mixed",
	.summary = "One thread keeps a working set of kmalloc objects of mixed sizes and replaces "
		   "random "
		   "ones.",
	.stresses =
		"the size classes: index computation, many caches at a time, random order of frees",
	.published =
		"glibc benchtests/bench-malloc-thread.c (there sizes 4 to 32768); mimalloc-bench "
		"glibc-simple",
	.relations = RELATION_BIT(RELATION_ALONE),
	.threads_per_operation = 1,
	.roles = {{"worker", 1}},
	.parameters = {[LIVE] = {.name = "live",
			       .summary = "objects alive at a time",
			       .unit = "objects",
			       .initial = 1024,
			       .minimum = 1,
			       .maximum = 1000000},
		[MIN] = {.name = "min",
			.summary = "smallest size",
			.unit = "bytes",
			.initial = 8,
			.minimum = 1,
			.maximum = 4194304,
			.is_named_if_changed = true},
		[MAX] = {.name = "max",
			.summary = "largest size",
			.unit = "bytes",
			.initial = 4096,
			.minimum = 1,
			.maximum = 4194304,
			.is_named_if_changed = true}},
	.check = mixed_check,
	.setup = mixed_setup,
	.thread_start = mixed_thread_start,
	.run = mixed_run,
	.verify = mixed_verify,
	.thread_end = mixed_empty,
	.teardown = mixed_teardown,
};
