// SPDX-License-Identifier: GPL-2.0-or-later
// The counters of a row: what both sides counted, how far they differ, and how sure that is.
//
// row->counters is an array, by name, of objects:
//   name, base, config     the means over processes; an operation, where per_operation
//   per_operation, simulated, exact
//   kind                   "ratio"; "difference", where some process counted 0; "exact", without noise
//   ratio, difference      the estimate of that kind; null elsewhere. Of "exact" the means' ratio,
//                          null where a side is 0, and their difference
//   low, high, confidence  its interval, as a row's; null where there is none
//   p, q                   of counters alone: they are a family of their own; null of "exact"
//   n_a, n_b, verdict      pairs or processes, and as a row's
//   running                the least share of the time that it was really counted; null: all of it
//   doubt                  why it explains nothing; only where that is so
#ifndef RESULTS_COMPARE_COUNTERS_H
#define RESULTS_COMPARE_COUNTERS_H

#include "results/compare/internal.h"

// NULL only when memory runs out.
json_t *counters_compare(const struct compare_side *base, const struct compare_side *other,
	const struct comparison *comparison, const struct compare_options *options);
// Gives q and verdict to the counters of all rows.
bool counters_judge(struct comparison *comparison, const struct compare_options *options,
	struct problem *problem);

// A counter of a sample as it is compared, an operation where it is a total; NaN where not known.
double counter_number(const struct compare_sample *sample, const char *name);

// Measures one counter; its "name", and whether it is "exact", are there. False: no memory.
bool counter_measure(json_t *counter, const struct compare_side *base,
	const struct compare_side *other, const struct comparison *comparison);

// Whether any row has this counter.
bool counters_have(const struct comparison *comparison, const char *name);

// A text or a number of a counter; NaN where it is null.
const char *counter_string(const json_t *counter, const char *member);
double counter_real(const json_t *counter, const char *member);

// Whether the counter is the same for every row of the side (the size of a build's code), and an earlier row
// has told it already.
bool counter_is_told(
	const struct comparison *comparison, const struct compare_row *row, const json_t *counter);
// Whether there is something to tell: of an exact counter that the sides differ, else that either
// side counted any.
bool counter_explains(const json_t *counter);

// What the row comes to, made of the counters that changed: "1.34 x slower: 2.1 x remote_frees; the
// same: simulated_instructions". What was not counted, or too little, has no part in it. The
// caller's; NULL: nothing can be said, or no memory.
char *row_explanation(const struct compare_row *row);

// The section of a side: a table of its rows' counters, for people; nothing where there are none.
void counters_text_table(const struct comparison *comparison, const char *side, FILE *output);
void counters_markdown_table(const struct comparison *comparison, const char *side, FILE *output);

#endif
