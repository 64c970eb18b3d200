// SPDX-License-Identifier: GPL-2.0-or-later
// The core of measuring. Entry: session_measure(). It writes down in the store what was asked for.
// Then it runs a process for each step, and stores its document before the next one starts. At last
// it closes the session, whatever happened. plan.c makes the order; others judge the figures.
#include "session.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "harness/process/clock.h"
#include "machine_lock.h"
#include "results/text/figure.h"
#include "results/text/memory.h"
#include "step.h"

enum { FAILURES_SIZE = 512, SHOWN_LINES_MAX = 12, SKIPPED_SHOWN_MAX = 8 };

static bool session_begin(struct session *session, struct problem *problem);
static bool steps_run(struct session *session, struct problem *problem);
static bool step_run(
	struct session *session, const struct plan_step *step, struct problem *problem);
static void start_say(struct session *session);

static const char *how_ended(const struct session *session, bool is_good)
{
	if (!is_good || session->is_interrupted)
		return "interrupted";
	// A session that stops by itself when all is decided has done what it was asked for.
	return session->is_out_of_time && !session->run->watch ? "out of time" : "complete";
}

// Closes the session whatever happens, as far as the store lets us. Tells the first problem, where
// there are two.
static bool carry_out(struct session *session, struct problem *problem)
{
	const struct run *run = session->run;
	double start_s = clock_now_s();
	struct problem closing;

	if (!session_begin(session, problem) || !interruption_open(&session->interruption, problem))
		return false;
	if (run->budget_s > 0)
		session->deadline_s = start_s + run->budget_s;
	start_say(session);
	bool is_good = steps_run(session, problem);
	bool is_closed = store_session_end(
		run->store, session->id, how_ended(session, is_good), is_good ? problem : &closing);
	interruption_close(&session->interruption);
	session->elapsed_s = clock_now_s() - start_s;
	return is_good && is_closed;
}

bool session_measure(const struct run *run, struct session *session, struct problem *problem)
{
	const struct selection *selection = &run->selection;

	*session = (struct session){
		.run = run,
		.failed = calloc(selection->workloads_count * selection->sides_count + 1,
			sizeof(*session->failed)),
	};
	progress_start(&session->progress, stderr, run->plan.count, run->rounds);
	if (!session->failed)
		return no_memory(problem, "the session");
	int lock;
	if (!machine_lock_take(run->command, run->refuses_busy, &lock, problem))
		return false;
	bool is_good = carry_out(session, problem);
	machine_lock_release(lock);
	return is_good;
}

void session_free(struct session *session)
{
	free(session->failed);
	session->failed = NULL;
}

// ---- its beginning

static bool session_begin(struct session *session, struct problem *problem)
{
	char *command = run_words_text(session->run);
	char *plan = run_json_text(session->run);
	bool is_good = command && plan;

	struct store_session record = {
		.command = command,
		.plan = plan,
		.started_unix_ns = clock_now_unix_ns(),
	};

	if (!is_good)
		no_memory(problem, "the session's record");
	is_good =
		is_good && store_session_begin(session->run->store, &record, &session->id, problem);
	free(command);
	free(plan);
	return is_good;
}

static void left_out_say(struct session *session, size_t workload, size_t side)
{
	const struct selection *selection = &session->run->selection;
	const char *reason = selection_reason(selection, workload, side);

	if (reason)
		progress_say(&session->progress, "slabmark %s: left out: %s of %s: %s",
			session->run->command, selection->workloads[workload],
			selection->labels[side], reason);
}

// Whether the user said where or with how many threads to run: then it matters what this machine lacks.
static bool is_placed(const struct run *run)
{
	static const char *const OPTIONS[] = {"--slabmark_place=", "--slabmark_threads="};

	for (size_t i = 0; i < run->told.count; i++)
		for (size_t k = 0; k < sizeof(OPTIONS) / sizeof(OPTIONS[0]); k++)
			if (strncmp(run->told.items[i], OPTIONS[k], strlen(OPTIONS[k])) == 0)
				return true;
	return false;
}

// What of a workload that runs is left out, as the first side says it: the machine is the same for all.
static void skipped_say(struct session *session, size_t workload)
{
	const struct selection *selection = &session->run->selection;
	const json_t *skipped = json_object_get(
		program_workload(&selection->sides[0].program, selection->workloads[workload]),
		"skipped");
	size_t count = json_array_size(skipped);

	if (selection_reason(selection, workload, 0))
		return; // said already
	for (size_t i = 0; i < count && i < SKIPPED_SHOWN_MAX; i++) {
		const json_t *row = json_array_get(skipped, i);

		progress_say(&session->progress, "slabmark %s: left out: %s: %s",
			session->run->command, json_string_value(json_object_get(row, "name")),
			json_string_value(json_object_get(row, "reason")));
	}
	if (count > SKIPPED_SHOWN_MAX)
		progress_say(&session->progress, "slabmark %s: left out: %zu more of %s",
			session->run->command, count - SKIPPED_SHOWN_MAX,
			selection->workloads[workload]);
}

static void start_say(struct session *session)
{
	const struct run *run = session->run;
	const struct selection *selection = &run->selection;
	char *store = run_store_name(run);

	progress_say(&session->progress,
		"slabmark %s: %zu %s (configs: %zu, workloads: %zu, rounds: %d), seed "
		"%llu, into %s",
		run->command, run->plan.count, plural(run->plan.count, "process", "processes"),
		selection->sides_count, selection->workloads_count, run->rounds,
		(unsigned long long)run->seed, store ? store : "the store");
	free(store);
	if (program_simulated(&selection->sides[0].program))
		progress_say(&session->progress,
			"slabmark %s: on a simulated machine, of %s: its times are another's",
			run->command, program_simulated(&selection->sides[0].program));
	for (size_t workload = 0; workload < selection->workloads_count; workload++)
		for (size_t side = 0; side < selection->sides_count; side++)
			left_out_say(session, workload, side);
	for (size_t workload = 0; is_placed(run) && workload < selection->workloads_count;
		workload++)
		skipped_say(session, workload);
}

// ---- its steps

static bool watch_round(struct session *session, size_t index, struct problem *problem)
{
	const struct plan_step *steps = session->run->plan.steps;
	const struct run_watch *watch = session->run->watch;
	bool is_next_round = index > 0 && steps[index].round > steps[index - 1].round;

	return !watch || !is_next_round ||
	       watch->round(watch->context, session->id, steps[index].round, problem);
}

static bool is_wanted(const struct session *session, const struct plan_step *step)
{
	const struct run_watch *watch = session->run->watch;

	return !watch || watch->wants(watch->context, step);
}

// Runs the step, or leaves it out, or finds that the session is over.
static bool step_take(
	struct session *session, const struct plan_step *step, struct problem *problem)
{
	if (!is_wanted(session, step)) {
		session->progress.total--;
		return true;
	}
	session->is_interrupted = interruption_poll(&session->interruption) > 0;
	session->is_out_of_time = session->deadline_s > 0 && clock_now_s() >= session->deadline_s;
	return session->is_interrupted || session->is_out_of_time ||
	       step_run(session, step, problem);
}

static bool steps_run(struct session *session, struct problem *problem)
{
	const struct plan *plan = &session->run->plan;
	bool is_good = true;

	for (size_t i = 0;
		is_good && i < plan->count && !session->is_interrupted && !session->is_out_of_time;
		i++)
		is_good = watch_round(session, i, problem) &&
			  step_take(session, &plan->steps[i], problem);
	progress_clear(&session->progress);
	return is_good;
}

// ---- a step

static const char *workload_of(const struct session *session, const struct plan_step *step)
{
	return session->run->selection.workloads[step->workload];
}

static const char *label_of(const struct session *session, const struct plan_step *step)
{
	return session->run->selection.labels[step->side];
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
			session->run->command);
	progress_draw(&session->progress, clock_now_s());
}

// Stores the document. The process has failed where the store refuses it, and the outcome then says
// why; we have failed where the store can't be written.
static bool document_store(struct session *session, const struct plan_step *step,
	struct step_outcome *outcome, struct problem *problem)
{
	struct store_process process = {
		.session = session->id,
		.round = step->round,
		.position = step->position,
		.config = label_of(session, step),
		.workload = workload_of(session, step),
		.started_unix_ns = outcome->process.started_unix_ns,
		.elapsed_s = outcome->process.elapsed_s,
	};
	struct problem refusal;

	if (store_process_add(session->run->store, &process, outcome->document, &refusal)) {
		session->measured++;
		return true;
	}
	if (refusal.status == EXIT_WRONG_USE) {
		snprintf(outcome->fault, sizeof(outcome->fault), "wrote a bad document: %s",
			refusal.text);
		return true;
	}
	*problem = refusal;
	return false;
}

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
	struct session *session, const struct plan_step *step, const struct step_outcome *outcome)
{
	const char *errors = outcome->process.errors;

	progress_say(&session->progress, "slabmark %s: round %d, %s of %s: the process %s%s",
		session->run->command, step->round + 1, workload_of(session, step),
		label_of(session, step), outcome->fault, *errors ? "; its last messages:" : "");
	for (const char *line = last_lines(errors); *line;) {
		size_t length = strcspn(line, "\n");

		if (length > 0)
			progress_say(&session->progress, "  %.*s", (int)length, line);
		line += length + (line[length] == '\n');
	}
}

static bool outcome_take(struct session *session, const struct plan_step *step,
	struct step_outcome *outcome, struct problem *problem)
{
	bool is_good = !outcome->document || document_store(session, step, outcome, problem);
	bool is_measured = is_good && *outcome->fault == '\0';

	session->failed[step->workload * session->run->selection.sides_count + step->side] +=
		!is_measured;
	progress_step_end(&session->progress, clock_now_s(), is_measured);
	if (is_good && !is_measured)
		failure_say(session, step, outcome);
	return is_good;
}

static bool step_run(struct session *session, const struct plan_step *step, struct problem *problem)
{
	const struct progress_step shown = {
		step->round, workload_of(session, step), label_of(session, step)};
	const struct step_watch watch = {&session->interruption, tick, session};
	struct step_outcome outcome;
	bool is_good = true;

	progress_step_begin(&session->progress, shown, clock_now_s());
	if (!step_measure(session->run, step, &watch, &outcome, problem))
		return false;
	if (outcome.process.end == PROCESS_STOPPED)
		session->is_interrupted = true;
	else
		is_good = outcome_take(session, step, &outcome, problem);
	step_outcome_free(&outcome);
	return is_good;
}

// ---- how it went

void session_say(const struct session *session, FILE *output)
{
	char duration[32];
	char *store = run_store_name(session->run);

	fprintf(output, "%zu of %zu %s measured in %s, session %lld of %s", session->measured,
		session->run->plan.count, plural(session->run->plan.count, "process", "processes"),
		duration_text(duration, sizeof(duration), session->elapsed_s),
		(long long)session->id, store ? store : "the store");
	free(store);
}

// Which processes failed: "pair of nocolour (3), batch of default (1)".
static char *failures_text(const struct session *session, char *text, size_t size)
{
	const struct selection *selection = &session->run->selection;
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < selection->workloads_count * selection->sides_count && used < size;
		i++)
		if (session->failed[i] > 0)
			used += (size_t)snprintf(text + used, size - used, "%s%s of %s (%zu)",
				used > 0 ? ", " : "",
				selection->workloads[i / selection->sides_count],
				selection->labels[i % selection->sides_count], session->failed[i]);
	return text;
}

int session_status(const struct session *session, struct problem *problem)
{
	char failures[FAILURES_SIZE];
	size_t failed = session->progress.failed;

	if (failed > 0)
		problem_set(problem, EXIT_NOT_MEASURED, "%zu of %zu %s failed: %s", failed,
			session->progress.done,
			plural(session->progress.done, "process", "processes"),
			failures_text(session, failures, sizeof(failures)));
	if (session->is_interrupted)
		return EXIT_INTERRUPTED;
	if (session->measured == 0 && failed == 0)
		problem_set(problem, EXIT_NOT_MEASURED, "nothing was measured");
	return session->measured == 0 || failed > 0 ? EXIT_NOT_MEASURED : EXIT_GOOD;
}
