// SPDX-License-Identifier: GPL-2.0-or-later
// The trace language: which lines there are and what they consist of. Entry: trace_read. The verbs
// are rows of a table; how a field is read is in parser.c.
#include "inspect/trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/list.h"
#include "inspect/parser.h"

// ---- verbs

static bool read_alloc(struct parser *parser, struct trace_operation *operation)
{
	return parser_cache(parser, operation) && parser_new_object(parser, operation) &&
	       parser_settings(parser, operation, 0, SETTING_EXACT);
}

static bool read_alloc_node(struct parser *parser, struct trace_operation *operation)
{
	return parser_cache(parser, operation) && parser_new_object(parser, operation) &&
	       parser_settings(parser, operation, SETTING_NODE, SETTING_EXACT);
}

static bool read_alloc_bulk(struct parser *parser, struct trace_operation *operation)
{
	uint64_t count;

	return parser_cache(parser, operation) && parser_need(parser, "the number of objects") &&
	       parser_unsigned(parser, parser->word, "number of objects", TRACE_BULK_MAX, &count) &&
	       parser_new_group(parser, operation, (unsigned)count) && parser_end(parser);
}

static bool read_free(struct parser *parser, struct trace_operation *operation)
{
	return parser_need(parser, "the object's label") &&
	       parser_objects(parser, operation, false) && parser_end(parser);
}

static bool read_cache_or_none(struct parser *parser, struct trace_operation *operation)
{
	const char *rest = parser->rest + strspn(parser->rest, " \t");

	if (*rest != '-' || (rest[1] && !strchr(" \t\r", rest[1])))
		return parser_cache(parser, operation);
	return parser_next(parser);
}

static bool read_free_bulk(struct parser *parser, struct trace_operation *operation)
{
	if (!read_cache_or_none(parser, operation) || !parser_need(parser, "the first object"))
		return false;
	do {
		if (!parser_objects(parser, operation, true))
			return false;
	} while (parser_next(parser));
	return true;
}

static bool read_kmalloc_of(
	struct parser *parser, struct trace_operation *operation, unsigned needed)
{
	return parser_need(parser, "the size") &&
	       parser_unsigned(parser, parser->word, "size", UINT64_MAX, &operation->size) &&
	       parser_new_object(parser, operation) &&
	       parser_settings(parser, operation, needed, SETTING_GFP);
}

static bool read_kmalloc(struct parser *parser, struct trace_operation *operation)
{
	return read_kmalloc_of(parser, operation, 0);
}

static bool read_kmalloc_node(struct parser *parser, struct trace_operation *operation)
{
	return read_kmalloc_of(parser, operation, SETTING_NODE);
}

static bool read_cache_only(struct parser *parser, struct trace_operation *operation)
{
	return parser_cache(parser, operation) && parser_end(parser);
}

static bool read_nothing(struct parser *parser, struct trace_operation *operation)
{
	(void)operation;
	return parser_end(parser);
}

static bool read_tunable(struct parser *parser, const char *what, int *value)
{
	return parser_need(parser, what) &&
	       parser_int(parser, parser->word, what, INT32_MIN, value);
}

static bool read_tune(struct parser *parser, struct trace_operation *operation)
{
	return parser_cache(parser, operation) &&
	       read_tunable(parser, "limit", &operation->limit) &&
	       read_tunable(parser, "batchcount", &operation->batchcount) &&
	       read_tunable(parser, "shared", &operation->shared) && parser_end(parser);
}

static bool read_cache(struct parser *parser, struct trace_operation *operation)
{
	return parser_new_cache(parser, operation) &&
	       parser_settings(parser, operation,
		       SETTING_SIZE | SETTING_ALIGN | SETTING_FLAGS | SETTING_CTOR, 0);
}

static bool read_hotplug_cpu(struct parser *parser, struct trace_operation *operation)
{
	return parser_need(parser, "the CPU") && parser_cpu(parser, parser->word, &operation->cpu);
}

static bool read_cpu_down(struct parser *parser, struct trace_operation *operation)
{
	if (!read_hotplug_cpu(parser, operation))
		return false;
	if (operation->cpu == 0)
		return parser_complain(parser, parser->word,
			"CPU 0 carries this out and stays; another is needed");
	if (parser->is_offline[operation->cpu])
		return parser_complain(parser, parser->word,
			"CPU %u is offline already, since line %u", operation->cpu,
			parser->offline_line[operation->cpu]);
	parser->is_offline[operation->cpu] = true;
	parser->offline_line[operation->cpu] = parser->line;
	return parser_end(parser);
}

static bool read_cpu_up(struct parser *parser, struct trace_operation *operation)
{
	if (!read_hotplug_cpu(parser, operation))
		return false;
	if (!parser->is_offline[operation->cpu])
		return parser_complain(parser, parser->word,
			"CPU %u is online; only a cpu_down takes it away", operation->cpu);
	parser->is_offline[operation->cpu] = false;
	return parser_end(parser);
}

static bool read_nomem(struct parser *parser, struct trace_operation *operation)
{
	if (!parser_need(parser, "the nodes"))
		return false;
	if (strcmp(parser->word, "-") != 0 &&
		!parser_nodes(parser, parser->word, &operation->nodes))
		return false;
	return parser_end(parser);
}

static bool read_policy_nodes(struct parser *parser, struct trace_operation *operation)
{
	if (!parser_need(parser, "the policy's nodes") ||
		!parser_nodes(parser, parser->word, &operation->nodes))
		return false;
	if (operation->policy == TRACE_POLICY_PREFERRED && strchr(parser->word, ','))
		return parser_complain(parser, parser->word, "one node only can be preferred");
	return parser_end(parser);
}

static bool read_policy(struct parser *parser, struct trace_operation *operation)
{
	static const char *const modes[] = {"-", "preferred", "bind", "interleave"};

	if (!parser_need(parser, "the policy"))
		return false;
	for (unsigned mode = 0; mode < sizeof(modes) / sizeof(modes[0]); mode++) {
		if (strcmp(modes[mode], parser->word) != 0)
			continue;
		operation->policy = (enum trace_policy)mode;
		return mode == TRACE_POLICY_NONE ? parser_end(parser)
						 : read_policy_nodes(parser, operation);
	}
	return parser_complain(parser, parser->word,
		"unknown policy '%.60s'; there are -, preferred, bind and interleave",
		parser->word);
}

static bool read_option(struct parser *parser, struct trace_operation *operation)
{
	const char *value;

	if (!parser_need(parser, "the option"))
		return false;
	if (strncmp(parser->word, "alien=", 6) == 0)
		operation->verb = TRACE_OPTION_ALIEN;
	else if (strncmp(parser->word, "merge=", 6) == 0)
		operation->verb = TRACE_OPTION_MERGE;
	else
		return parser_complain(parser, parser->word,
			"unknown option '%.60s'; there are alien=0|1 and merge=0|1", parser->word);
	value = parser->word + 6;
	return parser_switch(parser, value, "option", &operation->is_on) && parser_end(parser);
}

struct verb {
	const char *word;
	enum trace_verb verb;
	bool (*read)(struct parser *parser, struct trace_operation *operation);
	const char *synopsis;
};

// What follows "on C".
static const struct verb cpu_verbs[] = {
	{"alloc", TRACE_ALLOC, read_alloc, "on CPU alloc CACHE LABEL [exact=1]"},
	{"alloc_node", TRACE_ALLOC_NODE, read_alloc_node,
		"on CPU alloc_node CACHE LABEL node=N [exact=1]"},
	{"free", TRACE_FREE, read_free, "on CPU free OBJECT"},
	{"kfree", TRACE_KFREE, read_free, "on CPU kfree OBJECT"},
	{"alloc_bulk", TRACE_ALLOC_BULK, read_alloc_bulk, "on CPU alloc_bulk CACHE COUNT LABEL"},
	{"free_bulk", TRACE_FREE_BULK, read_free_bulk, "on CPU free_bulk CACHE|- OBJECT..."},
	{"kmalloc", TRACE_KMALLOC, read_kmalloc, "on CPU kmalloc SIZE LABEL [gfp=FLAGS]"},
	{"kmalloc_node", TRACE_KMALLOC_NODE, read_kmalloc_node,
		"on CPU kmalloc_node SIZE LABEL node=N [gfp=FLAGS]"},
	{"shrink", TRACE_SHRINK, read_cache_only, "on CPU shrink CACHE"},
	{"reap", TRACE_REAP, read_nothing, "on CPU reap"},
	{"reap_early", TRACE_REAP_EARLY, read_nothing, "on CPU reap_early"},
	{"tune", TRACE_TUNE, read_tune, "on CPU tune CACHE LIMIT BATCHCOUNT SHARED"},
	{"destroy", TRACE_DESTROY, read_cache_only, "on CPU destroy CACHE"},
	{0},
};

static const struct verb line_verbs[] = {
	{"cache", TRACE_CACHE, read_cache, "cache LABEL size=S align=A flags=F ctor=0|1"},
	{"dump", TRACE_DUMP, read_cache_only, "dump CACHE"},
	{"cpu_down", TRACE_CPU_DOWN, read_cpu_down, "cpu_down CPU"},
	{"cpu_up", TRACE_CPU_UP, read_cpu_up, "cpu_up CPU"},
	{"nomem", TRACE_NOMEM, read_nomem, "nomem NODE,NODE...|-"},
	{"policy", TRACE_POLICY, read_policy, "policy -|preferred N|bind N,N...|interleave N,N..."},
	{"option", TRACE_OPTION_ALIEN, read_option, "option alien=0|1, or option merge=0|1"},
	{0},
};

// Where no verb is known, the message names them all.
static bool complain_verb(struct parser *parser, const struct verb *verbs, const char *more)
{
	char names[300] = "";

	for (const struct verb *verb = verbs; verb->word; verb++) {
		strcat(names, " ");
		strcat(names, verb->word);
	}
	return parser_complain(parser, parser->word, "unknown operation '%.60s'; there are%s%s",
		parser->word, more, names);
}

static const struct verb *verb_find(struct parser *parser, const struct verb *verbs)
{
	for (; verbs->word; verbs++)
		if (strcmp(verbs->word, parser->word) == 0)
			return verbs;
	return NULL;
}

// ---- lines

static bool read_verb(struct parser *parser, struct trace_operation *operation,
	const struct verb *verbs, const char *more)
{
	const struct verb *verb = verb_find(parser, verbs);

	if (!verb)
		return complain_verb(parser, verbs, more);
	operation->verb = verb->verb;
	parser->synopsis = verb->synopsis;
	return verb->read(parser, operation);
}

static bool read_on_cpu(struct parser *parser, struct trace_operation *operation)
{
	parser->synopsis = "on CPU OPERATION ...";
	if (!parser_need(parser, "the CPU") || !parser_cpu(parser, parser->word, &operation->cpu))
		return false;
	if (parser->is_offline[operation->cpu])
		return parser_complain(parser, parser->word,
			"CPU %u is offline since line %u; another, or a cpu_up before",
			operation->cpu, parser->offline_line[operation->cpu]);
	return parser_need(parser, "the operation") && read_verb(parser, operation, cpu_verbs, "");
}

static struct trace_operation *operation_add(struct trace *trace)
{
	size_t count = trace->operations_count;
	struct trace_operation *longer = list_make_room(trace->operations, count, sizeof(*longer));

	if (!longer)
		return NULL;
	trace->operations = longer;
	trace->operations_count++;
	trace->operations[count] =
		(struct trace_operation){.cache = TRACE_NO_CACHE, .cache_before = TRACE_NO_CACHE};
	return &trace->operations[count];
}

static bool read_operation(struct parser *parser)
{
	struct trace_operation *operation = operation_add(parser->trace);

	if (!operation)
		return parser_no_memory(parser);
	operation->line = parser->line;
	if (strcmp(parser->word, "on") == 0)
		return read_on_cpu(parser, operation);
	return read_verb(parser, operation, line_verbs, " on");
}

static bool read_magic(struct parser *parser)
{
	parser->synopsis = "slabtrace 1";
	if (strcmp(parser->word, "slabtrace") != 0)
		return parser_complain(parser, parser->word, "a trace begins with 'slabtrace 1'");
	if (!parser_need(parser, "the version"))
		return false;
	if (strcmp(parser->word, "1") != 0)
		return parser_complain(parser, parser->word,
			"version '%.60s' of the trace language; 1 is known here", parser->word);
	return parser_end(parser);
}

static bool read_dimension(
	struct parser *parser, const char *name, uint64_t max, unsigned *dimension)
{
	size_t length = strlen(name);
	uint64_t value;

	if (!parser_need(parser, name))
		return false;
	if (strncmp(parser->word, name, length) != 0 || parser->word[length] != '=')
		return parser_complain(
			parser, parser->word, "'%.60s' where %s= should be", parser->word, name);
	if (!parser_unsigned(parser, parser->word + length + 1, name, max, &value))
		return false;
	*dimension = (unsigned)value;
	return value > 0 ||
	       parser_complain(parser, parser->word + length + 1, "%s is 0; 1 is the least", name);
}

static bool read_topology(struct parser *parser)
{
	struct trace *trace = parser->trace;

	parser->synopsis = "topology nodes=N cpus_per_node=M";
	if (strcmp(parser->word, "topology") != 0)
		return parser_complain(parser, parser->word,
			"the machine is needed before '%.60s': a line 'topology nodes=N "
			"cpus_per_node=M'",
			parser->word);
	return read_dimension(parser, "nodes", TRACE_NODES_MAX, &trace->nodes) &&
	       read_dimension(parser, "cpus_per_node", TRACE_CPUS_MAX / trace->nodes,
		       &trace->cpus_per_node) &&
	       parser_end(parser);
}

static bool read_words(struct parser *parser, bool *has_magic)
{
	if (!*has_magic) {
		*has_magic = true;
		return read_magic(parser);
	}
	if (parser->trace->cpus_per_node == 0)
		return read_topology(parser);
	return read_operation(parser);
}

// The parser cuts words out of the line; the trace keeps it whole, for messages.
static bool line_keep(struct parser *parser)
{
	struct trace *trace = parser->trace;
	unsigned count = trace->lines_count;
	char **longer = list_make_room(trace->lines, count, sizeof(*longer));

	if (!longer)
		return parser_no_memory(parser);
	trace->lines = longer;
	trace->lines[count] = strdup(parser->text);
	if (!trace->lines[count])
		return parser_no_memory(parser);
	trace->lines_count++;
	return true;
}

static bool read_line(struct parser *parser, size_t length, bool *has_magic)
{
	char *text = parser->text;

	if (strlen(text) != length)
		return parser_complain(
			parser, text + strlen(text), "a NUL byte; a trace is a text file");
	text[strcspn(text, "\r\n")] = '\0';
	if (!line_keep(parser))
		return false;
	text[strcspn(text, "#")] = '\0';
	parser->rest = text;
	return !parser_next(parser) || read_words(parser, has_magic);
}

static bool problem_with_file(struct parser *parser, const char *what)
{
	parser->problem->line = parser->problem->column = 0;
	snprintf(parser->problem->text, sizeof(parser->problem->text), "%s", what);
	return false;
}

static bool read_lines(struct parser *parser, FILE *input)
{
	bool is_good = true, has_magic = false;
	size_t size = 0;
	ssize_t length;

	while (is_good && (length = getline(&parser->text, &size, input)) >= 0) {
		parser->line++;
		is_good = read_line(parser, (size_t)length, &has_magic);
	}
	if (is_good && ferror(input))
		is_good = problem_with_file(parser, strerror(errno));
	else if (is_good && !has_magic)
		is_good = problem_with_file(
			parser, "nothing to read; a trace begins with 'slabtrace 1'");
	else if (is_good && parser->trace->cpus_per_node == 0)
		is_good = problem_with_file(
			parser, "no machine; a line 'topology nodes=N cpus_per_node=M' gives it");
	free(parser->text);
	return is_good;
}

bool trace_read(struct trace *trace, FILE *input, struct trace_problem *problem)
{
	struct parser *parser = calloc(1, sizeof(*parser));
	bool is_good;

	memset(trace, 0, sizeof(*trace));
	if (!parser) {
		*problem = (struct trace_problem){.text = TRACE_NO_MEMORY};
		return false;
	}
	parser->trace = trace;
	parser->problem = problem;
	is_good = read_lines(parser, input);
	labels_free(&parser->caches);
	labels_free(&parser->objects);
	free(parser);
	if (!is_good)
		trace_free(trace);
	return is_good;
}

static void texts_free(char **texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(texts[i]);
	free(texts);
}

void trace_free(struct trace *trace)
{
	for (size_t i = 0; i < trace->operations_count; i++)
		free(trace->operations[i].ranges);
	free(trace->operations);
	texts_free(trace->caches, trace->caches_count);
	texts_free(trace->labels, trace->labels_count);
	texts_free(trace->lines, trace->lines_count);
	memset(trace, 0, sizeof(*trace));
}
