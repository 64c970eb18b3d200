// SPDX-License-Identifier: GPL-2.0-or-later
// What a figure is worth that is shown because it is large. Of many rows those are called changed
// whose luck took them further from no change, so that their figures overstate what is true: the more
// the less power there was (Gelman and Carlin, Perspectives on Psychological Science 2014, call it
// the error of type M).
#ifndef RESULTS_STATISTICS_SELECTION_H
#define RESULTS_STATISTICS_SELECTION_H

// The estimate, given that it was shown because a two-sided test at alpha rejected 0: the effect of
// which half of those that are shown lie beyond it (median unbiased under selection; Zhong and
// Prentice, Biostatistics 2008, for the conditional law). Normal law. 0 where the test hardly
// rejected it; the estimate itself where nothing could have hidden it.
double selected_estimate(double estimate, double standard_error, double alpha);

#endif
