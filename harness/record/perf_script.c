// SPDX-License-Identifier: GPL-2.0-or-later
// Reads `perf script`'s text, and what tracefs writes itself: lines such as
//
//	ls  1234 [003] 12345.678901: kmem:kmalloc: call_site=… ptr=0x… bytes_req=64 …
//	ls-1234  [003] d..1 12345.678901: kmalloc: call_site=… ptr=… bytes_req=64 …
//
// Six events of kmem count: kmalloc, kmalloc_node, kmem_cache_alloc, kmem_cache_alloc_node, kfree
// and kmem_cache_free. All other lines are passed over.
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"

struct kmem_event {
	const char *name;
	bool is_alloc;
	bool is_of_cache;
};

static const struct kmem_event kmem_events[] = {
	{"kmalloc_node", true, false},
	{"kmalloc", true, false},
	{"kmem_cache_alloc_node", true, true},
	{"kmem_cache_alloc", true, true},
	{"kfree", false, false},
	{"kmem_cache_free", false, true},
};

// A line's parts: "COMM PID [CPU] TIME:" before the event, "NAME: FIELDS" from it on.
struct line {
	char *text;
	const char *name;
	size_t name_length;
	const char *fields;
	const char *colon; // behind the time
};

struct place {
	uint32_t thread;
	uint32_t cpu;
	uint64_t time_ns;
};

// ---- finding the event

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == ':';
}

// Finds "SECONDS.FRACTION: NAME:". False: the line is no event's.
static bool line_split(struct line *line)
{
	for (const char *at = strstr(line->text, ": "); at; at = strstr(at + 2, ": ")) {
		const char *name = at + 2 + strspn(at + 2, " ");
		size_t length = 0;

		if (at == line->text || !isdigit((unsigned char)at[-1]))
			continue;
		while (is_name(name[length]))
			length++;
		if (length < 2 || name[length - 1] != ':')
			continue;
		*line = (struct line){line->text, name, length - 1, name + length, at};
		return true;
	}
	return false;
}

static const struct kmem_event *event_of(struct line *line)
{
	if (strncmp(line->name, "kmem:", 5) == 0) {
		line->name += 5;
		line->name_length -= 5;
	}
	for (size_t i = 0; i < sizeof(kmem_events) / sizeof(kmem_events[0]); i++)
		if (strlen(kmem_events[i].name) == line->name_length &&
			strncmp(kmem_events[i].name, line->name, line->name_length) == 0)
			return &kmem_events[i];
	return NULL;
}

// ---- where and when

// "12345.678901" as nanoseconds.
static bool time_read(const char *text, const char *end, uint64_t *time_ns)
{
	char *stop;
	unsigned long long seconds = strtoull(text, &stop, 10);
	uint64_t fraction = 0;
	int digits = 0;

	if (stop == text || *stop != '.' || seconds > UINT64_MAX / 2000000000)
		return false;
	for (stop++; stop < end && isdigit((unsigned char)*stop); stop++)
		if (digits++ < 9)
			fraction = 10 * fraction + (uint64_t)(*stop - '0');
	for (; digits < 9; digits++)
		fraction *= 10;
	*time_ns = seconds * UINT64_C(1000000000) + fraction;
	return stop == end;
}

// The start of the word that ends before `end`, not before `begin`.
static const char *word_before(const char *begin, const char **end)
{
	const char *start;

	while (*end > begin && (*end)[-1] == ' ')
		--*end;
	start = *end;
	while (start > begin && start[-1] != ' ')
		start--;
	return start;
}

// "1234", "1234/1235" (process and thread) or "comm-1234".
static bool thread_read(const char *start, const char *end, uint32_t *thread)
{
	const char *digits = end;
	char *stop;

	while (digits > start && isdigit((unsigned char)digits[-1]))
		digits--;
	errno = 0;
	unsigned long number = strtoul(digits, &stop, 10);
	*thread = (uint32_t)number;
	return digits < end && stop == end && errno == 0 && number <= UINT32_MAX;
}

static bool place_read(const struct line *line, struct place *place)
{
	const char *end = line->colon;
	const char *start = word_before(line->text, &end);
	char *stop;

	if (!time_read(start, end, &place->time_ns))
		return false;
	do { // the CPU; between it and the time there may be a word of flags
		end = start;
		start = word_before(line->text, &end);
		if (start == end)
			return false;
	} while (*start != '[');
	unsigned long cpu = strtoul(start + 1, &stop, 10);
	place->cpu = (uint32_t)cpu;
	if (stop == start + 1 || *stop != ']' || cpu >= RECORDING_CPUS_MAX)
		return false;
	end = start;
	start = word_before(line->text, &end);
	return thread_read(start, end, &place->thread);
}

// ---- fields

// The value of " NAME=" among the fields; `base` as strtoull() has it. False: it is not there, or
// no number.
static bool field_read(const char *fields, const char *name, int base, uint64_t *value)
{
	size_t length = strlen(name);
	char *end;

	for (const char *at = strstr(fields, name); at; at = strstr(at + 1, name)) {
		if (at == fields || at[-1] != ' ' || at[length] != '=')
			continue;
		errno = 0;
		*value = strtoull(at + length + 1, &end, base);
		return end != at + length + 1 && errno == 0 &&
		       (*end == ' ' || *end == '\n' || *end == '\0');
	}
	return false;
}

static int32_t node_of(const char *fields)
{
	uint64_t node;

	return field_read(fields, "node", 10, &node) && node < RECORDING_NODES_MAX ? (int32_t)node
										   : -1;
}

static bool complain(const char *name, uint64_t number, const char *what, struct problem *problem)
{
	return problem_set(problem, EXIT_WRONG_USE, "%s: line %llu: a kmem event without %s", name,
		(unsigned long long)number, what);
}

struct perf_text {
	struct ledger *ledger;
	const char *name;
	uint64_t line;
	uint64_t started_ns; // of the first event
	uint64_t events;
};

static bool event_tell(struct perf_text *text, const struct line *line,
	const struct kmem_event *kind, struct problem *problem)
{
	struct ledger_call call = {.event = {.node = -1, .is_of_cache = kind->is_of_cache}};
	struct place place;

	if (!place_read(line, &place))
		return complain(text->name, text->line,
			"\"PID [CPU] SECONDS.FRACTION:\" before its name", problem);
	if (!field_read(line->fields, "ptr", 16, &call.address))
		return complain(text->name, text->line, "a ptr=ADDRESS", problem);
	if (kind->is_alloc && (!field_read(line->fields, "bytes_req", 10, &call.event.size) ||
				      call.event.size >= RECORDING_SIZE_MAX))
		return complain(text->name, text->line, "a bytes_req=NUMBER", problem);
	if (text->events++ == 0)
		text->started_ns = place.time_ns;
	call.thread = place.thread;
	call.event.cpu = place.cpu;
	call.event.time_ns =
		place.time_ns > text->started_ns ? place.time_ns - text->started_ns : 0;
	if (call.address == 0)
		return true; // a failed allocation, or a free of nothing
	if (!kind->is_alloc) {
		ledger_free(text->ledger, &call);
		return true;
	}
	call.event.node = node_of(line->fields);
	call.event.is_zeroed = strstr(line->fields, "__GFP_ZERO") != NULL;
	ledger_make(text->ledger, &call);
	return true;
}

bool perf_script_read(struct ledger *ledger, FILE *file, const char *name, uint64_t *passed_over,
	struct problem *problem)
{
	struct perf_text text = {.ledger = ledger, .name = name};
	char *buffer = NULL;
	size_t room = 0;
	bool is_good = true;

	*passed_over = 0;
	while (is_good && getline(&buffer, &room, file) > 0) {
		struct line line = {.text = buffer};
		const struct kmem_event *kind;

		text.line++;
		if (buffer[0] == '#' || !line_split(&line))
			continue;
		kind = event_of(&line);
		*passed_over += kind == NULL;
		if (kind)
			is_good = event_tell(&text, &line, kind, problem);
	}
	free(buffer);
	if (is_good && ferror(file))
		return problem_set(
			problem, EXIT_NOT_MEASURED, "%s cannot be read: %s", name, strerror(errno));
	if (is_good && text.events == 0)
		return problem_set(problem, EXIT_WRONG_USE,
			"%s: byte 0: no kmem event in %llu lines; it takes what perf script prints "
			"after perf record -e 'kmem:*'",
			name, (unsigned long long)text.line);
	return is_good;
}
