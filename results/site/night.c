// SPDX-License-Identifier: GPL-2.0-or-later
// The nights that the site is about, one a machine: which session, how its configs compare with each
// other, and how it stands against the nights before. Entries: site_nights_find(), site_nights().
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/document/facts.h"
#include "results/gate/gate.h"
#include "results/text/memory.h"
#include "results/text/timestamp.h"
#include "site.h"

// What a night is held against: so many nights before it that measured the same.
#define BASELINE "rolling:7"

enum { MOVERS_MAX = 60 }; // rows of a night's judgement in the index

// ---- which

static const char *machine_of(const json_t *session)
{
	const char *machine =
		json_string_value(json_array_get(json_object_get(session, "machines"), 0));

	return machine ? machine : "unknown";
}

static struct night *night_of(struct site *site, const char *machine)
{
	for (size_t i = 0; i < site->nights_count; i++) {
		if (strcmp(site->nights[i].machine, machine) == 0)
			return &site->nights[i];
	}
	return NULL;
}

static bool night_add(struct site *site, const json_t *session, bool is_asked)
{
	struct night *nights = array_grown(site->nights, site->nights_count, sizeof(*nights));

	if (!nights)
		return no_memory(site->problem, "the site");
	site->nights = nights;
	nights[site->nights_count++] = (struct night){
		.session = json_integer_value(json_object_get(session, "session")),
		.machine = machine_of(session),
		.is_asked = is_asked,
	};
	return true;
}

// From the newest session to the oldest, the first of each machine; one that was asked for is taken
// for its machine, whatever it was for.
static bool nights_choose(struct site *site)
{
	int64_t asked = site->options->session;
	size_t count = json_array_size(site->sessions);

	for (size_t i = 0; asked && i < count; i++) {
		const json_t *session = json_array_get(site->sessions, i);

		if (json_integer_value(json_object_get(session, "session")) == asked &&
			!night_add(site, session, true))
			return false;
	}
	if (asked && site->nights_count == 0)
		return problem_set(site->problem, EXIT_WRONG_USE, "%s: there is no session %lld",
			store_name(site->store), (long long)asked);
	for (size_t i = count; i-- > 0;) {
		const json_t *session = json_array_get(site->sessions, i);

		if (json_is_null(json_object_get(session, "purpose")) &&
			json_integer_value(json_object_get(session, "processes")) > 0 &&
			!night_of(site, machine_of(session)) && !night_add(site, session, false))
			return false;
	}
	return true;
}

static bool night_has(const struct night *night, const char *config)
{
	for (size_t i = 0; i < night->configs.count; i++) {
		if (strcmp(night->configs.items[i], config) == 0)
			return true;
	}
	return false;
}

// ---- what is known of its machine and its configs

static void facts_add(json_t *json, const json_t *context, enum fact_kind kind)
{
	for (size_t i = 0; i < facts_count; i++) {
		const char *value = json_string_value(json_object_get(context, facts[i].name));

		if (fact_is(&facts[i], FACT_SHOWN) && facts[i].kind == kind && value)
			json_object_set_new(json, facts[i].name, json_string(value));
	}
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

// A config says in its description what it is beside SLAB.
static const char *family_of(const char *description)
{
	if (begins(description, "peer:"))
		return "peer";
	return begins(description, "floor:") ? "floor" : "slab";
}

static void config_describe(struct site *site, const struct store_build *build)
{
	json_t *config = json_array_get(site->configs, site_place(site->configs, build->config));
	const char *description = context_fact(build->context, "config_description");
	const char *simulated = context_fact(build->context, "simulated");

	if (json_object_get(config, "family"))
		return;
	json_object_set_new(config, "description", json_string(description));
	json_object_set_new(config, "family", json_string(family_of(description)));
	if (strcmp(simulated, "no") != 0 && strcmp(simulated, "unknown") != 0)
		json_object_set_new(config, "simulated", json_string(simulated));
}

// A topology as hwloc's synthetic description has it is a fact of its own kind: it is drawn.
static void machine_describe(
	struct site *site, const struct night *night, const struct store_build *build)
{
	json_t *machine =
		json_array_get(site->machines, site_place(site->machines, night->machine));
	json_t *facts_of = json_object();
	json_t *topology = json_object_get(build->context, "topology");

	facts_add(facts_of, build->context, FACT_MACHINE);
	facts_add(facts_of, build->context, FACT_BUILD);
	facts_add(facts_of, build->context, FACT_PROCESS);
	json_object_set_new(machine, "facts", facts_of);
	json_object_set_new(machine, "night", json_integer(night->session));
	if (topology)
		json_object_set(machine, "topology", topology);
}

static bool night_describe(struct site *site, struct night *night)
{
	struct store_builds builds = {0};
	bool is_good = store_session_builds(site->store, night->session, &builds, site->problem);

	for (size_t i = 0; is_good && i < builds.count; i++)
		config_describe(site, &builds.items[i]);
	if (is_good && builds.count > 0)
		machine_describe(site, night, &builds.items[0]);
	store_builds_free(&builds);
	return is_good;
}

bool site_nights_find(struct site *site)
{
	const char *base = site->options->base ? site->options->base : "default";
	const struct compare_options asked = {.sides = &site->options->base, .sides_count = 1};

	if (site->options->base && !compare_configs_check(site->store, &asked, site->problem))
		return false;
	if (!nights_choose(site))
		return false;
	for (size_t i = 0; i < site->nights_count; i++) {
		struct night *night = &site->nights[i];

		if (!store_session_configs(
			    site->store, night->session, &night->configs, site->problem) ||
			!night_describe(site, night))
			return false;
		night->base = night_has(night, base)     ? base
			      : night->configs.count > 0 ? night->configs.items[0]
							 : base;
	}
	return true;
}

// ---- the configs against each other

// The session's configs, this one first.
static size_t base_first(const struct night *night, const char *base, const char **configs)
{
	size_t count = 0;

	configs[count++] = base;
	for (size_t i = 0; i < night->configs.count; i++) {
		if (strcmp(night->configs.items[i], base) != 0)
			configs[count++] = night->configs.items[i];
	}
	return count;
}

// What the workload itself costs.
static const char FLOOR[] = "null";

static bool has_config(const struct night *night, const char *config)
{
	for (size_t i = 0; i < night->configs.count; i++)
		if (strcmp(night->configs.items[i], config) == 0)
			return true;
	return false;
}

static bool compare_with(struct site *site, const struct night *night, const char *base,
	struct comparison **comparison, struct problem *problem)
{
	static const char *const ALL[] = {"all"};
	struct compare_options options = {
		.session = night->session, .alpha = COMPARE_ALPHA_DEFAULT, .is_page = true};
	const char **configs = calloc(night->configs.count + 1, sizeof(*configs));
	bool is_good;

	if (!configs)
		return no_memory(problem, "the site");
	options.sides = configs;
	options.sides_count = base_first(night, base, configs);
	options.floor = has_config(night, FLOOR) ? FLOOR : NULL;
	if (strcmp(base, night->base) == 0) {
		options.counters = ALL;
		options.counters_count = 1;
	}
	is_good = compare_make(site->store, &options, comparison, problem);
	free(configs);
	return is_good;
}

// Adds the comparison of a night with one of its configs as base. A base that has nothing in common
// with the others is none.
static void base_add(struct site *site, struct night *night, const char *base, json_t *bases)
{
	size_t place = site_place(site->configs, base);
	struct comparison *comparison = NULL;
	struct problem problem = {0};
	char name[CHUNK_NAME_SIZE];

	if (!compare_with(site, night, base, &comparison, &problem)) {
		if (strcmp(base, night->base) == 0)
			night->why_not = problem;
		return;
	}
	(void)snprintf(name, sizeof(name), "compare/%lld-%zu", (long long)night->session, place);
	chunk_add(&site->chunks, name, compare_json(comparison));
	json_array_append_new(bases, json_integer((json_int_t)place));
	if (strcmp(base, night->base) == 0)
		night->comparison = comparison;
	else
		comparison_free(comparison);
}

// ---- the night against those before

static int mover_order(const void *left, const void *right)
{
	double a = json_number_value(json_object_get(*(json_t *const *)left, "weight"));
	double b = json_number_value(json_object_get(*(json_t *const *)right, "weight"));

	return (a < b) - (a > b);
}

// How far up a row stands: those that changed by their size, before all others.
static double weight_of(const json_t *row)
{
	const char *outcome = json_string_value(json_object_get(row, "outcome"));
	double ratio = json_number_value(json_object_get(row, "ratio"));
	bool is_quiet = strcmp(outcome, gate_outcome_name(GATE_SAME)) == 0 ||
			strcmp(outcome, gate_outcome_name(GATE_UNDECIDED)) == 0;

	return is_quiet ? -1 : ratio > 0 ? (ratio > 1 ? ratio : 1 / ratio) : 1;
}

// The rows that changed, the largest movers first.
static json_t *movers_json(const json_t *rows)
{
	size_t count = 0;
	json_t **sorted = (json_t **)calloc(json_array_size(rows) + 1, sizeof(json_t *));
	json_t *movers = sorted ? json_array() : NULL;
	size_t i;
	json_t *row;

	json_array_foreach(rows, i, row)
	{
		double weight = weight_of(row);

		if (!sorted || weight < 0)
			continue;
		sorted[count] = json_copy(row);
		json_object_set_new(sorted[count++], "weight", json_real(weight));
	}
	if (count > 0)
		qsort((void *)sorted, count, sizeof(json_t *), mover_order);
	for (i = 0; i < count; i++) {
		json_object_del(sorted[i], "weight");
		if (i < MOVERS_MAX)
			json_array_append(movers, sorted[i]);
		json_decref(sorted[i]);
	}
	free((void *)sorted);
	return movers;
}

static void series_ids_add(const struct night *night, json_t *rows, const char *name_of)
{
	size_t i;
	json_t *row;
	char id[SERIES_ID_SIZE];

	json_array_foreach(rows, i, row)
	{
		site_series_id(json_string_value(json_object_get(row, name_of)),
			json_string_value(json_object_get(row, "config")), night->machine, id);
		json_object_set_new(row, "id", json_string(id));
	}
}

static json_t *gate_of(struct site *site, struct night *night)
{
	const struct gate_options options = {.session = night->session,
		.baseline = BASELINE,
		.margin = COMPARE_MARGIN_CALIBRATED,
		.alpha = COMPARE_ALPHA_DEFAULT};
	struct gate *gate = NULL;
	json_t *json = NULL;
	char name[CHUNK_NAME_SIZE];

	if (!gate_make(site->store, &options, &gate, &night->why_no_gate))
		return NULL;
	json = gate_json(gate);
	if (json && gate->refusal)
		json_object_set_new(json, "refusal", json_string(gate->refusal));
	gate_free(gate);
	series_ids_add(night, json_object_get(json, "rows"), "series");
	(void)snprintf(name, sizeof(name), "gate/%lld", (long long)night->session);
	chunk_add(&site->chunks, name, json_incref(json));
	return json;
}

// The judgement as the index has it: without the rows in which nothing moved.
static json_t *gate_summary(const struct night *night)
{
	json_t *summary;

	if (!night->gate)
		return json_pack("{s:s}", "why_not", night->why_no_gate.text);
	summary = json_copy(night->gate);
	json_object_set_new(summary, "judged",
		json_integer((json_int_t)json_array_size(json_object_get(night->gate, "rows"))));
	json_object_set_new(summary, "rows", movers_json(json_object_get(night->gate, "rows")));
	return summary;
}

// ---- the index

static json_t *compare_summary(const struct night *night)
{
	json_t *whole;
	json_t *summary;

	if (!night->comparison)
		return json_pack("{s:s}", "why_not", night->why_not.text);
	whole = compare_json(night->comparison);
	summary = json_copy(whole);
	json_object_del(summary, "rows");
	json_object_del(summary, "figures");
	json_object_del(summary, "configs");
	json_object_set_new(summary, "rows_count",
		json_integer((json_int_t)json_array_size(json_object_get(whole, "rows"))));
	json_decref(whole);
	return summary;
}

static json_t *night_json(struct site *site, const struct night *night, json_t *bases)
{
	const struct history_session *known = history_session_find(&site->history, night->session);
	json_t *configs = json_array();

	for (size_t i = 0; i < night->configs.count; i++)
		json_array_append_new(configs, json_integer((json_int_t)site_place(
						       site->configs, night->configs.items[i])));
	return json_pack("{s:I, s:I, s:I, s:I, s:s?, s:o, s:o, s:o, s:o}", "session",
		(json_int_t)night->session, "machine",
		(json_int_t)site_place(site->machines, night->machine), "base",
		(json_int_t)site_place(site->configs, night->base), "started",
		known ? (json_int_t)(known->started_unix_ns / NS_A_SECOND) : 0, "commit",
		known ? known->commit : NULL, "configs", configs, "bases", bases, "gate",
		gate_summary(night), "compare", compare_summary(night));
}

// How much of a night is for the worse: it then stands before others.
static json_int_t badness(const struct night *night)
{
	static const enum gate_outcome BAD[] = {GATE_REGRESSION, GATE_WARNED, GATE_UNCONFIRMED};
	const json_t *counts = json_object_get(night->gate, "counts");
	json_int_t sum = 0;

	for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++)
		sum += json_integer_value(json_object_get(counts, gate_outcome_name(BAD[i])));
	return sum;
}

// The one that was asked for, the bad ones, the newest ones.
static int night_order(const void *left, const void *right)
{
	const struct night *a = left;
	const struct night *b = right;

	if (a->is_asked != b->is_asked)
		return b->is_asked - a->is_asked;
	if (badness(a) != badness(b))
		return badness(a) < badness(b) ? 1 : -1;
	return a->session < b->session ? 1 : -1;
}

static void nights_judge(struct site *site)
{
	for (size_t i = 0; i < site->nights_count; i++)
		site->nights[i].gate = gate_of(site, &site->nights[i]);
	if (site->nights_count > 1)
		qsort(site->nights, site->nights_count, sizeof(*site->nights), night_order);
}

bool site_nights(struct site *site, json_t *index)
{
	json_t *nights = json_array();

	nights_judge(site);
	for (size_t i = 0; i < site->nights_count; i++) {
		struct night *night = &site->nights[i];
		json_t *bases = json_array();

		for (size_t k = 0; k < night->configs.count; k++) {
			const char *base = night->configs.items[k];

			if (!site->is_brief || strcmp(base, night->base) == 0)
				base_add(site, night, base, bases);
		}
		json_array_append_new(nights, night_json(site, night, bases));
	}
	json_object_set_new(index, "nights", nights);
	return true;
}

void site_nights_free(struct site *site)
{
	for (size_t i = 0; i < site->nights_count; i++) {
		store_names_free(&site->nights[i].configs);
		comparison_free(site->nights[i].comparison);
		json_decref(site->nights[i].gate);
	}
	free(site->nights);
}
