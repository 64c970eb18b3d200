// SPDX-License-Identifier: GPL-2.0-or-later
// The command line as tables: a command is a row, its options are rows. Parsing, help, the man page
// and bash completion walk the same rows, so that none of them can say something else than the
// others.
#ifndef HARNESS_COMMAND_LINE_COMMAND_LINE_H
#define HARNESS_COMMAND_LINE_COMMAND_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "results/text/problem.h"

enum option_kind {
	OPTION_SWITCH, // --name; no value
	OPTION_TEXT, // --name=VALUE; the last one given counts, as for all kinds but
	// OPTION_REPEATED
	OPTION_CHOICE, // one of the words in `choices`
	OPTION_INTEGER, // a whole number within the range
	OPTION_REAL, // a finite number within the range
	OPTION_LIST, // --name=A,B,C; empty items are refused
	OPTION_REPEATED, // may be given often; every value counts
};

struct option_row {
	const char *name; // without the dashes; NULL ends a table
	char letter; // for -x; 0 where there is none
	enum option_kind kind;
	const char
		*argument; // what help calls the value; CONFIG, SIDE, WORKLOAD, FILE and PATH are
	// completed as such
	const char *choices; // OPTION_CHOICE: "text|json"; of other kinds what completion offers,
		// where a word that ends in a colon or a slash wants more
	const char *default_text; // as the user would type it; NULL: no value, and help says what
		// happens then
	double minimum, maximum; // OPTION_INTEGER and OPTION_REAL
	const char *help; // one sentence
};

struct command_call;

struct command {
	const char *name;
	const char *summary; // one sentence
	const char *operands; // as the synopsis shows them: "[FILE]"; NULL: none
	size_t operands_min;
	size_t operands_max;
	const char *
		operand_choices; // "configs|workloads": the only operands there are; NULL: any text
	const char *passed; // as the synopsis shows what may stand behind "--"; NULL: "--" only
		// ends the options
	const char *description; // paragraphs, separated by an empty line
	const struct option_row *options;
	// Does the command. Results go to call->output. Returns the exit status (enum exit_status,
	// or EXIT_INTERRUPTED of a session); when problem->text isn't empty afterwards, main prints it on
	// standard error, whatever the status.
	int (*run)(const struct command_call *call, struct problem *problem);
};

struct option_value {
	bool is_given; // by the user; else the default
	const char *text; // the value as typed; NULL: none
	int64_t integer; // OPTION_INTEGER
	double real; // OPTION_REAL and OPTION_INTEGER
	const char **items; // OPTION_LIST and OPTION_REPEATED
	size_t items_count;
	char *items_text; // what the items of a list point into
};

// One call of a command, parsed. Everything in it lives until command_call_free().
struct command_call {
	const struct command *command;
	const struct command *const *commands; // every command there is, NULL at the end
	int argument_count; // the whole command line, as main got it
	char *const *arguments;
	struct option_value *values; // one for each row of command->options
	const char **operands;
	size_t operands_count;
	char *const *passed; // what stood behind "--" where command->passed allows it
	size_t passed_count;
	bool wants_help; // --help or -h was given; nothing else was checked
	FILE *output; // standard output, or a test's file
};

// Parses arguments[first…] for the command; call->command, arguments and argument_count are set by
// the caller. On failure nothing is left to free.
bool command_call_parse(struct command_call *call, int first, struct problem *problem);
void command_call_free(struct command_call *call);

// The value of an option, by its name. A name that the command's table lacks is a bug and aborts.
bool call_has(
	const struct command_call *call, const char *name); // given by the user; of a switch: on
const char *call_text(const struct command_call *call, const char *name);
int64_t call_integer(const struct command_call *call, const char *name);
double call_real(const struct command_call *call, const char *name);
const char *const *call_list(const struct command_call *call, const char *name, size_t *count);

// Whether `word` is one of the words of "a|b|c".
bool choices_contain(const char *choices, const char *word);

#endif
