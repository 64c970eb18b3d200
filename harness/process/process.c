// SPDX-License-Identifier: GPL-2.0-or-later
// The core of running one child: fork, pipes, one poll() loop until it has ended, and how it ended.
// Entry: process_run(). It neither parses output nor decides what a failure means.
//
// The loop ends when the child has ended (a pidfd says so), not when its pipes close: a grandchild
// that keeps a pipe open can't hold us. At the end the loop reads what lies in the pipes.
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "results/text/memory.h"

enum { READ_SIZE = 65536, TICK_MS = 500, EXIT_CANNOT_EXECUTE = 127, LAST_READS = 4096 };

// A child under way.
struct child {
	const struct process_request *request;
	struct process_outcome *outcome;
	pid_t pid;
	int pidfd;
	int output; // our ends of the pipes
	int errors;
	bool is_killed;
	size_t output_room;
	size_t errors_used;
	double deadline_s;
};

static bool child_start(struct child *child, struct problem *problem);
static bool child_watch(struct child *child, struct problem *problem);
static void child_reap(struct child *child);

bool process_run(const struct process_request *request, struct process_outcome *outcome,
	struct problem *problem)
{
	struct child child = {.request = request,
		.outcome = outcome,
		.pid = -1,
		.pidfd = -1,
		.output = -1,
		.errors = -1};

	double start_s = clock_now_s();

	*outcome = (struct process_outcome){
		.started_unix_ns = clock_now_unix_ns(),
	};
	child.deadline_s = start_s + request->timeout_s;
	bool is_good = child_start(&child, problem) && child_watch(&child, problem);
	child_reap(&child);
	outcome->elapsed_s = clock_now_s() - start_s;
	if (!is_good)
		process_outcome_free(outcome);
	return is_good;
}

void process_outcome_free(struct process_outcome *outcome)
{
	free(outcome->output);
	outcome->output = NULL;
	outcome->output_size = 0;
}

// ---- start

// In the child, after fork: never returns. Only what works between fork and exec is called (we are
// single-threaded, so putenv() does).
static void child_become(const struct process_request *request, const int output[2],
	const int errors[2], pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_CANNOT_EXECUTE); // the parent died before prctl()
	setpgid(0, 0);
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
	dup2(input, STDIN_FILENO);
	dup2(output[1], STDOUT_FILENO);
	dup2(errors[1], STDERR_FILENO);
	if (request->folder && chdir(request->folder) != 0) {
		dprintf(STDERR_FILENO, "cannot enter %s: %s\n", request->folder, strerror(errno));
		_exit(EXIT_CANNOT_EXECUTE);
	}
	if (request->is_environment_whole)
		clearenv();
	for (const char *const *entry = request->environment; entry && *entry; entry++)
		putenv((char *)*entry);
	execv(request->arguments[0], (char *const *)request->arguments);
	dprintf(STDERR_FILENO, "cannot execute %s: %s\n", request->arguments[0], strerror(errno));
	_exit(EXIT_CANNOT_EXECUTE);
}

static void close_if_open(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static bool child_fork(
	struct child *child, const int output[2], const int errors[2], struct problem *problem)
{
	pid_t parent = getpid();

	child->pid = fork();
	if (child->pid == 0)
		child_become(child->request, output, errors, parent);
	if (child->pid < 0)
		return problem_set(problem, EXIT_NOT_MEASURED, "cannot start %s: %s",
			child->request->arguments[0], strerror(errno));
	setpgid(child->pid, child->pid); // also here: the group must exist before anyone signals it
	child->pidfd = pidfd_open(child->pid, 0);
	if (child->pidfd < 0)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"cannot watch %s: pidfd_open: %s (Linux 5.3 or later is needed)",
			child->request->arguments[0], strerror(errno));
	return true;
}

static bool child_start(struct child *child, struct problem *problem)
{
	int output[2] = {-1, -1};
	int errors[2] = {-1, -1};
	bool is_good = pipe2(output, O_CLOEXEC) == 0 && pipe2(errors, O_CLOEXEC) == 0;

	if (!is_good)
		problem_set(problem, EXIT_NOT_MEASURED, "cannot make a pipe: %s", strerror(errno));
	is_good = is_good && child_fork(child, output, errors, problem);
	close_if_open(&output[1]);
	close_if_open(&errors[1]);
	child->output = output[0];
	child->errors = errors[0];
	if (is_good) {
		fcntl(child->output, F_SETFL, O_NONBLOCK);
		fcntl(child->errors, F_SETFL, O_NONBLOCK);
	}
	return is_good;
}

// ---- watch

static void child_kill(struct child *child, enum process_end why)
{
	if (child->is_killed)
		return;
	child->is_killed = true;
	child->outcome->end = why;
	kill(-child->pid, SIGKILL);
}

static bool output_append(struct child *child, const char *bytes, size_t size)
{
	struct process_outcome *outcome = child->outcome;
	size_t needed = outcome->output_size + size + 1;

	if (needed > child->output_room) {
		size_t room = needed * 2 + READ_SIZE;
		char *grown = realloc(outcome->output, room);

		if (!grown)
			return false;
		outcome->output = grown;
		child->output_room = room;
	}
	memcpy(outcome->output + outcome->output_size, bytes, size);
	outcome->output_size += size;
	outcome->output[outcome->output_size] = '\0';
	return true;
}

static void output_take(struct child *child, const char *bytes, size_t size)
{
	if (child->is_killed)
		return;
	if (child->outcome->output_size + size > child->request->output_bytes_max ||
		!output_append(child, bytes, size))
		child_kill(child, PROCESS_TOO_LARGE);
}

// Keeps the last bytes: the end of a message says most.
static void errors_take(struct child *child, const char *bytes, size_t size)
{
	char *errors = child->outcome->errors;
	size_t room = PROCESS_ERRORS_SIZE - 1;

	if (size > room) {
		bytes += size - room;
		size = room;
	}
	if (child->errors_used + size > room) {
		size_t dropped = child->errors_used + size - room;

		memmove(errors, errors + dropped, child->errors_used - dropped);
		child->errors_used -= dropped;
	}
	memcpy(errors + child->errors_used, bytes, size);
	child->errors_used += size;
	errors[child->errors_used] = '\0';
}

// Reads what a pipe holds, at most `rounds` times; closes it at its end.
static void pipe_read(struct child *child, int *fd, int rounds)
{
	char bytes[READ_SIZE];

	for (; *fd >= 0 && rounds > 0; rounds--) {
		ssize_t size = read(*fd, bytes, sizeof(bytes));

		if (size < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (size <= 0) {
			close_if_open(fd);
			return;
		}
		if (fd == &child->output)
			output_take(child, bytes, (size_t)size);
		else
			errors_take(child, bytes, (size_t)size);
	}
}

static int wait_ms(const struct child *child)
{
	double left_ms = (child->deadline_s - clock_now_s()) * 1000.0;

	if (left_ms <= 0)
		return 0;
	return left_ms < TICK_MS ? (int)left_ms + 1 : TICK_MS;
}

static void limits_check(struct child *child)
{
	struct interruption *interruption = child->request->interruption;

	if (interruption && interruption_poll(interruption) >= 2)
		child_kill(child, PROCESS_STOPPED);
	if (clock_now_s() >= child->deadline_s)
		child_kill(child, PROCESS_TIMED_OUT);
	if (child->request->tick)
		child->request->tick(child->request->tick_context);
}

static bool child_watch(struct child *child, struct problem *problem)
{
	enum { ENDED, OUTPUT, ERRORS, SIGNALS, WATCHED };
	const struct interruption *interruption = child->request->interruption;

	if (!output_append(child, "", 0)) {
		child_kill(child, PROCESS_STOPPED);
		return no_memory(problem, "a process's output");
	}
	for (;;) {
		struct pollfd watched[WATCHED] = {
			[ENDED] = {.fd = child->pidfd, .events = POLLIN},
			[OUTPUT] = {.fd = child->output, .events = POLLIN},
			[ERRORS] = {.fd = child->errors, .events = POLLIN},
			[SIGNALS] = {.fd = interruption ? interruption->fd : -1, .events = POLLIN},
		};
		int ready = poll(watched, WATCHED, wait_ms(child));

		if (ready < 0 && errno != EINTR) {
			child_kill(child, PROCESS_STOPPED);
			return problem_set(problem, EXIT_NOT_MEASURED,
				"cannot wait for a process: %s", strerror(errno));
		}
		bool has_ended = ready > 0 && watched[ENDED].revents;
		pipe_read(child, &child->output, has_ended ? LAST_READS : 1);
		pipe_read(child, &child->errors, has_ended ? LAST_READS : 1);
		if (has_ended)
			return true;
		limits_check(child);
	}
}

// ---- end

static void child_reap(struct child *child)
{
	int status = 0;

	if (child->pid > 0) {
		// Its own children may still run and would disturb the next measurement. They are
		// killed before waitpid(), because until then nobody else can get the group's
		// number. A child that has ended keeps its own status.
		kill(-child->pid, SIGKILL);
		while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	close_if_open(&child->pidfd);
	close_if_open(&child->output);
	close_if_open(&child->errors);
	if (child->is_killed)
		return;
	child->outcome->end = WIFSIGNALED(status) ? PROCESS_SIGNALLED : PROCESS_EXITED;
	child->outcome->code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

char *process_describe(const struct process_request *request, const struct process_outcome *outcome,
	char *text, size_t size)
{
	switch (outcome->end) {
	case PROCESS_EXITED:
		snprintf(text, size, "exited with status %d", outcome->code);
		break;
	case PROCESS_SIGNALLED:
		snprintf(text, size, "was killed by SIG%s (%s)", sigabbrev_np(outcome->code),
			sigdescr_np(outcome->code));
		break;
	case PROCESS_TIMED_OUT:
		snprintf(
			text, size, "had not ended after %g s and was stopped", request->timeout_s);
		break;
	case PROCESS_TOO_LARGE:
		snprintf(text, size, "wrote more than %zu MiB and was stopped",
			request->output_bytes_max >> 20);
		break;
	case PROCESS_STOPPED:
		snprintf(text, size, "was stopped by the user");
		break;
	}
	return text;
}

// ---- signals

bool interruption_open(struct interruption *interruption, struct problem *problem)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	interruption->count = 0;
	interruption->fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (interruption->fd < 0)
		return problem_set(problem, EXIT_NOT_MEASURED, "cannot listen to signals: %s",
			strerror(errno));
	sigprocmask(SIG_BLOCK, &signals, NULL);
	return true;
}

void interruption_close(struct interruption *interruption)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	interruption_poll(interruption); // a signal that is still pending would end us right here
	close_if_open(&interruption->fd);
	sigprocmask(SIG_UNBLOCK, &signals, NULL);
}

int interruption_poll(struct interruption *interruption)
{
	struct signalfd_siginfo signal;

	while (interruption->fd >= 0 &&
		read(interruption->fd, &signal, sizeof(signal)) == (ssize_t)sizeof(signal))
		interruption->count++;
	return interruption->count;
}
