// SPDX-License-Identifier: GPL-2.0-or-later
// The fields of a trace's lines: words, numbers, CPUs, nodes, settings. Labels are in
// parser_labels.c.
#include "inspect/parser.h"

#include <limits.h>
#include <stdarg.h>
#include <string.h>

#include "inspect/flags.h"

#define BLANKS " \t\r"

bool parser_complain(struct parser *parser, const char *where, const char *format, ...)
{
	va_list arguments;

	parser->problem->line = parser->line;
	parser->problem->column = (unsigned)(where - parser->text) + 1;
	va_start(arguments, format);
	vsnprintf(parser->problem->text, sizeof(parser->problem->text), format, arguments);
	va_end(arguments);
	return false;
}

bool parser_no_memory(struct parser *parser)
{
	return parser_complain(parser, parser->text, TRACE_NO_MEMORY);
}

// ---- words

bool parser_next(struct parser *parser)
{
	char *word = parser->rest + strspn(parser->rest, BLANKS);
	size_t length = strcspn(word, BLANKS);

	parser->word = word;
	parser->rest = word + length;
	if (!length)
		return false;
	if (*parser->rest)
		*parser->rest++ = '\0';
	return true;
}

bool parser_need(struct parser *parser, const char *what)
{
	if (parser_next(parser))
		return true;
	return parser_complain(parser, parser->word, "the line ends before %s; it reads: %s", what,
		parser->synopsis);
}

bool parser_end(struct parser *parser)
{
	if (!parser_next(parser))
		return true;
	return parser_complain(parser, parser->word,
		"'%.60s' is one word too many; the line reads: %s", parser->word, parser->synopsis);
}

// ---- numbers

bool parser_unsigned(
	struct parser *parser, const char *text, const char *what, uint64_t max, uint64_t *value)
{
	if (number_parse(text, max, value))
		return true;
	return parser_complain(parser, text, "%s '%.60s' is no whole number from 0 to %llu", what,
		text, (unsigned long long)max);
}

bool parser_int(struct parser *parser, const char *text, const char *what, int min, int *value)
{
	bool is_negative = *text == '-';
	uint64_t magnitude;

	if (!number_parse(text + is_negative, (uint64_t)INT_MAX + is_negative, &magnitude) ||
		(is_negative && -(int64_t)magnitude < min))
		return parser_complain(parser, text, "%s '%.60s' is no whole number from %d to %d",
			what, text, min, INT_MAX);
	*value = (int)(is_negative ? -(int64_t)magnitude : (int64_t)magnitude);
	return true;
}

bool parser_switch(struct parser *parser, const char *text, const char *what, bool *is_on)
{
	if (strcmp(text, "0") != 0 && strcmp(text, "1") != 0)
		return parser_complain(parser, text, "%s '%.60s' is neither 0 nor 1", what, text);
	*is_on = *text == '1';
	return true;
}

// ---- the machine

bool parser_cpu(struct parser *parser, const char *text, unsigned *cpu)
{
	unsigned cpus = parser->trace->nodes * parser->trace->cpus_per_node;
	uint64_t number;

	if (!number_parse(text, cpus - 1, &number))
		return parser_complain(parser, text,
			"no CPU '%.60s'; the topology line gives CPUs 0 to %u", text, cpus - 1);
	*cpu = (unsigned)number;
	return true;
}

static bool node_number(struct parser *parser, const char *text, uint64_t *node)
{
	if (number_parse(text, parser->trace->nodes - 1, node))
		return true;
	return parser_complain(parser, text,
		"no node '%.60s'; the topology line gives nodes 0 to %u", text,
		parser->trace->nodes - 1);
}

bool parser_nodes(struct parser *parser, const char *text, uint64_t *nodes)
{
	char copy[256], *rest = copy;

	if (strlen(text) >= sizeof(copy))
		return parser_complain(
			parser, text, "a list of nodes of more than %zu bytes", sizeof(copy) - 1);
	strcpy(copy, text);
	*nodes = 0;
	while (rest) {
		const char *word = strsep(&rest, ",");
		uint64_t node;

		if (!number_parse(word, parser->trace->nodes - 1, &node))
			return parser_complain(parser, text + (word - copy),
				"no node '%s'; nodes are 0 to %u, joined by commas", word,
				parser->trace->nodes - 1);
		*nodes |= (uint64_t)1 << node;
	}
	return true;
}

// ---- settings

static bool read_size(struct parser *parser, struct trace_operation *operation, const char *text)
{
	return parser_unsigned(parser, text, "size", UINT32_MAX, &operation->size);
}

static bool read_align(struct parser *parser, struct trace_operation *operation, const char *text)
{
	uint64_t align;

	if (!parser_unsigned(parser, text, "align", UINT32_MAX, &align))
		return false;
	operation->align = (unsigned)align;
	return true;
}

static bool read_flags(struct parser *parser, struct trace_operation *operation, const char *text)
{
	const char *bad;

	if (cache_flags_parse(text, &operation->flags, &bad))
		return true;
	return parser_complain(parser, bad,
		"flags '%.*s': neither 'none', a name of SLAB_… nor 0x… bits",
		(int)strcspn(bad, "|"), bad);
}

static bool read_ctor(struct parser *parser, struct trace_operation *operation, const char *text)
{
	return parser_switch(parser, text, "ctor", &operation->has_ctor);
}

static bool read_node(struct parser *parser, struct trace_operation *operation, const char *text)
{
	uint64_t node;

	operation->node = -1;
	if (strcmp(text, "-1") == 0)
		return true;
	if (!node_number(parser, text, &node))
		return false;
	operation->node = (int)node;
	return true;
}

static bool read_exact(struct parser *parser, struct trace_operation *operation, const char *text)
{
	bool is_exact = false;

	if (!parser_switch(parser, text, "exact", &is_exact))
		return false;
	operation->gfp |= is_exact ? __GFP_THISNODE : 0;
	return true;
}

static bool read_gfp(struct parser *parser, struct trace_operation *operation, const char *text)
{
	const char *bad;
	gfp_t gfp;

	if (!gfp_flags_parse(text, &gfp, &bad))
		return parser_complain(parser, bad, "gfp '%.*s': neither DMA nor RECLAIMABLE",
			(int)strcspn(bad, "|"), bad);
	operation->gfp |= gfp;
	return true;
}

static const struct {
	const char *name;
	enum setting setting;
	bool (*read)(struct parser *parser, struct trace_operation *operation, const char *text);
} settings[] = {
	{"size", SETTING_SIZE, read_size},
	{"align", SETTING_ALIGN, read_align},
	{"flags", SETTING_FLAGS, read_flags},
	{"ctor", SETTING_CTOR, read_ctor},
	{"node", SETTING_NODE, read_node},
	{"exact", SETTING_EXACT, read_exact},
	{"gfp", SETTING_GFP, read_gfp},
};

#define SETTINGS_COUNT (sizeof(settings) / sizeof(settings[0]))

// The setting that the last word gives, of those still possible; SETTINGS_COUNT when none.
static size_t setting_find(struct parser *parser, unsigned possible, const char **value)
{
	size_t length = strcspn(parser->word, "=");

	for (size_t i = 0; i < SETTINGS_COUNT; i++)
		if ((settings[i].setting & possible) && parser->word[length] == '=' &&
			strlen(settings[i].name) == length &&
			strncmp(settings[i].name, parser->word, length) == 0) {
			*value = parser->word + length + 1;
			return i;
		}
	return SETTINGS_COUNT;
}

static bool settings_need(struct parser *parser, unsigned needed)
{
	for (size_t i = 0; i < SETTINGS_COUNT; i++)
		if (settings[i].setting & needed)
			return parser_complain(parser, parser->word,
				"the line ends without %s=; it reads: %s", settings[i].name,
				parser->synopsis);
	return true;
}

bool parser_settings(struct parser *parser, struct trace_operation *operation, unsigned needed,
	unsigned possible)
{
	while (parser_next(parser)) {
		const char *value;
		size_t i = setting_find(parser, needed | possible, &value);

		if (i == SETTINGS_COUNT)
			return parser_complain(parser, parser->word,
				"'%.60s' does not belong here, or not twice; the line reads: %s",
				parser->word, parser->synopsis);
		if (!settings[i].read(parser, operation, value))
			return false;
		needed &= ~(unsigned)settings[i].setting;
		possible &= ~(unsigned)settings[i].setting;
	}
	return settings_need(parser, needed);
}
