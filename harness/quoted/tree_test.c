// SPDX-License-Identifier: GPL-2.0-or-later
// What our texts quote: every command line could be typed, every option is one that some program
// takes, every path is there. Texts are the messages and comments of C sources, the documents, the
// help and the man page. Nothing is run. Argument: the root of the tree.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "file.h"
#include "harness/command/command.h"
#include "line.h"
#include "path.h"
#include "script.h"
#include "text.h"

enum { PATH_SIZE = 512, OPTION_SIZE = 128 };

static struct tree tree;

// What was looked at, and what was wrong with it.
struct tally {
	size_t lines;
	size_t options;
	size_t paths;
	size_t wrong;
};

static void complain(
	struct tally *tally, const struct quoted *quoted, const struct problem *problem)
{
	tally->wrong++;
	print_error("%s:%d: `%s`: %s\n", quoted->file, quoted->line, quoted->text, problem->text);
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static bool ends(const char *text, const char *with)
{
	size_t length = strlen(text);

	return length >= strlen(with) && strcmp(text + length - strlen(with), with) == 0;
}

// ---- options in prose

// Options that no table of ours has: those of others' programs that we name, and made-up ones.
static const struct {
	const char *name;
	const char *whose;
} FOREIGN[] = {
	{"--cpu-list", "taskset"},
	{"--governor", "cpupower"},
	{"--no-patch", "git"},
	{"--show-toplevel", "git"},
	{"--is-ancestor", "git"},
	{"--no-checkout", "git"},
	{"--verify", "git"},
	{"--end-of-options", "git"},
	{"--no-pull", "asv"},
	{"--static", "pkg-config"},
	{"--install", "cmake"},
	{"--preset", "cmake, ctest"},
	{"--workflow", "cmake"},
	{"--tool", "valgrind"},
	{"--cache-sim", "callgrind"},
	{"--callgrind-out-file", "callgrind"},
	{"--collect-atstart", "callgrind"},
	{"--instr-atstart", "callgrind"},
	{"--objects", "slabmark-resident"},
	{"--size", "slabmark-resident"},
	{"--limit", "slabmark-resident"},
	{"--name", "any: where options are explained"},
};

static bool is_foreign(const char *option)
{
	size_t length = strcspn(option, "=");

	for (size_t i = 0; i < sizeof(FOREIGN) / sizeof(FOREIGN[0]); i++)
		if (strlen(FOREIGN[i].name) == length && begins(option, FOREIGN[i].name))
			return true;
	return option[length - 1] == '_'; // "--slabmark_": all that begin so
}

// An option as far as it is one: "--name", and "=" where a value follows.
static void option_look_at(struct tally *tally, const struct quoted *quoted, const char *at)
{
	size_t length = 2 + strspn(at + 2, "abcdefghijklmnopqrstuvwxyz0123456789_-");
	struct problem problem;
	char option[OPTION_SIZE];

	length += at[length] == '=';
	if (length >= sizeof(option))
		return;
	snprintf(option, sizeof(option), "%.*s", (int)length, at);
	tally->options++;
	if (!is_foreign(option) && !quoted_option_check(option, tree.root, &problem))
		complain(tally, quoted, &problem);
}

static void options_look_at(struct tally *tally, const struct quoted *quoted)
{
	for (const char *at = strstr(quoted->text, "--"); at; at = strstr(at + 2, "--")) {
		bool is_first = at == quoted->text || strchr(" \n('`\"[", at[-1]);

		if (is_first && at[2] >= 'a' && at[2] <= 'z')
			option_look_at(tally, quoted, at);
	}
}

// ---- what is looked at

static void line_look_at(struct tally *tally, const struct quoted *quoted)
{
	struct problem problem;

	tally->lines++;
	if (!quoted_line_check(quoted->text, quoted->kind == QUOTED_SPAN, tree.root, &problem))
		complain(tally, quoted, &problem);
}

// "allocator/fast-path": a test's name looks like a path.
static bool is_test(const char *name)
{
	char path[PATH_SIZE];
	char wanted[PATH_SIZE];
	char *text;
	bool is_found;

	if (!begins(name, "allocator/"))
		return false;
	snprintf(path, sizeof(path), "%s/allocator/CMakeLists.txt", tree.root);
	snprintf(wanted, sizeof(wanted), "add_test(NAME %s ", name);
	text = file_read(path);
	is_found = text && strstr(text, wanted);
	free(text);
	return is_found;
}

// What only looks like a path of ours.
static bool is_no_path(const char *text)
{
	static const char *const others[] = {
		"compare.py", // Google Benchmark's
		"index.js", // of a site that is written
		"../libexec/slabmark", // where slabmark is installed
		"gfp.h", // the kernel's
		"kernel.h",
		"mm.h",
		"numa.h",
		"rcupdate.h",
		"string.h",
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(text, others[i]) == 0)
			return true;
	return begins(text, "x.") || begins(text, "x_") || is_test(text); // x.c: any
}

static void path_look_at(struct tally *tally, const struct quoted *quoted)
{
	struct problem problem;

	tally->paths++;
	if (!is_no_path(quoted->text) &&
		!quoted_path_check(quoted->file, quoted->text, &tree, &problem))
		complain(tally, quoted, &problem);
}

// The options that follow a program's name and, of slabmark, a word: as long as they are options.
static size_t mention_length(const char *at)
{
	size_t length = strcspn(at, " \n");

	if (begins(at, "slabmark "))
		length += 1 + strcspn(at + length + 1, " \n");
	while (begins(at + length, " --") || begins(at + length, " [--"))
		length += 1 + strcspn(at + length + 1, " \n");
	while (length > 0 && strchr(".,;:)'`\"", at[length - 1]))
		length--;
	return length;
}

// "slabmark run --seed" or "ci/setup --full" that no quotes are around: in a comment, a message.
static void mentions_look_at(struct tally *tally, const struct quoted *quoted)
{
	for (const char *at = quoted->text; *at; at++) {
		struct quoted mention = {.kind = QUOTED_SPAN, .file = quoted->file};
		bool is_first = at == quoted->text || strchr(" \n('`\"", at[-1]);
		char *text;

		if (!is_first || !(begins(at, "slabmark ") || begins(at, "ci/")))
			continue;
		text = strndup(at, mention_length(at));
		mention.text = text;
		for (const char *line = quoted->text; line < at; line++)
			mention.line += *line == '\n';
		mention.line += quoted->line;
		if (strstr(text, "--"))
			line_look_at(tally, &mention);
		free(text);
	}
}

static void script_look_at(const char *file, const char *text, quoted_visit *visit, void *context)
{
	const struct quoted whole = {QUOTED_MESSAGE, file, 1, text};

	(void)visit;
	mentions_look_at(context, &whole);
}

// A file's name in a comment, as far as it is one: its end says so.
static void name_look_at(
	struct tally *tally, const struct quoted *quoted, const char *at, size_t length)
{
	char name[PATH_SIZE];
	struct problem problem;

	while (length > 0 && at[length - 1] == '.')
		length--;
	snprintf(name, sizeof(name), "%.*s", (int)length, at);
	tally->paths++;
	if (!is_no_path(name) && !quoted_path_check(quoted->file, name, &tree, &problem))
		complain(tally, quoted, &problem);
}

static void names_look_at(struct tally *tally, const struct quoted *quoted)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-<>*%…";

	for (const char *at = quoted->text; *at;) {
		size_t length = strspn(at, letters);

		if (length > 2 && memchr(at, '.', length - 1))
			name_look_at(tally, quoted, at, length);
		at += length + (at[length] != '\0');
	}
}

static void command_line_look_at(const struct quoted *quoted, void *context)
{
	if (quoted->kind == QUOTED_LINE || quoted->kind == QUOTED_SPAN) {
		line_look_at(context, quoted);
		return;
	}
	options_look_at(context, quoted);
	mentions_look_at(context, quoted);
}

static void comment_name_look_at(const struct quoted *quoted, void *context)
{
	if (quoted->kind == QUOTED_COMMENT)
		names_look_at(context, quoted);
}

static void document_look_at(const struct quoted *quoted, void *context)
{
	if (quoted->kind == QUOTED_SPAN && begins(quoted->text, "--"))
		options_look_at(context, quoted);
	else if (quoted->kind != QUOTED_LINK)
		line_look_at(context, quoted);
}

static void document_path_look_at(const struct quoted *quoted, void *context)
{
	bool is_link = quoted->kind == QUOTED_LINK && !strstr(quoted->text, "://");

	if (quoted->kind == QUOTED_SPAN || is_link)
		path_look_at(context, quoted);
}

typedef void reader(const char *file, const char *text, quoted_visit *visit, void *context);

static void file_look_at(const char *name, reader *read, quoted_visit *visit, struct tally *tally)
{
	char path[PATH_SIZE];
	char *text;

	snprintf(path, sizeof(path), "%s/%s", tree.root, name);
	text = file_read(path);
	if (text)
		read(name, text, visit, tally);
	free(text);
}

static void files_read(const char *end, reader *read, quoted_visit *visit, struct tally *tally)
{
	for (size_t i = 0; i < tree.count; i++)
		if (ends(tree.paths[i], end) && !strstr(tree.paths[i], "_test."))
			file_look_at(tree.paths[i], read, visit, tally);
}

// ---- the promises

static void every_command_line_in_a_source_can_be_typed(void **state)
{
	struct tally tally = {0};

	(void)state;
	files_read(".c", quoted_in_c, command_line_look_at, &tally);
	files_read(".h", quoted_in_c, command_line_look_at, &tally);
	files_read(".cc", quoted_in_c, command_line_look_at, &tally);
	print_message("%zu quoted, %zu options\n", tally.lines, tally.options);
	assert_true(tally.lines > 100 && tally.options > 50);
	assert_int_equal(tally.wrong, 0);
}

static bool is_script(const char *path)
{
	return begins(path, "ci/") && (ends(path, ".bash") || !strpbrk(path + strlen("ci/"), "./"));
}

static void every_command_line_in_a_script_of_ci_can_be_typed(void **state)
{
	struct tally tally = {0};

	(void)state;
	for (size_t i = 0; i < tree.count; i++)
		if (is_script(tree.paths[i]))
			file_look_at(tree.paths[i], script_look_at, NULL, &tally);
	print_message("%zu quoted\n", tally.lines);
	assert_true(tally.lines > 8);
	assert_int_equal(tally.wrong, 0);
}

static void every_command_line_in_a_document_can_be_typed(void **state)
{
	struct tally tally = {0};

	(void)state;
	files_read(".md", quoted_in_markdown, document_look_at, &tally);
	print_message("%zu quoted, %zu options\n", tally.lines, tally.options);
	assert_true(tally.lines > 500 && tally.options > 20);
	assert_int_equal(tally.wrong, 0);
}

static void every_path_in_a_document_is_there(void **state)
{
	struct tally tally = {0};

	(void)state;
	files_read(".md", quoted_in_markdown, document_path_look_at, &tally);
	print_message("%zu quoted\n", tally.paths);
	assert_true(tally.paths > 500);
	assert_int_equal(tally.wrong, 0);
}

static void every_file_that_a_comment_names_is_there(void **state)
{
	struct tally tally = {0};

	(void)state;
	files_read(".c", quoted_in_c, comment_name_look_at, &tally);
	files_read(".h", quoted_in_c, comment_name_look_at, &tally);
	files_read(".txt", quoted_in_script, comment_name_look_at, &tally);
	files_read(".sh", quoted_in_script, comment_name_look_at, &tally);
	files_read(".bash", quoted_in_script, comment_name_look_at, &tally);
	files_read(".cmake", quoted_in_script, comment_name_look_at, &tally);
	print_message("%zu named\n", tally.paths);
	assert_true(tally.paths > 100);
	assert_int_equal(tally.wrong, 0);
}

// What `slabmark help …` prints.
static char *help_text(char *const *words, int count)
{
	char *text = NULL;
	size_t size;
	struct problem problem;
	struct command_call call = {.command = &help_command,
		.commands = slabmark_commands,
		.arguments = words,
		.argument_count = count,
		.output = open_memstream(&text, &size)};

	assert_non_null(call.output);
	assert_true(command_call_parse(&call, 2, &problem));
	assert_int_equal(help_command.run(&call, &problem), EXIT_GOOD);
	command_call_free(&call);
	assert_int_equal(fclose(call.output), 0);
	return text;
}

static void help_read(const char *name, const char *word, struct tally *tally)
{
	char *const words[] = {(char *)"slabmark", (char *)"help", (char *)word};
	char *text = help_text(words, word ? 3 : 2);

	quoted_in_help(name, text, command_line_look_at, tally);
	free(text);
}

static void every_command_line_in_the_help_can_be_typed(void **state)
{
	struct tally tally = {0};

	(void)state;
	help_read("slabmark help", NULL, &tally);
	for (size_t i = 0; slabmark_commands[i]; i++)
		help_read(slabmark_commands[i]->name, slabmark_commands[i]->name, &tally);
	print_message("%zu quoted\n", tally.lines);
	assert_true(tally.lines > 30);
	assert_int_equal(tally.wrong, 0);
}

static void every_command_line_in_the_man_page_can_be_typed(void **state)
{
	struct tally tally = {0};

	(void)state;
	help_read("slabmark.1", "--man", &tally);
	print_message("%zu quoted\n", tally.lines);
	assert_true(tally.lines > 30);
	assert_int_equal(tally.wrong, 0);
}

// Options that one of the two lacks, or takes otherwise.
static size_t differences(const char *file, const struct script_options *these,
	const struct script_options *those, const char *where)
{
	size_t count = 0;

	for (size_t i = 0; i < these->count; i++) {
		const struct script_option *option = &these->items[i];
		const struct script_option *other =
			script_option_find(those, option->name, strlen(option->name));

		if (other && other->takes_value == option->takes_value)
			continue;
		count++;
		print_error("%s: %s%s is not in its %s\n", file, option->name,
			option->takes_value ? "=" : "", where);
	}
	return count;
}

// A script that may be typed; what others source is none.
static size_t script_differences(const char *name, const char *text)
{
	struct script_options said;
	struct script_options taken;

	script_options_of_header(&said, text);
	script_options_of_code(&taken, text);
	return differences(name, &said, &taken, "code") + differences(name, &taken, &said, "help");
}

static void every_script_takes_what_its_help_names(void **state)
{
	size_t scripts = 0;
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < tree.count; i++) {
		char path[PATH_SIZE];
		char *text;

		if (!is_script(tree.paths[i]))
			continue;
		snprintf(path, sizeof(path), "%s/%s", tree.root, tree.paths[i]);
		text = file_read(path);
		if (text && begins(text, "#!")) {
			scripts++;
			wrong += script_differences(tree.paths[i], text);
		}
		free(text);
	}
	assert_true(scripts >= 9);
	assert_int_equal(wrong, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command_line_in_a_source_can_be_typed),
		cmocka_unit_test(every_command_line_in_a_script_of_ci_can_be_typed),
		cmocka_unit_test(every_command_line_in_a_document_can_be_typed),
		cmocka_unit_test(every_path_in_a_document_is_there),
		cmocka_unit_test(every_file_that_a_comment_names_is_there),
		cmocka_unit_test(every_command_line_in_the_help_can_be_typed),
		cmocka_unit_test(every_command_line_in_the_man_page_can_be_typed),
		cmocka_unit_test(every_script_takes_what_its_help_names),
	};

	if (argc != 2) {
		fprintf(stderr, "Usage: %s ROOT\n", argv[0]);
		return EXIT_WRONG_USE;
	}
	tree_read(&tree, argv[1]);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	tree_free(&tree);
	return failed ? EXIT_REGRESSION : EXIT_GOOD;
}
