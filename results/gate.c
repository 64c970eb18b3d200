// SPDX-License-Identifier: GPL-2.0-or-later
// Judges a session against earlier ones. Entries: gate_make(), gate_confirm(), gate_status(). The times go through the
// same code as every comparison of independent sides: all sessions of the baseline are one side.
//
// Days differ: what a machine did on the baseline's day is not undone by rounds of today. So a change for the worse is
// only a candidate until a second, fresh set of rounds shows it too, and against several sessions (rolling:N) it must
// also be slower than the slowest of them.
#include "gate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare_session.h"
#include "gate_internal.h"
#include "store_internal.h"

static const char SIDE_BASELINE[] = "baseline";
static const char SIDE_SESSION[] = "session";

static bool out_of_memory(struct problem *problem)
{
	return problem_set(problem, EXIT_NOT_MEASURED, "no memory left for the gate");
}

const char *gate_outcome_name(enum gate_outcome outcome)
{
	static const char *const NAMES[GATE_OUTCOMES] = {"same", "faster", "undecided",
		"unconfirmed", "accepted", "not measured", "regression"};

	return NAMES[outcome];
}

size_t gate_count(const struct gate *gate, enum gate_outcome outcome)
{
	size_t count = 0;

	for (size_t i = 0; i < gate->rows_count; i++)
		count += gate->rows[i].outcome == outcome;
	return count;
}

size_t gate_candidates(const struct gate *gate)
{
	size_t count = 0;

	for (size_t i = 0; i < gate->rows_count; i++)
		count += gate->rows[i].outcome == GATE_REGRESSION &&
			 strcmp(gate->rows[i].metric, "time") == 0;
	return count;
}

struct gate_row *gate_row_add(struct gate *gate, const char *series, const char *workload,
	const char *config, const char *metric, struct problem *problem)
{
	struct gate_row *rows = gate->rows;
	struct gate_row *row;

	if ((gate->rows_count & (gate->rows_count - 1)) == 0) // full at 0, 1, 2, 4, 8 …
		rows = reallocarray(
			rows, gate->rows_count ? gate->rows_count * 2 : 1, sizeof(*rows));
	if (!rows) {
		out_of_memory(problem);
		return NULL;
	}
	gate->rows = rows;
	row = &rows[gate->rows_count++];
	*row = (struct gate_row){
		.series = strdup(series),
		.workload = strdup(workload),
		.config = strdup(config),
		.metric = strdup(metric),
		.baseline = NAN,
		.value = NAN,
		.ratio = NAN,
		.ratio_low = NAN,
		.ratio_high = NAN,
		.q = NAN,
		.margin = NAN,
	};
	if (row->series && row->workload && row->config && row->metric)
		return row;
	out_of_memory(problem);
	return NULL;
}

// ---- samples -------------------------------------------------------------------------------------------------------

// Reads samples for one side. A row is "SERIES CONFIG": compare.c takes what stands before the blank for the series.
struct loader {
	const char *side;
	const char *machine; // processes of others are left out; NULL: all are taken
	const struct store_names *configs; // of the session
	char *row;
};

static bool is_among(const struct store_names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++) {
		if (strcmp(names->items[i], name) == 0)
			return true;
	}
	return false;
}

// Simulated times are no times.
static bool sample_place(void *context, const struct compare_source *source,
	struct compare_place *place, struct problem *problem)
{
	struct loader *loader = context;
	bool is_of_machine = !loader->machine ||
			     (source->machine && strcmp(source->machine, loader->machine) == 0);

	if (source->simulator || !is_of_machine || !is_among(loader->configs, source->config))
		return true;
	free(loader->row);
	if (asprintf(&loader->row, "%s %s", source->name, source->config) < 0) {
		loader->row = NULL;
		return out_of_memory(problem);
	}
	place->side = loader->side;
	place->row = loader->row;
	return true;
}

static bool sides_read(struct store *store, const struct gate *gate, int64_t session,
	struct compare_samples *samples, struct problem *problem)
{
	struct store_names configs;
	struct loader loader = {.machine = gate->machine, .configs = &configs};
	bool is_good = store_session_configs(store, gate->session, &configs, problem);

	if (!is_good)
		return false;
	loader.side = SIDE_SESSION;
	is_good = samples_read(store, session, false, sample_place, &loader, samples, problem);
	loader.side = SIDE_BASELINE;
	for (size_t i = 0; is_good && i < gate->baselines_count; i++)
		is_good = samples_read(
			store, gate->baselines[i], false, sample_place, &loader, samples, problem);
	free(loader.row);
	store_names_free(&configs);
	if (is_good)
		compare_samples_sort(samples);
	return is_good;
}

// Both sides of all rows, not yet judged; comparison_free().
static struct comparison *comparison_load(struct store *store, const struct gate_options *options,
	const struct gate *gate, int64_t session, struct problem *problem)
{
	const struct compare_options judging = {.margin = options->margin, .alpha = options->alpha};
	struct comparison *made = comparison_new(&judging, problem);
	bool is_good = made != NULL;

	if (!made)
		return NULL;
	made->is_independent = true;
	made->configs = calloc(2, sizeof(*made->configs));
	if (made->configs) {
		made->configs[made->configs_count++] = strdup(SIDE_BASELINE);
		made->configs[made->configs_count++] = strdup(SIDE_SESSION);
	}
	is_good = (made->configs && made->configs[0] && made->configs[1]) || out_of_memory(problem);
	is_good = is_good && sides_read(store, gate, session, &made->samples, problem);
	if (is_good && gate->machine && options->margin <= 0)
		is_good = calibrations_read(store, gate->machine, &made->calibrations, problem);
	if (is_good)
		return made;
	comparison_free(made);
	return NULL;
}

// ---- rows ----------------------------------------------------------------------------------------------------------

// Splits "SERIES CONFIG" of a comparison's row, which is writable memory of the comparison.
static const char *config_split(char *name)
{
	char *blank = strrchr(name, ' ');

	*blank = '\0';
	return blank + 1;
}

// The largest mean of a row that one of the baseline's sessions had; 0 where there is only one.
static double slowest_session(
	const struct gate *gate, const struct comparison *comparison, const char *name)
{
	double slowest = 0;

	for (size_t k = 0; gate->baselines_count > 1 && k < gate->baselines_count; k++) {
		double logs = 0;
		double count = 0;

		for (size_t i = 0; i < comparison->samples.count; i++) {
			const struct compare_sample *sample = &comparison->samples.items[i];

			if (sample->failed || sample->block >> 32 != gate->baselines[k] ||
				strcmp(sample->name, name) != 0)
				continue;
			logs += log(sample->real_time_ns);
			count++;
		}
		slowest = count > 0 ? fmax(slowest, exp(logs / count)) : slowest;
	}
	return slowest;
}

static enum gate_outcome outcome_of(const struct compare_row *row)
{
	if (row->verdict == VERDICT_EQUIVALENT)
		return GATE_SAME;
	if (row->verdict == VERDICT_UNDECIDED)
		return GATE_UNDECIDED;
	return row->ratio > 1 ? GATE_REGRESSION : GATE_FASTER;
}

static bool row_take(struct gate *gate, const struct comparison *comparison,
	const struct compare_row *compared, struct problem *problem)
{
	char *name = strdup(compared->name);
	const char *config = name ? config_split(name) : NULL;
	struct gate_row *row =
		name ? gate_row_add(gate, name, compared->workload, config, "time", problem) : NULL;
	double slowest;

	free(name);
	if (!row)
		return out_of_memory(problem);
	row->baseline = compared->base_ns;
	row->value = compared->config_ns;
	row->ratio = compared->ratio;
	row->ratio_low = compared->ratio_low;
	row->ratio_high = compared->ratio_high;
	row->q = compared->q;
	row->margin = compared->margin;
	row->baseline_count = compared->base_count;
	row->count = compared->config_count;
	row->is_insufficient = compared->confidence < COMPARE_CONFIDENCE ||
			       compared->p_smallest > comparison->alpha;
	row->outcome = outcome_of(compared);
	slowest = row->outcome == GATE_REGRESSION
			  ? slowest_session(gate, comparison, compared->name)
			  : 0;
	if (slowest > 0 && row->value <= slowest) {
		row->outcome = GATE_UNDECIDED;
		row->remark = strdup("a session of the baseline was as slow");
	}
	return true;
}

// ---- what is missing -----------------------------------------------------------------------------------------------

static bool json_has_text(const json_t *array, const char *text)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		const char *item = json_string_value(json_array_get(array, i));

		if (item && strcmp(item, text) == 0)
			return true;
	}
	return false;
}

// Whether the session was to measure it: by its plan; without one, by its having measured any of the workload.
static bool is_expected(const json_t *plan, const struct compare_samples *samples,
	const char *workload, const char *config)
{
	const json_t *workloads = json_object_get(plan, "workloads");

	if (json_is_array(workloads))
		return json_has_text(workloads, workload) &&
		       json_has_text(json_object_get(plan, "configs"), config);
	for (size_t i = 0; i < samples->count; i++) {
		if (strcmp(samples->items[i].config, SIDE_SESSION) == 0 &&
			strcmp(samples->items[i].workload, workload) == 0)
			return true;
	}
	return false;
}

// A series of the samples: how many good ones each side has.
struct tally {
	size_t length; // samples of the series
	size_t baseline, session; // good ones
	const char *error; // of the session's first that failed
};

static struct tally tally_series(const struct compare_samples *samples, size_t first)
{
	struct tally tally = {0};
	const char *name = samples->items[first].name;

	for (; first + tally.length < samples->count; tally.length++) {
		const struct compare_sample *sample = &samples->items[first + tally.length];
		bool is_session = strcmp(sample->config, SIDE_SESSION) == 0;

		if (strcmp(sample->name, name) != 0)
			break;
		if (sample->failed && is_session && !tally.error)
			tally.error =
				sample->error_message ? sample->error_message : "no reason given";
		tally.session += !sample->failed && is_session;
		tally.baseline += !sample->failed && !is_session;
	}
	return tally;
}

static bool missing_add(struct gate *gate, const struct compare_sample *sample,
	const struct tally *tally, struct problem *problem)
{
	char *name = strdup(sample->name);
	const char *config = name ? config_split(name) : NULL;
	struct gate_row *row =
		name ? gate_row_add(gate, name, sample->workload, config, "time", problem) : NULL;

	free(name);
	if (!row)
		return out_of_memory(problem);
	row->outcome = GATE_NOT_MEASURED;
	row->baseline_count = tally->baseline;
	if (tally->error)
		row->remark = asprintf(&row->remark, "every sample failed: %s", tally->error) < 0
				      ? NULL
				      : row->remark;
	else
		row->remark = strdup("the session has no sample of it");
	return true;
}

static bool missing_find(struct store *store, struct gate *gate,
	const struct compare_samples *samples, struct problem *problem)
{
	json_t *plan;
	bool is_good = gate_plan_read(store, gate->session, &plan, problem);
	struct tally tally;

	for (size_t i = 0; is_good && i < samples->count; i += tally.length) {
		const struct compare_sample *sample = &samples->items[i];
		const char *config = strrchr(sample->name, ' ') + 1;

		tally = tally_series(samples, i);
		gate->new_count += tally.session > 0 && tally.baseline == 0;
		if (tally.session == 0 && tally.baseline > 0 &&
			is_expected(plan, samples, sample->workload, config))
			is_good = missing_add(gate, sample, &tally, problem);
	}
	json_decref(plan);
	return is_good;
}

// ---- the session ---------------------------------------------------------------------------------------------------

// The newest session that measured something for its own sake.
static bool session_newest(struct store *store, int64_t *session, struct problem *problem)
{
	int64_t candidate = 0;
	bool is_special = true;

	if (!store_query_integer(store, "SELECT coalesce(max(session_id), 0) FROM processes",
		    &candidate, problem))
		return false;
	while (candidate > 0) {
		struct statement statement;
		bool has_row = false;
		json_t *plan;

		if (!gate_plan_read(store, candidate, &plan, problem))
			return false;
		is_special = gate_plan_is_special(plan);
		json_decref(plan);
		if (!is_special)
			break;
		if (!statement_prepare(&statement, store,
			    "SELECT coalesce(max(session_id), 0) FROM processes WHERE session_id "
			    "< ?",
			    problem))
			return false;
		statement_bind_integer(&statement, candidate);
		if (!statement_next(&statement, &has_row, problem)) {
			statement_close(&statement);
			return false;
		}
		candidate = statement_integer(&statement, 0);
		statement_close(&statement);
	}
	*session = candidate;
	return candidate > 0 ||
	       problem_set(problem, EXIT_NOT_MEASURED,
		       "the store has no session to judge; `slabmark run` measures");
}

// Machine and commit of a session's processes. A session of several machines cannot be judged.
static bool session_place(struct store *store, int64_t session, char **machine, char **commit,
	struct problem *problem)
{
	struct store_builds builds;
	bool is_good = store_session_builds(store, session, &builds, problem);

	*machine = *commit = NULL;
	for (size_t i = 0; is_good && i < builds.count; i++) {
		const struct store_build *build = &builds.items[i];
		const char *text = json_string_value(json_object_get(build->context, "commit"));

		if (*machine && build->machine && strcmp(*machine, build->machine) != 0)
			is_good = problem_set(problem, EXIT_WRONG_USE,
				"session %lld ran on several machines; only results of one machine "
				"can be compared",
				(long long)session);
		if (!*machine && build->machine)
			*machine = strdup(build->machine);
		if (!*commit && text)
			*commit = strdup(text);
	}
	if (is_good && builds.count == 0)
		is_good = problem_set(problem, EXIT_NOT_MEASURED,
			"session %lld has no process: nothing was measured", (long long)session);
	store_builds_free(&builds);
	return is_good;
}

static bool session_take(struct store *store, const struct gate_options *options, struct gate *gate,
	struct problem *problem)
{
	struct store_session_facts facts;
	bool is_found = false;

	gate->session = options->session;
	if (!gate->session && !session_newest(store, &gate->session, problem))
		return false;
	if (!store_session_read(store, gate->session, &facts, &is_found, problem))
		return false;
	if (!is_found)
		return problem_set(problem, EXIT_WRONG_USE, "there is no session %lld in the store",
			(long long)gate->session);
	gate->session_started_unix_ns = facts.started_unix_ns;
	gate->is_complete = facts.ended && strcmp(facts.ended, "complete") == 0;
	session_warn(gate->warnings, gate->session, facts.ended);
	store_session_facts_free(&facts);
	return session_place(store, gate->session, &gate->machine, &gate->session_commit, problem);
}

// ---- all of it -----------------------------------------------------------------------------------------------------

static int row_order(const void *left, const void *right)
{
	const struct gate_row *one = left;
	const struct gate_row *two = right;
	int order = strcmp(one->config, two->config);

	if (order == 0)
		order = strcmp(one->series, two->series);
	// "time" before the others
	if (order == 0)
		order = (strcmp(one->metric, "time") != 0) - (strcmp(two->metric, "time") != 0);
	return order ? order : strcmp(one->metric, two->metric);
}

static bool rows_make(struct store *store, const struct gate_options *options, struct gate *gate,
	struct problem *problem)
{
	const struct compare_options judging = {.margin = options->margin, .alpha = options->alpha};
	struct comparison *comparison =
		comparison_load(store, options, gate, gate->session, problem);
	struct problem refusal = {0};
	bool is_good = comparison != NULL;

	if (!is_good)
		return false;
	// No row at all is found out below, when the exact metrics are there too.
	if (!comparison_judge(comparison, &judging, &refusal) && comparison->rows_count > 0) {
		*problem = refusal;
		is_good = false;
	}
	for (size_t i = 0; is_good && i < comparison->rows_count; i++)
		is_good = row_take(gate, comparison, &comparison->rows[i], problem);
	is_good = is_good && missing_find(store, gate, &comparison->samples, problem) &&
		  gate_exact_add(store, gate, problem);
	comparison_free(comparison);
	if (is_good && gate->rows_count == 0)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"session %lld and the baseline %s (session %lld) share no series: nothing "
			"was judged",
			(long long)gate->session, gate->asked, (long long)gate->baselines[0]);
	if (is_good)
		qsort(gate->rows, gate->rows_count, sizeof(*gate->rows), row_order);
	return is_good;
}

bool gate_make(struct store *store, const struct gate_options *options, struct gate **gate,
	struct problem *problem)
{
	struct gate *made = calloc(1, sizeof(*made));

	*gate = NULL;
	if (!made)
		return out_of_memory(problem);
	made->asked = strdup(options->baseline);
	made->warnings = json_array();
	made->alpha = options->alpha;
	if (!made->asked || !made->warnings)
		out_of_memory(problem);
	else if (session_take(store, options, made, problem) &&
		 gate_baselines_find(store, made, problem) &&
		 rows_make(store, options, made, problem) &&
		 gate_accepted_apply(store, made, problem)) {
		*gate = made;
		return true;
	}
	gate_free(made);
	return false;
}

void gate_free(struct gate *gate)
{
	if (!gate)
		return;
	for (size_t i = 0; i < gate->rows_count; i++) {
		free(gate->rows[i].series);
		free(gate->rows[i].workload);
		free(gate->rows[i].config);
		free(gate->rows[i].metric);
		free(gate->rows[i].remark);
	}
	free(gate->rows);
	free(gate->baselines);
	free(gate->session_commit);
	free(gate->machine);
	free(gate->asked);
	json_decref(gate->warnings);
	free(gate);
}

// ---- the second set of rounds --------------------------------------------------------------------------------------

static bool confirmation_check(
	struct store *store, const struct gate *gate, int64_t session, struct problem *problem)
{
	char *machine;
	char *commit;
	bool is_good = session_place(store, session, &machine, &commit, problem);

	if (is_good && strcmp(machine ? machine : "", gate->machine ? gate->machine : "") != 0)
		is_good = problem_set(problem, EXIT_NOT_MEASURED,
			"session %lld ran on machine %s, session %lld on %s: it confirms nothing",
			(long long)session, machine ? machine : "unknown", (long long)gate->session,
			gate->machine ? gate->machine : "unknown");
	if (is_good &&
		strcmp(commit ? commit : "", gate->session_commit ? gate->session_commit : "") != 0)
		is_good = problem_set(problem, EXIT_NOT_MEASURED,
			"session %lld ran commit %s, session %lld commit %s: it confirms nothing",
			(long long)session, commit ? commit : "unknown", (long long)gate->session,
			gate->session_commit ? gate->session_commit : "unknown");
	free(machine);
	free(commit);
	return is_good;
}

// Keeps the samples of the candidates alone, so that only these are corrected for.
static void samples_of_candidates(const struct gate *gate, struct compare_samples *samples)
{
	size_t kept = 0;

	for (size_t i = 0; i < samples->count; i++) {
		struct compare_sample sample = samples->items[i];
		const char *config = strrchr(sample.name, ' ') + 1;
		size_t length = (size_t)(config - sample.name) - 1;
		bool is_candidate = false;

		for (size_t k = 0; k < gate->rows_count && !is_candidate; k++) {
			const struct gate_row *row = &gate->rows[k];

			is_candidate = row->outcome == GATE_REGRESSION &&
				       strcmp(row->metric, "time") == 0 &&
				       strcmp(row->config, config) == 0 &&
				       strlen(row->series) == length &&
				       strncmp(row->series, sample.name, length) == 0;
		}
		if (!is_candidate)
			continue;
		samples->items[i] = samples->items[kept];
		samples->items[kept++] = sample;
	}
	for (size_t i = kept; i < samples->count; i++) {
		free(samples->items[i].name);
		free(samples->items[i].workload);
		free(samples->items[i].error_message);
		json_decref(samples->items[i].counters);
	}
	samples->count = kept;
	compare_samples_sort(samples);
}

// Whether the fresh rounds show the row's regression, too. *fresh is NULL where they have no figure of it.
static const struct compare_row *row_find(
	const struct comparison *comparison, const struct gate_row *row)
{
	size_t length = strlen(row->series);

	for (size_t i = 0; i < comparison->rows_count; i++) {
		const char *name = comparison->rows[i].name;

		if (strncmp(name, row->series, length) == 0 && name[length] == ' ' &&
			strcmp(name + length + 1, row->config) == 0)
			return &comparison->rows[i];
	}
	return NULL;
}

static void row_confirm(struct gate_row *row, const struct compare_row *fresh)
{
	char remark[128];

	if (!fresh) {
		row->remark = strdup("the second set of rounds did not measure it");
		return; // what is not contradicted stays
	}
	(void)snprintf(remark, sizeof(remark),
		"again in a second set of rounds: %.3f (%.3f to %.3f)", fresh->ratio,
		fresh->ratio_low, fresh->ratio_high);
	if (outcome_of(fresh) != GATE_REGRESSION) {
		row->outcome = GATE_UNCONFIRMED;
		(void)snprintf(remark, sizeof(remark),
			"not in a second set of rounds: %.3f (%.3f to %.3f)", fresh->ratio,
			fresh->ratio_low, fresh->ratio_high);
	}
	free(row->remark);
	row->remark = strdup(remark);
}

bool gate_confirm(struct store *store, const struct gate_options *options, struct gate *gate,
	int64_t session, struct problem *problem)
{
	const struct compare_options judging = {.margin = options->margin, .alpha = options->alpha};
	struct comparison *comparison;
	struct problem refusal = {0};

	if (!confirmation_check(store, gate, session, problem))
		return false;
	comparison = comparison_load(store, options, gate, session, problem);
	if (!comparison)
		return false;
	samples_of_candidates(gate, &comparison->samples);
	(void)comparison_judge(comparison, &judging, &refusal); // no row: nothing is contradicted
	for (size_t i = 0; i < gate->rows_count; i++) {
		struct gate_row *row = &gate->rows[i];

		if (row->outcome == GATE_REGRESSION && strcmp(row->metric, "time") == 0)
			row_confirm(row, row_find(comparison, row));
	}
	gate->confirmed_by = session;
	comparison_free(comparison);
	return true;
}

// ---- the end -------------------------------------------------------------------------------------------------------

static bool is_blind(const struct gate *gate)
{
	for (size_t i = 0; i < gate->rows_count; i++) {
		if (gate->rows[i].outcome != GATE_NOT_MEASURED && !gate->rows[i].is_insufficient)
			return false;
	}
	return true;
}

int gate_status(const struct gate *gate, bool is_strict, struct problem *problem)
{
	size_t regressions = gate_count(gate, GATE_REGRESSION);
	size_t missing = gate_count(gate, GATE_NOT_MEASURED);
	size_t open = gate_count(gate, GATE_UNDECIDED) + gate_count(gate, GATE_UNCONFIRMED);

	if (regressions > 0)
		problem_set(problem, EXIT_REGRESSION, "%zu of %zu are regressions", regressions,
			gate->rows_count);
	else if (missing > 0)
		problem_set(problem, EXIT_NOT_MEASURED,
			"%zu of %zu were not measured; what was not measured is not good", missing,
			gate->rows_count);
	else if (!gate->is_complete)
		problem_set(problem, EXIT_NOT_MEASURED,
			"session %lld did not do all that it was to do", (long long)gate->session);
	else if (is_blind(gate))
		problem_set(problem, EXIT_NOT_MEASURED,
			"too few processes for any change to show: nothing was judged");
	else if (is_strict && open > 0)
		problem_set(problem, EXIT_UNDECIDED, "%zu of %zu are undecided", open,
			gate->rows_count);
	else
		return EXIT_GOOD;
	return problem->status;
}

bool gate_write(struct store *store, const struct gate *gate, int status, int64_t now_unix_ns,
	struct problem *problem)
{
	struct statement statement;
	bool is_good = statement_prepare(&statement, store,
		"INSERT INTO gates (session_id, created_unix_ns, baseline, status) VALUES (?, ?, "
		"?, ?)",
		problem);

	if (is_good) {
		statement_bind_integer(&statement, gate->session);
		statement_bind_integer(&statement, now_unix_ns);
		statement_bind_text(&statement, gate->asked);
		statement_bind_integer(&statement, status);
		is_good = statement_run(&statement, problem);
	}
	statement_close(&statement);
	return is_good;
}
