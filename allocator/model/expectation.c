// SPDX-License-Identifier: GPL-2.0-or-later
// From the state before an operation to what must come of it. Each rule is written as the
// specification has it, in its order, with no regard to how the allocator gets there.
#include "model/expectation.h"

#include "array/array_cache.h"
#include "host/topology.h"

#define SLABS_MAX 4096

static unsigned long met[RULES];

static const char *const names[RULES] = {
	[PAST_POLICY_TO_ARRAY] = "policy's node and fallback empty, own array not",
	[PAST_POLICY_TO_SHARED] = "policy's node and fallback empty, shared array not",
	[PAST_POLICY_TO_NOTHING] = "policy's node and fallback empty, and all else",
	[INTERLEAVE_THRICE] = "interleave asked three times",
	[SPREAD_PAST_POLICY] = "spread's node and fallback empty",
	[POLICY_FALLBACK] = "policy's node empty, another not",
	[SHORTAGE_FALLBACK] = "own node empty, another not",
	[SHORTAGE_NOTHING] = "all nodes empty",
	[EXACT_BESIDE_POLICY] = "this node exactly, empty, with a policy",
	[NODE_FALLBACK] = "node asked for empty, another not",
	[NODE_EXACT_NOTHING] = "node asked for exactly, empty",
	[DRAIN_BEYOND_LIMIT] = "drained with slabs beyond the limit of a node without CPUs",
};

// ---- the policy

static unsigned next_member(const struct policy *policy, unsigned from)
{
	while (!((policy->nodes >> from) & 1))
		from = (from + 1) % topology.nr_nodes;
	return from;
}

static unsigned nearest_member(const struct policy *policy, unsigned here)
{
	unsigned i = 0;

	while (!((policy->nodes >> topology.zonelist[here][i]) & 1))
		i++;
	return topology.zonelist[here][i];
}

// What a thread's policy answers, and what it will answer next. POLICY_NONE: it has none.
static int ask_policy(struct policy *policy, unsigned here)
{
	unsigned node;

	if (policy->mode == SLAB_MPOL_DEFAULT)
		return POLICY_NONE;
	if (policy->mode == SLAB_MPOL_PREFERRED)
		return (int)next_member(policy, 0);
	if (policy->mode == SLAB_MPOL_BIND)
		return (int)nearest_member(policy, here);
	node = next_member(policy, policy->next);
	policy->next = (node + 1) % topology.nr_nodes;
	return (int)node;
}

static bool is_spread(const struct kmem_cache *cache, const struct policy *policy)
{
	return policy->is_spreading && (cache->flags & SLAB_MEM_SPREAD);
}

static int ask_first(const struct kmem_cache *cache, struct policy *policy, unsigned here)
{
	unsigned node = policy->spread_next % topology.nr_nodes;

	if (!is_spread(cache, policy))
		return ask_policy(policy, here);
	policy->spread_next = node + 1;
	return (int)node;
}

// ---- what there is

static bool can_grow(struct kmem_cache *cache, gfp_t flags, unsigned node)
{
	if (node > 0 && ((cache->allocflags | flags) & __GFP_DMA))
		return false;
	return topology.node_is_online[node] &&
	       (!slab_observer.may_grow || slab_observer.may_grow(cache, node));
}

static bool has_free(const struct kmem_cache *cache, unsigned node)
{
	return cache->node[node]->free_objects > 0;
}

static bool from_node(struct expected_object *expected, unsigned node)
{
	expected->origin = ORIGIN_NODE;
	expected->node = node;
	return true;
}

// Nodes from the policy's on that have free objects, else nodes from here on that have pages.
static bool expect_fallback(
	struct expected_object *expected, struct kmem_cache *cache, gfp_t flags, unsigned here)
{
	int from;

	if (flags & __GFP_THISNODE)
		return false;
	from = ask_policy(&expected->policy, here);
	if (from == POLICY_NONE)
		from = (int)here;
	for (unsigned i = 0; i < topology.nr_nodes; i++)
		if (has_free(cache, topology.zonelist[from][i]))
			return from_node(expected, topology.zonelist[from][i]);
	for (unsigned i = 0; i < topology.nr_nodes; i++)
		if (can_grow(cache, flags, topology.zonelist[here][i]))
			return from_node(expected, topology.zonelist[here][i]);
	return false;
}

static bool expect_from(struct expected_object *expected, struct kmem_cache *cache, gfp_t flags,
	unsigned node, unsigned here, enum rule fallback)
{
	if (has_free(cache, node) || can_grow(cache, flags, node))
		return from_node(expected, node);
	if (!expect_fallback(expected, cache, flags, here))
		return false;
	expected->rules[fallback] = true;
	return true;
}

static void from_array(
	struct expected_object *expected, enum origin origin, const struct array_cache *array)
{
	expected->origin = origin;
	expected->object = array->entry[array->avail - 1];
}

// Without asking a policy first.
static void expect_here(
	struct expected_object *expected, struct kmem_cache *cache, gfp_t flags, unsigned here)
{
	const struct array_cache *array = cpu_array(cache, cpu_slot(cpu_current()));
	const struct array_cache *shared = cache->node[here]->shared;

	expected->node = here;
	if (array->avail > 0)
		from_array(expected, ORIGIN_ARRAY, array);
	else if (shared && shared->avail > 0)
		from_array(expected, ORIGIN_SHARED, shared);
	else if (has_free(cache, here) || can_grow(cache, flags, here))
		expected->origin = ORIGIN_REFILL;
	else
		expected->rules[SHORTAGE_FALLBACK] = expect_fallback(expected, cache, flags, here);
}

// ---- allocations

static unsigned current_node(void)
{
	return cpu_slot(cpu_current())->node;
}

// The policy's own attempt gave nothing.
static void note_past_policy(struct expected_object *expected, const struct kmem_cache *cache)
{
	bool is_interleave = expected->policy.mode == SLAB_MPOL_INTERLEAVE;

	expected->rules[PAST_POLICY_TO_ARRAY] = expected->origin == ORIGIN_ARRAY;
	expected->rules[PAST_POLICY_TO_SHARED] = expected->origin == ORIGIN_SHARED;
	expected->rules[PAST_POLICY_TO_NOTHING] = expected->origin == ORIGIN_NONE;
	expected->rules[SPREAD_PAST_POLICY] = is_spread(cache, &expected->policy);
	expected->rules[INTERLEAVE_THRICE] = expected->origin == ORIGIN_NONE && is_interleave &&
					     !expected->rules[SPREAD_PAST_POLICY];
}

static void note_nothing(struct expected_object *expected, gfp_t flags)
{
	bool has_policy = expected->policy.mode != SLAB_MPOL_DEFAULT;

	expected->rules[SHORTAGE_NOTHING] = !(flags & __GFP_THISNODE) && !has_policy;
	expected->rules[EXACT_BESIDE_POLICY] = (flags & __GFP_THISNODE) && has_policy;
}

struct expected_object expect_alloc(struct kmem_cache *cache, gfp_t flags)
{
	struct expected_object expected = {.policy = policy_now()};
	unsigned here = current_node();
	bool is_asked = !(flags & __GFP_THISNODE);
	int node = is_asked ? ask_first(cache, &expected.policy, here) : POLICY_NONE;
	bool is_elsewhere = node != POLICY_NONE && (unsigned)node != here;

	if (is_elsewhere &&
		expect_from(&expected, cache, flags, (unsigned)node, here, POLICY_FALLBACK))
		return expected;
	expect_here(&expected, cache, flags, here);
	if (is_elsewhere)
		note_past_policy(&expected, cache);
	else if (expected.origin == ORIGIN_NONE)
		note_nothing(&expected, flags);
	return expected;
}

struct expected_object expect_alloc_node(struct kmem_cache *cache, gfp_t flags, int node)
{
	struct expected_object expected = {.policy = policy_now()};
	unsigned here = current_node();
	bool is_here = node < 0 || (unsigned)node == here;

	if (is_here)
		expect_here(&expected, cache, flags, here);
	else
		expect_from(&expected, cache, flags, (unsigned)node, here, NODE_FALLBACK);
	expected.rules[NODE_EXACT_NOTHING] =
		!is_here && expected.origin == ORIGIN_NONE && (flags & __GFP_THISNODE);
	return expected;
}

static bool is_same_policy(const struct policy *one, const struct policy *other)
{
	bool is_interleave = one->mode == SLAB_MPOL_INTERLEAVE;

	return (!is_interleave || next_member(one, one->next) == next_member(other, other->next)) &&
	       one->spread_next % topology.nr_nodes == other->spread_next % topology.nr_nodes;
}

const char *expectation_met(
	struct kmem_cache *cache, const struct expected_object *expected, const void *object)
{
	struct policy now = policy_now();

	for (unsigned rule = 0; rule < RULES; rule++)
		met[rule] += expected->rules[rule];
	if (!is_same_policy(&expected->policy, &now))
		return "the policy was asked more or less often than it should be";
	if (expected->origin == ORIGIN_NONE)
		return object ? "an object came where there should be none" : NULL;
	if (!object)
		return "NULL came where an object could be had";
	if (address_to_node(object) != expected->node)
		return "the object is of another node than it should be";
	if (expected->object && (const char *)object - cache->obj_offset != expected->object)
		return "another object came than the top of the array";
	return NULL;
}

// ---- draining

static struct {
	struct kmem_cache *cache; // NULL: none is awaited
	struct slab *slabs[SLABS_MAX]; // in the order in which they must go, node after node
	unsigned first[NODES_MAX]; // of a node's: the next to go
	unsigned end[NODES_MAX];
	bool is_quiet[NODES_MAX];
} drain;

static bool has_array_objects(const struct kmem_cache *cache, unsigned node)
{
	const struct array_cache *shared = cache->node[node]->shared;

	for_each_cpu(cpu)
		if (topology.cpu_node[cpu] == node && cpu_array(cache, cpu_slot(cpu))->avail > 0)
			return true;
	for (unsigned other = 0; other < topology.nr_nodes; other++) {
		struct alien_cache **alien = cache->node[other]->alien;

		if (alien && alien[node] && alien[node]->array.avail > 0)
			return true;
	}
	return shared && shared->avail > 0;
}

static void expect_node_drain(const struct kmem_cache *cache, unsigned node, unsigned *count)
{
	const struct kmem_cache_node *lists = cache->node[node];
	struct slab *slab;

	drain.first[node] = *count;
	drain.is_quiet[node] = topology.node_cpus[node] == 0 && !has_array_objects(cache, node) &&
			       *count + lists->free_slabs <= SLABS_MAX;
	if (drain.is_quiet[node])
		cds_list_for_each_entry_reverse(slab, &lists->slabs_free, list)
			drain.slabs[(*count)++] = slab;
	drain.end[node] = *count;
	met[DRAIN_BEYOND_LIMIT] += drain.is_quiet[node] && lists->free_slabs > 1 &&
				   lists->free_objects > lists->free_limit + cache->num;
}

void expect_drain(struct kmem_cache *cache)
{
	unsigned count = 0;

	drain.cache = cache;
	for (unsigned node = 0; node < topology.nr_nodes; node++)
		expect_node_drain(cache, node, &count);
}

const char *expectation_destroyed(struct kmem_cache *cache, struct slab *slab)
{
	unsigned node = slab_node(slab);

	if (cache != drain.cache || !drain.is_quiet[node])
		return NULL;
	if (drain.first[node] == drain.end[node] || drain.slabs[drain.first[node]] != slab)
		return "a free slab was destroyed out of turn";
	drain.first[node]++;
	return NULL;
}

const char *expectation_drained(void)
{
	drain.cache = NULL;
	for (unsigned node = 0; node < topology.nr_nodes; node++)
		if (drain.first[node] != drain.end[node])
			return "a free slab outlived the draining of everything";
	return NULL;
}

// ---- the count

bool rule_can_be_met(enum rule rule)
{
	if (rule == PAST_POLICY_TO_SHARED && !IS_ENABLED(CONFIG_SLAB_SHARED))
		return false;
	return topology.nr_nodes > 1 || rule == SHORTAGE_NOTHING || rule == EXACT_BESIDE_POLICY;
}

unsigned long rule_count(enum rule rule)
{
	return met[rule];
}

const char *rule_name(enum rule rule)
{
	return names[rule];
}

void rules_print(FILE *output)
{
	for (unsigned rule = 0; rule < RULES; rule++)
		fprintf(output, "%8lu  %s\n", met[rule], names[rule]);
}
