// SPDX-License-Identifier: GPL-2.0-or-later
// What the tests of projections share: sessions that are planned in a line, comparisons of them,
// and what is asserted of those. Every failure ends the test.
#ifndef RESULTS_MADE_SIDES_H
#define RESULTS_MADE_SIDES_H

#include "results.h"
#include "results/compare/compare.h"

// What a session measures: every config once a round, each in a process of its own.
struct made_plan {
	const char *commit;
	const char *machine;
	const char *configs[4];
	const char *benchmarks[4];
	double ns; // of the first config and benchmark; each further one takes 10 % longer than the one before
	int rounds;
};

extern const struct made_plan MADE_PLAN; // three configs, two benchmarks, eight rounds

json_t *made_plan_document(const struct made_plan *plan, const char *config);
int64_t made_plan_session(struct store *store, const struct made_plan *plan);
struct compare_options made_options(const char *filter, const char *rows, const char *columns);
struct comparison *made_compare(struct store *store, const struct compare_options *options);
void assert_comparison_refused(struct store *store, const struct compare_options *options,
	enum exit_status status, const char *expected);
bool comparison_warns_of(const struct comparison *comparison, const char *words);
// The sessions of a side as "1 2".
const char *comparison_sessions_of(const struct comparison *comparison, size_t side);
void assert_ratio(const struct compare_row *row, double expected);
struct made_plan made_plan_with(const char *commit, const char *machine, double ns);

#endif
