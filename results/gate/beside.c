// SPDX-License-Identifier: GPL-2.0-or-later
// Side by side: the baseline's builds and the judged ones in the same rounds of one session. Which
// sides of a session those are, and their comparison, which rounds pair. Entries:
// gate_pairs_of_commit(), gate_beside_load().
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "results/compare/layouts.h"
#include "results/compare/looks.h"
#include "results/statistics/statistics.h"
#include "results/text/memory.h"
#include "results/text/side.h"

enum { COMMIT_LENGTH_SURE = 12, WORD_SIZE = 4096 };

// ---- pairs

void gate_pairs_free(struct gate_pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++) {
		free(pairs->items[i].config);
		free(pairs->items[i].baseline);
		free(pairs->items[i].head);
	}
	free(pairs->items);
	*pairs = (struct gate_pairs){0};
}

static bool pair_add(struct gate_pairs *pairs, const char *config, const char *baseline,
	const char *head, struct problem *problem)
{
	struct gate_pair *items = array_grown(pairs->items, pairs->count, sizeof(*items));
	struct gate_pair *added;

	if (!items)
		return no_memory(problem, "the gate");
	pairs->items = items;
	added = &items[pairs->count++];
	*added = (struct gate_pair){strdup(config), strdup(baseline), strdup(head)};
	return (added->config && added->baseline && added->head) || no_memory(problem, "the gate");
}

const char *gate_pairs_config(const struct gate_pairs *pairs, const char *side, bool is_baseline)
{
	for (size_t i = 0; i < pairs->count; i++) {
		const struct gate_pair *pair = &pairs->items[i];

		if (strcmp(is_baseline ? pair->baseline : pair->head, side) == 0)
			return pair->config;
	}
	return NULL;
}

static const char *commit_of(const struct store_build *build)
{
	return json_string_value(json_object_get(build->context, "commit"));
}

// Whether both are one commit: of names in full and cut short the same beginning. What lies on top of
// a commit ("-dirty") is none.
static bool is_same_commit(const char *one, const char *two)
{
	if (strcmp(one, two) == 0)
		return true;
	return strlen(one) >= COMMIT_LENGTH_SURE && strlen(two) >= COMMIT_LENGTH_SURE &&
	       !strchr(one, '-') && !strchr(two, '-') && strncmp(one, two, COMMIT_LENGTH_SURE) == 0;
}

// A commit that nobody recorded may be any.
static bool may_be_of(const struct store_build *build, const char *commit)
{
	const char *recorded = commit_of(build);

	return !commit || !recorded || is_same_commit(recorded, commit);
}

// The side of the judged build: the config itself, else another build of it of the judged commit.
static const char *head_find(const struct store_builds *builds, const struct gate *gate,
	const char *config, const char *baseline)
{
	const char *found = NULL;

	for (size_t i = 0; i < builds->count; i++) {
		const struct store_build *build = &builds->items[i];

		if (!may_be_of(build, gate->session_commit) || strcmp(build->config, baseline) == 0)
			continue;
		if (strcmp(build->config, config) == 0)
			return build->config;
		if (!found && side_is_build_of(build->config, config))
			found = build->config;
	}
	return found;
}

// What tells the baseline's side: its commit, or a word that names it.
struct baseline_wish {
	const char *commit;
	const char *word; // NULL: the commit counts
};

static bool is_wished(const struct baseline_wish *wish, const struct store_build *build)
{
	char whole[WORD_SIZE];

	if (!side_kind(build->config))
		return false;
	if (!wish->word)
		return may_be_of(build, wish->commit);
	(void)snprintf(whole, sizeof(whole), "%.*s%s", (int)side_config_length(build->config),
		build->config, wish->word);
	return side_is_named(build->config, wish->word) || side_is_named(build->config, whole);
}

static bool pairs_find(struct store *store, const struct gate *gate, int64_t session,
	const struct baseline_wish *wish, struct gate_pairs *pairs, struct problem *problem)
{
	struct store_builds builds;
	bool is_good = store_session_builds(store, session, &builds, problem);

	*pairs = (struct gate_pairs){0};
	for (size_t i = 0; is_good && i < builds.count; i++) {
		const char *side = builds.items[i].config;
		char *config = strndup(side, side_config_length(side));
		const char *head;

		if (!config) {
			is_good = no_memory(problem, "the gate");
			break;
		}
		head = is_wished(wish, &builds.items[i]) && !gate_pairs_config(pairs, side, true)
			       ? head_find(&builds, gate, config, side)
			       : NULL;
		if (head && !gate_pairs_config(pairs, head, false))
			is_good = pair_add(pairs, config, side, head, problem);
		free(config);
	}
	store_builds_free(&builds);
	if (!is_good)
		gate_pairs_free(pairs);
	return is_good;
}

bool gate_pairs_of_commit(struct store *store, const struct gate *gate, int64_t session,
	const char *commit, struct gate_pairs *pairs, struct problem *problem)
{
	const struct baseline_wish wish = {.commit = commit};

	return pairs_find(store, gate, session, &wish, pairs, problem);
}

bool gate_pairs_asked(struct store *store, const struct gate *gate, struct gate_pairs *pairs,
	struct problem *problem)
{
	static const char COMMIT[] = "commit:";
	bool is_commit = strncmp(gate->asked, COMMIT, strlen(COMMIT)) == 0;
	char word[WORD_SIZE];
	const struct baseline_wish wish = {.word = word};

	(void)snprintf(
		word, sizeof(word), "%s%s", is_commit ? "@" : "", strchr(gate->asked, ':') + 1);
	return pairs_find(store, gate, gate->session, &wish, pairs, problem);
}

// ---- the comparison

struct placing {
	const struct gate *gate;
	const struct gate_pairs *pairs;
	char *row; // of the sample before
};

static bool sample_place(void *context, const struct store_source *source,
	struct compare_place *place, struct problem *problem)
{
	struct placing *placing = context;
	const char *of_baseline = gate_pairs_config(placing->pairs, source->config, true);
	const char *config = of_baseline ? of_baseline
					 : gate_pairs_config(placing->pairs, source->config, false);

	if (!config || !gate_source_counts(placing->gate, source))
		return true;
	free(placing->row);
	placing->row = gate_row_key(source->name, config);
	if (!placing->row)
		return no_memory(problem, "the gate");
	place->side = of_baseline ? GATE_SIDE_BASELINE : GATE_SIDE_SESSION;
	place->row = placing->row;
	return true;
}

// Samples of both builds become the config's.
static bool configs_unite(
	struct compare_samples *samples, const struct gate_pairs *pairs, struct problem *problem)
{
	bool is_good = true;

	for (size_t i = 0; is_good && i < samples->count; i++) {
		struct compare_sample *sample = &samples->items[i];
		bool is_baseline = strcmp(sample->side, GATE_SIDE_BASELINE) == 0;
		const char *config = gate_pairs_config(pairs, sample->config, is_baseline);
		char *copy = config ? strdup(config) : NULL;

		is_good = copy || no_memory(problem, "the gate");
		free(sample->config);
		sample->config = copy;
	}
	return is_good;
}

struct comparison *gate_beside_load(struct store *store, const struct gate_options *options,
	const struct gate *gate, int64_t session, const struct gate_pairs *pairs,
	struct problem *problem)
{
	struct comparison *made = gate_comparison_new(store, options, gate, problem);
	struct placing placing = {.gate = gate, .pairs = pairs};
	bool is_good;

	if (!made)
		return NULL;
	is_good =
		samples_read(store, session, 0, sample_place, &placing, &made->samples, problem) &&
		configs_unite(&made->samples, pairs, problem);
	free(placing.row);
	if (is_good) {
		compare_samples_sort(&made->samples);
		is_good = layouts_of_session(store, session, &made->layouts, problem) &&
			  sequential_of_session(store, session,
				  compare_samples_rounds(&made->samples), &made->looks, problem);
	}
	if (is_good)
		return made;
	comparison_free(made);
	return NULL;
}

// ---- its verdicts

// The chance that a row looks so slow by itself.
static double one_sided(const struct compare_row *row)
{
	return row->ratio > 1 ? row->p / 2 : 1 - row->p / 2;
}

// A gate has an alarm for what is slower only, and half of two-sided chance would be left unused.
static bool slower_judge(struct comparison *comparison, const struct gate_options *options)
{
	size_t count = comparison->rows_count;
	double *p = calloc(count + 1, sizeof(*p));
	double *q = calloc(count + 1, sizeof(*q));
	bool is_good = p && q;

	for (size_t i = 0; is_good && i < count; i++)
		p[i] = one_sided(&comparison->rows[i]);
	is_good = is_good && benjamini_hochberg(p, count, q);
	for (size_t i = 0; is_good && i < count; i++) {
		struct compare_row *row = &comparison->rows[i];
		const struct compare_options judging = {
			.margin = row->margin, .alpha = options->alpha};

		if (row->ratio <= 1)
			continue;
		row->q = q[i];
		row->verdict = verdict_of(row->ratio_low, row->ratio_high,
			row->confidence >= COMPARE_CONFIDENCE, row->q, &judging);
	}
	free(p);
	free(q);
	return is_good;
}

bool gate_beside_judge(
	struct comparison *comparison, const struct gate_options *options, struct problem *problem)
{
	const struct compare_options judging = {.margin = options->margin, .alpha = options->alpha};

	return comparison_judge(comparison, &judging, problem) &&
	       (slower_judge(comparison, options) || no_memory(problem, "the gate"));
}
