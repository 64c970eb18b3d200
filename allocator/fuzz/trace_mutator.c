// SPDX-License-Identifier: GPL-2.0-or-later
// How libFuzzer changes a trace: by lines and numbers, so that most results are traces again.
// Entries: LLVMFuzzerCustomMutator, LLVMFuzzerCustomCrossOver. Lines that no longer parse are taken
// out in the end, but for a few results, which are left to the parser's messages.
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/script.h"
#include "fuzz/target.h"
#include "fuzz/trace_lines.h"
#include "inspect/trace.h"

#define REPAIRS_MAX 400
#define CHANGES_MAX 6

size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t first_size, const uint8_t *second,
	size_t second_size, uint8_t *out, size_t out_size_max, unsigned seed);

// ---- changes

static void see_labels(
	const struct script *script, struct labels_seen *caches, struct labels_seen *objects)
{
	char label[20];

	for (size_t i = 0; i < script->count; i++) {
		if (sscanf(script->lines[i], "cache %15s", label) == 1)
			see_label(caches, label);
		else if (read_given_label(script->lines[i], label))
			see_label(objects, label);
	}
}

// A place for an operation, or one that there is.
static size_t place(const struct script *script)
{
	return HEADER_LINES + draw((unsigned)(script->count - HEADER_LINES) + 1);
}

static bool has_operations(const struct script *script)
{
	return script->count > HEADER_LINES;
}

static size_t operation(const struct script *script)
{
	return HEADER_LINES + draw((unsigned)(script->count - HEADER_LINES));
}

static void insert_copy(struct script *script, size_t at, const char *line)
{
	script_insert(script, at, script_copy(line, strlen(line)));
}

static void change_insert(struct script *script)
{
	struct labels_seen caches = {.count = 0}, objects = {.count = 0};
	unsigned count = draw(3) ? 1 : 1 + draw(12);

	see_labels(script, &caches, &objects);
	while (count--) {
		char line[LINE_BYTES];

		make_line(line, &caches, &objects);
		insert_copy(script, place(script), line);
	}
}

// Lines that belong together, one after the other.
static void change_insert_scene(struct script *script)
{
	static char lines[SCENE_LINES_MAX][LINE_BYTES];
	unsigned count = make_scene(lines);
	size_t at = place(script);

	for (unsigned i = 0; i < count; i++)
		insert_copy(script, at + i, lines[i]);
}

static void change_remove(struct script *script)
{
	size_t at = operation(script), count = draw(3) ? 1 : 1 + draw(20);

	while (count-- && at < script->count)
		script_remove(script, at);
}

static void change_copy(struct script *script)
{
	const char *line = script->lines[operation(script)];

	script_insert(script, place(script), script_copy(line, strlen(line)));
}

static void change_swap(struct script *script)
{
	size_t one = operation(script), other = operation(script);
	char *line = script->lines[one];

	script->lines[one] = script->lines[other];
	script->lines[other] = line;
}

static size_t digits_at(const char *line, size_t at)
{
	return strspn(line + at, "0123456789");
}

// The start of some number in the line; its end where there is none.
static size_t pick_number(const char *line)
{
	size_t length = strlen(line), found = length;
	unsigned seen = 0;

	for (size_t at = 0; at < length; at++) {
		size_t digits = digits_at(line, at);

		if (digits && draw(++seen) == 0)
			found = at;
		at += digits;
	}
	return found;
}

static unsigned long long other_number(unsigned long long number)
{
	switch (draw(6)) {
	case 0:
		return number + 1;
	case 1:
		return number ? number - 1 : 0;
	case 2:
		return number * 2;
	case 3:
		return number / 2;
	case 4:
		return pick_size();
	default:
		return draw(fuzz_machine.nodes * fuzz_machine.cpus_per_node + 1);
	}
}

static void change_number(struct script *script)
{
	size_t at = operation(script);
	char *line = script->lines[at], changed[LINE_BYTES * 4];
	size_t number = pick_number(line);

	if (!line[number] || strlen(line) >= sizeof(changed) - 24)
		return;
	snprintf(changed, sizeof(changed), "%.*s%llu%s", (int)number, line,
		other_number(strtoull(line + number, NULL, 10)),
		line + number + digits_at(line, number));
	script->lines[at] = script_copy(changed, strlen(changed));
	free(line);
}

// As libFuzzer changes bytes: for the parser.
static void change_bytes(struct script *script)
{
	uint8_t bytes[LINE_BYTES];
	size_t at = draw((unsigned)script->count), length = strlen(script->lines[at]);

	if (length == 0 || length > sizeof(bytes))
		return;
	memcpy(bytes, script->lines[at], length);
	length = LLVMFuzzerMutate(bytes, length, sizeof(bytes));
	free(script->lines[at]);
	script->lines[at] = script_copy((const char *)bytes, length);
}

static void change(struct script *script)
{
	static void (*const changes[])(struct script *) = {change_insert, change_insert,
		change_insert, change_insert_scene, change_remove, change_copy, change_copy,
		change_swap, change_number, change_number, change_number};

	if (!has_operations(script))
		change_insert(script);
	else
		changes[draw(sizeof(changes) / sizeof(changes[0]))](script);
}

// ---- entries

// The line of the first problem that parsing meets, from 1; 0: none.
static unsigned first_problem(uint8_t *text, size_t size)
{
	FILE *input = fmemopen(text, size, "r");
	struct trace_problem problem = {0};
	struct trace trace;

	if (!input)
		return 0;
	if (trace_read(&trace, input, &problem))
		trace_free(&trace);
	fclose(input);
	return problem.line;
}

// Takes out what does not parse.
static size_t repair(struct script *script, uint8_t *out, size_t size_max)
{
	size_t size = script_write(script, out, size_max);

	for (unsigned i = 0; i < REPAIRS_MAX && size; i++) {
		unsigned line = first_problem(out, size);

		if (line <= HEADER_LINES || line > script->count)
			break;
		script_remove(script, line - 1);
		size = script_write(script, out, size_max);
	}
	return size;
}

static size_t finish(struct script *script, uint8_t *out, size_t size_max)
{
	size_t size;

	if (draw(32) == 0) {
		change_bytes(script);
		size = script_write(script, out, size_max);
	} else {
		size = repair(script, out, size_max);
	}
	script_free(script);
	return size;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	struct script script = {0};

	draw_seed(seed);
	script_read(&script, data, size);
	script_add_header(&script);
	for (unsigned i = 1 + draw(CHANGES_MAX); i > 0; i--)
		change(&script);
	return finish(&script, data, max_size);
}

// One trace's operations, as they are or cut short, then another's.
size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t first_size, const uint8_t *second,
	size_t second_size, uint8_t *out, size_t out_size_max, unsigned seed)
{
	struct script script = {0};

	draw_seed(seed);
	script_read(&script, first, first_size);
	while (script.count && draw(64))
		script_remove(&script, script.count - 1);
	script_read(&script, second, second_size);
	script_add_header(&script);
	return finish(&script, out, out_size_max);
}
