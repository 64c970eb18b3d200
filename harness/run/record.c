// SPDX-License-Identifier: GPL-2.0-or-later
// What was asked for goes into the store first, the measuring is session.c's, and the end is
// recorded whatever happens. Entry: record_run().
#include "record.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "harness/command/command.h"

enum { FAILURES_SIZE = 512 };

// ---- the record

static json_t *texts(const char *const *items, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, json_string(items[i]));
	return array;
}

// What was asked for, as JSON text for the store. The caller frees it; NULL: no memory.
static char *plan_text(const struct record_request *request)
{
	const struct plan_choice *choice = request->choice;
	const struct session_settings *settings = request->settings;
	json_t *record = json_pack("{s:o, s:o, s:i, s:I, s:f, s:f, s:I, s:o, s:o, s:O*, s:s*}",
		"configs", texts(choice->configs, choice->configs_count), "workloads",
		texts(choice->workloads, choice->workloads_count), "rounds", choice->rounds, "seed",
		(json_int_t)choice->seed, "min_time_s", settings->min_time_s, "timeout_s",
		settings->timeout_s, "processes", (json_int_t)request->plan->count, "settings",
		texts(settings->settings, settings->settings_count), "passed",
		texts((const char *const *)settings->passed, settings->passed_count), "until",
		request->until, "purpose", request->purpose);
	char *text = record ? json_dumps(record, JSON_COMPACT) : NULL;

	json_decref(record);
	return text;
}

void record_word_write(FILE *stream, const char *word)
{
	bool is_plain = *word && strpbrk(word, " \t\n\"'\\$`*?[]{}()<>|&;#~!") == NULL;

	fprintf(stream, is_plain ? "%s" : "'%s'", word);
}

// A password in a store's URL stays out of the record.
static void word_record(FILE *stream, const char *word)
{
	static const char OPTION[] = "--db=";
	size_t skipped = strncmp(word, OPTION, sizeof(OPTION) - 1) == 0 ? sizeof(OPTION) - 1 : 0;
	char *shown = store_is_url(word + skipped) ? store_path_shown(word + skipped) : NULL;

	if (shown)
		fprintf(stream, "%.*s", (int)skipped, word);
	record_word_write(stream, shown ? shown : word);
	free(shown);
}

// The words of the user, quoted as a shell needs them. The caller frees it; NULL: no memory.
static char *command_text(const struct command_call *call)
{
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return NULL;
	for (int i = 0; i < call->argument_count; i++) {
		if (i > 0)
			fputc(' ', stream);
		word_record(stream, call->arguments[i]);
	}
	fclose(stream);
	return text;
}

char *record_store_name(const struct command_call *call)
{
	return store_path_shown(call_text(call, "db"));
}

static bool session_begin(
	const struct record_request *request, struct session *session, struct problem *problem)
{
	struct timespec now;
	char *command = command_text(request->call);
	char *plan = plan_text(request);
	bool is_good = command && plan;

	clock_gettime(CLOCK_REALTIME, &now);
	struct store_session record = {
		.command = command,
		.plan = plan,
		.started_unix_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec,
	};
	if (!is_good)
		problem_set(problem, EXIT_NOT_MEASURED, "no memory for the session's record");
	is_good = is_good && store_session_begin(session->store, &record, &session->id, problem);
	free(command);
	free(plan);
	return is_good;
}

uint64_t record_seed_draw(void)
{
	uint32_t drawn = 0;

	if (getrandom(&drawn, sizeof(drawn), 0) != (ssize_t)sizeof(drawn))
		drawn = (uint32_t)time(NULL);
	return drawn;
}

// ---- the run

static void start_say(const struct record_request *request, struct session *session)
{
	const struct plan_choice *choice = request->choice;
	const char *command = session->settings->command;
	char *store = record_store_name(request->call);

	progress_say(&session->progress,
		"slabmark %s: %zu processes (configs: %zu, workloads: %zu, rounds: %d), seed "
		"%llu, into %s",
		command, session->plan->count, choice->configs_count, choice->workloads_count,
		choice->rounds, (unsigned long long)choice->seed, store ? store : "the store");
	free(store);
	for (size_t workload = 0; workload < choice->workloads_count; workload++)
		for (size_t config = 0; config < choice->configs_count; config++)
			if (!session->selection->has[workload * choice->configs_count + config])
				progress_say(&session->progress,
					"slabmark %s: left out: %s of %s: %s", command,
					choice->workloads[workload], choice->configs[config],
					selection_reason(session->selection, workload, config));
}

static const char *how_ended(const struct session *session, bool is_good)
{
	if (!is_good || session->is_interrupted)
		return "interrupted";
	// A session that stops by itself when all is decided has done what it was asked for.
	return session->is_out_of_time && !session->watch ? "out of time" : "complete";
}

// The session is closed whatever happens, as far as the store lets us; the first problem is the one
// that is told.
static bool carry_out(
	const struct record_request *request, struct session *session, struct problem *problem)
{
	double start_s = clock_now_s();
	struct problem closing;

	if (!session_begin(request, session, problem) ||
		!interruption_open(&session->interruption, problem))
		return false;
	if (request->budget_s > 0)
		session->deadline_s = start_s + request->budget_s;
	start_say(request, session);
	bool is_good = session_run(session, problem);
	bool is_closed = store_session_end(session->store, session->id, how_ended(session, is_good),
		is_good ? problem : &closing);
	interruption_close(&session->interruption);
	session->elapsed_s = clock_now_s() - start_s;
	return is_good && is_closed;
}

bool record_run(const struct record_request *request, struct store *store, struct session *session,
	struct problem *problem)
{
	*session = (struct session){
		.settings = request->settings,
		.selection = request->selection,
		.plan = request->plan,
		.watch = request->watch,
		.store = store,
		.failed = calloc(request->plan->count + 1, sizeof(*session->failed)),
	};
	progress_start(&session->progress, stderr, request->plan, request->choice->rounds);
	if (!session->failed)
		return problem_set(problem, EXIT_NOT_MEASURED, "no memory for the session");
	return carry_out(request, session, problem);
}

void record_free(struct session *session)
{
	free(session->failed);
	session->failed = NULL;
}

void record_say(const struct record_request *request, const struct session *session)
{
	char duration[32];
	char *store = record_store_name(request->call);

	fprintf(request->call->output, "%zu of %zu processes measured in %s, session %lld of %s",
		session->measured, session->plan->count,
		duration_text(duration, sizeof(duration), session->elapsed_s),
		(long long)session->id, store ? store : "the store");
	free(store);
}

int record_verdict(const struct session *session, struct problem *problem)
{
	char failures[FAILURES_SIZE];
	size_t failed = session->progress.failed;

	if (failed > 0)
		problem_set(problem, EXIT_NOT_MEASURED, "%zu of %zu processes failed: %s", failed,
			session->progress.done,
			session_failures(session, failures, sizeof(failures)));
	if (session->is_interrupted)
		return EXIT_INTERRUPTED;
	if (session->measured == 0 && failed == 0)
		problem_set(problem, EXIT_NOT_MEASURED, "nothing was measured");
	return session->measured == 0 || failed > 0 ? EXIT_NOT_MEASURED : EXIT_GOOD;
}
