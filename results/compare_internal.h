// SPDX-License-Identifier: GPL-2.0-or-later
// What the files that make a comparison share: the samples come from a session or from files, all after that is one.
#ifndef RESULTS_COMPARE_INTERNAL_H
#define RESULTS_COMPARE_INTERNAL_H

#include "compare.h"

// An empty comparison; NULL when memory runs out.
struct comparison *comparison_new(const struct compare_options *options, struct problem *problem);

// Makes rows, verdicts and means of comparison->samples and comparison->configs. EXIT_NOT_MEASURED: no row.
bool comparison_judge(struct comparison *comparison, const struct compare_options *options,
	struct problem *problem);

// The geometric mean of each config's rows, with the interval of the processes' averages around it.
bool comparison_add_means(struct comparison *comparison, struct problem *problem);

#endif
