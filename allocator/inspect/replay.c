// SPDX-License-Identifier: GPL-2.0-or-later
// Files of traces, each read whole, run in a process of its own and compared or printed. Entry:
// inspect_replay. The allocator is started in the child alone, with the trace's machine.
#include "inspect/replay.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inspect/check.h"
#include "inspect/inspect.h"
#include "inspect/operation.h"
#include "inspect/state.h"

static int complain(int status, const char *name, const char *what)
{
	fprintf(stderr, "slabmark replay: %s: %s\n", name, what);
	return status;
}

static int complain_trace(const char *name, const struct trace_problem *problem)
{
	fflush(stdout);
	if (problem->line == 0)
		return complain(INSPECT_WRONG_USE, name, problem->text);
	fprintf(stderr, "slabmark replay: %s:%u:%u: %s\n", name, problem->line, problem->column,
		problem->text);
	return INSPECT_WRONG_USE;
}

// ---- reading

// A whole file as a text. NULL with errno set when that failed.
static char *text_read(FILE *input)
{
	char *text = NULL;
	size_t size = 0;

	errno = 0;
	if (getdelim(&text, &size, '\0', input) >= 0 || !ferror(input))
		return text ? text : strdup("");
	free(text);
	return NULL;
}

static int read_trace(const char *name, struct trace *trace)
{
	struct trace_problem problem;
	FILE *input = fopen(name, "re");
	bool is_good;

	if (!input)
		return complain(INSPECT_WRONG_USE, name, strerror(errno));
	is_good = trace_read(trace, input, &problem);
	fclose(input);
	return is_good ? INSPECT_GOOD : complain_trace(name, &problem);
}

// The name of the results that belong to a trace. NULL after a message.
static char *expect_name(const struct replay_request *request, const char *name)
{
	static const char trace_ending[] = ".trace", expect_ending[] = ".expect";
	size_t length = strlen(name), ending = sizeof(trace_ending) - 1;
	char *made;

	if (request->expect)
		return strdup(request->expect);
	if (length < ending || strcmp(name + length - ending, trace_ending) != 0) {
		complain(INSPECT_WRONG_USE, name,
			"its name does not end in .trace, so --expect=FILE must say what to "
			"compare with");
		return NULL;
	}
	made = malloc(length + sizeof(expect_ending));
	if (made)
		sprintf(made, "%.*s%s", (int)(length - ending), name, expect_ending);
	return made;
}

static bool is_expect(const char *text)
{
	static const char magic[] = "slabexpect 1\n";

	return strncmp(text, magic, sizeof(magic) - 1) == 0;
}

static int read_expect_from(const char *name, char **text)
{
	FILE *input = fopen(name, "re");

	if (!input)
		return complain(INSPECT_WRONG_USE, name, strerror(errno));
	*text = text_read(input);
	fclose(input);
	if (!*text)
		return complain(INSPECT_WRONG_USE, name, strerror(errno));
	if (is_expect(*text))
		return INSPECT_GOOD;
	free(*text);
	*text = NULL;
	return complain(
		INSPECT_WRONG_USE, name, "these are no results; they begin with 'slabexpect 1'");
}

static int read_expect(const struct replay_request *request, const char *name, char **text)
{
	char *expect;
	int status;

	*text = NULL;
	if (!request->is_check)
		return INSPECT_GOOD;
	expect = expect_name(request, name);
	if (!expect)
		return INSPECT_WRONG_USE;
	status = read_expect_from(expect, text);
	free(expect);
	return status;
}

// ---- running

// A trace's process and what is left of it.
struct process {
	FILE *output;
	volatile unsigned *line; // shared with it: the trace's line that it is at
	int status; // as waitpid() gives it
};

static int start_allocator(const struct replay_request *request, const struct trace *trace)
{
	struct slab_options options = *request->options;
	char topology_text[80];
	int error;

	snprintf(topology_text, sizeof(topology_text), "node:%u core:%u pu:1", trace->nodes,
		trace->cpus_per_node);
	options.topology = topology_text;
	error = slab_init(&options);
	if (!error)
		return INSPECT_GOOD;
	fprintf(stderr, "slabmark replay: the allocator does not start: %s\n", strerror(-error));
	return error == -EINVAL ? INSPECT_WRONG_USE : INSPECT_NOT_DONE;
}

// The child stops itself, by a signal that nothing of it catches.
static void limit_time(double timeout_s)
{
	struct itimerval timer = {
		.it_value = {.tv_sec = (time_t)timeout_s,
			.tv_usec = (suseconds_t)((timeout_s - (double)(time_t)timeout_s) * 1e6)}};
	sigset_t alarm_alone;

	signal(SIGALRM, SIG_DFL);
	sigemptyset(&alarm_alone);
	sigaddset(&alarm_alone, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &alarm_alone, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
}

// The child's whole life.
static int live(const struct replay_request *request, const char *name, const struct trace *trace,
	const struct process *process)
{
	struct trace_problem problem;
	int status;

	limit_time(request->timeout_s);
	status = start_allocator(request, trace);
	if (status)
		return status;
	if (trace_run(trace, process->output, request->has_statistics && state_can_count(),
		    process->line, &problem))
		return fclose(process->output) ? INSPECT_NOT_DONE : INSPECT_GOOD;
	return complain_trace(name, &problem);
}

static int wait_for(pid_t child, int *status)
{
	while (waitpid(child, status, 0) < 0)
		if (errno != EINTR)
			return errno;
	return 0;
}

// false with errno set when the system refuses.
static bool process_open(struct process *process)
{
	void *shared = mmap(NULL, sizeof(*process->line), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		return false;
	process->line = shared;
	process->output = tmpfile();
	if (process->output)
		return true;
	munmap(shared, sizeof(*process->line));
	return false;
}

static void process_close(struct process *process)
{
	munmap((void *)process->line, sizeof(*process->line));
	fclose(process->output);
}

static int process_run(const struct replay_request *request, const char *name,
	const struct trace *trace, struct process *process)
{
	pid_t child;
	int error;

	fflush(stdout); // or the child would write it once more
	child = fork();
	if (child == 0)
		exit(live(request, name, trace, process));
	error = child < 0 ? errno : wait_for(child, &process->status);
	if (error)
		return complain(INSPECT_NOT_DONE, name, strerror(error));
	rewind(process->output);
	return INSPECT_GOOD;
}

// Whether the process came to its end by itself; if not, says where it was.
static bool process_ended(const struct replay_request *request, const char *name,
	const struct trace *trace, const struct process *process)
{
	unsigned line = *process->line;
	const char *operation =
		line && line <= trace->lines_count ? trace->lines[line - 1] : "the start";

	// A sanitizer that found something ends the process with 1, as nothing else here does.
	if (WIFEXITED(process->status) && WEXITSTATUS(process->status) <= INSPECT_NOT_DONE &&
		WEXITSTATUS(process->status) != INSPECT_FAILED)
		return true;
	fflush(stdout);
	if (WIFSIGNALED(process->status) && WTERMSIG(process->status) == SIGALRM)
		fprintf(stderr,
			"slabmark replay: %s:%u: %.100s: the process had not ended after %g s and "
			"was stopped\n",
			name, line, operation, request->timeout_s);
	else if (WIFSIGNALED(process->status))
		fprintf(stderr, "slabmark replay: %s:%u: %.100s: the process crashed: %s\n", name,
			line, operation, strsignal(WTERMSIG(process->status)));
	else
		fprintf(stderr,
			"slabmark replay: %s:%u: %.100s: the process ended with status %d\n", name,
			line, operation, WEXITSTATUS(process->status));
	return false;
}

// ---- results

static int compare(const struct replay_request *request, const char *name,
	const struct trace *trace, const char *ours, const char *theirs)
{
	struct check_difference difference;
	bool skip = !request->has_statistics || !state_can_count();

	if (check_compare(ours, theirs, skip, &difference))
		return INSPECT_GOOD;
	check_print(stdout, name, trace, &difference);
	return INSPECT_FAILED;
}

// theirs NULL: the results are printed.
static int judge(const struct replay_request *request, const char *name, const struct trace *trace,
	const struct process *process, const char *theirs)
{
	bool has_ended = process_ended(request, name, trace, process);
	int status = has_ended ? WEXITSTATUS(process->status) : INSPECT_FAILED;
	char *ours = text_read(process->output);

	if (!ours)
		return complain(INSPECT_NOT_DONE, name, strerror(errno));
	if (!theirs)
		fputs(ours, stdout);
	else if (status == INSPECT_GOOD)
		status = compare(request, name, trace, ours, theirs);
	free(ours);
	return status;
}

static int replay_trace(const struct replay_request *request, const char *name,
	const struct trace *trace, const char *theirs)
{
	struct process process = {.status = 0};
	int status;

	if (!process_open(&process))
		return complain(INSPECT_NOT_DONE, name, strerror(errno));
	status = process_run(request, name, trace, &process);
	if (!status)
		status = judge(request, name, trace, &process, theirs);
	process_close(&process);
	return status;
}

static int replay_file(const struct replay_request *request, const char *name)
{
	struct trace trace;
	char *theirs;
	int status = read_trace(name, &trace);

	if (status)
		return status;
	status = read_expect(request, name, &theirs);
	if (!status)
		status = replay_trace(request, name, &trace, theirs);
	free(theirs);
	trace_free(&trace);
	return status;
}

// ---- all files

// How many files came to which end.
struct tally {
	size_t count[INSPECT_NOT_DONE + 1];
};

static void print_progress(const struct replay_request *request, size_t done)
{
	if (request->is_quiet || !request->is_check || !isatty(STDERR_FILENO))
		return;
	if (done < request->files_count)
		fprintf(stderr, "\r\033[K[%zu/%zu] %s", done + 1, request->files_count,
			request->files[done]);
	else
		fputs("\r\033[K", stderr);
}

static void print_summary(const struct replay_request *request, const struct tally *tally)
{
	size_t unread = tally->count[INSPECT_WRONG_USE] + tally->count[INSPECT_NOT_DONE];

	if (!request->is_check ||
		(request->is_quiet && tally->count[INSPECT_GOOD] == request->files_count))
		return;
	printf("%zu traces: %zu identical, %zu different", request->files_count,
		tally->count[INSPECT_GOOD], tally->count[INSPECT_FAILED]);
	if (unread)
		printf(", %zu not run", unread);
	fputs("\n", stdout);
}

static int tally_status(const struct tally *tally)
{
	static const int order[] = {INSPECT_NOT_DONE, INSPECT_WRONG_USE, INSPECT_FAILED};

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (tally->count[order[i]])
			return order[i];
	return INSPECT_GOOD;
}

int inspect_replay(const struct replay_request *request)
{
	struct tally tally = {{0}};

	for (size_t i = 0; i < request->files_count; i++) {
		print_progress(request, i);
		tally.count[replay_file(request, request->files[i])]++;
	}
	print_progress(request, request->files_count);
	print_summary(request, &tally);
	return tally_status(&tally);
}
