// SPDX-License-Identifier: GPL-2.0-or-later
// What users read about the commands, made from their tables: `slabmark help`, the man page and
// bash completion. Entries: help_print(), help_print_command(), help_command. Texts of single
// commands are in command/<name>.c.
#include <ctype.h>
#include <string.h>

#include "command.h"
#include "harness/measured/build_info.h"
#include "results/text/nearest.h"
#include "results/text/width.h"

enum { OPTION_COLUMN = 22, WORD_COLUMN = 11 };

// A word and what it means.
struct word_row {
	const char *word;
	const char *help;
};

static const char PURPOSE[] =
	"Slabmark measures how fast a slab allocator is on this machine: the SLAB allocator of "
	"Linux 5.10 in "
	"user space, in several configs, put through workloads in rounds of fresh processes.";

static const struct word_row EXIT_STATUSES[] = {
	{"0", "good"},
	{"1", "a regression, or a failed check"},
	{"2", "wrong use or bad input"},
	{"3", "something could not be measured, read or written"},
	{"4", "undecided, of 'slabmark gate --strict', try and bisect"},
	{"130", "stopped by the user; what was measured until then is stored"},
	{0},
};

static const struct word_row VARIABLES[] = {
	{"SLABMARK_PROGRAMS",
		"the folder that is searched first for the programs slabmark-run-CONFIG and "
		"slabmark-inspect-CONFIG; "
		"after it come slabmark's own folder and ../libexec/slabmark beside it"},
	{"SLABMARK_LOCK",
		"the file that a session locks while it measures, so that only one does at a time; "
		"/run/lock/slabmark when not set"},
	{"SLAB_OPTIONS",
		"options of the allocator under measurement, as on a kernel's command line, with "
		"blanks "
		"between them: slab_max_order=0 percpu=locked backing=thp; results record them"},
	{"HWLOC_XMLFILE, HWLOC_SYNTHETIC",
		"a machine's topology out of a file, or a made-up one as hwloc describes it, in "
		"the "
		"place of this machine's; what is measured on one is marked as simulated"},
	{"NO_COLOR", "when it is set, 'slabmark compare' and 'slabmark try' do without colours on "
		     "a terminal"},
	{"PGPASSFILE, PGHOST ...",
		"what libpq reads for a store in PostgreSQL; a password is best kept in ~/.pgpass"},
	{"TMPDIR", "where 'slabmark calibrate' puts its copy of a program; else /tmp"},
	{0},
};

static const struct word_row FILES[] = {
	{"slabmark.db",
		"the store, in the folder where slabmark is called, unless --db names another"},
	{"slabmark.db-wal, slabmark.db-shm", "beside a store that is open: they are a part of it, "
					     "so move a store only when nobody "
					     "uses it"},
	{"site/", "the page of 'slabmark report', unless --out names another folder"},
	{"../libexec/slabmark/", "the measured programs of an installed slabmark"},
	{0},
};

static const struct word_row EXAMPLES[] = {
	{"slabmark list", "what can be measured here"},
	{"slabmark run --config=default,nocolour", "measure two configs in ten rounds"},
	{"slabmark compare default nocolour", "is one faster, and how sure is that"},
	{"slabmark gate --baseline=last-good", "is it slower than when it last passed"},
	{0},
};

static const struct option_row HELP_ROW = {
	.name = "help", .letter = 'h', .kind = OPTION_SWITCH, .help = "Shows this help."};

// ---- text

static void print_entry(FILE *output, const char *term, const char *help, int indent)
{
	int column = fprintf(output, "  %s", term);

	if (column + 2 > indent)
		column = fprintf(output, "\n") - 1;
	column += fprintf(output, "%*s", indent - column, "");
	print_filled(output, help, strlen(help), column, indent);
}

static void print_paragraphs(FILE *output, const char *text)
{
	while (*text) {
		const char *end = strstr(text, "\n\n");
		size_t length = end ? (size_t)(end - text) : strlen(text);

		print_filled(output, text, length, 0, 0);
		fputc('\n', output);
		text += length + (end ? 2 : 0);
	}
}

static void print_words(FILE *output, const char *title, const struct word_row *rows, int indent)
{
	fprintf(output, "%s:\n", title);
	for (; rows->word; rows++)
		print_entry(output, rows->word, rows->help, indent);
}

// "--name=VALUE, -x" as help and the man page show it.
static void option_term(const struct option_row *row, char *text, size_t size)
{
	const char *argument = row->kind == OPTION_CHOICE ? row->choices : row->argument;
	char letter[8] = "";

	if (row->letter)
		snprintf(letter, sizeof(letter), ", -%c", row->letter);
	snprintf(text, size, "--%s%s%s%s", row->name, argument ? "=" : "", argument ? argument : "",
		letter);
}

// The sentence and, where there is one, the default.
static void option_help(const struct option_row *row, char *text, size_t size)
{
	if (row->default_text)
		snprintf(text, size, "%s Default: %s.", row->help, row->default_text);
	else if (row->kind == OPTION_REPEATED)
		snprintf(text, size, "%s May be given several times.", row->help);
	else
		snprintf(text, size, "%s", row->help);
}

static void print_option(FILE *output, const struct option_row *row)
{
	char term[128];
	char help[1024];

	option_term(row, term, sizeof(term));
	option_help(row, help, sizeof(help));
	print_entry(output, term, help, OPTION_COLUMN);
}

// " [OPTION...] OPERANDS [-- PASSED]"
static void synopsis(const struct command *command, char *text, size_t size)
{
	snprintf(text, size, "slabmark %s [OPTION...]%s%s%s%s%s", command->name,
		command->operands ? " " : "", command->operands ? command->operands : "",
		command->passed ? " [-- " : "", command->passed ? command->passed : "",
		command->passed ? "]" : "");
}

void help_print_command(FILE *output, const struct command *command)
{
	char usage[256];

	synopsis(command, usage, sizeof(usage));
	fprintf(output, "Usage: %s\n\n", usage);
	print_paragraphs(output, command->description);
	fprintf(output, "Options:\n");
	for (const struct option_row *row = command->options; row->name; row++)
		print_option(output, row);
	print_option(output, &HELP_ROW);
}

void help_print(FILE *output, const struct command *const *commands)
{
	fprintf(output, "Usage: slabmark COMMAND [OPTION...] [ARGUMENT...]\n       slabmark --help "
			"| --version\n\n");
	print_paragraphs(output, PURPOSE);
	fprintf(output, "Commands:\n");
	for (; *commands; commands++)
		print_entry(output, (*commands)->name, (*commands)->summary, WORD_COLUMN + 2);
	fputc('\n', output);
	print_words(output, "Exit status", EXIT_STATUSES, WORD_COLUMN);
	fputc('\n', output);
	print_words(output, "Environment", VARIABLES, OPTION_COLUMN);
	fputc('\n', output);
	print_words(output, "Files", FILES, OPTION_COLUMN);
	fputc('\n', output);
	print_words(output, "Examples", EXAMPLES, OPTION_COLUMN * 2);
	fprintf(output, "\n'slabmark COMMAND --help' says more about a command.\n");
}

// ---- the man page

static void roff_text(FILE *output, const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", output);
	for (; *text; text++) {
		if (*text == '\\')
			fputs("\\e", output);
		else if (*text == '-')
			fputs("\\-", output);
		else if (*text == '\'')
			fputs("\\(aq", output);
		else if (*text == '|')
			fputs("|\\:", output); // a long list of choices may go on on the next line
		else if (strncmp(text, "\n\n", 2) == 0)
			fputs("\n.PP", output);
		else
			fputc(*text, output);
	}
	fputc('\n', output);
}

static void roff_entry(FILE *output, const char *term, const char *help)
{
	fputs(".TP\n.B ", output);
	roff_text(output, term);
	roff_text(output, help);
}

static void roff_words(FILE *output, const char *title, const struct word_row *rows)
{
	fprintf(output, ".SH %s\n", title);
	for (; rows->word; rows++)
		roff_entry(output, rows->word, rows->help);
}

static void roff_option(FILE *output, const struct option_row *row)
{
	char term[128];
	char help[1024];

	option_term(row, term, sizeof(term));
	option_help(row, help, sizeof(help));
	roff_entry(output, term, help);
}

static void roff_command(FILE *output, const struct command *command)
{
	char usage[256];

	synopsis(command, usage, sizeof(usage));
	fputs(".SS ", output);
	roff_text(output, usage);
	roff_text(output, command->description);
	for (const struct option_row *row = command->options; row->name; row++)
		roff_option(output, row);
	roff_option(output, &HELP_ROW);
}

static void print_man(FILE *output, const struct command *const *commands)
{
	fprintf(output, ".TH SLABMARK 1 \"\" \"slabmark %s\" \"User Commands\"\n",
		build_info.version);
	fputs(".ad l\n.nh\n", output); // words as they are typed: neither stretched nor hyphenated
	fputs(".SH NAME\nslabmark \\- measure a slab allocator on this NUMA machine\n", output);
	fputs(".SH SYNOPSIS\n.B slabmark\n.I COMMAND\n.RI [ OPTION ...]\n.RI [ ARGUMENT ...]\n",
		output);
	fputs(".br\n.B slabmark \\-\\-help\n.br\n.B slabmark \\-\\-version\n.SH DESCRIPTION\n",
		output);
	roff_text(output, PURPOSE);
	fputs(".SH COMMANDS\n", output);
	for (; *commands; commands++)
		roff_command(output, *commands);
	roff_words(output, "EXIT STATUS", EXIT_STATUSES);
	roff_words(output, "ENVIRONMENT", VARIABLES);
	roff_words(output, "FILES", FILES);
	roff_words(output, "EXAMPLES", EXAMPLES);
	fputs(".SH SEE ALSO\n.BR hwloc (7),\n.BR numactl (8),\n.BR perf_event_open (2),\n"
	      ".BR sqlite3 (1),\n.BR psql (1)\n",
		output);
}

// ---- bash completion

// "a|b" as the words "a b".
static void print_choices(FILE *output, const char *choices)
{
	for (; *choices; choices++)
		fputc(*choices == '|' ? ' ' : *choices, output);
}

// How bash finds the values of an option: the placeholder says what they are.
static void complete_option(
	FILE *output, const struct command *command, const struct option_row *row)
{
	const char *argument = row->argument ? row->argument : "";

	fprintf(output, "\t%s:--%s) ", command->name, row->name);
	if (row->choices) {
		fputs(strstr(argument, ",...") ? "_slabmark_items '" : "_slabmark_words '", output);
		print_choices(output, row->choices);
		fputs("' ;;\n", output);
	} else if (strcmp(row->name, "session") == 0) {
		fputs("_slabmark_sessions ;;\n", output);
	} else if (strcmp(argument, "DIR") == 0 || strcmp(argument, "FOLDER") == 0) {
		fputs("COMPREPLY=($(compgen -d -- \"$value\")) ;;\n", output);
	} else if (strncmp(argument, "CONFIG", strlen("CONFIG")) == 0 ||
		   strncmp(argument, "SIDE", strlen("SIDE")) == 0) {
		fputs("_slabmark_names configs ;;\n", output);
	} else if (strcmp(argument, "COMMIT") == 0) {
		fputs("_slabmark_commits ;;\n", output);
	} else if (strncmp(argument, "WORKLOAD", strlen("WORKLOAD")) == 0) {
		fputs("_slabmark_names workloads ;;\n", output);
	} else if (strncmp(argument, "COUNTER", strlen("COUNTER")) == 0) {
		fputs("_slabmark_names counters ;;\n", output);
	} else if (strcmp(argument, "PATH") == 0 || strcmp(argument, "FILE") == 0) {
		fputs("COMPREPLY=($(compgen -f -- \"$value\")) ;;\n", output);
	} else {
		fputs("COMPREPLY=() ;;\n", output);
	}
}

// What stands where no option's value is wanted: the command's options, or its operands.
static void complete_command(
	FILE *output, const struct command *command, const struct command *const *commands)
{
	fprintf(output, "\t%s:*)\n\t\tif [[ $value == -* ]]; then _slabmark_words '",
		command->name);
	for (const struct option_row *row = command->options; row->name; row++)
		fprintf(output, "--%s%s ", row->name, row->kind == OPTION_SWITCH ? "" : "=");
	fputs("--help'\n", output);
	if (command->operand_choices) {
		fputs("\t\telse _slabmark_words '", output);
		print_choices(output, command->operand_choices);
		fputs("'\n", output);
	} else if (command->operands && strstr(command->operands, "FILE")) {
		fputs("\t\telse COMPREPLY=($(compgen -f -- \"$value\"))\n", output);
	} else if (command->operands && strstr(command->operands, "COMMIT")) {
		fputs("\t\telse _slabmark_commits\n", output);
	} else if (command->operands &&
		   (strstr(command->operands, "CONFIG") || strstr(command->operands, "BASE"))) {
		fputs("\t\telse _slabmark_names configs\n", output);
	} else if (command == &help_command) {
		fputs("\t\telse _slabmark_words '", output);
		for (; *commands; commands++)
			fprintf(output, "%s ", (*commands)->name);
		fputs("'\n", output);
	}
	fputs("\t\tfi ;;\n", output);
}

static const char COMPLETION_HEAD[] =
	"# bash completion for slabmark, made by: slabmark help --completion=bash\n"
	"# shellcheck shell=bash disable=SC2207\n\n"
	"# Completes $value by words. A word that ends in one of = : / wants more, so no blank "
	"follows it.\n"
	"_slabmark_words() {\n"
	"\tCOMPREPLY=($(compgen -W \"$1\" -- \"$value\"))\n"
	"\tif [[ ${COMPREPLY[0]-} == *[=:/] ]]; then compopt -o nospace 2>/dev/null; fi\n"
	"\treturn 0\n"
	"}\n\n"
	"# Completes the last item of a list a,b,c by words.\n"
	"_slabmark_items() {\n"
	"\tlocal before=\n"
	"\tif [[ $value == *,* ]]; then before=${value%,*},; fi\n"
	"\tCOMPREPLY=($(compgen -P \"$before\" -W \"$1\" -- \"${value##*,}\"))\n"
	"\tif [[ ${COMPREPLY[0]-} == *[:/] ]]; then compopt -o nospace 2>/dev/null; fi\n"
	"\treturn 0\n"
	"}\n\n"
	"# The same by names that slabmark itself knows.\n"
	"_slabmark_names() {\n"
	"\t_slabmark_items \"$(slabmark list \"$1\" --format=names 2>/dev/null)\"\n"
	"}\n\n"
	"# The same by branches and tags.\n"
	"_slabmark_commits() {\n"
	"\t_slabmark_words \"$(git for-each-ref --format='%(refname:short)' 2>/dev/null)\"\n"
	"}\n\n"
	"# Completes $value by the numbers of the sessions of the store that --db names.\n"
	"_slabmark_sessions() {\n"
	"\tlocal i db=()\n"
	"\tfor ((i = 2; i < COMP_CWORD; i++)); do\n"
	"\t\tif [[ ${COMP_WORDS[i]} == --db ]]; then db=(--db=\"${COMP_WORDS[i + 2]-}\"); fi\n"
	"\tdone\n"
	"\t_slabmark_words \"$(slabmark sessions \"${db[@]}\" 2>/dev/null | awk 'NR > 1 { print $1 "
	"}')\"\n"
	"}\n\n"
	"_slabmark() {\n"
	"\tlocal value=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} option=\n"
	"\tif [[ $value == = ]]; then\n\t\toption=$before value=\n"
	"\telif [[ $before == = ]]; then\n\t\toption=${COMP_WORDS[COMP_CWORD - 2]}\n"
	"\telif [[ $before == -* ]]; then\n\t\toption=$before\n\tfi\n";

static void print_completion(FILE *output, const struct command *const *commands)
{
	fputs(COMPLETION_HEAD, output);
	fputs("\tif ((COMP_CWORD == 1)); then\n\t\t_slabmark_words '", output);
	for (size_t i = 0; commands[i]; i++)
		fprintf(output, "%s ", commands[i]->name);
	fputs("--help --version'\n\t\treturn\n\tfi\n\tcase ${COMP_WORDS[1]}:$option in\n", output);
	for (size_t i = 0; commands[i]; i++) {
		for (const struct option_row *row = commands[i]->options; row->name; row++)
			if (row->kind != OPTION_SWITCH)
				complete_option(output, commands[i], row);
		complete_command(output, commands[i], commands);
	}
	fputs("\tesac\n}\ncomplete -F _slabmark slabmark\n", output);
}

// ---- the command

static int help_about(const struct command_call *call, const char *name, struct problem *problem)
{
	const char *names[64];
	size_t count = 0;

	for (; call->commands[count] && count < sizeof(names) / sizeof(names[0]); count++) {
		names[count] = call->commands[count]->name;
		if (strcmp(names[count], name) != 0)
			continue;
		help_print_command(call->output, call->commands[count]);
		return EXIT_GOOD;
	}
	char offer[256];
	problem_set(problem, EXIT_WRONG_USE, "unknown command '%s'; %s", name,
		nearest_offer(offer, sizeof(offer), name, names, count));
	return EXIT_WRONG_USE;
}

static int run(const struct command_call *call, struct problem *problem)
{
	if (call_has(call, "man"))
		print_man(call->output, call->commands);
	else if (call_has(call, "completion"))
		print_completion(call->output, call->commands);
	else if (call->operands_count > 0)
		return help_about(call, call->operands[0], problem);
	else
		help_print(call->output, call->commands);
	return EXIT_GOOD;
}

static const struct option_row OPTIONS[] = {
	{.name = "man", .kind = OPTION_SWITCH, .help = "Writes the man page slabmark(1), as roff."},
	{.name = "completion",
		.kind = OPTION_CHOICE,
		.choices = "bash",
		.help = "Writes the completion of commands, options and names for a shell."},
	{0},
};

const struct command help_command = {
	.name = "help",
	.summary = "Show help about a command.",
	.operands = "[COMMAND]",
	.operands_max = 1,
	.description = "Shows what a command does and all of its options; without a command, what "
		       "commands there are.",
	.options = OPTIONS,
	.run = run,
};
