// SPDX-License-Identifier: GPL-2.0-or-later
// Writes recordings: events become bytes of a block, and a full block goes to the file with its
// digest.
#include <errno.h>
#include <string.h>
#include <xxhash.h>

#include "recording.h"
#include "varint.h"

// An event takes at most a byte and seven numbers.
enum { EVENT_BYTES_MAX = 1 + 7 * VARINT_BYTES_MAX };

static void put_bytes(struct recording_writer *writer, const void *bytes, size_t size)
{
	if (writer->has_failed || fwrite(bytes, 1, size, writer->file) == size)
		return;
	writer->has_failed = true;
	writer->error = errno;
}

static void put_digest(
	struct recording_writer *writer, const void *bytes, size_t size, uint32_t seed)
{
	XXH32_canonical_t digest;

	XXH32_canonicalFromHash(&digest, XXH32(bytes, size, seed));
	put_bytes(writer, bytes, size);
	put_bytes(writer, &digest, sizeof(digest));
}

void recording_begin(
	struct recording_writer *writer, FILE *file, const struct recording_header *header)
{
	unsigned char text[2 + VARINT_BYTES_MAX + RECORDING_ORIGIN_MAX];
	size_t length = strlen(header->origin);
	size_t used = 0;

	*writer = (struct recording_writer){.file = file};
	text[used++] = RECORDING_VERSION;
	text[used++] = (unsigned char)header->source;
	used += varint_put(text + used, length);
	memcpy(text + used, header->origin, length);
	put_bytes(writer, RECORDING_MAGIC, 8);
	put_digest(writer, text, used + length, 0);
}

static void block_end(struct recording_writer *writer)
{
	unsigned char head[1 + 2 * VARINT_BYTES_MAX] = {'B'};
	size_t used = 1;

	if (writer->block_events == 0)
		return;
	used += varint_put(head + used, writer->block_events);
	used += varint_put(head + used, writer->used);
	put_bytes(writer, head, used);
	put_digest(writer, writer->block, writer->used, XXH32(head, used, 0));
	writer->used = 0;
	writer->block_events = 0;
}

static void put_number(struct recording_writer *writer, uint64_t number)
{
	writer->used += (uint32_t)varint_put(writer->block + writer->used, number);
}

// What the event has, as bits of its first byte.
static unsigned event_head(
	const struct recording_writer *writer, const struct recording_event *event)
{
	bool makes = event->verb == RECORDING_ALLOC;

	return (unsigned)event->verb |
	       (event->thread != writer->thread ? RECORDING_HAS_THREAD : 0u) |
	       (event->cpu != writer->cpu ? RECORDING_HAS_CPU : 0u) |
	       (makes && event->is_of_cache ? RECORDING_OF_CACHE : 0u) |
	       (makes && event->is_zeroed ? RECORDING_ZEROED : 0u) |
	       (makes && event->node >= 0 ? RECORDING_HAS_NODE : 0u) |
	       (makes && event->align > 0 ? RECORDING_HAS_ALIGN : 0u);
}

static void put_place(
	struct recording_writer *writer, const struct recording_event *event, unsigned head)
{
	if (head & RECORDING_HAS_THREAD)
		put_number(writer, event->thread);
	if (head & RECORDING_HAS_CPU)
		put_number(writer, event->cpu);
	put_number(writer, event->time_ns > writer->time_ns ? event->time_ns - writer->time_ns : 0);
	writer->thread = event->thread;
	writer->cpu = event->cpu;
	if (event->time_ns > writer->time_ns)
		writer->time_ns = event->time_ns;
}

void recording_add(struct recording_writer *writer, struct recording_event *event)
{
	unsigned head = event_head(writer, event);

	if (writer->used + EVENT_BYTES_MAX > RECORDING_BLOCK_MAX)
		block_end(writer);
	writer->block[writer->used++] = (unsigned char)head;
	put_place(writer, event, head);
	if (event->verb != RECORDING_ALLOC)
		put_number(writer, writer->objects - 1 - event->taken);
	if (event->verb != RECORDING_FREE) {
		put_number(writer, event->size);
		event->made = writer->objects++;
	}
	if (head & RECORDING_HAS_NODE)
		put_number(writer, (uint64_t)event->node);
	if (head & RECORDING_HAS_ALIGN)
		put_number(writer, event->align);
	writer->block_events++;
	writer->events++;
}

bool recording_end(struct recording_writer *writer)
{
	unsigned char text[2 * VARINT_BYTES_MAX];
	size_t used;

	block_end(writer);
	put_bytes(writer, "E", 1);
	used = varint_put(text, writer->events);
	used += varint_put(text + used, writer->objects);
	put_digest(writer, text, used, 0);
	if (!writer->has_failed && fflush(writer->file) != 0) {
		writer->has_failed = true;
		writer->error = errno;
	}
	return !writer->has_failed;
}
