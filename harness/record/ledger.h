// SPDX-License-Identifier: GPL-2.0-or-later
// Turns calls with addresses, threads and times, as somebody noted them, into events of a
// recording: addresses become numbers of objects. It leaves out what cannot be played, and counts
// it.
#ifndef HARNESS_RECORD_LEDGER_H
#define HARNESS_RECORD_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "workloads/recording/recording.h"

// A call as it was noted.
struct ledger_call {
	uint32_t process; // addresses are of it
	uint32_t thread;
	uint64_t address;
	struct recording_event event; // verb, cpu, time_ns, size, node, align, flags
};

struct ledger {
	struct recording_writer *writer;
	void *live; // a tree of live objects, by process and address
	void *threads; // a tree of the threads that were seen
	uint32_t threads_count;
	uint64_t live_objects;
	uint64_t live_bytes;
	uint64_t live_objects_max;
	uint64_t live_bytes_max;
	uint64_t remote_frees; // by another thread than the one that made the object
	uint64_t frees;
	uint64_t unknown; // frees of what was made before, or elsewhere: left out
	uint64_t
		replaced; // an address was made again without a free in between: the old one is freed
	uint64_t crowded; // of threads above RECORDING_THREADS_MAX: left out
	bool has_memory; // false: it ran out, and the recording is not whole
};

void ledger_begin(struct ledger *ledger, struct recording_writer *writer);
void ledger_make(struct ledger *ledger, const struct ledger_call *call);
void ledger_free(struct ledger *ledger, const struct ledger_call *call);
// realloc(): takes the object at an address from the books; what the second call returns for it
// comes later. Each thread has one under way at most. A resize of what is unknown makes an object.
void ledger_resize_begin(struct ledger *ledger, const struct ledger_call *call);
void ledger_resize_end(struct ledger *ledger, const struct ledger_call *call);
void ledger_end(struct ledger *ledger);

#endif
