// SPDX-License-Identifier: GPL-2.0-or-later
// The core of measuring: step after step a process, its document checked and stored before the next
// one starts. Entry: session_run(). The order is the plan's, the verdict is somebody else's.
#include "session.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "results/store/benchmark_json.h"

enum {
	OUTPUT_BYTES_MAX = 64 << 20,
	FIXED_ARGUMENTS = 8,
	NUMBER_SIZE = 64,
	REASON_SIZE = 1200,
	SHOWN_LINES_MAX = 12
};

static bool step_run(struct session *session, size_t index, struct problem *problem);

static bool watch_round(struct session *session, size_t index, struct problem *problem)
{
	const struct plan_step *steps = session->plan->steps;
	const struct session_watch *watch = session->watch;
	bool is_next_round = index > 0 && steps[index].round > steps[index - 1].round;

	return !watch || !is_next_round ||
	       watch->round(watch->context, session, steps[index].round, problem);
}

static bool is_wanted(const struct session *session, size_t index)
{
	const struct session_watch *watch = session->watch;

	return !watch || watch->wants(watch->context, &session->plan->steps[index]);
}

// Runs the step, or leaves it out, or finds that the session is over.
static bool step_take(struct session *session, size_t index, struct problem *problem)
{
	if (!is_wanted(session, index)) {
		session->left_out++;
		session->progress.total--;
		return true;
	}
	session->is_interrupted = interruption_poll(&session->interruption) > 0;
	session->is_out_of_time = session->deadline_s > 0 && clock_now_s() >= session->deadline_s;
	return session->is_interrupted || session->is_out_of_time ||
	       step_run(session, index, problem);
}

bool session_run(struct session *session, struct problem *problem)
{
	bool is_good = true;

	for (size_t i = 0; is_good && i < session->plan->count && !session->is_interrupted &&
			   !session->is_out_of_time;
		i++)
		is_good = watch_round(session, i, problem) && step_take(session, i, problem);
	progress_clear(&session->progress);
	return is_good;
}

// ---- the process of a step

static const struct program *program_of(const struct session *session, const struct plan_step *step)
{
	for (size_t i = 0; i < session->selection->configs_count; i++)
		if (strcmp(session->selection->configs[i], step->config) == 0)
			return session->selection->chosen[i];
	return NULL;
}

// The words of a measured process's command line. Ours come last: of an option that is given twice,
// the last counts.
struct words {
	const char **items;
	char filter[256];
	char min_time[NUMBER_SIZE];
	char seed[NUMBER_SIZE];
	char (*settings)[256];
};

static bool words_make(
	struct words *words, const struct session *session, const struct plan_step *step)
{
	const struct session_settings *settings = session->settings;
	size_t count = 0;

	words->items = calloc(settings->passed_count + settings->settings_count + FIXED_ARGUMENTS,
		sizeof(*words->items));
	words->settings = calloc(settings->settings_count + 1, sizeof(*words->settings));
	if (!words->items || !words->settings)
		return false;
	// The end of the name is anchored: "pair" is not "pairs".
	snprintf(words->filter, sizeof(words->filter), "--benchmark_filter=^%s(/|$)",
		step->workload);
	snprintf(words->min_time, sizeof(words->min_time), "--benchmark_min_time=%.9g",
		settings->min_time_s);
	snprintf(words->seed, sizeof(words->seed), "--slabmark_seed=%llu",
		(unsigned long long)step->workload_seed);
	words->items[count++] = program_of(session, step)->path;
	for (size_t i = 0; i < settings->passed_count; i++)
		words->items[count++] = settings->passed[i];
	for (size_t i = 0; i < settings->settings_count; i++) {
		if (!setting_is_of(settings->settings[i], step->workload))
			continue;
		snprintf(words->settings[i], sizeof(words->settings[i]), "--slabmark_set=%s",
			settings->settings[i]);
		words->items[count++] = words->settings[i];
	}
	words->items[count++] = words->filter;
	words->items[count++] = "--benchmark_format=json";
	words->items[count++] = words->min_time;
	words->items[count++] = words->seed;
	return true;
}

static void words_free(struct words *words)
{
	free(words->items);
	free(words->settings);
}

static void tick(void *context)
{
	struct session *session = context;
	bool is_news = session->interruption.count > 0 && !session->progress.is_ending;

	session->progress.is_ending = session->interruption.count > 0;
	if (is_news && !session->progress.is_terminal)
		progress_say(&session->progress,
			"slabmark %s: ending after the process in flight; a second signal ends it "
			"now",
			session->settings->command);
	progress_draw(&session->progress, clock_now_s());
}

static bool process_of_step(struct session *session, const struct plan_step *step,
	struct process_outcome *outcome, char *how, struct problem *problem)
{
	static const char NAME[] = "SLABMARK_PADDING=";
	char padding[sizeof(NAME) + PLAN_PADDING_BYTES_MAX];
	const char *environment[] = {padding, NULL};
	struct words words = {0};

	memcpy(padding, NAME, sizeof(NAME) - 1);
	memset(padding + sizeof(NAME) - 1, 'x', step->padding_bytes);
	padding[sizeof(NAME) - 1 + step->padding_bytes] = '\0';
	bool is_good = words_make(&words, session, step) ||
		       problem_set(problem, EXIT_NOT_MEASURED, "no memory for a command line");
	if (is_good) {
		struct process_request request = {
			.arguments = words.items,
			.environment = environment,
			.output_bytes_max = OUTPUT_BYTES_MAX,
			.timeout_s = session->settings->timeout_s,
			.interruption = &session->interruption,
			.tick = tick,
			.tick_context = session,
		};

		is_good = process_run(&request, outcome, problem);
		if (is_good)
			process_describe(&request, outcome, how, REASON_SIZE);
	}
	words_free(&words);
	return is_good;
}

// ---- its document

// The first benchmark that says it failed; NULL: none.
static const json_t *benchmark_failed(const json_t *document)
{
	const json_t *benchmarks = json_object_get(document, "benchmarks");

	for (size_t i = 0; i < json_array_size(benchmarks); i++)
		if (json_is_true(json_object_get(json_array_get(benchmarks, i), "error_occurred")))
			return json_array_get(benchmarks, i);
	return NULL;
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "?";
}

// What the process printed, if it is a document with at least one benchmark. NULL: *reason says why
// not.
static json_t *document_read(const struct process_outcome *outcome, char *reason)
{
	json_error_t error;
	json_t *document = benchmark_json_read(outcome->output, outcome->output_size, &error);

	if (!document) {
		snprintf(reason, REASON_SIZE, "wrote no JSON document: line %d: %s", error.line,
			error.text);
		return NULL;
	}
	if (json_array_size(json_object_get(document, "benchmarks")) > 0)
		return document;
	snprintf(reason, REASON_SIZE, "measured nothing: its document has no benchmark");
	json_decref(document);
	return NULL;
}

// Stores the document. One that the store refuses is the process's failure (*is_stored is false,
// how says why); a store that can't be written is ours.
static bool document_store(struct session *session, const struct plan_step *step,
	const struct process_outcome *outcome, const json_t *document, bool *is_stored, char *how,
	struct problem *problem)
{
	struct store_process process = {
		.session = session->id,
		.round = step->round,
		.position = step->position,
		.config = step->config,
		.workload = step->workload,
		.started_unix_ns = outcome->started_unix_ns,
		.elapsed_s = outcome->elapsed_s,
	};
	struct problem refusal;

	*is_stored = store_process_add(session->store, &process, document, &refusal);
	session->measured += *is_stored;
	if (*is_stored)
		return true;
	if (refusal.status == EXIT_WRONG_USE) {
		snprintf(how, REASON_SIZE, "wrote a bad document: %s", refusal.text);
		return true;
	}
	*problem = refusal;
	return false;
}

// ---- failures

// The last lines of its messages: where the cause usually stands.
static const char *last_lines(const char *text)
{
	const char *start = text + strlen(text);

	for (int lines = 0; start > text; start--) {
		lines += start[-1] == '\n' && start[0] != '\0';
		if (lines == SHOWN_LINES_MAX)
			break;
	}
	return start;
}

static void failure_say(
	struct session *session, const struct plan_step *step, const char *how, const char *errors)
{
	progress_say(&session->progress, "slabmark %s: round %d, %s of %s: the process %s%s",
		session->settings->command, step->round + 1, step->workload, step->config, how,
		*errors ? "; its last messages:" : "");
	for (const char *line = last_lines(errors); *line;) {
		size_t length = strcspn(line, "\n");

		if (length > 0)
			progress_say(&session->progress, "  %.*s", (int)length, line);
		line += length + (line[length] == '\n');
	}
}

static size_t failures_of(const struct session *session, const struct plan_step *like)
{
	size_t count = 0;

	for (size_t i = 0; i < session->plan->count; i++) {
		const struct plan_step *step = &session->plan->steps[i];

		count += strcmp(step->config, like->config) == 0 &&
					 strcmp(step->workload, like->workload) == 0
				 ? session->failed[i]
				 : 0;
	}
	return count;
}

// Whether no earlier step is of the same config and workload.
static bool is_first_of_kind(const struct session *session, size_t index)
{
	const struct plan_step *steps = session->plan->steps;

	for (size_t i = 0; i < index; i++)
		if (strcmp(steps[i].config, steps[index].config) == 0 &&
			strcmp(steps[i].workload, steps[index].workload) == 0)
			return false;
	return true;
}

char *session_failures(const struct session *session, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < session->plan->count && used < size; i++) {
		const struct plan_step *step = &session->plan->steps[i];
		size_t count = is_first_of_kind(session, i) ? failures_of(session, step) : 0;

		if (count > 0)
			used += (size_t)snprintf(text + used, size - used, "%s%s of %s (%zu)",
				used > 0 ? ", " : "", step->workload, step->config, count);
	}
	return text;
}

// ---- a step

// Judges how the process ended and stores what it measured. *is_measured: nothing of it failed.
static bool outcome_take(struct session *session, const struct plan_step *step,
	const struct process_outcome *outcome, char *how, bool *is_measured,
	struct problem *problem)
{
	*is_measured = false;
	if (outcome->end != PROCESS_EXITED || outcome->code != 0)
		return true;
	json_t *document = document_read(outcome, how);
	if (!document)
		return true;
	bool is_stored = false;
	bool is_good = document_store(session, step, outcome, document, &is_stored, how, problem);
	const json_t *failed = is_stored ? benchmark_failed(document) : NULL;
	if (failed)
		snprintf(how, REASON_SIZE, "reported that %s failed: %s", text_of(failed, "name"),
			text_of(failed, "error_message"));
	*is_measured = is_stored && !failed;
	json_decref(document);
	return is_good;
}

static bool step_run(struct session *session, size_t index, struct problem *problem)
{
	const struct plan_step *step = &session->plan->steps[index];
	struct process_outcome outcome;
	char how[REASON_SIZE] = "";
	bool is_measured = false;

	progress_step_begin(&session->progress, step, clock_now_s());
	if (!process_of_step(session, step, &outcome, how, problem))
		return false;
	if (outcome.end == PROCESS_STOPPED) {
		session->is_interrupted = true;
		process_outcome_free(&outcome);
		return true;
	}
	bool is_good = outcome_take(session, step, &outcome, how, &is_measured, problem);
	session->failed[index] = !is_measured;
	progress_step_end(&session->progress, clock_now_s(), is_measured);
	if (is_good && !is_measured)
		failure_say(session, step, how, outcome.errors);
	process_outcome_free(&outcome);
	return is_good;
}
