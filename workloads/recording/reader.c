// SPDX-License-Identifier: GPL-2.0-or-later
// Reads recordings. Nothing of the file is believed: each block has a digest, each number a range,
// and an event may only take an object that is alive. What is wrong is said with the offset of the
// first byte of the thing that is wrong.
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "recording.h"
#include "varint.h"

__attribute__((format(printf, 3, 4))) static bool refuse(
	struct recording_reader *reader, uint64_t offset, const char *format, ...)
{
	va_list arguments;

	reader->problem->offset = offset;
	va_start(arguments, format);
	vsnprintf(reader->problem->text, sizeof(reader->problem->text), format, arguments);
	va_end(arguments);
	return false;
}

// ---- bytes of the file

static bool get_bytes(struct recording_reader *reader, void *bytes, size_t size, const char *what)
{
	uint64_t offset = reader->offset;
	size_t got = fread(bytes, 1, size, reader->file);

	reader->offset += got;
	if (got == size)
		return true;
	if (ferror(reader->file))
		return refuse(reader, offset, "%s cannot be read: %s", what, strerror(errno));
	return refuse(reader, offset, "the file ends within %s", what);
}

static bool get_number(struct recording_reader *reader, uint64_t *number, const char *what)
{
	unsigned char bytes[VARINT_BYTES_MAX];
	uint64_t offset = reader->offset;
	size_t used = 0;

	do {
		if (!get_bytes(reader, &bytes[used], 1, what))
			return false;
	} while (bytes[used++] & 0x80 && used < VARINT_BYTES_MAX);
	if (varint_get(bytes, used, number) == used)
		return true;
	return refuse(reader, offset, "%s is no number", what);
}

static bool digest_is_right(struct recording_reader *reader, const void *bytes, size_t size,
	uint32_t seed, uint64_t offset, const char *what)
{
	XXH32_canonical_t digest;

	if (!get_bytes(reader, &digest, sizeof(digest), "a digest"))
		return false;
	if (XXH32_hashFromCanonical(&digest) == XXH32(bytes, size, seed))
		return true;
	return refuse(reader, offset, "%s is damaged: its digest is another", what);
}

// ---- the header

static bool magic_read(struct recording_reader *reader)
{
	char magic[8];

	if (!get_bytes(reader, magic, sizeof(magic), "the first 8 bytes") ||
		memcmp(magic, RECORDING_MAGIC, sizeof(magic)) != 0)
		return refuse(reader, 0, "this is no recording: it does not begin as one");
	return true;
}

static bool origin_read(struct recording_reader *reader, unsigned char *head)
{
	unsigned char text[2 + VARINT_BYTES_MAX + RECORDING_ORIGIN_MAX] = {head[0], head[1]};
	uint64_t start = reader->offset - 2;
	uint64_t length;
	size_t used;

	if (!get_number(reader, &length, "the length of the origin"))
		return false;
	if (length > RECORDING_ORIGIN_MAX)
		return refuse(reader, start + 2,
			"the origin is said to have %llu bytes; %u at most",
			(unsigned long long)length, RECORDING_ORIGIN_MAX);
	if (!get_bytes(reader, reader->header.origin, length, "the origin"))
		return false;
	used = 2 + varint_put(text + 2, length);
	memcpy(text + used, reader->header.origin, length);
	return digest_is_right(reader, text, used + length, 0, start, "the header");
}

bool recording_open(struct recording_reader *reader, FILE *file, struct recording_problem *problem)
{
	unsigned char head[2];

	*reader = (struct recording_reader){.file = file, .problem = problem};
	*problem = (struct recording_problem){0};
	if (!magic_read(reader) || !get_bytes(reader, head, sizeof(head), "the header"))
		return false;
	if (head[0] != RECORDING_VERSION)
		return refuse(reader, 8, "the recording is of version %u; this program reads %u",
			head[0], RECORDING_VERSION);
	if (head[1] >= RECORDING_SOURCES)
		return refuse(reader, 9, "source %u does not exist", head[1]);
	reader->header.source = (enum recording_source)head[1];
	return origin_read(reader, head);
}

void recording_close(struct recording_reader *reader)
{
	free(reader->alive);
	reader->alive = NULL;
}

// ---- which objects live

static bool object_make(struct recording_reader *reader, uint64_t offset)
{
	uint64_t word = reader->objects / 64;

	if (word >= reader->alive_words) {
		uint64_t words = reader->alive_words ? 2 * reader->alive_words : 64;
		uint64_t *grown = realloc(reader->alive, words * sizeof(*grown));

		if (!grown)
			return refuse(reader, offset, "no memory for the objects so far");
		memset(grown + reader->alive_words, 0,
			(words - reader->alive_words) * sizeof(*grown));
		reader->alive = grown;
		reader->alive_words = words;
	}
	reader->alive[word] |= UINT64_C(1) << (reader->objects % 64);
	reader->objects++;
	return true;
}

static bool object_take(struct recording_reader *reader, uint64_t object, uint64_t offset)
{
	uint64_t bit = UINT64_C(1) << (object % 64);

	if (!(reader->alive[object / 64] & bit))
		return refuse(reader, offset, "object %llu is taken and was freed before",
			(unsigned long long)object);
	reader->alive[object / 64] &= ~bit;
	return true;
}

// ---- blocks

static bool end_read(struct recording_reader *reader)
{
	unsigned char text[2 * VARINT_BYTES_MAX];
	uint64_t offset = reader->offset;
	uint64_t events;
	uint64_t objects;
	size_t used;

	if (!get_number(reader, &events, "the end") || !get_number(reader, &objects, "the end"))
		return false;
	used = varint_put(text, events);
	used += varint_put(text + used, objects);
	if (!digest_is_right(reader, text, used, 0, offset, "the end"))
		return false;
	if (events != reader->events || objects != reader->objects)
		return refuse(reader, offset, "the end tells of %llu events; there were %llu",
			(unsigned long long)events, (unsigned long long)reader->events);
	offset = reader->offset;
	return fgetc(reader->file) == EOF || refuse(reader, offset, "something follows the end");
}

static bool block_read(struct recording_reader *reader)
{
	uint64_t offset = reader->offset;
	unsigned char head[1 + 2 * VARINT_BYTES_MAX] = {'B'};
	size_t used = 1;
	uint64_t events;
	uint64_t size;

	if (!get_number(reader, &events, "a block's head") ||
		!get_number(reader, &size, "a block's head"))
		return false;
	if (size > RECORDING_BLOCK_MAX || events == 0 || events > size)
		return refuse(reader, offset, "a block of %llu events in %llu bytes does not exist",
			(unsigned long long)events, (unsigned long long)size);
	used += varint_put(head + used, events);
	used += varint_put(head + used, size);
	reader->block_offset = reader->offset;
	if (!get_bytes(reader, reader->block, size, "a block") ||
		!digest_is_right(
			reader, reader->block, size, XXH32(head, used, 0), offset - 1, "the block"))
		return false;
	reader->block_size = (uint32_t)size;
	reader->block_events = (uint32_t)events;
	reader->block_at = 0;
	return true;
}

// Reads the next block, or the end.
static bool part_read(struct recording_reader *reader, bool *is_end)
{
	uint64_t offset = reader->offset;
	char kind;

	*is_end = false;
	if (!get_bytes(reader, &kind, 1, "the recording: its end is missing"))
		return false;
	if (kind == 'B')
		return block_read(reader);
	*is_end = kind == 'E';
	return *is_end ? end_read(reader)
		       : refuse(reader, offset, "0x%02x begins neither a block nor the end",
				 (unsigned char)kind);
}

// ---- events

// Reads a number of the block, less than `limit`; `what` is for the message.
static bool block_number(
	struct recording_reader *reader, uint64_t limit, const char *what, uint64_t *number)
{
	uint64_t offset = reader->block_offset + reader->block_at;
	size_t used = varint_get(
		reader->block + reader->block_at, reader->block_size - reader->block_at, number);

	if (used == 0)
		return refuse(reader, offset, "%s is no number", what);
	reader->block_at += (uint32_t)used;
	if (*number >= limit)
		return refuse(reader, offset, "%s %llu is out of range: it must be less than %llu",
			what, (unsigned long long)*number, (unsigned long long)limit);
	return true;
}

static bool place_read(
	struct recording_reader *reader, struct recording_event *event, unsigned head)
{
	uint64_t thread = reader->thread;
	uint64_t cpu = reader->cpu;
	uint64_t passed;

	if (head & RECORDING_HAS_THREAD &&
		!block_number(reader, RECORDING_THREADS_MAX, "thread", &thread))
		return false;
	if (head & RECORDING_HAS_CPU && !block_number(reader, RECORDING_CPUS_MAX, "CPU", &cpu))
		return false;
	if (!block_number(reader, UINT64_MAX - reader->time_ns, "time", &passed))
		return false;
	reader->thread = event->thread = (uint32_t)thread;
	reader->cpu = event->cpu = (uint32_t)cpu;
	reader->time_ns = event->time_ns = reader->time_ns + passed;
	if (event->thread >= reader->threads)
		reader->threads = event->thread + 1;
	return true;
}

static bool taken_read(struct recording_reader *reader, struct recording_event *event)
{
	uint64_t offset = reader->block_offset + reader->block_at;
	uint64_t distance;

	if (!block_number(reader, reader->objects, "distance to an object", &distance))
		return false;
	event->taken = reader->objects - 1 - distance;
	return object_take(reader, event->taken, offset);
}

static bool made_read(struct recording_reader *reader, struct recording_event *event, unsigned head)
{
	uint64_t offset = reader->block_offset + reader->block_at;
	uint64_t node;
	uint64_t align;

	if (!block_number(reader, RECORDING_SIZE_MAX, "size", &event->size))
		return false;
	if (head & RECORDING_HAS_NODE) {
		if (!block_number(reader, RECORDING_NODES_MAX, "node", &node))
			return false;
		event->node = (int32_t)node;
	}
	if (head & RECORDING_HAS_ALIGN) {
		if (!block_number(reader, RECORDING_ALIGN_MAX + 1, "alignment", &align))
			return false;
		event->align = (uint8_t)align;
	}
	event->made = reader->objects;
	return object_make(reader, offset);
}

static bool event_read(struct recording_reader *reader, struct recording_event *event)
{
	uint64_t offset = reader->block_offset + reader->block_at;
	unsigned head;

	if (reader->block_at == reader->block_size)
		return refuse(reader, offset, "the block ends before its last event");
	head = reader->block[reader->block_at++];
	*event = (struct recording_event){.verb = head & RECORDING_VERB,
		.node = -1,
		.is_of_cache = (head & RECORDING_OF_CACHE) != 0,
		.is_zeroed = (head & RECORDING_ZEROED) != 0};
	if (event->verb >= RECORDING_VERBS ||
		(event->verb != RECORDING_ALLOC &&
			head > (RECORDING_VERB | RECORDING_HAS_THREAD | RECORDING_HAS_CPU)))
		return refuse(reader, offset, "0x%02x begins no event", head);
	if (!place_read(reader, event, head))
		return false;
	if (event->verb != RECORDING_ALLOC && !taken_read(reader, event))
		return false;
	if (event->verb != RECORDING_FREE && !made_read(reader, event, head))
		return false;
	reader->events++;
	return true;
}

bool recording_next(struct recording_reader *reader, struct recording_event *event, bool *is_end)
{
	*is_end = false;
	if (reader->block_events == 0) {
		if (reader->block_at != reader->block_size)
			return refuse(reader, reader->block_offset + reader->block_at,
				"the block has bytes behind its last event");
		if (!part_read(reader, is_end))
			return false;
		if (*is_end)
			return true;
	}
	reader->block_events--;
	return event_read(reader, event);
}

const char *recording_source_name(enum recording_source source)
{
	static const char *const names[RECORDING_SOURCES] = {
		[RECORDING_MADE] = "made",
		[RECORDING_PROGRAM] = "program",
		[RECORDING_PERF] = "perf script",
	};

	return names[source];
}
