// SPDX-License-Identifier: GPL-2.0-or-later
// The statistics of a comparison, as pure functions: numbers in, numbers out. What is compared are logarithms, because
// times are skewed and a ratio is what a reader asks for: a difference of logs is the log of a ratio.
//
// The unit is a process. Repetitions within a process share its luck (page placement, address layout) and must be
// condensed to one figure before any test (Kalibera and Jones, "Rigorous benchmarking in reasonable time", ISMM 2013;
// Laaber, Scheuner and Leitner, "Software microbenchmarking in the cloud", EMSE 2019).
#ifndef RESULTS_STATISTICS_H
#define RESULTS_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>

// The mean of the logarithms; NaN for no values. exp() of it is the geometric mean. Values are above 0.
double log_mean(const double *values, size_t count);

// The plain mean; NaN for no values. exp(mean(log ratios)) is the geometric mean of ratios, the only mean that does
// not depend on which side is the base (Fleming and Wallace, "How not to lie with statistics", CACM 1986).
double mean(const double *values, size_t count);

// The two-sided p value of paired differences under "either sign was as likely": Fisher's randomisation test (The
// Design of Experiments, 1935), statistic |sum|. Exact over all 2^count sign patterns up to SIGN_FLIP_EXACT_MAX pairs;
// beyond, (k + 1) / (n + 1) over n seeded random patterns (Phipson and Smyth, 2010), which never claims p = 0.
// 1 for no pairs.
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

// The median of the Walsh averages of paired differences (Hodges and Lehmann, 1963) with the interval that inverts
// Wilcoxon's signed-rank test (Tukey, 1949; Hollander and Wolfe, Nonparametric Statistical Methods, 3.2 and 3.3). The
// rank distribution is exact up to 200 pairs, normal beyond. All NaN for no pairs; confidence is 0 for one.
// Returns false only when memory runs out.
bool hodges_lehmann(
	const double *differences, size_t count, double confidence, struct interval *interval);

// P(V <= v) of Wilcoxon's signed-rank statistic V of `count` pairs, without ties; count is at most 200.
double signed_rank_probability(double v, size_t count);

// The q values of p values: the false discovery rate at which each would just be reported (Benjamini and Hochberg,
// JRSS B 1995). Same order as p. Returns false only when memory runs out.
bool benjamini_hochberg(const double *p, size_t count, double *q);

#endif
