// SPDX-License-Identifier: GPL-2.0-or-later
// A recording: what a program, or a kernel, asked of its allocator, in the order in which it asked.
// README.md describes the file byte by byte. A writer makes one from events; a reader gives the
// events back one by one, without holding the file, and refuses what is damaged or foreign with
// the offset. Neither prints anything.
#ifndef WORKLOADS_RECORDING_RECORDING_H
#define WORKLOADS_RECORDING_RECORDING_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define RECORDING_MAGIC      "\x89SLBREC\n" // 8 bytes; a transfer as text changes the first or last
#define RECORDING_VERSION    1
#define RECORDING_BLOCK_MAX  65536u // bytes of events in a block
#define RECORDING_ORIGIN_MAX 4096u // bytes
// Of numbers in events; the reader refuses more.
#define RECORDING_THREADS_MAX 65536u
#define RECORDING_CPUS_MAX    65536u
#define RECORDING_NODES_MAX   1024u
#define RECORDING_SIZE_MAX    ((uint64_t)1 << 47) // bytes of one object
#define RECORDING_ALIGN_MAX   30u // as a power of two

enum recording_verb {
	RECORDING_ALLOC, // makes an object
	RECORDING_FREE,
	RECORDING_RESIZE, // takes an object and makes another with its contents
	RECORDING_VERBS
};

struct recording_event {
	enum recording_verb verb;
	uint32_t thread; // from 0, in the order of first appearance
	uint32_t cpu; // that the thread was on
	uint64_t time_ns; // since the recording began; never falls
	uint64_t made; // ALLOC, RESIZE: number of the new object; they count from 0
	uint64_t taken; // FREE, RESIZE: number of the old one
	uint64_t size; // ALLOC, RESIZE: bytes asked for
	int32_t node; // ALLOC: asked for; -1: none
	uint8_t align; // ALLOC: asked for, as a power of two; 0: none
	bool is_of_cache; // ALLOC: of a cache of this very size, kmem_cache_alloc(); else kmalloc()
	bool is_zeroed; // ALLOC
};

enum recording_source { RECORDING_MADE, RECORDING_PROGRAM, RECORDING_PERF, RECORDING_SOURCES };

// Why a file is refused, or could not be written.
struct recording_problem {
	uint64_t offset; // bytes from the file's start
	char text[200]; // what is wrong there
};

// What a recording begins with.
struct recording_header {
	enum recording_source source;
	char origin[RECORDING_ORIGIN_MAX + 1]; // the command, or the file it was made from
};

// ---- writing

struct recording_writer {
	FILE *file;
	uint64_t events; // so far
	uint64_t objects;
	uint32_t thread; // of the last event
	uint32_t cpu;
	uint64_t time_ns;
	uint32_t used; // bytes of the block
	uint32_t block_events;
	bool has_failed; // the file could not be written; errno of that time
	int error;
	unsigned char block[RECORDING_BLOCK_MAX];
};

// Begins a file; it stays the caller's.
void recording_begin(
	struct recording_writer *writer, FILE *file, const struct recording_header *header);
// Adds an event; `made` is set to the object's number where it makes one. Times that fall are
// written as the last one.
void recording_add(struct recording_writer *writer, struct recording_event *event);
// Ends the file. False: it could not be written; writer->error says why.
bool recording_end(struct recording_writer *writer);

// ---- reading

struct recording_reader {
	FILE *file;
	struct recording_header header;
	uint64_t offset; // of the next byte in the file
	uint64_t events; // read so far
	uint64_t objects;
	uint32_t thread;
	uint32_t cpu;
	uint32_t threads; // that appeared so far
	uint64_t time_ns;
	uint64_t *alive; // a bit an object
	uint64_t alive_words;
	uint64_t block_offset; // in the file, of the block's first event
	uint32_t block_size;
	uint32_t block_at;
	uint32_t block_events; // still to come
	unsigned char block[RECORDING_BLOCK_MAX];
	struct recording_problem *problem;
};

// Reads the header. The problem is filled by this and later calls that fail; file and problem stay
// the caller's. recording_close() follows in any case.
bool recording_open(struct recording_reader *reader, FILE *file, struct recording_problem *problem);
// Reads an event. *is_end: there is none, and the file is whole. False: it is damaged.
bool recording_next(struct recording_reader *reader, struct recording_event *event, bool *is_end);
void recording_close(struct recording_reader *reader);

// "made", "program", "perf script".
const char *recording_source_name(enum recording_source source);

#endif
