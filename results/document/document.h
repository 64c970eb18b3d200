// SPDX-License-Identifier: GPL-2.0-or-later
// One Google Benchmark JSON document (schema 1) as a measured program wrote it: checks it member by
// member, so that what reaches the store is whole, and turns times into nanoseconds. Pure; nothing
// here touches the store.
#ifndef RESULTS_DOCUMENT_DOCUMENT_H
#define RESULTS_DOCUMENT_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "results/text/fingerprint.h"
#include "results/text/problem.h"

// A number that the document does not give.
#define DOCUMENT_ABSENT (-1)

struct document_sample {
	const char *name; // texts are borrowed from the document; NULL where absent
	const char *run_type; // "iteration" or "aggregate"
	const char *aggregate_name;
	const char *label;
	const char *error_message;
	bool failed; // error_occurred, or it was skipped: no figure of it may enter statistics
	int64_t repetition; // from 0; these four DOCUMENT_ABSENT where absent
	int64_t repetitions;
	int64_t threads;
	int64_t iterations;
	double real_time_ns; // an operation; these four NaN where absent
	double cpu_time_ns;
	double items_per_second;
	double bytes_per_second;
	json_t *counters; // owned: every other number of the benchmark
};

// Checks the document's frame: context is an object whose members that we know are texts,
// benchmarks an array with at least one element. The problem names the member (EXIT_WRONG_USE).
bool document_check(const json_t *document, struct problem *problem);

// The part of it that concerns "benchmarks", for documents of which nothing else is used.
bool document_check_benchmarks(const json_t *document, struct problem *problem);

// A text of the context, NULL where absent. The document passed document_check().
const char *document_fact(const json_t *document, const char *name);

// Whether an older slabmark wrote the document's "machine"; then `today` is what it is now
// (text/fingerprint.h).
bool document_is_former(const json_t *document, char today[FINGERPRINT_SIZE]);

// What simulated the time, NULL when it was measured on hardware.
const char *document_simulator(const json_t *document);

// Whether times under this simulator (NULL: none) are the simulator's own and no result: callgrind's
// and valgrind's are, those on a made-up topology are not.
bool document_is_timeless(const char *simulator);

// Reads benchmarks[index]. The caller gives the result to document_sample_clear(), also after a
// failure.
bool document_sample_read(const json_t *document, size_t index, struct document_sample *sample,
	struct problem *problem);
// The same for documents that other programs wrote: cpu_time and iterations may be absent.
bool document_sample_read_foreign(const json_t *document, size_t index,
	struct document_sample *sample, struct problem *problem);
void document_sample_clear(struct document_sample *sample);

#endif
