// SPDX-License-Identifier: GPL-2.0-or-later
// The whole program with fake measured programs (fake_program.sh): what reaches the store, what is
// said, and how it ends, in good runs, bad ones and interrupted ones. Arguments: the paths of
// slabmark and of fake_program.sh.
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/process/process.h"
#include "results/store/store.h"

enum { PATH_SIZE = 512, WORDS_MAX = 24 };

static const char *slabmark_path; // set by main
static const char *fake_path;

// A folder with a copy of slabmark (so that it finds no program but the fake ones beside it).
struct bench {
	char folder[PATH_SIZE];
	char program[PATH_SIZE];
	char db[PATH_SIZE];
	char trace[PATH_SIZE];
};

static void shell(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void shell(const char *format, ...)
{
	char script[4 * PATH_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(script, sizeof(script), format, arguments);
	va_end(arguments);
	const char *words[] = {"/bin/sh", "-c", script, NULL};
	struct process_request request = {
		.arguments = words, .output_bytes_max = 1 << 20, .timeout_s = 600};
	struct process_outcome outcome;
	struct problem problem;
	assert_true(process_run(&request, &outcome, &problem));
	assert_int_equal(outcome.code, 0);
	process_outcome_free(&outcome);
}

static int bench_open(void **state)
{
	static struct bench bench;

	snprintf(bench.folder, sizeof(bench.folder), "/tmp/slabmark-test-XXXXXX");
	if (!mkdtemp(bench.folder))
		return -1;
	size_t size = PATH_SIZE;
	char lock[PATH_SIZE + 8];
	snprintf(lock, sizeof(lock), "%s/lock", bench.folder);
	setenv("SLABMARK_LOCK", lock, 1); // tests run beside each other
	if (snprintf(bench.program, size, "%s/slabmark", bench.folder) >= (int)size ||
		snprintf(bench.db, size, "%s/s.db", bench.folder) >= (int)size ||
		snprintf(bench.trace, size, "%s/trace", bench.folder) >= (int)size)
		return -1;
	shell("cp '%s' '%s' && cd '%s' && for c in run-default run-nocolour run-glibc "
	      "inspect-default; do "
	      "ln -s '%s' slabmark-$c || exit; done",
		slabmark_path, bench.program, bench.folder, fake_path);
	*state = &bench;
	return 0;
}

static int bench_close(void **state)
{
	const struct bench *bench = *state;

	shell("rm -r '%s'", bench->folder);
	return 0;
}

// What a call of slabmark left behind.
struct called {
	int status;
	char *output;
	char errors[PROCESS_ERRORS_SIZE];
};

static struct called call_words(
	const struct bench *bench, const char *fault, const char *const *more)
{
	char fault_text[128];
	char trace_text[PATH_SIZE + 16];
	char db_text[PATH_SIZE + 16];
	const char *words[WORDS_MAX] = {bench->program};
	size_t count = 1;

	snprintf(fault_text, sizeof(fault_text), "FAKE_FAULT=%s", fault);
	snprintf(trace_text, sizeof(trace_text), "FAKE_TRACE=%s", bench->trace);
	snprintf(db_text, sizeof(db_text), "--db=%s", bench->db);
	for (; *more; more++)
		words[count++] = strcmp(*more, "--db") == 0 ? db_text : *more;
	const char *environment[] = {fault_text, trace_text, NULL};
	struct process_request request = {.arguments = words,
		.environment = environment,
		.output_bytes_max = 1 << 24,
		.timeout_s = 600};
	struct process_outcome outcome;
	struct problem problem;
	assert_true(process_run(&request, &outcome, &problem));
	assert_int_equal(outcome.end, PROCESS_EXITED);
	struct called called = {.status = outcome.code, .output = outcome.output};
	memcpy(called.errors, outcome.errors, sizeof(called.errors));
	return called;
}

// CALL(bench, fault, words…): "--db" among the words becomes --db=<the bench's store>.
#define CALL(bench, fault, ...)                                                                    \
	call_words((bench), (fault), (const char *const[]){__VA_ARGS__, NULL})

static void assert_says(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("'%s' is missing in:\n%s", part, text);
}

// The texts of the last call, and its status.
static void assert_ends(struct called *called, int status, const char *output, const char *errors)
{
	if (output)
		assert_says(called->output, output);
	if (errors)
		assert_says(called->errors, errors);
	assert_int_equal(called->status, status);
	free(called->output);
}

static bool exists(const char *path)
{
	return access(path, F_OK) == 0;
}

// ---- the store

struct stored {
	struct store *store;
	struct store_samples samples;
	struct store_session_facts facts;
};

static struct stored stored_open(const struct bench *bench)
{
	struct stored stored;
	struct problem problem;
	bool is_found = false;

	assert_true(store_open(&stored.store, bench->db, STORE_READ, &problem));
	assert_true(store_session_read(stored.store, 1, &stored.facts, &is_found, &problem));
	assert_true(is_found);
	assert_true(store_session_samples(stored.store, 1, &stored.samples, &problem));
	return stored;
}

static void stored_close(struct stored *stored)
{
	store_samples_free(&stored->samples);
	store_session_facts_free(&stored->facts);
	store_close(stored->store);
}

static size_t samples_of(
	const struct stored *stored, int round, const char *config, const char *workload)
{
	size_t count = 0;

	for (size_t i = 0; i < stored->samples.count; i++)
		count += stored->samples.items[i].round == round &&
			 strcmp(stored->samples.items[i].config, config) == 0 &&
			 strcmp(stored->samples.items[i].workload, workload) == 0;
	return count;
}

static void assert_stored(const struct bench *bench, size_t samples_count, const char *ended)
{
	struct stored stored = stored_open(bench);

	assert_int_equal(stored.samples.count, samples_count);
	if (ended)
		assert_string_equal(stored.facts.ended, ended);
	else
		assert_null(stored.facts.ended);
	stored_close(&stored);
}

// ---- good runs

static void every_process_is_stored_in_its_place(void **state)
{
	const struct bench *bench = *state;
	struct called called = CALL(bench, "", "run", "--rounds=3", "--db");
	char next[2 * PATH_SIZE];

	snprintf(
		next, sizeof(next), "next: slabmark compare default nocolour --db=%s\n", bench->db);
	assert_says(called.output, "12 of 12 processes measured in ");
	assert_ends(&called, 0, next, "left out: far of default: needs two nodes\n");
	struct stored stored = stored_open(bench);
	assert_int_equal(stored.samples.count, 12);
	assert_string_equal(stored.facts.ended, "complete");
	assert_says(stored.facts.command, "/slabmark run --rounds=3 --db=");
	for (int round = 0; round < 3; round++) {
		assert_int_equal(samples_of(&stored, round, "default", "pair"), 1);
		assert_int_equal(samples_of(&stored, round, "nocolour", "pair"), 1);
		assert_int_equal(samples_of(&stored, round, "default", "pairs"), 1);
		assert_int_equal(samples_of(&stored, round, "nocolour", "pairs"), 1);
	}
	stored_close(&stored);
}

// Reads the trace's lines: config, length of the padding, words.
static size_t trace_read(const struct bench *bench, char lines[][PATH_SIZE], size_t lines_max)
{
	size_t count = 0;
	FILE *trace = fopen(bench->trace, "r");

	assert_non_null(trace);
	while (count < lines_max && fgets(lines[count], PATH_SIZE, trace))
		count++;
	fclose(trace);
	return count;
}

static void processes_are_told_what_to_measure(void **state)
{
	const struct bench *bench = *state;
	char lines[8][PATH_SIZE];
	struct called called = CALL(bench, "", "run", "--rounds=1", "--seed=3", "--min-time=0.25",
		"--set=pairs.size=128", "--cpus=0-1", "--cpu-kind=fastest", "--db", "--",
		"--benchmark_repetitions=2");

	assert_ends(&called, 0, NULL, NULL);
	assert_int_equal(trace_read(bench, lines, 8), 4);
	for (size_t i = 0; i < 4; i++) {
		bool is_pairs = strstr(lines[i], "--benchmark_filter=^pairs(/|$) ") != NULL;

		assert_true(is_pairs || strstr(lines[i], "--benchmark_filter=^pair(/|$) "));
		assert_int_equal(
			is_pairs, strstr(lines[i], "--slabmark_set=pairs.size=128") != NULL);
		assert_says(lines[i], "--benchmark_format=json");
		assert_says(lines[i], "--benchmark_min_time=0.25");
		assert_says(lines[i], "--benchmark_repetitions=2");
		assert_says(lines[i], "--slabmark_cpus=0-1 ");
		assert_says(lines[i], "--slabmark_cpu_kind=fastest ");
		assert_says(lines[i], "--slabmark_seed=");
	}
	// The compared configs of a workload serve the same requests; the paddings differ.
	assert_string_equal(
		strstr(lines[0], "--slabmark_seed="), strstr(lines[1], "--slabmark_seed="));
	assert_string_not_equal(
		strstr(lines[1], "--slabmark_seed="), strstr(lines[2], "--slabmark_seed="));
	assert_true(
		strtol(strchr(lines[0], ' '), NULL, 10) != strtol(strchr(lines[1], ' '), NULL, 10));
}

// It tries each workload of each config once, for a moment, and keeps nothing.
static void a_dry_run_prints_the_plan_and_stores_nothing(void **state)
{
	const struct bench *bench = *state;
	struct called first = CALL(bench, "", "run", "--dry-run", "--seed=9", "--rounds=2", "--db");
	struct called again = CALL(bench, "", "run", "--dry-run", "--seed=9", "--rounds=2", "--db");
	size_t lines = 0;

	for (const char *line = strchr(first.output, '\n'); line; line = strchr(line + 1, '\n'))
		lines++;
	assert_int_equal(lines, 1 + 2 * 2 * 2);
	assert_string_equal(first.output, again.output);
	assert_non_null(strstr(first.errors, "slabmark run: 8 processes (configs: 2"));
	assert_non_null(strstr(first.errors, "slabmark run: pair: 1 benchmark: pair/size:64\n"));
	assert_non_null(strstr(first.errors, "slabmark run: takes about "));
	assert_ends(&first, 0, "round\tposition\tworkload\tconfig", NULL);
	assert_ends(&again, 0, NULL, NULL);
	assert_false(exists(bench->db));
}

static void a_log_has_one_line_at_the_start_and_one_at_the_end(void **state)
{
	const struct bench *bench = *state;
	struct called called =
		CALL(bench, "", "run", "--workload=pair", "--rounds=1", "--seed=4", "--db");
	char expected[2 * PATH_SIZE];

	snprintf(expected, sizeof(expected),
		"slabmark run: 2 processes (configs: 2, workloads: 1, rounds: 1), seed 4, into "
		"%s\n",
		bench->db);
	assert_string_equal(called.errors, expected);
	assert_ptr_equal(strchr(called.output, '\n'), called.output + strlen(called.output) - 1);
	assert_ends(&called, 0, NULL, NULL);
}

// ---- processes that fail

static void assert_failure_told(const struct bench *bench, const char *fault, const char *how)
{
	char asked[64];

	snprintf(asked, sizeof(asked), "nocolour:%s", fault);
	struct called called = CALL(bench, asked, "run", "--workload=pair", "--rounds=2", "--db");
	assert_says(called.errors, how);
	assert_says(called.errors, "\n  a message of nocolour\n");
	assert_says(called.errors, "slabmark run: 2 of 4 processes failed: pair of nocolour (2)\n");
	assert_ends(&called, 3, NULL, NULL);
	struct stored stored = stored_open(bench);
	assert_int_equal(samples_of(&stored, 0, "default", "pair"), 1);
	assert_int_equal(samples_of(&stored, 1, "default", "pair"), 1);
	assert_int_equal(samples_of(&stored, 1, "nocolour", "pair"), 0);
	assert_string_equal(stored.facts.ended, "complete");
	stored_close(&stored);
}

static void a_crash_is_told_and_the_run_goes_on(void **state)
{
	assert_failure_told(*state, "crash",
		"pair of nocolour: the process was killed by SIGSEGV (Segmentation fault);");
}

static void a_failing_exit_is_told_and_the_run_goes_on(void **state)
{
	assert_failure_told(*state, "exit", "pair of nocolour: the process exited with status 9;");
}

static void output_that_is_no_json_is_told(void **state)
{
	assert_failure_told(
		*state, "garbage", "pair of nocolour: the process wrote no JSON document: line 1:");
}

static void a_document_without_benchmarks_is_told(void **state)
{
	assert_failure_told(*state, "empty", "pair of nocolour: the process measured nothing:");
	assert_failure_told(
		*state, "aggregates", "pair of nocolour: the process wrote aggregates alone,");
}

static void a_document_that_the_store_refuses_is_told(void **state)
{
	assert_failure_told(*state, "bad", "pair of nocolour: the process wrote a bad document:");
}

static void output_without_end_is_told(void **state)
{
	assert_failure_told(*state, "huge",
		"pair of nocolour: the process wrote more than 64 MiB and was stopped;");
}

static void a_benchmark_that_reports_an_error_is_kept_as_failed(void **state)
{
	const struct bench *bench = *state;
	struct called called =
		CALL(bench, "nocolour:error", "run", "--workload=pair", "--rounds=1", "--db");

	assert_ends(&called, 3, NULL,
		"pair of nocolour: the process reported that pair/size:64 failed: no memory;");
	struct stored stored = stored_open(bench);
	assert_int_equal(stored.samples.count, 2);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(stored.samples.items[i].failed,
			strcmp(stored.samples.items[i].config, "nocolour") == 0);
	stored_close(&stored);
}

static void a_hang_ends_at_the_time_limit(void **state)
{
	const struct bench *bench = *state;
	struct called called = CALL(bench, "nocolour:hang", "run", "--config=nocolour",
		"--workload=pair", "--rounds=1", "--timeout=0.3", "--db");

	assert_ends(&called, 3, "0 of 1 process",
		"the process had not ended after 0.3 s and was stopped");
	assert_stored(bench, 0, "complete");
}

// ---- wrong use

static void assert_refused(const struct bench *bench, struct called called, const char *errors)
{
	assert_ends(&called, 2, NULL, errors);
	assert_false(exists(bench->db));
	assert_false(exists(bench->trace));
}

static void wrong_names_and_values_are_refused_before_anything_runs(void **state)
{
	const struct bench *bench = *state;

	assert_refused(bench, CALL(bench, "", "run", "--config=default,nocolor", "--db"),
		"slabmark run: unknown config 'nocolor'; did you mean 'nocolour'?\n");
	assert_refused(bench, CALL(bench, "", "run", "--config=default,default", "--db"),
		"slabmark run: config 'default' is named twice\n");
	assert_refused(bench, CALL(bench, "", "run", "--workload=piar", "--db"),
		"slabmark run: unknown workload 'piar'; did you mean 'pair'?\n");
	assert_refused(bench, CALL(bench, "", "run", "--set=pair.size=7", "--db"),
		"slabmark run: --set=pair.size=7: expected a whole number from 8 to 4096\n");
	assert_refused(bench, CALL(bench, "", "run", "--set=pair.order=filo", "--db"),
		"slabmark run: --set=pair.order=filo: no such value; did you mean 'fifo'?\n");
	assert_refused(bench, CALL(bench, "", "run", "--set=pair.sise=8", "--db"),
		"slabmark run: unknown parameter 'sise'; did you mean 'size'?\n");
	assert_refused(bench, CALL(bench, "", "run", "--set=pairsize=8", "--db"),
		"slabmark run: --set=pairsize=8: expected WORKLOAD.PARAMETER=VALUE\n");
	assert_refused(bench, CALL(bench, "", "run", "--db", "--", "--benchmark_filter=x"),
		"slabmark run: --benchmark_filter=x can't be passed on: use --filter\n");
	// What only the programs can judge is refused by them, before anything is measured.
	assert_refused(bench, CALL(bench, "", "run", "--cpus=99", "--db"),
		"slabmark run: it does not take --cpus=99\n");
	assert_refused(bench, CALL(bench, "", "run", "--db", "--", "--benchmark_nonsense"),
		"slabmark run: it does not take --benchmark_nonsense\n");
	assert_refused(bench, CALL(bench, "", "run", "--timeout=1", "--min-time=1", "--db"),
		"slabmark run: --timeout=1 must be more than --min-time=1\n");
	assert_refused(bench, CALL(bench, "", "run", "--round=1"),
		"did you mean '--rounds'? (see 'slabmark run --help')");
	assert_refused(bench, CALL(bench, "", "rnu"),
		"slabmark: unknown command 'rnu'; did you mean 'run'?");
	assert_refused(bench, CALL(bench, "", "--verison"),
		"slabmark: unknown option '--verison'; did you mean '--version'?");
}

static void a_workload_that_cannot_run_here_is_refused(void **state)
{
	const struct bench *bench = *state;
	struct called called = CALL(bench, "", "run", "--workload=far", "--db");

	assert_ends(&called, 3, NULL,
		"slabmark run: workload 'far' can't be run here: needs two nodes\n");
	assert_false(exists(bench->db));
}

static void a_file_that_is_no_store_is_left_alone(void **state)
{
	const struct bench *bench = *state;

	shell("echo my letters > '%s'", bench->db);
	struct called called = CALL(bench, "", "run", "--db");
	assert_ends(&called, 2, NULL, "slabmark run: ");
	shell("[ \"$(cat '%s')\" = 'my letters' ]", bench->db);
	assert_false(exists(bench->trace));
}

// ---- interrupted

// A run under way whose first process waits for the test.
struct running {
	pid_t pid;
	FILE *errors;
};

static struct running running_start(const struct bench *bench)
{
	int errors[2];

	assert_int_equal(pipe(errors), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(errors[1], STDERR_FILENO);
		close(errors[0]);
		close(errors[1]);
		setenv("FAKE_WAIT", bench->folder, 1);
		execl(bench->program, "slabmark", "run", "--workload=pair", "--rounds=3", "--db",
			bench->db, (char *)NULL);
		_exit(99);
	}
	close(errors[1]);
	char started[PATH_SIZE + 16];
	snprintf(started, sizeof(started), "%s/started", bench->folder);
	while (!exists(started)) {
		// A run that ends before it measures is a failure, not something to wait for.
		assert_int_equal(waitpid(pid, NULL, WNOHANG), 0);
		usleep(1000);
	}
	return (struct running){.pid = pid, .errors = fdopen(errors[0], "r")};
}

static void process_in_flight_release(const struct bench *bench)
{
	shell(": > '%s/go'", bench->folder);
}

static void wait_for_message(const struct running *running, const char *part)
{
	char line[PATH_SIZE];

	while (fgets(line, sizeof(line), running->errors))
		if (strstr(line, part))
			return;
	fail_msg("it never said '%s'", part);
}

static int running_end(struct running *running)
{
	int status = 0;

	assert_int_equal(waitpid(running->pid, &status, 0), running->pid);
	fclose(running->errors);
	return status;
}

static void assert_finishes_the_process_in_flight(const struct bench *bench, int signal)
{
	struct running running = running_start(bench);

	kill(running.pid, signal);
	wait_for_message(&running, "ending after the process in flight");
	process_in_flight_release(bench);
	int status = running_end(&running);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 130);
	assert_stored(bench, 1, "interrupted");
}

static void one_ctrl_c_finishes_the_process_in_flight(void **state)
{
	assert_finishes_the_process_in_flight(*state, SIGINT);
}

static void a_request_to_terminate_finishes_the_process_in_flight(void **state)
{
	assert_finishes_the_process_in_flight(*state, SIGTERM);
}

static void a_second_ctrl_c_stops_at_once_and_keeps_what_is_stored(void **state)
{
	const struct bench *bench = *state;
	struct running running = running_start(bench);

	kill(running.pid, SIGINT);
	wait_for_message(&running, "a second signal ends it now");
	kill(running.pid, SIGINT);
	int status = running_end(&running);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 130);
	assert_stored(bench, 0, "interrupted");
}

// Returns when the measured process has ended; hangs when it doesn't.
static void wait_for_end_of_measured(const struct bench *bench)
{
	char path[PATH_SIZE + 16];
	char text[32];

	snprintf(path, sizeof(path), "%s/started", bench->folder);
	FILE *started = fopen(path, "r");
	assert_non_null(started);
	assert_non_null(fgets(text, sizeof(text), started));
	fclose(started);
	struct pollfd ended = {
		.fd = pidfd_open((pid_t)strtol(text, NULL, 10), 0), .events = POLLIN};
	assert_true(ended.fd >= 0 ? poll(&ended, 1, -1) == 1 : errno == ESRCH);
	if (ended.fd >= 0)
		close(ended.fd);
}

static void a_killed_run_leaves_a_good_store_and_no_process(void **state)
{
	const struct bench *bench = *state;
	struct called called = CALL(bench, "", "run", "--rounds=1", "--db");

	assert_ends(&called, 0, NULL, NULL);
	struct running running = running_start(bench);
	kill(running.pid, SIGKILL);
	int status = running_end(&running);
	assert_true(WIFSIGNALED(status));
	wait_for_end_of_measured(bench);
	assert_stored(bench, 4, "complete");
	struct problem problem;
	struct store *store;
	struct store_session_facts facts;
	bool is_found = false;
	assert_true(store_open(&store, bench->db, STORE_READ, &problem));
	assert_true(store_session_read(store, 2, &facts, &is_found, &problem));
	assert_true(is_found);
	assert_null(facts.ended);
	store_session_facts_free(&facts);
	store_close(store);
}

// ---- list and geometry

static void the_list_names_programs_that_do_not_answer(void **state)
{
	const struct bench *bench = *state;
	struct called called = CALL(bench, "nocolour:list", "list");

	assert_says(called.output, "Configs:\n  default\n      a fake");
	assert_says(called.output, "order=lifo (lifo, fifo): who is first\n");
	assert_says(called.output, "node-far\n      not here: needs two nodes\n");
	assert_ends(&called, 0,
		"slabmark-run-nocolour --slabmark_list exited with status 3: cannot list\n", NULL);
}

static void the_list_can_be_read_by_programs(void **state)
{
	const struct bench *bench = *state;
	struct called called = CALL(bench, "nocolour:list", "list", "--format=json");
	json_t *list = json_loads(called.output, 0, NULL);

	assert_int_equal(json_array_size(json_object_get(list, "configs")), 2);
	assert_int_equal(json_array_size(json_object_get(list, "workloads")), 3);
	assert_int_equal(json_array_size(json_object_get(list, "failed")), 1);
	json_decref(list);
	assert_ends(&called, 0, NULL, NULL);
	called = CALL(bench, "", "list", "configs", "--format=names");
	assert_string_equal(called.output, "default\nglibc\nnocolour\n");
	assert_ends(&called, 0, NULL, NULL);
}

static void programs_of_a_named_folder_come_first(void **state)
{
	const struct bench *bench = *state;

	shell("cd '%s' && mkdir other && ln -s '%s' other/slabmark-run-null", bench->folder,
		fake_path);
	char other[PATH_SIZE + 16];
	snprintf(other, sizeof(other), "%s/other", bench->folder);
	setenv("SLABMARK_PROGRAMS", other, 1);
	struct called called = CALL(bench, "", "list", "configs", "--format=names");
	unsetenv("SLABMARK_PROGRAMS");
	assert_string_equal(called.output, "default\nglibc\nnocolour\nnull\n");
	assert_ends(&called, 0, NULL, NULL);
}

static void geometry_hands_its_words_to_the_config_s_own_program(void **state)
{
	const struct bench *bench = *state;
	struct called called = CALL(bench, "", "geometry", "--option=slab_max_order=3", "--option",
		"slab_nomerge", "--topology=numa:2", "rows");

	assert_ends(&called, 0,
		"word geometry\nword --option=slab_max_order=3\nword --option=slab_nomerge\nword "
		"--topology=numa:2\n",
		NULL);
	called = CALL(bench, "", "geometry", "--config=glibc");
	assert_ends(&called, 2, NULL,
		"slabmark geometry: config 'glibc' has no program slabmark-inspect-glibc: either "
		"it is a peer, no SLAB allocator (its caches have no geometry), or that program is "
		"not built\n");
	called = CALL(bench, "", "geometry", "--config=defualt");
	assert_ends(&called, 2, NULL,
		"slabmark geometry: unknown config 'defualt'; did you mean 'default'?\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_open, bench_close)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(every_process_is_stored_in_its_place),
		TEST(processes_are_told_what_to_measure),
		TEST(a_dry_run_prints_the_plan_and_stores_nothing),
		TEST(a_log_has_one_line_at_the_start_and_one_at_the_end),
		TEST(a_crash_is_told_and_the_run_goes_on),
		TEST(a_failing_exit_is_told_and_the_run_goes_on),
		TEST(output_that_is_no_json_is_told),
		TEST(a_document_without_benchmarks_is_told),
		TEST(a_document_that_the_store_refuses_is_told),
		TEST(output_without_end_is_told),
		TEST(a_benchmark_that_reports_an_error_is_kept_as_failed),
		TEST(a_hang_ends_at_the_time_limit),
		TEST(wrong_names_and_values_are_refused_before_anything_runs),
		TEST(a_workload_that_cannot_run_here_is_refused),
		TEST(a_file_that_is_no_store_is_left_alone),
		TEST(one_ctrl_c_finishes_the_process_in_flight),
		TEST(a_request_to_terminate_finishes_the_process_in_flight),
		TEST(a_second_ctrl_c_stops_at_once_and_keeps_what_is_stored),
		TEST(a_killed_run_leaves_a_good_store_and_no_process),
		TEST(the_list_names_programs_that_do_not_answer),
		TEST(the_list_can_be_read_by_programs),
		TEST(programs_of_a_named_folder_come_first),
		TEST(geometry_hands_its_words_to_the_config_s_own_program),
	};

	if (argc != 3) {
		fprintf(stderr, "usage: %s SLABMARK FAKE_PROGRAM\n", argv[0]);
		return 2;
	}
	slabmark_path = argv[1];
	fake_path = argv[2];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
