// SPDX-License-Identifier: GPL-2.0-or-later
// What a comparison's samples say beside its rows: how a side scales with the number of threads, and what
// a hand-over costs it from node to node. Both are arrays of JSON, ready to be written.
#ifndef RESULTS_COMPARE_CURVES_H
#define RESULTS_COMPARE_CURVES_H

#include <stdio.h>

#include "compare.h"

// Fills comparison->curves: of each benchmark, side and placement (compact, spread) that there are two
// numbers of threads of, {"benchmark", "side", "placement", "threads_base" (that the speed-up is against:
// 1, or the fewest that there are), "points": [{"threads", "ns", "speedup", "speedup_low", "speedup_high",
// "confidence", "n"}]}. Speed-ups pair rounds, as rows do. The interval is null where too few rounds give none.
bool curves_add(struct comparison *comparison, const struct compare_options *options,
	struct problem *problem);

// Fills comparison->matrices: of each benchmark and side that was measured from node to node,
// {"benchmark", "side", "memory" (how it was bound), "nodes", "ns": [[from, to]], "remote_frees": [[an object]], "remote_frees_total":
// [[count]]}; null where a pair was not measured, or the allocator counts none.
bool matrices_add(struct comparison *comparison, struct problem *problem);

// Whether a name is that of a pair of nodes.
bool is_of_matrix(const char *name);

// Tables of both: aligned for people, or of Markdown.
void curves_show(const struct comparison *comparison, FILE *output, bool is_markdown);
void matrices_show(const struct comparison *comparison, FILE *output, bool is_markdown);

#endif
