// SPDX-License-Identifier: GPL-2.0-or-later
// A long mixed life: a thread replaces random objects of a working set; what sizes it asks for changes
// from phase to phase, so that slabs of sizes that nobody wants any more are left partly full. The
// report tells how much memory the allocator holds for a live byte: at the end of the first phase, at
// the end, and at the worst phase's end. One operation is one replacement.
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "workloads/parts/draws.h"
#include "workloads/parts/parameter.h"
#include "workloads/parts/rows.h"

enum { MIN, MAX, LIVE, PHASE };
enum { PHASES = 4 }; // ranges of sizes; then the first again

struct life {
	struct draws
		*draws[PHASES]; // phase i: the i-th quarter of the range of sizes, on a log scale
	int64_t operations; // in this phase
	unsigned phase;
	uint64_t live_bytes;
	uint64_t before; // bytes that the process or the allocator held before the first object
	bool has_footprint;
	double first, last, worst; // bytes held for a live byte
};

static bool life_check(const int64_t *values, const char **why)
{
	*why = "max must be at least 16 times min, so that phases differ";
	return values[MAX] >= 16 * values[MIN];
}

static int64_t life_operations(const int64_t *values)
{
	return values[PHASE];
}

static bool life_setup(struct workload_context *context)
{
	return rows_setup(context, NULL, 0, (size_t)context->values[LIVE]);
}

// What the allocator holds, as it says itself; of another allocator, what the process has in memory.
static uint64_t held_bytes(void)
{
	struct slab_counts counts;
	unsigned long resident = 0;
	char text[128] = "";
	char *end = text;
	FILE *file;

	if (slab_counts(&counts) == 0)
		return counts.memory_used;
	file = fopen("/proc/self/statm", "re");
	if (file && fgets(text, sizeof(text), file)) {
		strtoul(text, &end, 10); // pages of addresses
		resident = strtoul(end, NULL, 10);
	}
	if (file)
		fclose(file);
	return (uint64_t)resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

static int64_t bound(const int64_t *values, unsigned quarter)
{
	double ratio = (double)values[MAX] / (double)values[MIN];

	return (int64_t)((double)values[MIN] * pow(ratio, quarter / (double)PHASES));
}

static bool life_thread_start(struct workload_context *context)
{
	struct life *life = calloc(1, sizeof(*life));
	const int64_t *values = context->values;

	context->own = life;
	if (!life || !rows_thread_start(context))
		return workload_fail(context, "no memory for the thread's state");
	life->before = held_bytes();
	for (unsigned i = 0; i < PHASES; i++) {
		int64_t top = i + 1 < PHASES ? bound(values, i + 1) : values[MAX];

		life->draws[i] =
			draws_make(context, DRAWS_EVEN, bound(values, i), top, values[LIVE]);
		if (!life->draws[i])
			return false;
	}
	return true;
}

static void footprint_note(struct life *life)
{
	uint64_t held = held_bytes();
	double ratio = life->live_bytes > 0 && held > life->before
			       ? (double)(held - life->before) / (double)life->live_bytes
			       : 0;

	if (!life->has_footprint)
		life->first = ratio;
	life->has_footprint = true;
	life->last = ratio;
	if (ratio > life->worst)
		life->worst = ratio;
}

static void life_loop_begin(struct workload_context *context)
{
	struct life *life = context->own;

	life->has_footprint = false;
	life->worst = 0;
}

BODY replace(struct workload_context *context, struct life *life, const bool is_checked)
{
	struct draws *draws = life->draws[life->phase];
	struct item *item = &row_of(context)[draws_slot(draws)];
	size_t size = draws_size(draws);

	if (item->object) {
		life->live_bytes -= item->size;
		if (!item_free(context, NULL, item, is_checked))
			return false;
	}
	life->live_bytes += size;
	return item_make(context, NULL, item, size, is_checked);
}

BODY life(struct workload_context *context, int64_t count, const bool is_checked)
{
	struct life *life = context->own;

	for (int64_t i = 0; i < count; i++) {
		if (!replace(context, life, is_checked))
			return false;
		if (++life->operations < context->values[PHASE])
			continue;
		footprint_note(life);
		life->operations = 0;
		life->phase = (life->phase + 1) % PHASES;
	}
	return true;
}
WORKLOAD_BODIES(life)

static void life_thread_end(struct workload_context *context)
{
	struct life *life = context->own;

	if (context->shared && rows_of(context)->items && row_of(context))
		items_free(NULL, row_of(context), (size_t)context->values[LIVE]);
	for (unsigned i = 0; life && i < PHASES; i++)
		free(life->draws[i]);
	free(life);
	context->own = NULL;
	rows_thread_end(context);
}

static void life_report(const struct workload_context *contexts, struct workload_report *report)
{
	const struct life *life = contexts->own;

	if (!life || !life->has_footprint)
		return;
	report->tell(report, "footprint_first", life->first);
	report->tell(report, "footprint_last", life->last);
	report->tell(report, "footprint_worst", life->worst);
}

static void life_promise(
	const int64_t *values, const unsigned *counts, struct workload_promise *promise)
{
	(void)counts;
	*promise = (struct workload_promise){.allocations = 1,
		.live_min = values[LIVE] / 4,
		.live_max = values[LIVE],
		.size_min = values[MIN],
		.size_max = values[MAX]};
}

const struct workload workload_long_life = {
	.name = "long-life",
	.summary = "One thread replaces random objects while the sizes that it asks for change.",
	.stresses = "slabs that stay partly full: memory held for a live byte, over time",
	.published =
		"P. Wilson et al., \"Dynamic Storage Allocation: A Survey\" (1995), phases; J. "
		"Bonwick, \"The Slab Allocator\" (USENIX 1994), section 5: fragmentation",
	.relations = RELATIONS_ALONE,
	.roles = {ROLE_ALONE},
	.parameters = {[MIN] = PARAMETER_MIN(16),
		[MAX] = PARAMETER_MAX(4096),
		[LIVE] = PARAMETER_QUIET("live", "objects alive", "objects", 20000, 1, 10000000),
		[PHASE] = PARAMETER_QUIET(
			"phase", "replacements of a phase", "objects", 40000, 1, 100000000)},
	.check = life_check,
	.operations = life_operations,
	.setup = life_setup,
	.thread_start = life_thread_start,
	.run = life_run,
	.verify = life_verify,
	.thread_end = life_thread_end,
	.teardown = rows_teardown,
	.loop_begin = life_loop_begin,
	.report = life_report,
	.promise = life_promise,
};
