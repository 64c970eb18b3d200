// SPDX-License-Identifier: GPL-2.0-or-later
// Reading a trace word by word: the parser's state and the readers of single fields. trace.c
// puts them together to lines. Every reader returns false after filling the problem.
#ifndef SLAB_INSPECT_PARSER_H
#define SLAB_INSPECT_PARSER_H

#include "inspect/label.h"
#include "inspect/trace.h"

struct parser {
	struct trace *trace;
	struct trace_problem *problem;
	struct labels caches;
	struct labels objects;
	bool is_offline[TRACE_CPUS_MAX]; // at this point of the trace
	unsigned offline_line[TRACE_CPUS_MAX]; // where it went
	// The line being read.
	unsigned line;
	char *text; // words are cut out of it
	char *rest; // what is still to be read of it
	const char *synopsis; // how such a line looks
	const char *word; // the last one read
};

// Says what is wrong at `where`, a place in the line. Returns false.
__attribute__((format(printf, 3, 4))) bool parser_complain(
	struct parser *parser, const char *where, const char *format, ...);

// Says that memory has run out. Returns false.
#define TRACE_NO_MEMORY "no memory left to read the trace"
bool parser_no_memory(struct parser *parser);

// Reads the next word to parser->word; false, without a problem, at the end of the line.
bool parser_next(struct parser *parser);

// Reads the next word, which is `what`: the line must not end before it.
bool parser_need(struct parser *parser, const char *what);

// The line must end here.
bool parser_end(struct parser *parser);

// Whole numbers, decimal or hexadecimal after 0x; `text` is (a part of) the last word.
bool parser_unsigned(
	struct parser *parser, const char *text, const char *what, uint64_t max, uint64_t *value);
bool parser_int(struct parser *parser, const char *text, const char *what, int min, int *value);
bool parser_switch(struct parser *parser, const char *text, const char *what, bool *is_on);

// A CPU of the machine, online or not; a node of it; nodes joined by commas.
bool parser_cpu(struct parser *parser, const char *text, unsigned *cpu);
bool parser_nodes(struct parser *parser, const char *text, uint64_t *nodes);

// Settings name=value that a line may end with, in any order.
enum setting {
	SETTING_SIZE = 1 << 0,
	SETTING_ALIGN = 1 << 1,
	SETTING_FLAGS = 1 << 2,
	SETTING_CTOR = 1 << 3,
	SETTING_NODE = 1 << 4,
	SETTING_EXACT = 1 << 5,
	SETTING_GFP = 1 << 6,
};

// Reads settings to the end of the line: each of `needed` once, each of `possible` at most once.
bool parser_settings(struct parser *parser, struct trace_operation *operation, unsigned needed,
	unsigned possible);

// Labels: the next word is one that is new, or one that was given.
bool parser_new_cache(struct parser *parser, struct trace_operation *operation);
bool parser_cache(struct parser *parser, struct trace_operation *operation);
bool parser_new_object(struct parser *parser, struct trace_operation *operation);
bool parser_new_group(struct parser *parser, struct trace_operation *operation, unsigned count);
// One object; with `may_be_group` all of a group as well. The last word names it.
bool parser_objects(struct parser *parser, struct trace_operation *operation, bool may_be_group);

#endif
