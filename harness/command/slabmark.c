// SPDX-License-Identifier: GPL-2.0-or-later
// The program `slabmark`: finds the command, has its words parsed, calls it, prints what went wrong
// and exits. The table of commands is commands.c; what they do is in
// command/<name>.c.
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "harness/measured/build_info.h"
#include "results/text/nearest.h"
#include "results/text/output_file.h"

static const struct command *command_find(const char *name, struct problem *problem)
{
	const char *names[COMMANDS_MAX];
	size_t count = 0;

	for (; slabmark_commands[count]; count++) {
		if (strcmp(slabmark_commands[count]->name, name) == 0)
			return slabmark_commands[count];
		names[count] = slabmark_commands[count]->name;
	}
	static const char *const options[] = {"--help", "--version"};
	bool is_option = name[0] == '-';
	char offer[256];
	nearest_offer(
		offer, sizeof(offer), name, is_option ? options : names, is_option ? 2 : count);
	problem_set(problem, EXIT_WRONG_USE, "unknown %s '%s'; %s (see 'slabmark --help')",
		is_option ? "option" : "command", name, offer);
	return NULL;
}

static int command_call(
	const struct command *command, int argc, char **argv, FILE *output, struct problem *problem)
{
	struct command_call call = {
		.command = command,
		.commands = slabmark_commands,
		.argument_count = argc,
		.arguments = argv,
		.output = output,
	};
	int status = EXIT_GOOD;

	if (!command_call_parse(&call, 2, problem)) {
		size_t used = strlen(problem->text);

		snprintf(problem->text + used, sizeof(problem->text) - used,
			" (see 'slabmark %s --help')", command->name);
		return problem->status;
	}
	if (call.wants_help)
		help_print_command(call.output, command);
	else
		status = command->run(&call, problem);
	command_call_free(&call);
	return status;
}

static void problem_print(const struct command *command, const struct problem *problem)
{
	if (*problem->text)
		fprintf(stderr, "slabmark%s%s: %s\n", command ? " " : "",
			command ? command->name : "", problem->text);
}

static bool is_one_of(const char *word, const char *name, const char *letter)
{
	return strcmp(word, name) == 0 || strcmp(word, letter) == 0;
}

static int words_call(int argc, char **argv, FILE *output, struct problem *problem)
{
	const struct command *command = command_find(argv[1], problem);
	int status =
		command ? command_call(command, argc, argv, output, problem) : (int)problem->status;

	(void)fflush(output); // results first, then what is wrong with them
	// Whoever cannot write its results says so once, below.
	if (!ferror(output) || (status != EXIT_GOOD && status != EXIT_NOT_MEASURED))
		problem_print(command, problem);
	return status;
}

static int answer(int argc, char **argv, FILE *output, struct problem *problem)
{
	if (is_one_of(argv[1], "--help", "-h"))
		help_print(output, slabmark_commands);
	else if (is_one_of(argv[1], "--version", "-V"))
		fprintf(output, "slabmark %s (commit %s)\n", build_info.version, build_info.commit);
	else
		return words_call(argc, argv, output, problem);
	return EXIT_GOOD;
}

// Output that didn't arrive is no success: a full disk, a closed pipe.
static int output_end(struct output_file *output, int status)
{
	if (output_file_written(output, NULL))
		return status;
	fprintf(stderr, "slabmark: cannot write to standard output: %s\n", strerror(output->error));
	return status == EXIT_GOOD ? EXIT_NOT_MEASURED : status;
}

int main(int argc, char **argv)
{
	struct problem problem = {.status = EXIT_GOOD};
	struct output_file output;

	// A file that may grow no larger (ulimit -f) is an error where it is written, as a full disk.
	(void)signal(SIGXFSZ, SIG_IGN);
	if (argc < 2) {
		fprintf(stderr, "slabmark: no command given; 'slabmark --help' lists them\n");
		return EXIT_WRONG_USE;
	}
	if (!output_file_begin(&output, "-", &problem)) {
		problem_print(NULL, &problem);
		return problem.status;
	}
	if (isatty(STDOUT_FILENO))
		(void)setvbuf(output.stream, NULL, _IOLBF, BUFSIZ);
	return output_end(&output, answer(argc, argv, output.stream, &problem));
}
