// SPDX-License-Identifier: GPL-2.0-or-later
// How words become a call: every kind of option, and what is said about wrong ones.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "command_line.h"

static const struct option_row OPTIONS[] = {
	{.name = "loud", .letter = 'l', .kind = OPTION_SWITCH, .help = "h"},
	{.name = "db",
		.kind = OPTION_TEXT,
		.argument = "PATH",
		.default_text = "store.db",
		.help = "h"},
	{.name = "format",
		.kind = OPTION_CHOICE,
		.choices = "text|json",
		.default_text = "text",
		.help = "h"},
	{.name = "rounds",
		.letter = 'r',
		.kind = OPTION_INTEGER,
		.argument = "N",
		.default_text = "10",
		.minimum = 1,
		.maximum = 100,
		.help = "h"},
	{.name = "time",
		.kind = OPTION_REAL,
		.argument = "S",
		.minimum = 0,
		.maximum = 2.5,
		.help = "h"},
	{.name = "config",
		.kind = OPTION_LIST,
		.argument = "C,...",
		.default_text = "a,b",
		.help = "h"},
	{.name = "set", .kind = OPTION_REPEATED, .argument = "X=Y", .help = "h"},
	{.name = NULL},
};

static const struct command COMMAND = {.name = "try",
	.operands = "[FILE]",
	.operands_max = 1,
	.passed = "MORE...",
	.options = OPTIONS};
static const struct command CHOOSY = {.name = "choose",
	.operands = "left|right",
	.operands_min = 1,
	.operands_max = 1,
	.operand_choices = "left|right",
	.options = OPTIONS};
static const struct command PLAIN = {.name = "plain", .options = OPTIONS};

enum { WORDS_MAX = 16 };

// A parsed call and the words that it points into.
struct parsed {
	struct command_call call;
	struct problem problem;
	char *words[WORDS_MAX];
	bool is_good;
};

static void parse(struct parsed *parsed, const struct command *command, char *const *words)
{
	int count = 2;

	*parsed = (struct parsed){.words = {(char *)"slabmark", (char *)command->name}};
	for (; words[count - 2]; count++) {
		assert_true(count < WORDS_MAX);
		parsed->words[count] = words[count - 2];
	}
	parsed->call.command = command;
	parsed->call.arguments = parsed->words;
	parsed->call.argument_count = count;
	parsed->is_good = command_call_parse(&parsed->call, 2, &parsed->problem);
}

#define WORDS(...)         ((char *[]){__VA_ARGS__ __VA_OPT__(, ) NULL})
#define PARSE(parsed, ...) parse((parsed), &COMMAND, WORDS(__VA_ARGS__))

static void assert_refused(const struct command *command, char *const *words, const char *text)
{
	struct parsed parsed;

	parse(&parsed, command, words);
	assert_false(parsed.is_good);
	assert_int_equal(parsed.problem.status, EXIT_WRONG_USE);
	assert_string_equal(parsed.problem.text, text);
}

static void without_words_every_option_has_its_default(void **state)
{
	struct parsed parsed;
	size_t count = 0;

	(void)state;
	PARSE(&parsed);
	assert_true(parsed.is_good);
	assert_false(call_has(&parsed.call, "loud"));
	assert_false(call_has(&parsed.call, "db"));
	assert_string_equal(call_text(&parsed.call, "db"), "store.db");
	assert_int_equal(call_integer(&parsed.call, "rounds"), 10);
	assert_null(call_text(&parsed.call, "time"));
	assert_string_equal(call_list(&parsed.call, "config", &count)[1], "b");
	assert_int_equal(count, 2);
	call_list(&parsed.call, "set", &count);
	assert_int_equal(count, 0);
	command_call_free(&parsed.call);
}

static void a_value_follows_an_equal_sign_or_a_blank(void **state)
{
	struct parsed parsed;

	(void)state;
	PARSE(&parsed, "--db=a=b", "--rounds", "7", "--time=0.25", "--format", "json", "--loud");
	assert_true(parsed.is_good);
	assert_string_equal(call_text(&parsed.call, "db"), "a=b");
	assert_int_equal(call_integer(&parsed.call, "rounds"), 7);
	assert_true(call_real(&parsed.call, "time") == 0.25);
	assert_string_equal(call_text(&parsed.call, "format"), "json");
	assert_true(call_has(&parsed.call, "loud"));
	command_call_free(&parsed.call);
}

static void letters_are_short_names(void **state)
{
	struct parsed parsed;

	(void)state;
	PARSE(&parsed, "-l", "-r", "3");
	assert_true(call_has(&parsed.call, "loud"));
	assert_int_equal(call_integer(&parsed.call, "rounds"), 3);
	command_call_free(&parsed.call);
	PARSE(&parsed, "-r4");
	assert_int_equal(call_integer(&parsed.call, "rounds"), 4);
	command_call_free(&parsed.call);
}

static void the_last_value_counts_but_repeated_ones_add_up(void **state)
{
	struct parsed parsed;
	size_t count = 0;

	(void)state;
	PARSE(&parsed, "--config=x,y,z", "--config=q", "--set=a.b=1", "--set", "c.d=2");
	const char *const *items = call_list(&parsed.call, "config", &count);
	assert_int_equal(count, 1);
	assert_string_equal(items[0], "q");
	items = call_list(&parsed.call, "set", &count);
	assert_int_equal(count, 2);
	assert_string_equal(items[0], "a.b=1");
	assert_string_equal(items[1], "c.d=2");
	command_call_free(&parsed.call);
}

static void two_dashes_pass_the_rest_on(void **state)
{
	struct parsed parsed;

	(void)state;
	PARSE(&parsed, "--", "--loud", "--", "-x");
	assert_true(parsed.is_good);
	assert_false(call_has(&parsed.call, "loud"));
	assert_int_equal(parsed.call.passed_count, 3);
	assert_string_equal(parsed.call.passed[0], "--loud");
	assert_string_equal(parsed.call.passed[2], "-x");
	command_call_free(&parsed.call);
}

static void two_dashes_end_the_options_where_nothing_is_passed_on(void **state)
{
	struct parsed parsed;

	(void)state;
	parse(&parsed, &CHOOSY, WORDS("--", "left"));
	assert_true(parsed.is_good);
	assert_int_equal(parsed.call.operands_count, 1);
	command_call_free(&parsed.call);
}

static void a_single_dash_is_an_operand(void **state)
{
	struct parsed parsed;

	(void)state;
	PARSE(&parsed, "-");
	assert_true(parsed.is_good);
	assert_string_equal(parsed.call.operands[0], "-");
	command_call_free(&parsed.call);
}

static void a_wish_for_help_comes_before_errors_behind_it(void **state)
{
	struct parsed parsed;

	(void)state;
	PARSE(&parsed, "--help", "--wrong");
	assert_true(parsed.is_good);
	assert_true(parsed.call.wants_help);
	command_call_free(&parsed.call);
}

static void a_wrong_option_is_refused_with_the_nearest(void **state)
{
	(void)state;
	assert_refused(
		&COMMAND, WORDS("--round=3"), "unknown option --round; did you mean '--rounds'?");
	assert_refused(&COMMAND, WORDS("-z"), "unknown option -z; --help lists the options");
}

static void a_wrong_value_is_refused_with_what_would_be_right(void **state)
{
	(void)state;
	assert_refused(
		&COMMAND, WORDS("--rounds=0"), "--rounds=0: expected a whole number from 1 to 100");
	assert_refused(&COMMAND, WORDS("--rounds=1x"),
		"--rounds=1x: expected a whole number from 1 to 100");
	assert_refused(
		&COMMAND, WORDS("--rounds="), "--rounds=: expected a whole number from 1 to 100");
	assert_refused(&COMMAND, WORDS("--rounds=99999999999999999999"),
		"--rounds=99999999999999999999: expected a whole number from 1 to 100");
	assert_refused(
		&COMMAND, WORDS("--time=nan"), "--time=nan: expected a number from 0 to 2.5");
	assert_refused(
		&COMMAND, WORDS("--time=1e400"), "--time=1e400: expected a number from 0 to 2.5");
	assert_refused(&COMMAND, WORDS("--format=xml"), "--format=xml: expected one of text|json");
	assert_refused(&COMMAND, WORDS("--format=tex"), "--format=tex: expected one of text|json");
	assert_refused(&COMMAND, WORDS("--config=a,,b"),
		"--config=a,,b: expected names separated by single commas");
	assert_refused(&COMMAND, WORDS("--db"), "--db needs a value: --db=PATH");
	assert_refused(&COMMAND, WORDS("--loud=yes"), "--loud takes no value, got 'yes'");
}

static void wrong_operands_are_refused(void **state)
{
	(void)state;
	assert_refused(&COMMAND, WORDS("a", "b"), "'b' is one argument too many: expected [FILE]");
	assert_refused(&PLAIN, WORDS("a"), "'a' is one argument too many: expected none");
	assert_refused(&CHOOSY, WORDS("--loud"), "expected left|right");
	assert_refused(&CHOOSY, WORDS("up"), "'up' is none of left|right");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_words_every_option_has_its_default),
		cmocka_unit_test(a_value_follows_an_equal_sign_or_a_blank),
		cmocka_unit_test(letters_are_short_names),
		cmocka_unit_test(the_last_value_counts_but_repeated_ones_add_up),
		cmocka_unit_test(two_dashes_pass_the_rest_on),
		cmocka_unit_test(two_dashes_end_the_options_where_nothing_is_passed_on),
		cmocka_unit_test(a_single_dash_is_an_operand),
		cmocka_unit_test(a_wish_for_help_comes_before_errors_behind_it),
		cmocka_unit_test(a_wrong_option_is_refused_with_the_nearest),
		cmocka_unit_test(a_wrong_value_is_refused_with_what_would_be_right),
		cmocka_unit_test(wrong_operands_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
