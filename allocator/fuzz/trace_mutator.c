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
#include "inspect/trace.h"

#define LINE_BYTES  400
#define LABELS_MAX  64
#define REPAIRS_MAX 400
#define CHANGES_MAX 6

size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t first_size, const uint8_t *second,
	size_t second_size, uint8_t *out, size_t out_size_max, unsigned seed);

static unsigned long long random_state;

static unsigned draw(unsigned below)
{
	random_state = random_state * 6364136223846793005ull + 1442695040888963407ull;
	return below ? (unsigned)(random_state >> 33) % below : 0;
}

// ---- what a new line is made of

// Labels that lines of the script gave.
struct labels_seen {
	char text[LABELS_MAX][20];
	unsigned count;
};

static void see_label(struct labels_seen *seen, const char *label)
{
	unsigned at = seen->count < LABELS_MAX ? seen->count++ : draw(LABELS_MAX);

	snprintf(seen->text[at], sizeof(seen->text[at]), "%.15s", label);
}

// The label that an allocating line gives, its third word behind the verb in alloc_bulk, else the
// second.
static bool read_given_label(const char *line, char label[20])
{
	char verb[20], words[2][20];
	int count = sscanf(line, "on %*s %15s %*s %15s %15s", verb, words[0], words[1]);
	bool is_bulk = count >= 1 && strcmp(verb, "alloc_bulk") == 0;

	if (count < (is_bulk ? 3 : 2) ||
		(strncmp(verb, "alloc", 5) != 0 && strncmp(verb, "kmalloc", 7) != 0))
		return false;
	strcpy(label, words[is_bulk]);
	return true;
}

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

static const char *pick(const struct labels_seen *seen)
{
	return seen->count ? seen->text[draw(seen->count)] : "A";
}

static unsigned pick_size(void)
{
	static const unsigned sizes[] = {0, 1, 8, 16, 24, 32, 40, 64, 96, 128, 192, 256, 500, 512,
		600, 1000, 1024, 1500, 2048, 3000, 4096, 5000, 8192, 20000, 65536, 131072, 1048576,
		4194304};
	unsigned kind = draw(4);

	if (kind == 0)
		return draw(5000);
	if (kind == 1)
		return sizes[draw(sizeof(sizes) / sizeof(sizes[0]))] + draw(3) - 1;
	return sizes[draw(19)];
}

static const char *pick_flags(void)
{
	static const char *const flags[] = {"0", "0", "0", "HWCACHE_ALIGN", "HWCACHE_ALIGN",
		"RECLAIM_ACCOUNT", "NOLEAKTRACE", "NOLEAKTRACE", "MEM_SPREAD", "CACHE_DMA",
		"CACHE_DMA32", "RED_ZONE", "POISON", "STORE_USER", "POISON|RED_ZONE|STORE_USER",
		"HWCACHE_ALIGN|RECLAIM_ACCOUNT", "TYPESAFE_BY_RCU", "PANIC"};

	return flags[draw(sizeof(flags) / sizeof(flags[0]))];
}

static unsigned pick_cpu(void)
{
	return draw(fuzz_machine.nodes * fuzz_machine.cpus_per_node);
}

static int pick_node(void)
{
	return (int)draw(fuzz_machine.nodes + 1) - 1;
}

enum kind {
	NEW_CACHE,
	NEW_TUNE,
	NEW_SHRINK,
	NEW_REAP,
	NEW_REAP_EARLY,
	NEW_DESTROY,
	NEW_CPU_DOWN,
	NEW_CPU_UP,
	NEW_NOMEM,
	NEW_POLICY,
	NEW_OPTION,
	NEW_KMALLOC,
	NEW_KMALLOC_NODE,
	NEW_FREE,
	NEW_KFREE,
	NEW_FREE_BULK,
	NEW_ALLOC,
	NEW_ALLOC_NODE,
	NEW_ALLOC_BULK,
	NEW_KINDS
};

// What a CPU does.
static void make_cpu_line(char line[LINE_BYTES], enum kind kind, const struct labels_seen *caches,
	const struct labels_seen *objects)
{
	const char *cache = pick(caches), *object = pick(objects);
	unsigned cpu = pick_cpu(), fresh = draw(100000), limit = 1 + draw(draw(8) ? 20 : 5000);
	int node = pick_node();
	size_t room = LINE_BYTES;

	if (kind == NEW_TUNE)
		snprintf(line, room, "on %u tune %s %u %u %u", cpu, cache, limit, 1 + draw(limit),
			draw(9));
	else if (kind == NEW_SHRINK)
		snprintf(line, room, "on %u shrink %s", cpu, cache);
	else if (kind == NEW_REAP || kind == NEW_REAP_EARLY)
		snprintf(line, room, "on %u reap%s", cpu, kind == NEW_REAP ? "" : "_early");
	else if (kind == NEW_DESTROY)
		snprintf(line, room, "on %u destroy %s", cpu, cache);
	else if (kind == NEW_KMALLOC)
		snprintf(line, room, "on %u kmalloc %u z%u%s", cpu, pick_size(), fresh,
			draw(4) ? "" : " gfp=RECLAIMABLE");
	else if (kind == NEW_KMALLOC_NODE)
		snprintf(line, room, "on %u kmalloc_node %u z%u node=%d%s", cpu, pick_size(), fresh,
			node, draw(4) ? "" : " gfp=DMA");
	else if (kind == NEW_FREE || kind == NEW_KFREE)
		snprintf(line, room, "on %u %s %s", cpu, kind == NEW_FREE ? "free" : "kfree",
			object);
	else if (kind == NEW_FREE_BULK)
		snprintf(line, room, "on %u free_bulk %s %s %s %s", cpu, draw(3) ? "-" : cache,
			object, pick(objects), pick(objects));
	else if (kind == NEW_ALLOC)
		snprintf(line, room, "on %u alloc %s z%u%s", cpu, cache, fresh,
			draw(4) ? "" : " exact=1");
	else if (kind == NEW_ALLOC_NODE)
		snprintf(line, room, "on %u alloc_node %s z%u node=%d%s", cpu, cache, fresh, node,
			draw(4) ? "" : " exact=1");
	else
		snprintf(line, room, "on %u alloc_bulk %s %u z%u", cpu, cache,
			draw(draw(8) ? 60 : 600), fresh);
}

// What befalls the machine.
static void make_machine_line(char line[LINE_BYTES], enum kind kind)
{
	static const char *const modes[] = {"bind", "interleave"};
	size_t room = LINE_BYTES;
	unsigned node = draw(fuzz_machine.nodes), other = draw(fuzz_machine.nodes);

	if (kind == NEW_CACHE)
		snprintf(line, room, "cache K%u size=%u align=%u flags=%s ctor=%d", draw(1000),
			pick_size(), draw(3) ? 0 : 8u << draw(10), pick_flags(), draw(5) == 0);
	else if (kind == NEW_CPU_DOWN || kind == NEW_CPU_UP)
		snprintf(line, room, "cpu_%s %u", kind == NEW_CPU_DOWN ? "down" : "up", pick_cpu());
	else if (kind == NEW_OPTION)
		snprintf(line, room, "option %s=%u", draw(2) ? "alien" : "merge", draw(2));
	else if (kind == NEW_NOMEM && draw(2))
		snprintf(line, room, "nomem -");
	else if (kind == NEW_NOMEM)
		snprintf(line, room, "nomem %u,%u", node, other);
	else if (draw(4) == 0)
		snprintf(line, room, "policy -");
	else if (draw(3) == 0)
		snprintf(line, room, "policy preferred %u", node);
	else
		snprintf(line, room, "policy %s %u,%u", modes[draw(2)], node, other);
}

static bool is_of_machine(enum kind kind)
{
	return kind == NEW_CACHE || (kind >= NEW_CPU_DOWN && kind <= NEW_OPTION);
}

// One in eight has internal allocations fail under it.
static void make_failing(char line[LINE_BYTES])
{
	size_t length = strlen(line);

	if (draw(8) == 0)
		snprintf(line + length, LINE_BYTES - length, " #!%x",
			draw(2) ? 1u << draw(24) : draw(1u << 20));
}

// ---- changes

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

static void change_insert(struct script *script)
{
	struct labels_seen caches = {.count = 0}, objects = {.count = 0};
	unsigned count = draw(3) ? 1 : 1 + draw(12);

	see_labels(script, &caches, &objects);
	while (count--) {
		char line[LINE_BYTES];
		enum kind kind = (enum kind)draw(NEW_KINDS + 6); // in bulk more often

		if (kind >= NEW_KINDS)
			kind = draw(2) ? NEW_ALLOC_BULK : NEW_FREE_BULK;
		if (is_of_machine(kind))
			make_machine_line(line, kind);
		else
			make_cpu_line(line, kind, &caches, &objects);
		make_failing(line);
		script_insert(script, place(script), script_copy(line, strlen(line)));
	}
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
		change_insert, change_remove, change_copy, change_copy, change_swap, change_number,
		change_number, change_number};

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

	random_state = seed;
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

	random_state = seed;
	script_read(&script, first, first_size);
	while (script.count && draw(64))
		script_remove(&script, script.count - 1);
	script_read(&script, second, second_size);
	script_add_header(&script);
	return finish(&script, out, out_size_max);
}
