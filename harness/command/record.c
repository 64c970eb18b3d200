// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark record`: what a program, or a kernel that perf watched, asks of its allocator becomes a
// recording, which the workload trace plays. Entry: record_command.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "harness/record/capture.h"
#include "harness/record/record.h"
#include "results/text/figure.h"
#include "results/text/memory.h"
#include "results/text/output_file.h"

#define PRELOADED "libslabrecord.so"
#define INSTALLED "/../" SLABMARK_LIBRARIES

// ---- what there is in a recording

static void number_say(FILE *output, const char *what, uint64_t number, const char *more)
{
	fprintf(output, "%-22s %llu%s\n", what, (unsigned long long)number, more);
}

static void summary_say(FILE *output, const struct recording_summary *summary)
{
	char time[FIGURE_SIZE];
	char share[64] = "";

	if (summary->frees > 0)
		snprintf(share, sizeof(share), " (%.1f %% by another thread)",
			100 * (double)summary->remote_frees / (double)summary->frees);
	fprintf(output, "%-22s %s: %s\n", "recorded from",
		recording_source_name(summary->header.source), summary->header.origin);
	number_say(output, "allocations", summary->allocs, "");
	number_say(output, "resizes", summary->resizes, "");
	number_say(output, "frees", summary->frees, share);
	number_say(output, "alive at the end", summary->left, "");
	number_say(output, "threads", summary->threads, "");
	number_say(output, "highest CPU", summary->cpus ? summary->cpus - 1 : 0, "");
	fprintf(output, "%-22s %s\n", "time", time_text((double)summary->time_ns, time));
	number_say(output, "bytes of the file", summary->bytes, "");
}

static bool describe(const struct command_call *call, const char *path, struct problem *problem)
{
	struct recording_summary summary;
	FILE *file = fopen(path, "re");

	if (!file)
		return problem_set(problem, errno == ENOENT ? EXIT_WRONG_USE : EXIT_NOT_MEASURED,
			"cannot read %s: %s", path, strerror(errno));
	bool is_good = recording_summarise(&summary, file, path, problem);
	fclose(file);
	if (is_good)
		summary_say(call->output, &summary);
	return is_good;
}

// ---- writing one

// Fills a ledger from somewhere.
typedef bool (*ledger_fill)(struct ledger *ledger, void *from, struct problem *problem);

// What could not be recorded, and what was found strange.
static void ledger_say(const struct ledger *ledger, const char *path)
{
	fprintf(stderr, "slabmark record: %s: %llu events, %llu objects, %u %s\n", path,
		(unsigned long long)ledger->writer->events,
		(unsigned long long)ledger->writer->objects, ledger->threads_count,
		plural(ledger->threads_count, "thread", "threads"));
	if (ledger->unknown > 0)
		fprintf(stderr,
			"slabmark record: left out: %llu frees of objects whose allocation was not "
			"seen\n",
			(unsigned long long)ledger->unknown);
	if (ledger->replaced > 0)
		fprintf(stderr,
			"slabmark record: %llu objects count as freed when their address was "
			"handed out again\n",
			(unsigned long long)ledger->replaced);
	if (ledger->crowded > 0)
		fprintf(stderr, "slabmark record: left out: %llu calls of threads beyond %u\n",
			(unsigned long long)ledger->crowded, RECORDING_THREADS_MAX);
}

static bool recording_write(const char *path, const struct recording_header *header,
	ledger_fill fill, void *from, struct problem *problem)
{
	struct recording_writer *writer = malloc(sizeof(*writer));
	struct output_file output;
	struct ledger ledger;

	if (!writer || !output_file_begin(&output, path, problem)) {
		bool has_memory = writer != NULL;

		free(writer);
		return has_memory ? false : no_memory(problem, "the recording");
	}
	recording_begin(writer, output.stream, header);
	ledger_begin(&ledger, writer);
	bool is_good = fill(&ledger, from, problem);
	if (is_good && !ledger.has_memory)
		is_good = no_memory(problem, "the objects that are alive");
	if (is_good && ledger.writer->events == 0)
		is_good = problem_set(problem, EXIT_NOT_MEASURED,
			"nothing was recorded: no allocation was seen (is the program linked "
			"statically, or set-user-ID?)");
	if (is_good && !recording_end(writer))
		is_good = problem_set(problem, EXIT_NOT_MEASURED, "cannot write %s: %s", path,
			strerror(writer->error));
	is_good = output_file_end(&output, is_good, problem);
	if (is_good)
		ledger_say(&ledger, path);
	ledger_end(&ledger);
	free(writer);
	return is_good;
}

// ---- from perf

struct perf_text_source {
	FILE *file;
	const char *name;
};

static bool perf_fill(struct ledger *ledger, void *from, struct problem *problem)
{
	const struct perf_text_source *source = from;
	uint64_t passed_over = 0;
	bool is_good = perf_script_read(ledger, source->file, source->name, &passed_over, problem);

	if (is_good && passed_over > 0)
		fprintf(stderr, "slabmark record: passed over %llu other events\n",
			(unsigned long long)passed_over);
	return is_good;
}

static bool perf_record(const struct command_call *call, struct problem *problem)
{
	const char *path = call_text(call, "perf-script");
	bool is_input = strcmp(path, "-") == 0;
	struct perf_text_source source = {
		is_input ? stdin : fopen(path, "re"), is_input ? "standard input" : path};
	struct recording_header header = {.source = RECORDING_PERF};

	if (!source.file)
		return problem_set(problem, errno == ENOENT ? EXIT_WRONG_USE : EXIT_NOT_MEASURED,
			"cannot read %s: %s", path, strerror(errno));
	snprintf(header.origin, sizeof(header.origin), "%s", source.name);
	bool is_good =
		recording_write(call_text(call, "output"), &header, perf_fill, &source, problem);
	if (!is_input)
		fclose(source.file);
	return is_good;
}

// ---- from a program

static bool capture_fill(struct ledger *ledger, void *from, struct problem *problem)
{
	uint64_t lost = 0;
	bool is_good = capture_read(ledger, from, &lost, problem);

	if (is_good && lost > 0)
		fprintf(stderr,
			"slabmark record: %llu calls were lost: no room beside the output\n",
			(unsigned long long)lost);
	return is_good;
}

// Finds the library beside slabmark, or where it is installed.
static bool preload_find(char path[PATH_MAX], struct problem *problem)
{
	static const char *const folders[] = {"", "/../lib", INSTALLED};
	char own[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", own, sizeof(own) - 1);

	if (length <= 0)
		return problem_set(
			problem, EXIT_NOT_MEASURED, "/proc/self/exe: %s", strerror(errno));
	own[length] = '\0';
	*strrchr(own, '/') = '\0';
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (snprintf(path, PATH_MAX, "%s%s/%s", own, folders[i], PRELOADED) < PATH_MAX &&
			access(path, R_OK) == 0)
			return true;
	return problem_set(problem, EXIT_NOT_MEASURED,
		"there is no " PRELOADED " in %s; build or install it (builds with sanitizers "
		"have none)",
		own);
}

// Becomes the command, with the library before all others.
static void child_become(char *const *command, const char *library, const char *capture, int told)
{
	const char *others = getenv("LD_PRELOAD");
	char preload[2 * PATH_MAX];
	int error;

	snprintf(preload, sizeof(preload), "%s%s%s", library, others && *others ? ":" : "",
		others ? others : "");
	setenv("LD_PRELOAD", preload, 1);
	setenv(CAPTURE_VARIABLE, capture, 1);
	execvp(command[0], command);
	error = errno;
	if (write(told, &error, sizeof(error)) < 0)
		_exit(127);
	_exit(127);
}

// Ctrl-C is the command's; what it noted until then becomes the recording.
static int child_wait(pid_t child)
{
	struct sigaction ignored = {.sa_handler = SIG_IGN};
	struct sigaction before;
	int status = 0;

	sigaction(SIGINT, &ignored, &before);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	sigaction(SIGINT, &before, NULL);
	return status;
}

static bool command_run(
	char *const *command, const char *library, const char *capture, struct problem *problem)
{
	int pipes[2];
	int error = 0;
	int status;
	pid_t child;

	if (pipe2(pipes, O_CLOEXEC) != 0)
		return problem_set(problem, EXIT_NOT_MEASURED, "no pipe: %s", strerror(errno));
	child = fork();
	if (child == 0)
		child_become(command, library, capture, pipes[1]);
	close(pipes[1]);
	status = child > 0 ? child_wait(child) : 0;
	bool has_started = child > 0 && read(pipes[0], &error, sizeof(error)) != sizeof(error);
	close(pipes[0]);
	if (child < 0)
		return problem_set(problem, EXIT_NOT_MEASURED, "no process: %s", strerror(errno));
	if (!has_started)
		return problem_set(problem, EXIT_WRONG_USE, "cannot start '%s': %s", command[0],
			strerror(error));
	if (WIFSIGNALED(status))
		fprintf(stderr, "slabmark record: '%s' was killed by signal %d\n", command[0],
			WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		fprintf(stderr, "slabmark record: '%s' exited with status %d\n", command[0],
			WEXITSTATUS(status));
	return true;
}

static void origin_write(struct recording_header *header, char *const *words, size_t count)
{
	size_t used = 0;

	// What is shown later is one line, whatever the words hold.
	for (size_t i = 0; i < count && used < sizeof(header->origin) - 1; i++)
		used += (size_t)snprintf(header->origin + used, sizeof(header->origin) - used,
			"%s%s", i ? " " : "", words[i]);
	for (char *c = header->origin; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = ' ';
}

static bool program_record(const struct command_call *call, struct problem *problem)
{
	const char *folder = getenv("TMPDIR");
	struct recording_header header = {.source = RECORDING_PROGRAM};
	char library[PATH_MAX];
	char capture[PATH_MAX];

	snprintf(capture, sizeof(capture), "%s/slabmark-capture-%d",
		folder && *folder ? folder : "/tmp", (int)getpid());
	if (!preload_find(library, problem) || !capture_make(capture, problem))
		return false;
	origin_write(&header, call->passed, call->passed_count);
	bool is_good =
		command_run(call->passed, library, capture, problem) &&
		recording_write(call_text(call, "output"), &header, capture_fill, capture, problem);
	unlink(capture);
	return is_good;
}

// ---- the command

static bool record(const struct command_call *call, struct problem *problem)
{
	int wanted = call_has(call, "perf-script") + call_has(call, "describe") +
		     (call->passed_count > 0);

	if (wanted != 1)
		return problem_set(problem, EXIT_WRONG_USE,
			"%s: one of '-- COMMAND', --perf-script=FILE and --describe=FILE says what "
			"to do",
			wanted == 0 ? "nothing to record" : "more than one thing to do");
	if (call_has(call, "describe"))
		return describe(call, call_text(call, "describe"), problem);
	return call_has(call, "perf-script") ? perf_record(call, problem)
					     : program_record(call, problem);
}

static int run(const struct command_call *call, struct problem *problem)
{
	return record(call, problem) ? EXIT_GOOD : (int)problem->status;
}

static const struct option_row OPTIONS[] = {
	{.name = "output",
		.letter = 'o',
		.kind = OPTION_TEXT,
		.argument = "FILE",
		.default_text = "slabmark.slabrec",
		.help = "The recording; - is standard output."},
	{.name = "perf-script",
		.kind = OPTION_TEXT,
		.argument = "FILE",
		.help = "Makes the recording from this text of 'perf script' with the kernel's "
			"kmem events; - is standard input."},
	{.name = "describe",
		.kind = OPTION_TEXT,
		.argument = "FILE",
		.help = "Reads a recording to its end and shows what it holds."},
	{0},
};

const struct command record_command = {
	.name = "record",
	.summary = "Record what a program asks of its allocator, for the workload trace.",
	.passed = "COMMAND [ARG...]",
	.description =
		"Runs COMMAND with a small library before all others, which notes each call of "
		"malloc and its family: size, thread, CPU, time and order, of all threads and "
		"child processes. The program keeps the C library's malloc and runs some 50 ns a "
		"call slower. What it notes lies in a file in $TMPDIR, 40 bytes a call, until "
		"COMMAND has ended; then it becomes the recording.\n\n"
		"A recording of a kernel comes from perf: 'perf record -e \"kmem:*\" -a -o "
		"kmem.data sleep 10', 'perf script -i kmem.data', and --perf-script with the "
		"text. kmalloc, kmalloc_node, kmem_cache_alloc, kmem_cache_alloc_node, kfree and "
		"kmem_cache_free count.\n\n"
		"'slabmark run --workload=trace --recording=FILE' plays the recording. The file's "
		"form is described in workloads/recording/README.md.",
	.options = OPTIONS,
	.run = run,
};
