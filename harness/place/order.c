// SPDX-License-Identifier: GPL-2.0-or-later
// Both orders are sorts: each CPU gets its key first. In the list that they begin with, the CPUs of
// a node are neighbours, and those of a cache and of a core within it.
#include "order.h"

#include <stdint.h>
#include <stdlib.h>

#include "nodes.h"

struct key {
	uint64_t major;
	uint64_t minor;
	size_t place; // in the list: what is otherwise equal keeps its order
	const struct site *site;
};

static int compare(uint64_t left, uint64_t right)
{
	return left < right ? -1 : left > right;
}

static int compare_keys(const void *left_key, const void *right_key)
{
	const struct key *left = left_key;
	const struct key *right = right_key;
	int by_major = compare(left->major, right->major);
	int by_minor = compare(left->minor, right->minor);

	return by_major ? by_major : by_minor ? by_minor : compare(left->place, right->place);
}

static struct key *keys_make(const struct sites *sites)
{
	struct key *keys = calloc(sites->count, sizeof(*keys));

	for (size_t i = 0; keys && i < sites->count; i++)
		keys[i] = (struct key){.place = i, .site = &sites->rows[i]};
	return keys;
}

static struct site *sites_in_order(struct key *keys, size_t count)
{
	struct site *ordered = calloc(count, sizeof(*ordered));

	qsort(keys, count, sizeof(*keys), compare_keys);
	for (size_t i = 0; ordered && i < count; i++)
		ordered[i] = *keys[i].site;
	free(keys);
	return ordered;
}

struct site *order_compact(const struct sites *sites)
{
	struct key *keys = keys_make(sites);

	if (!keys)
		return NULL;
	for (size_t i = 0; i < sites->count; i++) {
		bool is_new = i == 0 || keys[i].site->node != keys[i - 1].site->node;

		if (keys[i].site->node == keys[0].site->node)
			keys[i].major = 0;
		else if (is_new)
			keys[i].major = nodes_distance(
				sites->topology, keys[0].site->node, keys[i].site->node);
		else
			keys[i].major = keys[i - 1].major;
		keys[i].minor = keys[i].site->node;
	}
	return sites_in_order(keys, sites->count);
}

// ---- spread

// The turn in which a cache's core comes, later the higher its hardware thread's number.
static void turns_within_caches(struct key *keys, size_t count)
{
	uint64_t turn = 0;

	for (size_t i = 0; i < count; i++) {
		const struct site *site = keys[i].site;
		bool is_new_cache =
			i == 0 || site->node != site[-1].node || site->cache != site[-1].cache;

		if (is_new_cache)
			turn = 0;
		else if (site->core != site[-1].core)
			turn++;
		keys[i].major = site->node;
		keys[i].minor = ((uint64_t)site->rank << 32) + turn;
	}
}

// The turn in which a node's CPU comes; keys are in the order of each node's turns.
static void turns_within_nodes(struct key *keys, size_t count)
{
	uint64_t turn = 0;

	for (size_t i = 0; i < count; i++) {
		bool is_new_node = i == 0 || keys[i].site->node != keys[i - 1].site->node;

		turn = is_new_node ? 0 : turn + 1;
		keys[i].major = turn;
		keys[i].minor = keys[i].site->node;
	}
}

struct site *order_spread(const struct sites *sites)
{
	struct key *keys = keys_make(sites);

	if (!keys)
		return NULL;
	turns_within_caches(keys, sites->count);
	qsort(keys, sites->count, sizeof(*keys), compare_keys);
	turns_within_nodes(keys, sites->count);
	return sites_in_order(keys, sites->count);
}
