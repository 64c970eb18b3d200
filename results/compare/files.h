// SPDX-License-Identifier: GPL-2.0-or-later
// Two sides of Google Benchmark's JSON files, compared without a store: each file is one process of
// its side, and benchmarks are matched by name. The result is a comparison of the sides input and
// against, the base first.
#ifndef RESULTS_COMPARE_FILES_H
#define RESULTS_COMPARE_FILES_H

#include "compare.h"

// A file as it was read; both borrowed.
struct compare_file {
	const char *path;
	const json_t *document;
};

struct compare_files_options {
	const struct compare_file *input;
	const struct compare_file *against;
	size_t input_count; // at least 1
	size_t against_count; // at least 1
	bool is_paired; // the n-th files of both sides ran in the same round
	double margin; // these as in struct compare_options
	double alpha;
	const char *const *counters;
	size_t counters_count;
};

// Makes the comparison. EXIT_WRONG_USE: a file that is no benchmark document or holds no
// repetition, paired sides of unequal length; EXIT_NOT_MEASURED: no benchmark that both sides have.
// *comparison is NULL on failure. comparison->files becomes {"paired", "input": [paths], "against":
// [paths], "only_input": [names], "only_against"}.
bool compare_files(const struct compare_files_options *options, struct comparison **comparison,
	struct problem *problem);

#endif
