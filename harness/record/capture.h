// SPDX-License-Identifier: GPL-2.0-or-later
// The file in which libslabrecord notes a running program's calls, shared by all of its threads and
// child processes: a page of counters, then entries of one size. A call takes the next entry's
// number by one atomic addition, so that numbers are the order of calls; an object's free has its
// number before it happens, an allocation after. What a program that is killed noted is there.
#ifndef HARNESS_RECORD_CAPTURE_H
#define HARNESS_RECORD_CAPTURE_H

#include <stdatomic.h>
#include <stdint.h>

#define CAPTURE_VARIABLE "SLABMARK_CAPTURE" // the file's path, in the environment of the program
#define CAPTURE_MAGIC    UINT64_C(0x31747061436b6c53)

enum capture_verb {
	CAPTURE_NONE, // the entry was taken and never written: its thread was killed
	CAPTURE_ALLOC,
	CAPTURE_FREE,
	CAPTURE_RESIZE_BEGIN, // realloc() is called for this address
	CAPTURE_RESIZE_END, // by the same thread: it returned this one, 0 for a failure
};

struct capture_entry {
	uint64_t time_ns; // CLOCK_MONOTONIC
	uint64_t address;
	uint64_t size;
	uint32_t process;
	uint32_t thread;
	uint16_t cpu;
	uint8_t align; // as a power of two; 0: none was asked for
	uint8_t is_zeroed;
	_Atomic uint8_t verb; // enum capture_verb; written last
};

struct capture_head {
	uint64_t magic;
	uint64_t started_ns;
	_Atomic uint64_t taken; // entries
	_Atomic uint64_t lost; // calls that found no room on the disk
};

enum {
	CAPTURE_HEAD_BYTES = 4096,
	// Entries are mapped so many at a time; their bytes are whole pages.
	CAPTURE_WINDOW_ENTRIES = 1 << 18,
	CAPTURE_WINDOWS_MAX = 1 << 15, // eight thousand million calls
};
#define CAPTURE_WINDOW_BYTES ((uint64_t)CAPTURE_WINDOW_ENTRIES * sizeof(struct capture_entry))

#endif
