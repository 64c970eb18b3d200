// SPDX-License-Identifier: GPL-2.0-or-later
// What a value counts in a permutation test: its distance, but no more than the bulk of the values
// reaches, and next to nothing where it lies far outside. So a process that a neighbour disturbed
// costs neither side its power. Whatever the scores are, the test stays exact, as long as they do
// not depend on which side a value is of: here they depend on distances alone.
#ifndef RESULTS_STATISTICS_SCORES_H
#define RESULTS_STATISTICS_SCORES_H

#include <stddef.h>

// Scores that so many values, the farthest, may at most be taken for disturbed: half of a side
// (one that is half of a side is a group of its own, not an accident), and never more than four.
size_t scores_far_most(size_t side_count);

// Fills scores[] from deviations[], with the same signs. With m the median of the distances that
// are not 0, and s the median of their distances from m:
// - up to m + s a distance counts itself;
// - beyond, it counts more and more slowly, and never as much as m + 3 s (Huber's idea, smoothly,
//   so that no two values tie that did not before);
// - of those beyond m + 7 s, the `far_most` farthest count a hundredth of m.
// m grows with a true difference of the sides and s does not, so that what is far is told from what
// has changed. `room` has place for 2 * count values. Returns how many count next to nothing.
size_t scores_fill(
	const double *deviations, size_t count, size_t far_most, double *room, double *scores);

#endif
