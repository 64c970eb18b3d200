// SPDX-License-Identifier: GPL-2.0-or-later
// The statistics of a comparison, as pure functions: numbers in, numbers out. What is compared are
// logarithms, because times are skewed and a ratio is what a reader asks for: a difference of logs
// is the log of a ratio.
//
// The unit is a process. Repetitions within a process share its luck (page placement, address
// layout) and must be condensed to one figure before any test (Kalibera and Jones, "Rigorous
// benchmarking in reasonable time", ISMM 2013; Laaber, Scheuner and Leitner, "Software
// microbenchmarking in the cloud", EMSE 2019).
#ifndef RESULTS_STATISTICS_STATISTICS_H
#define RESULTS_STATISTICS_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>

// The plain mean; NaN for no values. exp(mean(log ratios)) is the geometric mean of ratios, the
// only mean that does not depend on which side is the base (Fleming and Wallace, "How not to lie
// with statistics", CACM 1986).
double mean(const double *values, size_t count);

// The middle value, or the mean of both middle ones; NaN for no values, or when memory runs out.
double median(const double *values, size_t count);

struct interval {
	double estimate;
	double low;
	double high;
	double confidence; // achieved, at least what was asked for unless is_reached is false
	bool is_reached; // false: too few pairs for the confidence asked for; then it is the widest there is
};

// The median of the Walsh averages of values or paired differences (Hodges and Lehmann, 1963) with
// the interval that inverts Wilcoxon's signed-rank test (Tukey, 1949; Hollander and Wolfe,
// Nonparametric Statistical Methods, 3.2 and 3.3). The rank distribution is exact up to 200 pairs,
// normal beyond. All NaN for no pairs; confidence is 0 for one. Returns false only when memory runs
// out.
bool hodges_lehmann(
	const double *differences, size_t count, double confidence, struct interval *interval);

// P(V <= v) of Wilcoxon's signed-rank statistic V of `count` pairs, without ties; count is at most
// 200.
double signed_rank_probability(double v, size_t count);

// The q values of p values: the false discovery rate at which each would just be reported
// (Benjamini and Hochberg, JRSS B 1995). Same order as p. Returns false only when memory runs out.
bool benjamini_hochberg(const double *p, size_t count, double *q);

// ---- one side against another

struct shift {
	struct interval
		interval; // of other minus base; NaN bounds where a side has fewer than two values
	double p; // two-sided, of "both sides are drawn alike"; 1 where a side is empty
	double superiority; // P(a value of other is above one of base), ties half; NaN where a side is empty
	size_t far; // values, or pairs, so far outside that they hardly count
};

// How far the other side lies above the base, from paired differences: rounds stay together.
// - p is that of Fisher's randomisation test within the rounds (The Design of Experiments, 1935):
//   either sign of a difference was as likely. The statistic is the sum of scores (scores.h): a few
//   disturbed processes cost neither side its power. permutation.h says how ways are counted.
// - The estimate is the median of the Walsh averages (Hodges and Lehmann, 1963).
// - The interval holds every shift that this same test does not reject. p <= 1 - confidence when it
//   excludes 0. In under 1 of 100 cases p is that small and the interval holds 0 all the same:
//   there a larger shift is not rejected, and what lies between belongs to an interval.
// - With too few pairs for the confidence, it reaches from the smallest difference to the largest.
// The superiority is the share of pairs that are above 0, ties half (Vargha and Delaney's A, JEBS
// 2000). Returns false only when memory runs out.
bool shift_of_pairs(
	const double *differences, size_t count, double confidence, struct shift *shift);

// Its p alone. NaN when memory runs out.
double sign_flip_p(const double *differences, size_t count);

// The same where nothing pairs the values. The estimate is the median of all differences between the
// sides. p and interval:
// - up to 24 values in all, the permutation test (Pitman 1937) of the sum of scores, over all ways to
//   part the values.
// - beyond, Mann and Whitney's rank test (1947), exact while a double holds the counts, then normal.
bool shift_between(const double *base, size_t base_count, const double *other, size_t other_count,
	double confidence, struct shift *shift);

// Its p alone, which takes a small part of the time. NaN when memory runs out.
double shift_p_between(
	const double *base, size_t base_count, const double *other, size_t other_count);

// The smallest p that shift_between() can give for sides of these sizes, whatever they are.
double shift_p_smallest(size_t base_count, size_t other_count);

// P(U <= u) of Mann and Whitney's statistic without ties, exact where the number of ways fits into
// a double.
double mann_whitney_probability(double u, size_t base_count, size_t other_count);

#endif
