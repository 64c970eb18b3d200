// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark gate`: may this session pass? Entry: gate_command. The judgement is
// results/gate/gate.h's, what is measured side by side run/confirmation.h's; here are the options, the
// files that are written, and names and accepted changes.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "command.h"
#include "harness/process/clock.h"
#include "harness/run/confirmation.h"
#include "json_output.h"
#include "open_store.h"
#include "results/compare/compare.h"
#include "results/gate/gate.h"
#include "results/text/output_file.h"
#include "rows.h"
#include "run_options.h"

// ---- exact metrics

// Reads "HOW", of all kinds, or "KIND:HOW".
static bool exact_read_item(
	const char *item, enum gate_exact exact[EXACT_KINDS], struct problem *problem)
{
	static const char *const HOWS[] = {"", "fail", "warn", "off"}; // by enum gate_exact
	const char *colon = strchr(item, ':');
	const char *how = colon ? colon + 1 : item;
	size_t length = colon ? (size_t)(colon - item) : 0;
	enum gate_exact found = GATE_EXACT_USUAL;
	bool is_known = false;

	for (int i = GATE_EXACT_FAIL; i <= GATE_EXACT_OFF; i++)
		if (strcmp(how, HOWS[i]) == 0)
			found = (enum gate_exact)i;
	for (int kind = EXACT_NOT + 1; found != GATE_EXACT_USUAL && kind < EXACT_KINDS; kind++) {
		const char *name = exact_kind_name((enum exact_kind)kind);

		if (colon && (strlen(name) != length || strncmp(name, item, length) != 0))
			continue;
		exact[kind] = found;
		is_known = true;
	}
	return is_known ||
	       problem_set(problem, EXIT_WRONG_USE,
		       "--exact=%s: expected fail, warn or off, or one of them for a kind: "
		       "code:HOW, geometry:HOW, counts:HOW",
		       item);
}

static bool exact_read(const struct command_call *call, enum gate_exact exact[EXACT_KINDS],
	struct problem *problem)
{
	size_t count = 0;
	const char *const *items = call_list(call, "exact", &count);
	bool is_good = true;

	for (size_t i = 0; is_good && i < count; i++)
		is_good = exact_read_item(items[i], exact, problem);
	return is_good;
}

static struct gate_options options_of(const struct command_call *call)
{
	struct gate_options options = {
		.session = call_has(call, "session") ? call_integer(call, "session") : 0,
		.baseline = call_text(call, "baseline"),
		.nights = strcmp(call_text(call, "nights"), "equal") == 0 ? GATE_NIGHTS_EQUAL
									  : GATE_NIGHTS_HISTORY,
		.is_beside = call_has(call, "side-by-side"),
		.margin = call_has(call, "margin") ? call_real(call, "margin") / 100
						   : COMPARE_MARGIN_CALIBRATED,
		.alpha = call_real(call, "alpha"),
	};

	(void)exact_read(call, options.exact, NULL); // call_check() has
	return options;
}

// Makes no store where there is none: nothing would be in it.
static bool store_open_existing(
	const struct command_call *call, struct store **store, struct problem *problem)
{
	const char *path = call_text(call, "db");

	if (!store_is_url(path) && access(path, F_OK) != 0)
		return store_open(store, path, STORE_READ, problem);
	return open_store_for_writing(call, path, store, problem);
}

// ---- files

typedef void (*gate_print)(const struct gate *gate, FILE *output);

static bool file_write(
	const char *path, gate_print print, const struct gate *gate, struct problem *problem)
{
	struct output_file file;

	if (!output_file_begin(&file, path, problem))
		return false;
	print(gate, file.stream);
	return output_file_end(&file, true, problem);
}

static bool files_write(
	const struct command_call *call, const struct gate *gate, struct problem *problem)
{
	static const struct {
		const char *option;
		gate_print print;
	} kinds[] = {{"junit", gate_junit}, {"markdown", gate_markdown}};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (call_has(call, kinds[i].option) && !file_write(call_text(call, kinds[i].option),
							       kinds[i].print, gate, problem))
			return false;
	return true;
}

static bool show(const struct command_call *call, const struct gate *gate, struct problem *problem)
{
	if (strcmp(call_text(call, "format"), "text") == 0) {
		gate_text(gate, call->output);
		return true;
	}
	return json_output(gate_json(gate), JSON_INDENT(2), call->output, problem);
}

// ---- the judgement

// Reads --confirm: *session is 0 for rounds that are still to be run.
static bool confirm_read(
	const struct command_call *call, bool *is_wanted, int64_t *session, struct problem *problem)
{
	static const char SESSION[] = "session:";
	const char *text = call_text(call, "confirm");
	char *end = NULL;

	*session = 0;
	*is_wanted = strcmp(text, "none") != 0;
	if (!*is_wanted || strcmp(text, "run") == 0)
		return true;
	if (strncmp(text, SESSION, sizeof(SESSION) - 1) == 0)
		*session = strtoll(text + sizeof(SESSION) - 1, &end, 10);
	if (*session > 0 && *end == '\0')
		return true;
	return problem_set(
		problem, EXIT_WRONG_USE, "--confirm=%s: expected run, none or session:N", text);
}

static int measure_again(const struct command_call *call, struct store *store,
	const struct gate *gate, int64_t *session, struct problem *problem)
{
	const struct confirmation_request request = {
		.gate = gate,
		.is_beside = call_has(call, "side-by-side"),
		.programs = call_text(call, "baseline-programs"),
	};
	struct run run = run_of_call(call);

	run.store = store;
	if (call_has(call, "confirm-rounds"))
		run.rounds = (int)call_integer(call, "confirm-rounds");
	return confirmation_measure(&run, &request, session, problem);
}

// Returns EXIT_GOOD where the candidates, if any, were looked at again as asked.
static int confirm(const struct command_call *call, struct store *store, struct gate *gate,
	struct problem *problem)
{
	const struct gate_options options = options_of(call);
	bool is_wanted = false;
	int64_t session = 0;
	int status = EXIT_GOOD;

	if (!confirm_read(call, &is_wanted, &session, problem))
		return problem->status;
	// Other builds of the session itself were measured side by side already.
	if (!is_wanted || gate->baselines[0] == gate->session ||
		gate_candidates(gate, options.is_beside) == 0)
		return EXIT_GOOD;
	if (session == 0)
		status = measure_again(call, store, gate, &session, problem);
	if (status != EXIT_GOOD)
		return status;
	return gate_confirm(store, &options, gate, session, problem) ? EXIT_GOOD
								     : (int)problem->status;
}

static int judge(const struct command_call *call, struct store *store, struct gate *gate,
	struct problem *problem)
{
	struct problem verdict = {0};
	int status = confirm(call, store, gate, problem);

	if (status != EXIT_GOOD)
		return status;
	status = gate_status(gate, call_has(call, "strict"), &verdict);
	const struct gate_options options = options_of(call);
	if (!gate_explain(store, &options, gate, problem) ||
		!gate_write(store, gate, status, clock_now_unix_ns(), problem) ||
		!files_write(call, gate, problem) || !show(call, gate, problem))
		return problem->status;
	*problem = verdict;
	return status;
}

// ---- accepted changes

static int accept(const struct command_call *call, struct store *store, const struct gate *gate,
	struct problem *problem)
{
	size_t count = 0;
	const char *const *which = call_list(call, "accept", &count);

	for (size_t i = 0; i < count; i++) {
		size_t accepted = 0;

		if (!gate_accept(store, gate, which[i], call_text(call, "reason"),
			    clock_now_unix_ns(), &accepted, problem))
			return problem->status;
		fprintf(call->output, "accepted: %s (%zu)\n", which[i], accepted);
	}
	return EXIT_GOOD;
}

static bool reason_check(const struct command_call *call, struct problem *problem)
{
	const char *reason = call_text(call, "reason");

	if (call_has(call, "accept") != call_has(call, "reason"))
		return problem_set(problem, EXIT_WRONG_USE,
			"--accept and --reason belong together: what is accepted, and why");
	if (!reason)
		return true;
	if (*reason == '\0' || strpbrk(reason, "\n\t"))
		return problem_set(
			problem, EXIT_WRONG_USE, "--reason: expected one line that says why");
	return true;
}

// ---- the call

static int manage(const struct command_call *call, struct store *store, struct problem *problem)
{
	bool is_good = true;

	if (call_has(call, "set-baseline"))
		is_good = gate_baseline_set(store, call_text(call, "set-baseline"),
			call_integer(call, "session"), call_text(call, "note"), clock_now_unix_ns(),
			problem);
	if (is_good && call_has(call, "list-baselines"))
		is_good = gate_baselines_list(store, call->output, problem);
	if (is_good && call_has(call, "list-accepted"))
		is_good = gate_accepted_list(store, call->output, problem);
	return is_good ? EXIT_GOOD : (int)problem->status;
}

static bool is_managing(const struct command_call *call)
{
	return call_has(call, "set-baseline") || call_has(call, "list-baselines") ||
	       call_has(call, "list-accepted");
}

static bool call_check(const struct command_call *call, struct problem *problem)
{
	enum gate_exact exact[EXACT_KINDS] = {GATE_EXACT_USUAL};
	bool is_wanted;
	int64_t session;

	if (!reason_check(call, problem) || !confirm_read(call, &is_wanted, &session, problem) ||
		!exact_read(call, exact, problem))
		return false;
	if (call_has(call, "set-baseline") && !call_has(call, "session"))
		return problem_set(problem, EXIT_WRONG_USE,
			"--set-baseline=%s: say which session: --session=N",
			call_text(call, "set-baseline"));
	if (call_has(call, "side-by-side") && !is_wanted)
		return problem_set(problem, EXIT_WRONG_USE,
			"--side-by-side judges by what --confirm=none leaves out: leave one out");
	if (is_managing(call) && call_has(call, "baseline"))
		return problem_set(problem, EXIT_WRONG_USE,
			"--baseline judges a session; names and lists are another call");
	if (!is_managing(call) && !call_has(call, "baseline"))
		return problem_set(problem, EXIT_WRONG_USE,
			"against what? --baseline=commit:PREFIX, tag:NAME, session:N, last-good, "
			"rolling:N or side:BUILD");
	return true;
}

// Whoever collects the files finds them on the first night, too, when there is no baseline yet.
static void refusal_write(const struct command_call *call, struct problem *problem)
{
	const struct gate refused = {
		.asked = (char *)call_text(call, "baseline"), .refusal = problem->text};
	struct problem failure;

	if (problem->status == EXIT_NOT_MEASURED && !files_write(call, &refused, &failure))
		*problem = failure;
}

static int refuse(const struct command_call *call, struct problem *problem)
{
	refusal_write(call, problem);
	return problem->status;
}

static int run(const struct command_call *call, struct problem *problem)
{
	const struct gate_options options = options_of(call);
	struct gate *gate = NULL;
	struct store *store;
	int status;

	if (!call_check(call, problem))
		return problem->status;
	if (!store_open_existing(call, &store, problem))
		return is_managing(call) ? (int)problem->status : refuse(call, problem);
	if (is_managing(call))
		status = manage(call, store, problem);
	else if (!gate_make(store, &options, &gate, problem))
		status = refuse(call, problem);
	else
		status = call_has(call, "accept") ? accept(call, store, gate, problem)
						  : judge(call, store, gate, problem);
	gate_free(gate);
	store_close(store);
	return status;
}

// ---- the command

static const struct option_row OPTIONS[] = {
	{.name = "baseline",
		.kind = OPTION_TEXT,
		.argument = "WHICH",
		.choices = "commit:|tag:|session:|last-good|rolling:|side:",
		.help = "commit:PREFIX, tag:NAME (of --set-baseline), session:N, last-good (the "
			"newest that passed), rolling:N (the N before this one, together), or "
			"side:BUILD, a build that the session itself measured in the same rounds: "
			"side:default@4d5f347, or side:@4d5f347 of each config."},
	ROW_SESSION("The session to judge; the newest when not given."),
	{.name = "strict",
		.kind = OPTION_SWITCH,
		.help = "Exit status 4 when nothing is wrong but something is undecided."},
	{.name = "confirm",
		.kind = OPTION_TEXT,
		.argument = "HOW",
		.choices = "run|none|session:",
		.default_text = "run",
		.help = "run: measures what looks slower side by side with the baseline's builds, "
			"here and now, before it is called a regression; session:N: takes that "
			"session for it; none: what nights differ by decides alone."},
	{.name = "side-by-side",
		.kind = OPTION_SWITCH,
		.help = "Judges every series side by side with the baseline's builds, and not "
			"those alone that look slower: finds the most, and takes as long again."},
	{.name = "baseline-programs",
		.kind = OPTION_TEXT,
		.argument = "FOLDER",
		.help = "The baseline's programs, kept; built from its commit when not given "
			"(ci/build-commit)."},
	{.name = "nights",
		.kind = OPTION_CHOICE,
		.choices = "history|equal",
		.default_text = "history",
		.help = "How far nights are believed to differ: as far as the store's earlier "
			"sessions do, or not at all. With equal whatever a night does to all that "
			"it measures is called a change."},
	{.name = "confirm-rounds",
		.kind = OPTION_INTEGER,
		.argument = "N",
		.minimum = 2,
		.maximum = 100000,
		.help = "Rounds side by side; as many as the session had when not given."},
	ROW_MARGIN(0.01, ""),
	ROW_ALPHA(
		"The share of false alarms: of sessions in which nothing changed, at most so many "
		"fail."),
	{.name = "exact",
		.kind = OPTION_LIST,
		.argument = "[KIND:]HOW,...",
		.choices = "fail|warn|off|code:fail|code:warn|code:off|geometry:fail|geometry:warn|"
			   "geometry:off|counts:fail|counts:warn|counts:off",
		.help = "What happens when an exact metric got worse: fail, warn, or off (it is "
			"not "
			"looked at). For all, or by kind: code, geometry, counts. When not given: "
			"code:warn,geometry:fail,counts:fail."},
	{.name = "junit",
		.kind = OPTION_TEXT,
		.argument = "FILE",
		.help = "Also writes JUnit XML: failure is a regression, error not measured, "
			"skipped undecided. Written, too, when there is no baseline yet."},
	{.name = "markdown",
		.kind = OPTION_TEXT,
		.argument = "FILE",
		.help = "Also writes Markdown, for a comment or a job's summary."},
	ROW_FORMAT_TEXT_JSON,
	{.name = "accept",
		.kind = OPTION_REPEATED,
		.argument = "CONFIG:SERIES[:METRIC]",
		.help = "Accepts that regression as it is now, in place of judging: it is no alarm "
			"any more unless it gets worse. A shell's pattern accepts all it fits: "
			"'default:*:code_bytes_*'."},
	{.name = "reason", .kind = OPTION_TEXT, .argument = "TEXT", .help = "Why it is accepted."},
	{.name = "list-accepted",
		.kind = OPTION_SWITCH,
		.help = "Prints what was accepted: date, machine, series, level, reason."},
	{.name = "set-baseline",
		.kind = OPTION_TEXT,
		.argument = "NAME",
		.choices = "last-good",
		.help = "Gives --session a name for tag:NAME; last-good marks it as good."},
	{.name = "note",
		.kind = OPTION_TEXT,
		.argument = "TEXT",
		.help = "A note that is kept with the name."},
	{.name = "list-baselines",
		.kind = OPTION_SWITCH,
		.help = "Prints the names, their sessions, dates and notes."},
	ROW_DB_FILLED,
	{0},
};

const struct command gate_command = {
	.name = "gate",
	.summary = "Fail when a session is slower than a baseline.",
	.description =
		"Judges a session against earlier ones of the same machine, series by series, in "
		"two steps.\n\n"
		"First against the baseline as it was measured, which is another night's. Nights "
		"differ, and rounds of one night cannot tell by how much: the store's earlier "
		"sessions tell, from five nights on. What is slower than processes differ, by more "
		"than the margin with its whole interval, is a candidate. Against several sessions "
		"(rolling:N) a regression must also be slower than the slowest of them. last-good "
		"is "
		"held against an anchor, too: the session that somebody marked as good, or the one "
		"that passed 30 sessions ago; so many small steps cannot pass one by one.\n\n"
		"Then side by side: the candidates, or every series with --side-by-side, are "
		"measured in the same rounds as the baseline's builds. Those come from "
		"--baseline-programs, or are built from their commit. That comparison needs no "
		"assumption about nights, and it decides: of sessions in which nothing changed, at "
		"most the share --alpha fails, however many rows there are. Without it "
		"(--confirm=none) a regression is what is slower than nights differ, at the same "
		"rate as far as the nights to come are as those before; with fewer than five "
		"nights "
		"it is undecided.\n\n"
		"Exact metrics (counters named simulated_*, code_bytes*, geometry_*, exact_*, and "
		"those that a program lists as exact_counters) are compared exactly: any "
		"difference is a change. One for the worse is a regression; larger code is a "
		"warning, "
		"and told once for a build. --exact says otherwise.\n\n"
		"Exit status: 0 passed; 1 a regression; 3 something that the baseline has was not "
		"measured, a candidate could not be measured side by side, the session did not do "
		"all "
		"that it was to do, there is no baseline, or "
		"there were too few processes for any change to show; 4 with --strict, when "
		"something is undecided. A session that passed is the next last-good.",
	.options = OPTIONS,
	.run = run,
};
