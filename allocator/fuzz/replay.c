// SPDX-License-Identifier: GPL-2.0-or-later
// Fuzz target: a trace, run operation by operation through the replayer's own code while a model
// keeps account of every object. After an input the allocator is brought back to where it started,
// in this very process, and must then hold exactly what it held at the start.
//
// A line may end in a comment "#!MASK" (hexadecimal): while it runs, the allocator's n-th
// allocation for itself fails where bit n is set. The trace language knows nothing of it, so every
// input is a trace for `slabmark replay` too.
#include <stdlib.h>
#include <string.h>

#include "cache.h"
#include "cache_nodes.h"
#include "fuzz/holdings.h"
#include "fuzz/target.h"
#include "host/rcu.h"
#include "host/topology.h"
#include "inspect/operation.h"
#include "model/expectation.h"
#include "model/validity.h"
#include "tune.h"

#define OPERATIONS_MAX  4000
#define OBJECTS_MAX     20000
#define CHECK_EVERY     8
#define VERIFY_EVERY    64 // contents; they are looked at when an object is freed, too
#define BOOT_CACHES_MAX 128
#define SHARED_USUAL    8

static uint64_t failures; // bit n: the allocation after n others fails
static struct holdings holdings;

// What each cache of the start had handed out then.
static struct {
	struct kmem_cache *cache;
	unsigned long handed_out;
} boot[BOOT_CACHES_MAX];
static unsigned boot_count;

static bool next_allocation_succeeds(void)
{
	bool fails = failures & 1;

	failures >>= 1;
	return !fails;
}

// ---- checks

static struct census check_cache(struct kmem_cache *cache, const char *when)
{
	struct census census;
	const char *problem = cache_check(cache, &census);

	if (problem)
		fuzz_fail("%s: cache %s: %s", when, cache->name, problem);
	return census;
}

static void check_owned(struct kmem_cache *cache, const char *when)
{
	unsigned long counted = check_cache(cache, when).handed_out;
	unsigned long held = holdings_of(&holdings, cache);

	if (counted != held)
		fuzz_fail("%s: cache %s: %lu objects are out, the model holds %lu", when,
			cache->name, counted, held);
}

static void check_all(struct run *run, const char *when)
{
	for (unsigned i = 0; i < run->state.caches_count; i++) {
		const struct state_cache *at = &run->state.caches[i];

		if (at->cache && at->first == (int)i)
			check_owned(at->cache, when);
	}
}

// ---- one operation

static uint64_t failures_wanted(const struct trace *trace, const struct trace_operation *operation)
{
	const char *mark = strstr(trace->lines[operation->line - 1], "#!");

	return mark ? strtoull(mark + 2, NULL, 16) : 0;
}

static void verify_named(struct run *run, const struct trace_operation *operation)
{
	for (size_t i = 0; i < operation->ranges_count; i++)
		for (unsigned j = 0; j < operation->ranges[i].count; j++) {
			unsigned index = operation->ranges[i].first + j;

			if (holdings.holding[index].object &&
				run->objects[index] != holdings.holding[index].object)
				fuzz_fail("the replayer lost sight of an object");
			holding_verify(&holdings.holding[index]);
		}
}

static bool is_freeing(const struct trace_operation *operation)
{
	return operation->verb == TRACE_FREE || operation->verb == TRACE_KFREE ||
	       operation->verb == TRACE_FREE_BULK;
}

// What the operation freed or was handed out, taken over into the model. An operation that was
// refused half-way has forgotten its objects: they are freed here.
static void follow(struct run *run, const struct trace_operation *operation, bool was_done)
{
	for (size_t i = 0; i < operation->ranges_count; i++)
		for (unsigned j = 0; j < operation->ranges[i].count; j++) {
			unsigned index = operation->ranges[i].first + j;
			struct holding *holding = &holdings.holding[index];
			void *object = run->objects[index];

			if (!object && holding->object && !was_done)
				kfree(holding->object);
			if (!object)
				holding->object = NULL;
			else if (!ZERO_OR_NULL_PTR(object) && !is_freeing(operation))
				holding_take(&holdings, index, object);
		}
}

static bool is_quiet(const struct trace_operation *operation)
{
	return operation->verb <= TRACE_KMALLOC_NODE || operation->verb == TRACE_DUMP;
}

// ---- what is said beforehand

// What the running operation must come to, where the specification says it in a few words.
static struct {
	struct kmem_cache *cache; // of the allocation; NULL: another operation
	struct expected_object object;
	bool is_drain;
} expected;

static void (*tell_destroyed)(struct kmem_cache *cache, struct slab *slab); // the run's own

static void watch_destroyed(struct kmem_cache *cache, struct slab *slab)
{
	const char *problem = expectation_destroyed(cache, slab);

	if (problem)
		fuzz_fail("cache %s: %s", cache->name, problem);
	tell_destroyed(cache, slab);
}

// Whether pages may run out, which an expectation takes no account of.
static bool is_memory_short(void)
{
	for (unsigned node = 0; node < topology.nr_nodes; node++)
		if (pages_used(node) * PAGE_SIZE > FUZZ_ARENA_BYTES / 4)
			return true;
	return false;
}

static void expect_object(const struct trace_operation *operation, struct kmem_cache *cache)
{
	gfp_t flags = GFP_KERNEL | operation->gfp;

	if (failures || is_memory_short() || slab_set_cpu(operation->cpu))
		return;
	expected.cache = cache;
	if (operation->verb == TRACE_ALLOC)
		expected.object = expect_alloc(cache, flags);
	else
		expected.object = expect_alloc_node(cache, flags, operation->node);
}

static bool is_draining(const struct trace_operation *operation, const struct kmem_cache *cache)
{
	return operation->verb == TRACE_SHRINK ||
	       (operation->verb == TRACE_DESTROY && cache->refcount == 1);
}

static void expect_one(struct run *run, const struct trace_operation *operation)
{
	bool names_cache = operation->cache != TRACE_NO_CACHE && operation->verb != TRACE_CACHE;
	struct kmem_cache *cache = names_cache ? run_cache_of(run, operation)->cache : NULL;

	expected.cache = NULL;
	expected.is_drain = cache && is_draining(operation, cache);
	if (expected.is_drain)
		expect_drain(cache);
	else if (cache && (operation->verb == TRACE_ALLOC || operation->verb == TRACE_ALLOC_NODE))
		expect_object(operation, cache);
}

static void check_expected(
	struct run *run, const struct trace_operation *operation, const char *when, bool was_done)
{
	const char *problem = expected.is_drain ? expectation_drained() : NULL;

	if (expected.cache && was_done)
		problem = expectation_met(
			expected.cache, &expected.object, run->objects[operation->ranges[0].first]);
	if (problem)
		fuzz_fail("%s: %s", when, problem);
}

static void run_one(struct run *run, const struct trace_operation *operation, size_t number)
{
	char when[40];
	bool was_done;

	snprintf(when, sizeof(when), "line %u", operation->line);
	if (is_freeing(operation))
		verify_named(run, operation);
	failures = failures_wanted(run->trace, operation);
	fuzz_expects_report = operation->verb == TRACE_DESTROY; // of objects that were never freed
	expect_one(run, operation);
	was_done = run_operation(run, operation);
	fuzz_expects_report = false;
	failures = 0;
	check_expected(run, operation, when, was_done);
	if (was_done || is_freeing(operation))
		follow(run, operation, was_done);
	if (number % CHECK_EVERY == 0 || !is_quiet(operation))
		check_all(run, when);
	if (number % VERIFY_EVERY == 0)
		holdings_verify(&holdings);
}

// ---- back to the start

static void free_all_objects(void)
{
	slab_set_cpu(0);
	for (size_t i = 0; i < holdings.count; i++) {
		holding_verify(&holdings.holding[i]);
		kfree(holdings.holding[i].object);
		holdings.holding[i].object = NULL;
	}
}

static void bring_cpus_up(void)
{
	for (unsigned cpu = 0; cpu < topology.nr_cpus; cpu++)
		if (!cpu_is_online(cpu) && slab_cpu_up(cpu) != 0)
			fuzz_fail("CPU %u does not come back though all memory is free", cpu);
	pthread_mutex_lock(&slab_mutex);
	for (unsigned cpu = 0; cpu < topology.nr_cpus; cpu++)
		cpu_slot_start(cpu);
	pthread_mutex_unlock(&slab_mutex);
}

static void shrink_caches(struct run *run)
{
	for (unsigned i = 0; i < run->state.caches_count; i++)
		if (run->state.caches[i].cache)
			kmem_cache_shrink(run->state.caches[i].cache);
}

// As in the kernel, a cache that was tuned to a shared array larger than kmalloc serves keeps its
// node's CPUs from coming back.
static void forgo_shared_arrays(struct run *run)
{
	pthread_mutex_lock(&slab_mutex);
	for (unsigned i = 0; i < run->state.caches_count; i++) {
		struct kmem_cache *cache = run->state.caches[i].cache;

		if (cache && cache->shared > SHARED_USUAL)
			cache_tune(cache, (int)cache->limit, (int)cache->batchcount, 0);
	}
	pthread_mutex_unlock(&slab_mutex);
}

static void destroy_caches(struct run *run)
{
	for (unsigned i = 0; i < run->state.caches_count; i++) {
		struct kmem_cache *cache = run->state.caches[i].cache;
		int result;

		if (!cache)
			continue;
		pthread_mutex_lock(&slab_mutex);
		cache->refcount = 1; // whatever other labels and refused attempts have made of it
		result = cache_destroy(cache);
		pthread_mutex_unlock(&slab_mutex);
		if (result)
			fuzz_fail("cache %s cannot be destroyed with every object freed: %d",
				run->state.caches[i].label, result);
		run_forget_cache(run, cache, 0);
	}
}

// Caches of the start get the arrays that they had, whatever options and CPUs took away.
static void renew_boot_arrays(void)
{
	pthread_mutex_lock(&slab_mutex);
	for (unsigned i = 0; i < boot_count; i++)
		if (cache_set_up_nodes(boot[i].cache))
			fuzz_fail("cache %s gets no new arrays though all memory is free",
				boot[i].cache->name);
	pthread_mutex_unlock(&slab_mutex);
}

// What a cache of the start has handed out, but for index arrays of the others' slabs: how many
// slabs these need depends on where in them the objects that live on happen to lie.
static unsigned long count_lasting(struct kmem_cache *cache, const char *when)
{
	unsigned long count = check_cache(cache, when).handed_out;

	for (unsigned i = 0; i < boot_count; i++)
		if (boot[i].cache->freelist_cache == cache)
			count -= check_cache(boot[i].cache, when).slabs;
	return count;
}

static void shrink_boot_caches(void)
{
	for (unsigned i = 0; i < boot_count; i++)
		kmem_cache_shrink(boot[i].cache);
}

// Shrinking frees index arrays into caches that were shrunk before; nothing is left to free on the
// second pass.
static void compare_with_start(void)
{
	shrink_boot_caches();
	shrink_boot_caches();
	for (unsigned i = 0; i < boot_count; i++) {
		unsigned long counted = count_lasting(boot[i].cache, "at the end");

		if (counted != boot[i].handed_out)
			fuzz_fail("at the end: cache %s has %lu objects out, and had %lu at the "
				  "start",
				boot[i].cache->name, counted, boot[i].handed_out);
	}
}

// Slabs of such caches go back on another thread; waiting for it takes longer than most traces do.
static bool uses_rcu(const struct trace *trace)
{
	for (size_t i = 0; i < trace->operations_count; i++)
		if (trace->operations[i].flags & SLAB_TYPESAFE_BY_RCU)
			return true;
	return false;
}

static bool touches_boot_arrays(const struct trace *trace)
{
	for (size_t i = 0; i < trace->operations_count; i++) {
		enum trace_verb verb = trace->operations[i].verb;

		if (verb == TRACE_CPU_DOWN || verb == TRACE_OPTION_ALIEN)
			return true;
	}
	return false;
}

static void restore(struct run *run)
{
	run->nomem = 0;
	slab_set_mempolicy(SLAB_MPOL_DEFAULT, 0);
	slab_options.noaliencache = false;
	slab_options.slab_nomerge = true;
	free_all_objects();
	shrink_caches(run);
	forgo_shared_arrays(run);
	bring_cpus_up();
	check_all(run, "with all objects freed");
	destroy_caches(run);
	if (uses_rcu(run->trace))
		(void)rcu_wait();
	if (touches_boot_arrays(run->trace))
		renew_boot_arrays();
	compare_with_start();
}

// ---- the target

static void remember_start(void)
{
	struct kmem_cache *cache;

	cds_list_for_each_entry(cache, &slab_caches, list) {
		if (boot_count == BOOT_CACHES_MAX)
			fuzz_fail("the allocator starts with more than %d caches", BOOT_CACHES_MAX);
		boot[boot_count++].cache = cache;
	}
	renew_boot_arrays();
	shrink_boot_caches();
	shrink_boot_caches();
	for (unsigned i = 0; i < boot_count; i++)
		boot[i].handed_out = count_lasting(boot[i].cache, "at the start");
}

static bool is_wanted(const struct trace *trace)
{
	return trace->nodes == fuzz_machine.nodes &&
	       trace->cpus_per_node == fuzz_machine.cpus_per_node &&
	       trace->operations_count <= OPERATIONS_MAX && trace->objects_count <= OBJECTS_MAX;
}

static void run_all(struct run *run)
{
	for (size_t i = 0; i < run->trace->operations_count; i++)
		run_one(run, &run->trace->operations[i], i);
}

static void run_trace(const struct trace *trace, FILE *output)
{
	struct trace_problem problem;
	struct run run = {.trace = trace, .output = output, .problem = &problem};

	if (holdings_make(&holdings, trace->objects_count) &&
		run_begin(&run, state_can_count(), next_allocation_succeeds)) {
		tell_destroyed = slab_observer.destroyed;
		slab_observer.destroyed = watch_destroyed;
		run_all(&run);
		restore(&run);
	}
	run_end(&run);
	holdings_free(&holdings);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fuzz_start();
	remember_start();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *output; // results are made, which reads all of the state, and thrown away
	FILE *input = size ? fmemopen((void *)data, size, "r") : NULL;
	struct trace_problem problem;
	struct trace trace;

	if (!output)
		output = fopen("/dev/null", "we");
	if (!input || !output)
		return 0;
	if (trace_read(&trace, input, &problem)) {
		if (is_wanted(&trace))
			run_trace(&trace, output);
		trace_free(&trace);
	}
	fclose(input);
	return 0;
}
