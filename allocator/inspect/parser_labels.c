// SPDX-License-Identifier: GPL-2.0-or-later
// The labels in a trace's lines: new ones are recorded, others must have been given before. A label
// may be given again once it holds nothing, which is known when the trace runs; group.index names
// one object of a group.
#include <stdlib.h>
#include <string.h>

#include "inspect/flags.h"
#include "inspect/list.h"
#include "inspect/parser.h"

#define CACHE_LABEL_MAX  15
#define OBJECT_LABEL_MAX 63
#define LABEL_LETTERS    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

// ---- new labels

static bool label_is_good(struct parser *parser, size_t length_max)
{
	size_t length = strspn(parser->word, LABEL_LETTERS);

	if (parser->word[length])
		return parser_complain(parser, parser->word + length,
			"'%.60s' is no label; labels are made of letters, digits and _",
			parser->word);
	if (length > length_max)
		return parser_complain(parser, parser->word,
			"the label '%.80s' is longer than %zu letters", parser->word, length_max);
	return true;
}

// Keeps a copy of the last word in a growing list of the trace's. NULL without memory.
static char *word_keep(const char *word, char ***list, size_t count)
{
	char **longer = list_make_room(*list, count, sizeof(*longer));

	if (!longer)
		return NULL;
	*list = longer;
	longer[count] = strdup(word);
	return longer[count];
}

bool parser_new_cache(struct parser *parser, struct trace_operation *operation)
{
	struct trace *trace = parser->trace;
	struct label label = {.line = parser->line, .first = trace->caches_count};
	const struct label *known;

	if (!parser_need(parser, "the cache's label") || !label_is_good(parser, CACHE_LABEL_MAX))
		return false;
	label.name = word_keep(parser->word, &trace->caches, trace->caches_count);
	if (!label.name)
		return parser_no_memory(parser);
	operation->cache = (int)trace->caches_count++;
	known = label_find(&parser->caches, label.name);
	if (known)
		operation->cache_before = (int)known->first;
	return label_give(&parser->caches, &label) || parser_no_memory(parser);
}

static bool range_add(
	struct parser *parser, struct trace_operation *operation, unsigned first, unsigned count)
{
	struct trace_range *longer =
		list_make_room(operation->ranges, operation->ranges_count, sizeof(*longer));

	if (!longer)
		return parser_no_memory(parser);
	operation->ranges = longer;
	longer[operation->ranges_count++] = (struct trace_range){first, count};
	return true;
}

static bool objects_add(
	struct parser *parser, struct trace_operation *operation, unsigned count, bool is_group)
{
	struct trace *trace = parser->trace;
	struct label label = {.line = parser->line,
		.first = trace->objects_count,
		.count = count,
		.is_group = is_group};
	const struct label *known;

	if (!parser_need(parser, "the new label") || !label_is_good(parser, OBJECT_LABEL_MAX))
		return false;
	if (count > TRACE_OBJECTS_MAX - trace->objects_count)
		return parser_complain(parser, parser->word, "more than %u objects in one trace",
			TRACE_OBJECTS_MAX);
	label.name = word_keep(parser->word, &trace->labels, trace->labels_count);
	if (!label.name)
		return parser_no_memory(parser);
	trace->labels_count++;
	trace->objects_count += count;
	operation->label = label.name;
	known = label_find(&parser->objects, label.name);
	if (known)
		operation->objects_before = (struct trace_range){known->first, known->count};
	if (!range_add(parser, operation, label.first, count))
		return false;
	return label_give(&parser->objects, &label) || parser_no_memory(parser);
}

bool parser_new_object(struct parser *parser, struct trace_operation *operation)
{
	return objects_add(parser, operation, 1, false);
}

bool parser_new_group(struct parser *parser, struct trace_operation *operation, unsigned count)
{
	return objects_add(parser, operation, count, true);
}

// ---- labels that were given

bool parser_cache(struct parser *parser, struct trace_operation *operation)
{
	const struct label *label;

	if (!parser_need(parser, "the cache's label"))
		return false;
	label = label_find(&parser->caches, parser->word);
	if (!label)
		return parser_complain(parser, parser->word,
			"no cache is called '%.60s' up to here; a line 'cache %.60s size=…' makes "
			"one",
			parser->word, parser->word);
	operation->cache = (int)label->first;
	return true;
}

static bool object_unknown(struct parser *parser)
{
	return parser_complain(parser, parser->word,
		"no object is called '%.60s' up to here; an allocation gives labels", parser->word);
}

static bool read_member(struct parser *parser, struct trace_operation *operation, const char *dot)
{
	char group[OBJECT_LABEL_MAX + 1];
	size_t length = (size_t)(dot - parser->word);
	const struct label *label;
	uint64_t index;

	if (length >= sizeof(group))
		return object_unknown(parser);
	memcpy(group, parser->word, length);
	group[length] = '\0';
	label = label_find(&parser->objects, group);
	if (!label)
		return object_unknown(parser);
	if (!label->is_group)
		return parser_complain(parser, dot, "'%s' is one object, no group", group);
	if (label->count == 0 || !number_parse(dot + 1, label->count - 1, &index))
		return parser_complain(parser, dot + 1,
			"no object '%.60s' in the group %s of %u, which line %u made", dot + 1,
			group, label->count, label->line);
	return range_add(parser, operation, label->first + (unsigned)index, 1);
}

bool parser_objects(struct parser *parser, struct trace_operation *operation, bool may_be_group)
{
	const char *dot = strchr(parser->word, '.');
	const struct label *label;

	if (dot)
		return read_member(parser, operation, dot);
	label = label_find(&parser->objects, parser->word);
	if (!label)
		return object_unknown(parser);
	if (label->is_group && !may_be_group)
		return parser_complain(parser, parser->word,
			"'%s' is a group; name one of its objects, as in %s.0", parser->word,
			parser->word);
	return range_add(parser, operation, label->first, label->count);
}
