// SPDX-License-Identifier: GPL-2.0-or-later
// From relations to CPUs. Entry: placement_choose(). The list of usable hardware threads has the
// preferred ones first; the first CPUs in that order that have the relation are taken, so that each
// call finds some if there are any, and the same.
//
// Threads take seats: partners (those of one index in their roles) sit side by side. A relation is an
// order of CPUs, and thread by thread the seats are filled with them.
//
// Example, two nodes of two cores with two hardware threads each (c0: 0,1; c1: 2,3 | c2: 4,5; c3:
// 6,7): alone is 2; smt-sibling 2 and 3; same-node 2 and 0; node-near 2 and 6; four threads compact
// 2 3 0 1, spread 2 6 0 4.
#include "placement.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "nodes.h"
#include "order.h"

// What is being placed.
struct seating {
	struct placement *placement;
	const struct sites *sites;
	const struct placement_request *request;
	unsigned *threads; // [seat]: the thread that sits there
	char *reason;
	size_t reason_size;
};

// ---- how far two nodes are

// The least and the greatest distance between two nodes that both have usable CPUs. False: there is
// only one such node.
static bool distance_range(const struct sites *sites, uint64_t *least, uint64_t *greatest)
{
	*least = UINT64_MAX;
	*greatest = 0;
	for (size_t i = 0; i < sites->count; i++) {
		if (!site_stands_for_node(sites, i))
			continue;
		for (size_t j = i + 1; j < sites->count; j++) {
			uint64_t distance;

			if (!site_stands_for_node(sites, j))
				continue;
			distance = nodes_distance(
				sites->topology, sites->rows[i].node, sites->rows[j].node);
			*least = distance < *least ? distance : *least;
			*greatest = distance > *greatest ? distance : *greatest;
		}
	}
	return *least != UINT64_MAX;
}

// ---- seats

// Side by side: the first thread of each role, the second of each, and so on.
static void seats_fill(struct seating *seating)
{
	const struct placement_request *request = seating->request;
	unsigned seat = 0;

	for (unsigned index = 0; seat < seating->placement->threads_count; index++) {
		unsigned first = 0;

		for (size_t role = 0; role < request->roles_count; role++) {
			if (index < request->counts[role])
				seating->threads[seat++] = first + index;
			first += request->counts[role];
		}
	}
}

static void seat_take(struct seating *seating, unsigned seat, const struct site *site)
{
	seating->placement->threads[seating->threads[seat]] = *site;
}

// Of a benchmark over two nodes, whether the thread in this seat is on the second: that of a later
// role than the first, or of a single role every second thread.
static bool is_on_second(const struct seating *seating, unsigned seat)
{
	const struct placement_request *request = seating->request;

	return request->roles_count > 1 ? seating->threads[seat] >= request->counts[0]
					: seat % 2 == 1;
}

__attribute__((format(printf, 2, 3))) static bool lacks(
	const struct seating *seating, const char *format, ...)
{
	const struct sites *sites = seating->sites;
	char what[128];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(what, sizeof(what), format, arguments);
	va_end(arguments);
	if (sites->count == 1)
		snprintf(seating->reason, seating->reason_size,
			"needs %s; this process may use CPU %u only", what, sites->rows[0].cpu);
	else
		snprintf(seating->reason, seating->reason_size,
			"needs %s; the %zu CPUs that this process may use have none", what,
			sites->count);
	return false;
}

// "two", "17".
static const char *number_word(unsigned number, char word[16])
{
	if (number == 2)
		return "two";
	snprintf(word, 16, "%u", number);
	return word;
}

// ---- groups that share something

// What every two cores of a group must be.
enum wish {
	WISH_SHARED_CACHE,
	WISH_NODE_WITHOUT_CACHE,
	WISH_NODE,
};

static bool pair_is(const struct site *first, const struct site *second, enum wish wish)
{
	bool is_same_memory = first->node == second->node;
	bool is_same_node = first->home == second->home && first->home != SITE_NONE;
	bool is_same_cache = first->cache == second->cache && first->cache != SITE_NONE;

	// One hardware thread stands for each core.
	if (first->core == second->core || first->rank != 0 || second->rank != 0)
		return false;
	switch (wish) {
	case WISH_SHARED_CACHE:
		return is_same_memory && is_same_cache;
	case WISH_NODE_WITHOUT_CACHE:
		return is_same_node && !is_same_cache;
	default:
		return is_same_node;
	}
}

// Seats all threads on the first site that has enough others of the wish, and on these. Sites of one
// group are neighbours in the list, so that few groups are tried twice.
static bool seat_group(struct seating *seating, enum wish wish)
{
	const struct sites *sites = seating->sites;
	unsigned wanted = seating->placement->threads_count;

	for (size_t i = 0; i < sites->count; i++) {
		const struct site *first = &sites->rows[i];
		unsigned seat = 1;

		if (first->rank != 0 || (wanted > 2 && i > 0 && pair_is(first - 1, first, wish)))
			continue;
		for (size_t j = 0; j < sites->count && seat < wanted; j++)
			if (pair_is(first, &sites->rows[j], wish))
				seat_take(seating, seat++, &sites->rows[j]);
		seat_take(seating, 0, first);
		if (seat == wanted)
			return true;
	}
	return false;
}

// Pairs of hardware threads of one core, core by core.
static bool seat_siblings(struct seating *seating)
{
	const struct sites *sites = seating->sites;
	unsigned wanted = seating->placement->threads_count;
	unsigned seat = 0;

	for (size_t i = 0; i + 1 < sites->count && seat < wanted; i++) {
		const struct site *site = &sites->rows[i];

		if (site->rank != 0 || site[1].core != site->core)
			continue;
		seat_take(seating, seat++, site);
		if (seat < wanted)
			seat_take(seating, seat++, site + 1);
	}
	return seat == wanted;
}

// ---- two nodes

// The next core of a node in the list, from *at on; NULL: there is none.
static const struct site *next_core(const struct sites *sites, unsigned node, size_t *at)
{
	while (*at < sites->count) {
		const struct site *site = &sites->rows[(*at)++];

		if (site->node == node && site->rank == 0 && site_has_memory(site))
			return site;
	}
	return NULL;
}

static bool seat_two_nodes(struct seating *seating, unsigned first, unsigned second)
{
	size_t ats[] = {0, 0};
	size_t *second_at = first == second ? &ats[0] : &ats[1];

	for (unsigned seat = 0; seat < seating->placement->threads_count; seat++) {
		const struct site *site = is_on_second(seating, seat)
						  ? next_core(seating->sites, second, second_at)
						  : next_core(seating->sites, first, &ats[0]);

		if (!site)
			return false;
		seat_take(seating, seat, site);
	}
	return true;
}

// The first two nodes of this distance that have room.
static bool seat_at_distance(struct seating *seating, uint64_t distance)
{
	const struct sites *sites = seating->sites;

	for (size_t i = 0; i < sites->count; i++)
		for (size_t j = 0; site_stands_for_node(sites, i) && j < sites->count; j++)
			if (j != i && site_stands_for_node(sites, j) &&
				nodes_distance(sites->topology, sites->rows[i].node,
					sites->rows[j].node) == distance &&
				seat_two_nodes(seating, sites->rows[i].node, sites->rows[j].node))
				return true;
	return false;
}

static bool lacks_nodes(const struct seating *seating)
{
	return seating->placement->threads_count == 2
		       ? lacks(seating, "CPUs of two nodes")
		       : lacks(seating, "two nodes with cores for %u threads",
				 seating->placement->threads_count);
}

static bool seat_nodes(struct seating *seating)
{
	bool is_near = seating->request->relation == RELATION_NODE_NEAR;
	uint64_t least = 0;
	uint64_t greatest = 0;

	if (!distance_range(seating->sites, &least, &greatest))
		return lacks(seating, "CPUs of two nodes");
	if (is_near || least < greatest)
		return seat_at_distance(seating, is_near ? least : greatest) ||
		       lacks_nodes(seating);
	snprintf(seating->reason, seating->reason_size,
		"every two nodes are equally far: node-near says it all");
	return false;
}

static bool seat_matrix(struct seating *seating)
{
	const struct placement_request *request = seating->request;

	if (request->roles_count < 2)
		snprintf(seating->reason, seating->reason_size,
			"hands nothing from thread to thread");
	else if (seat_two_nodes(seating, request->from, request->to))
		return true;
	else if (request->from == request->to)
		snprintf(seating->reason, seating->reason_size, "needs %u cores of node %u",
			seating->placement->threads_count, request->from);
	else
		snprintf(seating->reason, seating->reason_size,
			"needs %u cores of node %u and %u of node %u", request->counts[0],
			request->from, seating->placement->threads_count - request->counts[0],
			request->to);
	return false;
}

// ---- CPUs that the user names

static int compare_cpus(const void *left, const void *right)
{
	unsigned left_cpu = ((const struct site *)left)->cpu;
	unsigned right_cpu = ((const struct site *)right)->cpu;

	return left_cpu < right_cpu ? -1 : left_cpu > right_cpu;
}

// Thread by thread on the CPUs in their order.
static bool seat_cpus(struct seating *seating)
{
	const struct sites *sites = seating->sites;
	unsigned wanted = seating->placement->threads_count;
	struct site *named = calloc(sites->count, sizeof(*named));
	size_t count = 0;

	for (size_t i = 0; named && i < sites->count; i++)
		if (hwloc_bitmap_isset(seating->request->cpus, sites->rows[i].cpu))
			named[count++] = sites->rows[i];
	if (!named)
		snprintf(seating->reason, seating->reason_size, "no memory for the CPUs");
	else if (count < wanted)
		snprintf(seating->reason, seating->reason_size, "needs %u CPUs; the list names %zu",
			wanted, count);
	else
		qsort(named, count, sizeof(*named), compare_cpus);
	for (unsigned thread = 0; count >= wanted && thread < wanted; thread++)
		seating->placement->threads[thread] = named[thread];
	free(named);
	return count >= wanted;
}

// ---- all CPUs, in an order

static bool seat_in_order(struct seating *seating)
{
	const struct sites *sites = seating->sites;
	unsigned wanted = seating->placement->threads_count;
	struct site *ordered = seating->request->relation == RELATION_SPREAD ? order_spread(sites)
									     : order_compact(sites);

	if (wanted > sites->count)
		snprintf(seating->reason, seating->reason_size,
			"needs %u CPUs; this process may use %zu", wanted, sites->count);
	else if (!ordered)
		snprintf(seating->reason, seating->reason_size, "no memory for the CPUs' order");
	for (unsigned seat = 0; ordered && wanted <= sites->count && seat < wanted; seat++)
		seat_take(seating, seat, &ordered[seat]);
	free(ordered);
	return seating->reason[0] == '\0';
}

// ---- a request

static bool seat_all(struct seating *seating)
{
	unsigned threads = seating->placement->threads_count;
	char word[16];

	switch (seating->request->relation) {
	case RELATION_ALONE:
	case RELATION_SAME_CPU:
		for (unsigned seat = 0; seat < threads; seat++)
			seat_take(seating, seat, &seating->sites->rows[0]);
		return true;
	case RELATION_SMT_SIBLING:
		return seat_siblings(seating) ||
		       lacks(seating, "%s hardware threads of %s", number_word(threads, word),
			       threads == 2 ? "one core" : "cores that have two");
	case RELATION_SAME_CACHE:
		return seat_group(seating, WISH_SHARED_CACHE) ||
		       lacks(seating, "%s cores behind one shared cache",
			       number_word(threads, word));
	case RELATION_SAME_NODE:
		return (threads == 2 && seat_group(seating, WISH_NODE_WITHOUT_CACHE)) ||
		       seat_group(seating, WISH_NODE) ||
		       lacks(seating, "%s cores of one node", number_word(threads, word));
	case RELATION_COMPACT:
	case RELATION_SPREAD:
		return seat_in_order(seating);
	case RELATION_MATRIX:
		return seat_matrix(seating);
	case RELATION_CPUS:
		return seat_cpus(seating);
	default:
		return seat_nodes(seating);
	}
}

bool placement_choose(struct placement *placement, const struct sites *sites,
	const struct placement_request *request, char *reason, size_t reason_size)
{
	struct seating seating = {.placement = placement,
		.sites = sites,
		.request = request,
		.reason = reason,
		.reason_size = reason_size};
	bool is_good = false;

	*placement = (struct placement){.relation = request->relation};
	for (size_t role = 0; role < request->roles_count; role++)
		placement->threads_count += request->counts[role];
	placement->threads = calloc(placement->threads_count, sizeof(*placement->threads));
	seating.threads = calloc(placement->threads_count, sizeof(*seating.threads));
	placement->nodes = hwloc_bitmap_alloc();
	reason[0] = '\0';
	if (placement->threads && placement->nodes && seating.threads) {
		seats_fill(&seating);
		is_good = seat_all(&seating);
		for (unsigned i = 0; is_good && i < placement->threads_count; i++)
			hwloc_bitmap_set(placement->nodes, placement->threads[i].node);
	} else {
		snprintf(reason, reason_size, "no memory for %u threads", placement->threads_count);
	}
	free(seating.threads);
	return is_good;
}

void placement_free(struct placement *placement)
{
	free(placement->threads);
	hwloc_bitmap_free(placement->nodes);
	*placement = (struct placement){.threads = NULL};
}
