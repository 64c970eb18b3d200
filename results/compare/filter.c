// SPDX-License-Identifier: GPL-2.0-or-later
// Reads and asks filters. Entries: filter_parse(), a recursive descent whose depth is bounded, and
// filter_match(), three-valued after Kleene, so that what is known of a thing early can already
// rule it out.
#include "filter.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "results/text/memory.h"

enum { DEPTH_MAX = 100, TERMS_MAX = 1000 };

enum node_kind { NODE_ALL, NODE_AND, NODE_OR, NODE_NOT, NODE_WORD, NODE_REGEXP };

struct node {
	enum node_kind kind;
	struct node *left; // NODE_NOT: the only one
	struct node *right;
	char *key;
	char *word;
	regex_t regexp;
};

struct filter {
	const struct filter_keys *keys;
	struct node *root;
};

struct parser {
	const char *text;
	const char *next;
	const struct filter_keys *keys;
	int depth;
	int terms;
	struct problem *problem;
};

static struct node *parse_either(struct parser *parser);

// ---- nodes

static void node_free(struct node *node)
{
	if (!node)
		return;
	node_free(node->left);
	node_free(node->right);
	if (node->kind == NODE_REGEXP)
		regfree(&node->regexp);
	free(node->key);
	free(node->word);
	free(node);
}

// Takes both sides over; NULL where one is missing or memory runs out.
static struct node *node_join(
	struct parser *parser, enum node_kind kind, struct node *left, struct node *right)
{
	struct node *node = left && right ? calloc(1, sizeof(*node)) : NULL;

	if (node) {
		*node = (struct node){.kind = kind, .left = left, .right = right};
		return node;
	}
	if (left && right)
		no_memory(parser->problem, "the filter");
	node_free(left);
	node_free(right);
	return NULL;
}

static struct node *node_make(struct parser *parser, enum node_kind kind)
{
	struct node *node = calloc(1, sizeof(*node));

	if (!node) {
		no_memory(parser->problem, "the filter");
		return NULL;
	}
	node->kind = kind;
	return node;
}

// ---- words

static struct node *refuse(const struct parser *parser, const char *at, const char *expected)
{
	problem_set(parser->problem, EXIT_WRONG_USE,
		"filter '%.200s', column %zu: expected %s, found %s%.20s%s", parser->text,
		(size_t)(at - parser->text) + 1, expected, *at ? "'" : "", *at ? at : "its end",
		*at ? "'" : "");
	return NULL;
}

static void skip_blanks(struct parser *parser)
{
	parser->next += strspn(parser->next, " \t\n");
}

// Whether the next word is this one; then it is passed.
static bool takes_word(struct parser *parser, const char *word)
{
	size_t length = strlen(word);

	skip_blanks(parser);
	if (strncmp(parser->next, word, length) != 0 || !strchr(" \t\n()", parser->next[length]))
		return false; // strchr() finds the terminating zero, too
	parser->next += length;
	return true;
}

static bool takes(struct parser *parser, char c)
{
	skip_blanks(parser);
	if (*parser->next != c)
		return false;
	parser->next++;
	return true;
}

// "any text", in which \" and \\ stand for themselves. NULL: no end, or no memory.
static char *parse_quoted(struct parser *parser)
{
	const char *first = parser->next++;
	char *text = malloc(strlen(first) + 1);
	char *end = text;

	while (text && *parser->next && *parser->next != '"') {
		if (*parser->next == '\\' && parser->next[1])
			parser->next++;
		*end++ = *parser->next++;
	}
	if (!text || *parser->next != '"') {
		refuse(parser, first, "a closing quote");
		free(text);
		return NULL;
	}
	*end = '\0';
	parser->next++;
	return text;
}

static char *parse_word(struct parser *parser, const char *ends, const char *expected)
{
	size_t length;
	char *word;

	if (*parser->next == '"')
		return parse_quoted(parser);
	length = strcspn(parser->next, ends);
	if (length == 0) {
		refuse(parser, parser->next, expected);
		return NULL;
	}
	word = strndup(parser->next, length);
	parser->next += length;
	if (!word)
		no_memory(parser->problem, "the filter");
	return word;
}

// ---- key:value

static struct node *compile(struct parser *parser, const char *first, char *pattern)
{
	struct node *node = node_make(parser, NODE_WORD);
	char reason[128];
	int status;

	if (!node) {
		free(pattern);
		return NULL;
	}
	node->word = pattern;
	status = regcomp(&node->regexp, pattern, REG_EXTENDED | REG_NOSUB);
	if (status == 0) {
		node->kind = NODE_REGEXP;
		return node;
	}
	regerror(status, &node->regexp, reason, sizeof(reason));
	problem_set(parser->problem, EXIT_WRONG_USE,
		"filter '%.200s', column %zu: '%.200s' is no regular expression: %s", parser->text,
		(size_t)(first - parser->text) + 1, pattern, reason);
	node_free(node);
	return NULL;
}

// Between two slashes; \/ stands for a slash.
static struct node *parse_regexp(struct parser *parser)
{
	const char *first = parser->next++;
	char *pattern = malloc(strlen(first) + 1);
	char *end = pattern;

	while (pattern && *parser->next && *parser->next != '/') {
		if (*parser->next == '\\' && parser->next[1] == '/')
			parser->next++;
		else if (*parser->next == '\\' && parser->next[1])
			*end++ = *parser->next++;
		*end++ = *parser->next++;
	}
	if (!pattern || *parser->next != '/') {
		free(pattern);
		return refuse(parser, first, "a closing slash");
	}
	*end = '\0';
	parser->next++;
	return compile(parser, first, pattern);
}

static struct node *parse_value(struct parser *parser, const char *key)
{
	struct node *node;

	skip_blanks(parser);
	if (++parser->terms > TERMS_MAX)
		return refuse(parser, parser->next, "fewer values");
	if (*parser->next == '/') {
		node = parse_regexp(parser);
	} else {
		node = node_make(parser, NODE_WORD);
		if (node)
			node->word = parse_word(parser, " \t\n()\"", "a value");
		if (node && !node->word) {
			node_free(node);
			node = NULL;
		}
	}
	if (!node)
		return NULL;
	node->key = strdup(key);
	if (node->key)
		return node;
	no_memory(parser->problem, "the filter");
	node_free(node);
	return NULL;
}

static struct node *parse_values(struct parser *parser, const char *key)
{
	struct node *node;

	if (*parser->next != '(')
		return *parser->next && !strchr(" \t\n", *parser->next)
			       ? parse_value(parser, key)
			       : refuse(parser, parser->next, "a value behind the colon");
	parser->next++;
	node = parse_value(parser, key);
	while (node && !takes(parser, ')')) {
		if (!takes_word(parser, "OR")) {
			node_free(node);
			return refuse(parser, parser->next, "'OR' or ')'");
		}
		node = node_join(parser, NODE_OR, node, parse_value(parser, key));
	}
	return node;
}

static struct node *parse_pair(struct parser *parser)
{
	const char *first = parser->next;
	char *key = parse_word(parser, " \t\n():\"", "KEY:VALUE");
	struct node *node = NULL;

	if (!key)
		return NULL;
	if (*parser->next != ':')
		refuse(parser, first, "KEY:VALUE");
	else if (parser->keys->check(key, parser->problem)) {
		parser->next++;
		node = parse_values(parser, key);
	}
	free(key);
	return node;
}

// ---- terms

static struct node *parse_group(struct parser *parser)
{
	struct node *node = parse_either(parser);

	if (!node || takes(parser, ')'))
		return node;
	node_free(node);
	return refuse(parser, parser->next, "')'");
}

static struct node *parse_term(struct parser *parser)
{
	struct node *node = NULL;

	if (++parser->depth > DEPTH_MAX || ++parser->terms > TERMS_MAX)
		return refuse(parser, parser->next, "fewer or less deeply nested terms");
	if (takes(parser, '-')) {
		struct node *term = parse_term(parser);

		node = term ? node_make(parser, NODE_NOT) : NULL;
		if (node)
			node->left = term;
		else
			node_free(term);
	} else if (takes(parser, '(')) {
		node = parse_group(parser);
	} else if (takes(parser, '*')) {
		node = node_make(parser, NODE_ALL);
	} else {
		node = parse_pair(parser);
	}
	parser->depth--;
	return node;
}

// Whether another term follows that belongs to the ones before it.
static bool goes_on(struct parser *parser)
{
	const char *before;
	bool ends;

	skip_blanks(parser);
	before = parser->next;
	ends = !*before || *before == ')' || takes_word(parser, "OR");
	parser->next = before;
	return !ends;
}

static struct node *parse_both(struct parser *parser)
{
	struct node *node = parse_term(parser);

	while (node && goes_on(parser)) {
		(void)takes_word(parser, "AND");
		node = node_join(parser, NODE_AND, node, parse_term(parser));
	}
	return node;
}

static struct node *parse_either(struct parser *parser)
{
	struct node *node = parse_both(parser);

	while (node && takes_word(parser, "OR"))
		node = node_join(parser, NODE_OR, node, parse_both(parser));
	return node;
}

static struct node *parse_all(struct parser *parser)
{
	struct node *node;

	skip_blanks(parser);
	if (!*parser->next)
		return node_make(parser, NODE_ALL);
	node = parse_either(parser);
	skip_blanks(parser);
	if (!node || !*parser->next)
		return node;
	node_free(node);
	return refuse(parser, parser->next, "KEY:VALUE, AND, OR or its end");
}

bool filter_parse(const char *text, const struct filter_keys *keys, struct filter **filter,
	struct problem *problem)
{
	struct parser parser = {.text = text ? text : "",
		.next = text ? text : "",
		.keys = keys,
		.problem = problem};
	struct filter *made = calloc(1, sizeof(*made));

	*filter = NULL;
	if (!made)
		return no_memory(problem, "the filter");
	made->keys = keys;
	made->root = parse_all(&parser);
	if (!made->root) {
		filter_free(made);
		return false;
	}
	*filter = made;
	return true;
}

void filter_free(struct filter *filter)
{
	if (!filter)
		return;
	node_free(filter->root);
	free(filter);
}

// ---- asking

static bool value_fits(const struct filter_keys *keys, const struct node *node, const char *value)
{
	if (node->kind == NODE_REGEXP)
		return regexec(&node->regexp, value, 0, NULL, 0) == 0;
	if (keys->is_named)
		return keys->is_named(node->key, value, node->word);
	return strcmp(value, node->word) == 0;
}

static enum filter_answer value_match(
	const struct filter_keys *keys, const struct node *node, const void *thing)
{
	bool is_known = true;
	const char *value = keys->value(thing, node->key, &is_known);

	if (!is_known)
		return FILTER_UNKNOWN;
	return value_fits(keys, node, value ? value : "") ? FILTER_YES : FILTER_NO;
}

static enum filter_answer node_match(
	const struct filter_keys *keys, const struct node *node, const void *thing)
{
	enum filter_answer left;
	enum filter_answer right;

	if (node->kind == NODE_ALL)
		return FILTER_YES;
	if (node->kind == NODE_WORD || node->kind == NODE_REGEXP)
		return value_match(keys, node, thing);
	left = node_match(keys, node->left, thing);
	if (node->kind == NODE_NOT)
		return FILTER_YES - left;
	right = node_match(keys, node->right, thing);
	if (node->kind == NODE_AND)
		return left < right ? left : right;
	return left > right ? left : right;
}

enum filter_answer filter_match(const struct filter *filter, const void *thing)
{
	return node_match(filter->keys, filter->root, thing);
}

static bool node_mentions(const struct node *node, const char *key)
{
	return node && ((node->key && strcmp(node->key, key) == 0) ||
			       node_mentions(node->left, key) || node_mentions(node->right, key));
}

bool filter_mentions(const struct filter *filter, const char *key)
{
	return node_mentions(filter->root, key);
}
