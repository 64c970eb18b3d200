// SPDX-License-Identifier: GPL-2.0-or-later
// A working set of live objects of mixed sizes a thread: each operation frees a random one and allocates
// another in its place. Sizes follow an inverse square law between two bounds, or are a few that come
// equally often; slots are uniform. The setup draws both, before the timed loop, as glibc's
// bench-malloc-thread does.
#include <math.h>
#include <slab/slab.h>
#include <stdlib.h>

#include "pattern.h"
#include "workload.h"

enum { LIVE, SIZES, MIN, MAX };

// Lengths of the drawn tables. The load repeats after their least common multiple, so the second
// one is a prime.
enum { SIZES_COUNT = 8192, SLOTS_COUNT = 4099 };

struct slot {
	void *object;
	uint32_t size;
	uint64_t tag;
};

struct tables {
	uint32_t sizes[SIZES_COUNT];
	uint32_t slots[SLOTS_COUNT];
};

// A thread's own, its tables too: with one base the loop keeps all it needs in registers.
struct working_set {
	struct tables tables;
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

// One of `count` sizes, each the same factor above the one before.
static uint32_t draw_step(double minimum, double maximum, int64_t count, double uniform)
{
	double step = count > 1 ? floor(uniform * (double)count) / (double)(count - 1) : 0;

	return (uint32_t)lround(minimum * pow(maximum / minimum, step));
}

static inline __attribute__((always_inline)) bool slot_fill(
	struct workload_context *context, struct slot *slot, uint32_t size)
{
	slot->size = size;
	slot->object = kmalloc(size, GFP_KERNEL);
	return slot->object || workload_out_of_memory(context, slot->size);
}

static bool mixed_setup(struct workload_context *context)
{
	double minimum = (double)context->values[MIN];
	double maximum = (double)context->values[MAX];
	struct tables *tables = malloc(sizeof(*tables));

	if (!tables)
		return workload_fail(context, "no memory for the tables of sizes");
	context->shared = tables;
	for (size_t i = 0; i < SIZES_COUNT; i++) {
		double uniform = erand48(context->random);

		tables->sizes[i] =
			context->values[SIZES] == 0
				? draw_size(minimum, maximum, uniform)
				: draw_step(minimum, maximum, context->values[SIZES], uniform);
	}
	for (size_t i = 0; i < SLOTS_COUNT; i++)
		tables->slots[i] =
			(uint32_t)(erand48(context->random) * (double)context->values[LIVE]);
	return true;
}

static void mixed_thread_end(struct workload_context *context)
{
	struct working_set *set = context->own;

	for (int64_t i = 0; set && i < context->values[LIVE]; i++)
		kfree(set->live[i].object);
	free(set);
	context->own = NULL;
}

// Every timed loop starts from the same sizes in the same slots. Threads begin at places of the
// tables that lie apart, so that they do not ask for the same sizes at the same time.
static bool mixed_thread_start(struct workload_context *context)
{
	const struct tables *tables = context->shared;
	size_t live = context->values[LIVE];
	struct working_set *set = calloc(1, sizeof(*set) + live * sizeof(set->live[0]));

	context->own = set;
	if (!set)
		return workload_fail(context, "no memory for %zu slots", live);
	set->tables = *tables;
	set->next_size = (unsigned)((uint64_t)SIZES_COUNT * context->thread / context->threads);
	set->next_slot = (unsigned)((uint64_t)SLOTS_COUNT * context->thread / context->threads);
	for (size_t i = 0; i < live; i++)
		if (!slot_fill(context, &set->live[i],
			    tables->sizes[(set->next_size + i) % SIZES_COUNT]))
			return false;
	return true;
}

static inline __attribute__((always_inline)) bool replace(
	struct workload_context *context, int64_t count, const bool is_checked)
{
	struct working_set *set = context->own;
	unsigned next_size = set->next_size;
	unsigned next_slot = set->next_slot;

	for (; count > 0; count--) {
		struct slot *slot = &set->live[set->tables.slots[next_slot]];

		next_slot = next_slot + 1 < SLOTS_COUNT ? next_slot + 1 : 0;
		next_size = (next_size + 1) % SIZES_COUNT;
		if (is_checked && slot->tag != 0 &&
			!pattern_check(context, slot->object, slot->size, slot->tag))
			return false;
		kfree(slot->object);
		if (!slot_fill(context, slot, set->tables.sizes[next_size]))
			return false;
		*(volatile char *)slot->object = 1;
		if (!is_checked)
			continue;
		slot->tag = pattern_tag(context, ++set->operations);
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

static void kmalloc_mixed_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	*promise = (struct workload_promise){.allocations = 1,
		.live_min = values[LIVE] * counts[0] - counts[0],
		.live_max = values[LIVE] * counts[0],
		.size_min = values[MIN],
		.size_max = values[MAX]};
}

const struct workload workload_kmalloc_mixed = {
	.name = "kmalloc-mixed",
	.summary = "Each thread keeps a working set of kmalloc objects of mixed sizes and "
		   "replaces random ones.",
	.stresses =
		"the size classes: index computation, many caches at a time, random order of frees",
	.published =
		"glibc benchtests/bench-malloc-thread.c (there sizes 4 to 32768); mimalloc-bench "
		"glibc-simple",
	.relations = RELATION_BIT(RELATION_ALONE),
	.roles = {ROLE_WORKERS(1)},
	.parameters = {[LIVE] = {.name = "live",
			       .summary = "objects alive at a time",
			       .unit = "objects",
			       .initial = 1024,
			       .minimum = 1,
			       .maximum = 1000000},
		[SIZES] = {.name = "sizes",
			.summary = "how many sizes there are, the same factor apart and equally "
				   "often; 0: all, the smaller the more often",
			.unit = "sizes",
			.initial = 0,
			.minimum = 0,
			.maximum = 4096,
			.is_named_if_changed = true},
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
	.thread_end = mixed_thread_end,
	.teardown = mixed_teardown,
	.promise = kmalloc_mixed_promise,
};
