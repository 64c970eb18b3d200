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

// The two-sided p value of paired differences under "either sign was as likely": Fisher's
// randomisation test (The Design of Experiments, 1935), statistic |sum|. Exact over all 2^count
// sign patterns up to SIGN_FLIP_EXACT_MAX pairs; beyond, (k + 1) / (n + 1) over n seeded random
// patterns (Phipson and Smyth, 2010), which never claims p = 0. 1 for no pairs.
#define SIGN_FLIP_EXACT_MAX 20
double sign_flip_p(const double *differences, size_t count);

// The smallest p that sign_flip_p() can give for so many pairs, whatever they are.
double sign_flip_p_smallest(size_t count);

struct interval {
	double estimate;
	double low;
	double high;
	double confidence; // achieved, at least what was asked for unless is_reached is false
	bool is_reached; // false: too few pairs for the confidence asked for; then it is the widest there is
};

// The median of the Walsh averages of paired differences (Hodges and Lehmann, 1963) with the
// interval that inverts Wilcoxon's signed-rank test (Tukey, 1949; Hollander and Wolfe,
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

// ---- independent sides

struct shift {
	struct interval
		interval; // of other minus base; NaN bounds where a side has fewer than two values
	double p; // two-sided, of "both sides are drawn alike"; 1 where a side is empty
	double superiority; // P(a value of other is above one of base), ties half; NaN where a side is empty
};

// How far `other` lies above `base` when nothing pairs their values. The estimate is the median of
// all differences between the sides (Hodges and Lehmann, 1963), the superiority Vargha and
// Delaney's A (JEBS 2000). p and interval are those of one test, so that p <= 1 - confidence
// exactly when the interval excludes 0:
// - up to SHIFT_PERMUTATIONS_MAX ways to part the values, the permutation test of the means (Pitman
//   1937) over all of them. The limits are order statistics of the mean differences of equally
//   large subsets (Hartigan, JASA 1969, and Garthwaite, Biometrics 1996, for the argument). 5
//   against 5 keep to 4.76 % of a nominal 5 %, where ranks give 3.17 %.
// - beyond, Mann and Whitney's rank test (1947), exact while a double holds the counts, then
//   normal. Its steps are fine by then, and one wild process does not cost it its power. Ties make
//   it slightly conservative. Returns false only when memory runs out.
#define SHIFT_PERMUTATIONS_MAX 5000
bool shift_between(const double *base, size_t base_count, const double *other, size_t other_count,
	double confidence, struct shift *shift);

// The same for paired differences: hodges_lehmann(), sign_flip_p(), and the share of pairs that are
// above 0, ties half.
bool shift_of_pairs(
	const double *differences, size_t count, double confidence, struct shift *shift);

// The smallest p that shift_between() can give for sides of these sizes, whatever they are.
double shift_p_smallest(size_t base_count, size_t other_count);

// P(U <= u) of Mann and Whitney's statistic without ties, exact where the number of ways fits into
// a double.
double mann_whitney_probability(double u, size_t base_count, size_t other_count);

#endif
