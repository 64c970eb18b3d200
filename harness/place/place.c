// SPDX-License-Identifier: GPL-2.0-or-later
// From the words of --slabmark_place to a list. A list of CPUs has commas of its own, so that words
// which are no names and stand side by side are one list.
#include "place.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cpu_list.h"
#include "results/text/memory.h"
#include "results/text/nearest.h"

enum { LIST_SIZE = 512, OFFER_SIZE = 512 };

static const char *const names[] = {"same-cpu", "smt", "smt-sibling", "same-cache", "same-node",
	"node-near", "node-far", "compact", "spread", "matrix", "all"};

enum { NAMES_COUNT = sizeof(names) / sizeof(names[0]) };

// Every relation of several threads that one name stands for.
#define RELATIONS_ALL (RELATION_BIT(RELATION_MATRIX) - 1 - RELATION_BIT(RELATION_ALONE))

void places_free(struct places *places)
{
	for (size_t i = 0; i < places->count; i++)
		hwloc_bitmap_free(places->items[i].cpus);
	free(places->items);
	*places = (struct places){.items = NULL};
}

static bool has_relation(const struct places *places, enum relation relation)
{
	for (size_t i = 0; i < places->count; i++)
		if (places->items[i].relation == relation)
			return true;
	return false;
}

// Takes over the CPUs.
static bool place_add(struct places *places, struct place place, struct problem *problem)
{
	struct place *items = array_grown(places->items, places->count, sizeof(*items));

	if (!items) {
		hwloc_bitmap_free(place.cpus);
		return no_memory(problem, "the placements");
	}
	places->items = items;
	items[places->count++] = place;
	return true;
}

// Each ordered pair of the nodes that have CPUs and memory.
static bool matrix_add(struct places *places, const struct sites *sites, struct problem *problem)
{
	for (size_t i = 0; i < sites->count; i++)
		for (size_t j = 0; site_stands_for_node(sites, i) && j < sites->count; j++)
			if (site_stands_for_node(sites, j) &&
				!place_add(places,
					(struct place){.relation = RELATION_MATRIX,
						.from = sites->rows[i].node,
						.to = sites->rows[j].node},
					problem))
				return false;
	return true;
}

static bool relation_add(struct places *places, enum relation relation, const struct sites *sites,
	struct problem *problem)
{
	if (has_relation(places, relation))
		return true;
	return relation == RELATION_MATRIX
		       ? matrix_add(places, sites, problem)
		       : place_add(places, (struct place){.relation = relation}, problem);
}

bool places_add(struct places *places, unsigned relations, const struct sites *sites,
	struct problem *problem)
{
	for (enum relation relation = 0; relation <= RELATION_MATRIX; relation++)
		if (relations & RELATION_BIT(relation) &&
			!relation_add(places, relation, sites, problem))
			return false;
	return true;
}

// ---- words

// The relations of a name; 0: it is none.
static unsigned relations_named(const char *name)
{
	if (strcmp(name, "all") == 0)
		return RELATIONS_ALL;
	if (strcmp(name, "smt") == 0)
		return RELATION_BIT(RELATION_SMT_SIBLING);
	for (enum relation relation = RELATION_SAME_CPU; relation <= RELATION_MATRIX; relation++)
		if (strcmp(name, relation_name(relation)) == 0)
			return RELATION_BIT(relation);
	return 0;
}

// A word of letters and dashes alone is a name that somebody mistyped, no list of CPUs.
static bool looks_like_a_name(const char *word)
{
	for (; *word; word++)
		if (!isalpha((unsigned char)*word) && *word != '-')
			return false;
	return true;
}

static bool refuse_name(const char *word, struct problem *problem)
{
	char offer[OFFER_SIZE];

	return problem_set(problem, EXIT_WRONG_USE, "--slabmark_place: unknown placement '%s'; %s",
		word, nearest_offer(offer, sizeof(offer), word, names, NAMES_COUNT));
}

static bool list_add(
	struct places *places, const char *list, const struct sites *sites, struct problem *problem)
{
	struct place place = {.relation = RELATION_CPUS, .cpus = hwloc_bitmap_alloc()};

	if (!place.cpus)
		return no_memory(problem, "the CPUs");
	for (size_t i = 0; i < sites->count; i++)
		hwloc_bitmap_set(place.cpus, sites->rows[i].cpu);
	if (cpu_list_choose(sites->topology, place.cpus, list, problem))
		return place_add(places, place, problem);
	hwloc_bitmap_free(place.cpus);
	return problem_locate(problem, "--slabmark_place");
}

// Adds the list that ends here, if there is one, and begins a new one.
static bool list_end(
	struct places *places, char *list, const struct sites *sites, struct problem *problem)
{
	bool is_good = list[0] == '\0' || list_add(places, list, sites, problem);

	list[0] = '\0';
	return is_good;
}

static bool list_extend(char list[LIST_SIZE], const char *word, struct problem *problem)
{
	size_t used = strlen(list);
	int added = snprintf(list + used, LIST_SIZE - used, "%s%s", used > 0 ? "," : "", word);

	return (size_t)added < LIST_SIZE - used ||
	       problem_set(problem, EXIT_WRONG_USE, "a list of CPUs may have at most %d characters",
		       LIST_SIZE - 1);
}

bool places_read(
	struct places *places, const char *text, const struct sites *sites, struct problem *problem)
{
	char list[LIST_SIZE] = "";
	bool is_good = true;

	for (const char *at = text; is_good && at; at = strchr(at, ',')) {
		char word[LIST_SIZE];

		at += at > text;
		snprintf(word, sizeof(word), "%.*s", (int)strcspn(at, ","), at);
		unsigned relations = relations_named(word);
		if (relations != 0)
			is_good = list_end(places, list, sites, problem) &&
				  places_add(places, relations, sites, problem);
		else if (looks_like_a_name(word))
			is_good = refuse_name(word, problem);
		else
			is_good = list_extend(list, word, problem);
	}
	return is_good && list_end(places, list, sites, problem);
}
