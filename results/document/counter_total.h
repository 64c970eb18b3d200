// SPDX-License-Identifier: GPL-2.0-or-later
// Which counters of a sample are counts of all of its loop, and not an operation's.
#ifndef RESULTS_DOCUMENT_COUNTER_TOTAL_H
#define RESULTS_DOCUMENT_COUNTER_TOTAL_H

#include <stdbool.h>

// Whether a measured program counts it over all of its loop, so that it is told an operation by
// dividing it; harness/measured/README.md has what they are.
bool counter_is_total(const char *name);
// NAME.raw is what NAME is an operation's share of.
bool counter_is_raw(const char *name);

#endif
