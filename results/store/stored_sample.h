// SPDX-License-Identifier: GPL-2.0-or-later
// Samples as the store holds them, with where each came from: the one join of samples, processes,
// builds and machines that all who read figures share.
#ifndef RESULTS_STORE_STORED_SAMPLE_H
#define RESULTS_STORE_STORED_SAMPLE_H

#include "store.h"

// Where in the store a sample stands, or a whole process. Texts are borrowed, and NULL where nothing
// was recorded.
struct store_source {
	int64_t session;
	const char *name; // of the benchmark, with its parameters; NULL of a whole process
	const char *workload;
	const char *config;
	const char *commit;
	const char *compiler;
	const char *machine; // fingerprint
	const char *simulator; // NULL: measured
};

struct stored_sample {
	struct store_source source; // name, workload and config are there
	int64_t process;
	int64_t round;
	bool failed; // no figure below holds then
	const char *error_message; // why it failed
	double real_time_ns; // an operation
	double iterations; // operations of all threads together; NaN where nobody said
	double migrations; // times that a thread changed its CPU; NaN where it was not counted
	const char *counters; // JSON; NULL: not asked for
	const char *aggregate; // "mean" or "median" of repetitions that nobody kept; else NULL
	const char *
		exact_counters; // that its process lists, "NAME,NAME"; NULL: none, or not asked for
};

// What of a sample is read: most time goes into its counters.
enum stored_parts { STORED_TIMES, STORED_MIGRATIONS, STORED_COUNTERS };

struct stored_samples {
	int64_t session; // 0: all that had no purpose of their own, of which
	const char *configs; // these two are JSON arrays of names; NULL: any but builds of a
		// commit or folder (text/side.h)
	const char *workloads;
	bool with_aggregates; // of a process without a repetition its medians, else its means
	enum stored_parts parts; // STORED_COUNTERS has migrations, too
	bool is_sorted; // by name, config, machine ("unknown" where there is none), session, round, process
};

// Calls visit for each sample. What it gets is borrowed for the call. Ends early, and returns
// false, when visit returns false. EXIT_WRONG_USE: the store is damaged.
bool stored_samples_visit(struct store *store, const struct stored_samples *wanted,
	bool (*visit)(const struct stored_sample *sample, void *context, struct problem *problem),
	void *context, struct problem *problem);

#endif
