// SPDX-License-Identifier: GPL-2.0-or-later
// That a wrong line is found wherever it is quoted: made-up lines, texts, scripts and paths, right
// ones and wrong ones. Argument: the root of the tree.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "line.h"
#include "path.h"
#include "script.h"
#include "text.h"

enum { SHOWN_SIZE = 1024 };

static const char *root;

// ---- lines

static void assert_right(const char *line, bool is_mention)
{
	struct problem problem = {0};

	if (!quoted_line_check(line, is_mention, root, &problem))
		fail_msg("`%s`: %s", line, problem.text);
}

static void assert_wrong(const char *line, bool is_mention, const char *why)
{
	struct problem problem = {0};

	if (quoted_line_check(line, is_mention, root, &problem))
		fail_msg("`%s` was taken", line);
	if (!strstr(problem.text, why))
		fail_msg("`%s`: '%s' is missing in: %s", line, why, problem.text);
}

static void lines_that_can_be_typed_pass(void **state)
{
	static const char *const lines[] = {
		"slabmark run --config=default,noalien --workload=handover --rounds=20",
		"slabmark run --config default --until=verdict -- --benchmark_repetitions=3",
		"slabmark compare --filter='workload:(pair OR batch)' | less",
		"slabmark export --format=csv >figures.csv; slabmark db verify # is it sound?",
		"LD_PRELOAD=library.so ./slabmark list",
		"slabmark-run-default --benchmark_filter=pair --slabmark_seed=7",
		"./ci/bench --rounds=3 && ci/test --only=tsan",
		"ci/postgres --durable -- slabmark db size",
		"gcc --no-such-option",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_right(lines[i], false);
}

static void placeholders_stand_for_values(void **state)
{
	static const char *const lines[] = {
		"slabmark run --rounds=N --seed=N --min-time=SECONDS --config=CONFIG,...",
		"slabmark compare --format=json|markdown|csv",
		"slabmark history --triage=ID:STATE [--note=TEXT]",
		"slabmark db WHAT",
		"slabmark COMMAND --help",
		"slabmark %s --%s",
		"slabmark-run-<config> --slabmark_seed=NUMBER",
		"ci/fuzz [--seconds=N | --total=N]",
		"ci/setup [--bench|--lint] [--dry-run]",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_right(lines[i], false);
}

static void a_mention_may_leave_values_and_operands_out(void **state)
{
	(void)state;
	assert_right("slabmark compare --input", true);
	assert_wrong("slabmark compare --input", false, "needs a value");
	assert_right("slabmark import", true);
	assert_wrong("slabmark import", false, "expected");
}

static void a_line_that_cannot_be_typed_is_found(void **state)
{
	static const struct {
		const char *line;
		const char *why;
	} cases[] = {
		{"slabmark rum --rounds=3", "no command 'rum'"},
		{"slabmark run --configs=default,…", "unknown option --configs"},
		{"slabmark run --configs=%s,…", "unknown option --configs"},
		{"slabmark db verify --rounds=3", "unknown option --rounds"},
		{"slabmark run --dry-run=yes", "takes no value"},
		{"slabmark run --rounds=many", "expected a whole number"},
		{"slabmark compare --format=yaml", "takes no 'yaml'"},
		{"slabmark compare --format=json|yaml", "takes no 'yaml'"},
		{"slabmark run --config=default,mauve", "no config 'mauve'"},
		{"slabmark run --workload=hand-over", "no workload 'hand-over'"},
		{"slabmark list machines", "none of"},
		{"slabmark list && slabmark rum", "no command 'rum'"},
		{"slabmark-run-mauve", "no config 'mauve'"},
		{"slabmark-run-default --benchmark_filters=pair", "unknown option"},
		{"slabmark-run-default --slabmark_set=pair.weight=3", "no parameter 'weight'"},
		{"ci/measure", "no script ci/measure"},
		{"ci/bench --round=3", "no option --round"},
		{"ci/test --full=yes", "takes no value"},
		{"ci/setup [--bench|--paint]", "no option --paint"},
		{"ci/postgres -- slabmark rum", "no command 'rum'"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_wrong(cases[i].line, false, cases[i].why);
		assert_wrong(cases[i].line, true, cases[i].why);
	}
}

static void an_option_by_itself_is_some_program_s(void **state)
{
	static const char *const right[] = {
		"--until=verdict", "--stubborn", "--slabmark_seed=", "--larson-rounds", "--help"};
	static const char *const wrong[] = {"--configs=", "--stubborn=yes", "--slabmark_sed"};
	struct problem problem;

	(void)state;
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
		assert_true(quoted_option_check(right[i], root, &problem));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(quoted_option_check(wrong[i], root, &problem));
}

// ---- texts

// What a text quotes, each as "kind line text|".
static void note(const struct quoted *quoted, void *context)
{
	static const char letters[] = {
		[QUOTED_LINE] = 'L', [QUOTED_SPAN] = 'S', [QUOTED_LINK] = 'A'};
	char *shown = context;
	size_t used = strlen(shown);

	if (quoted->kind != QUOTED_COMMENT && quoted->kind != QUOTED_MESSAGE)
		snprintf(shown + used, SHOWN_SIZE - used, "%c%d %s|", letters[quoted->kind],
			quoted->line, quoted->text);
}

static void markdown_quotes_in_spans_blocks_and_links(void **state)
{
	char shown[SHOWN_SIZE] = "";

	(void)state;
	quoted_in_markdown("a.md",
		"A `slabmark\nlist` and [a link](b.md).\n\n```\n$ slabmark run \\\n  "
		"--seed=1\nout\n"
		"```\n\n`c.c`\n",
		note, shown);
	assert_string_equal(
		shown, "S1 slabmark list|A2 b.md|L5 slabmark run   --seed=1|L7 out|S10 c.c|");
}

static void sources_quote_in_comments_and_literals(void **state)
{
	char shown[SHOWN_SIZE] = "";

	(void)state;
	quoted_in_c("a.c",
		"// As `slabmark\n// list` does.\nchar c = '\"';\n"
		"f(\"the machine's; 'slabmark \"\n  \"run' measures\\n\", \"slabmark run "
		"--seed=1\");\n",
		note, shown);
	assert_string_equal(shown, "S1 slabmark list|S4 slabmark run|L5 slabmark run --seed=1|");
}

static void help_quotes_in_lines_and_paragraphs(void **state)
{
	char shown[SHOWN_SIZE] = "";

	(void)state;
	quoted_in_help("help",
		"Usage: slabmark run [OPTION...]\n\nslabmark run\n--seed=1\n\nExamples:\n"
		"  slabmark list    what there is\n",
		note, shown);
	assert_string_equal(
		shown, "L1 slabmark run [OPTION...]|L3 slabmark run --seed=1|L7 slabmark list|");
	*shown = '\0';
	quoted_in_help("roff", ".SS slabmark run\nas \\(aqslabmark db\\(aq\n", note, shown);
	assert_string_equal(shown, "S2 slabmark db|L1 slabmark run|");
}

// ---- scripts and paths

static void a_script_and_its_help_are_read_apart(void **state)
{
	static const char text[] =
		"#!/bin/bash\n# Does. Usage: ci/do [--all] [--depth=N]\n#\n"
		"#   --depth=N  how deep, as --all has it\n#   --dry  nothing\n\n"
		"case $1 in\n\t--all | --dry) a=1 ;;\n\t--width=*) w=1 ;;\nesac\n"
		"[[ $1 == --late ]]\n";
	struct script_options options;

	(void)state;
	script_options_of_header(&options, text);
	assert_int_equal(options.count, 3);
	assert_false(script_option_find(&options, "--all", 5)->takes_value);
	assert_true(script_option_find(&options, "--depth", 7)->takes_value);
	assert_non_null(script_option_find(&options, "--dry", 5));
	script_options_of_code(&options, text);
	assert_int_equal(options.count, 4);
	assert_true(script_option_find(&options, "--width", 7)->takes_value);
	assert_non_null(script_option_find(&options, "--late", 6));
}

static void a_path_is_looked_for_where_it_is_meant(void **state)
{
	static char *paths[] = {(char *)"a", (char *)"a/README.md", (char *)"a/b",
		(char *)"a/b/c.c", (char *)"top.h"};
	static const struct tree made = {.paths = paths, .count = 5};
	static const char *const right[] = {"b/c.c", "a/b/c.c", "b/", "c.c", "top.h", "../top.h",
		"b/<name>.c", "b/TARGET/c.c", "b/SOURCE.c", "NAME_test.c", "pair/64", "/sys/x.c",
		"a word", "build/x.c"};
	static const char *const wrong[] = {
		"d.c", "b/d.c", "a/b/c/", "b/e/<name>.c", "gone/d.c", "../b.c"};
	struct problem problem;

	(void)state;
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
		if (!quoted_path_check("a/README.md", right[i], &made, &problem))
			fail_msg("%s: %s", right[i], problem.text);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (quoted_path_check("a/README.md", wrong[i], &made, &problem))
			fail_msg("%s was found", wrong[i]);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_that_can_be_typed_pass),
		cmocka_unit_test(placeholders_stand_for_values),
		cmocka_unit_test(a_mention_may_leave_values_and_operands_out),
		cmocka_unit_test(a_line_that_cannot_be_typed_is_found),
		cmocka_unit_test(an_option_by_itself_is_some_program_s),
		cmocka_unit_test(markdown_quotes_in_spans_blocks_and_links),
		cmocka_unit_test(sources_quote_in_comments_and_literals),
		cmocka_unit_test(help_quotes_in_lines_and_paragraphs),
		cmocka_unit_test(a_script_and_its_help_are_read_apart),
		cmocka_unit_test(a_path_is_looked_for_where_it_is_meant),
	};

	if (argc != 2) {
		fprintf(stderr, "Usage: %s ROOT\n", argv[0]);
		return EXIT_WRONG_USE;
	}
	root = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL) ? EXIT_REGRESSION : EXIT_GOOD;
}
