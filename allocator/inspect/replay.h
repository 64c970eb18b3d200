// SPDX-License-Identifier: GPL-2.0-or-later
// `replay`: traces run on the allocator, each file in a process of its own, because each brings its
// own machine.
#ifndef SLAB_INSPECT_REPLAY_H
#define SLAB_INSPECT_REPLAY_H

#include <stdbool.h>
#include <stddef.h>

#include <slab/slab.h>

struct replay_request {
	const struct slab_options
		*options; // topology and what `option` lines say come from the trace
	bool is_check; // compare with what is expected; else print the results
	const char *expect; // of the only file; NULL: beside each trace, its name ending in .expect
	bool has_statistics;
	double timeout_s; // a trace's process that has not ended by then is stopped
	bool is_quiet; // no progress, and no summary when all are identical
	char *const *files;
	size_t files_count;
};

// Returns an exit status: INSPECT_FAILED when a trace differs, its process crashed or was stopped,
// INSPECT_WRONG_USE when one could not be read, INSPECT_NOT_DONE when the system refused something.
// Every file is gone through whatever the others did.
int inspect_replay(const struct replay_request *request);

#endif
