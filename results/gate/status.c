// SPDX-License-Identifier: GPL-2.0-or-later
// What a judgement comes to: an exit status with its reason, and its place in the store. Entries:
// gate_status(), gate_write().
#include <string.h>

#include "gate.h"
#include "results/store/internal.h"

// Whether no time could be judged. Exact metrics, which always can, are no substitute; alone they
// are enough.
static bool is_blind(const struct gate *gate)
{
	bool has_time = false;
	bool has_exact = false;

	for (size_t i = 0; i < gate->rows_count; i++) {
		const struct gate_row *row = &gate->rows[i];
		bool is_time = strcmp(row->metric, "time") == 0;

		if (row->outcome == GATE_NOT_MEASURED)
			continue;
		if (is_time && !row->is_insufficient)
			return false;
		has_time |= is_time;
		has_exact |= !is_time;
	}
	return has_time || !has_exact;
}

int gate_status(const struct gate *gate, bool is_strict, struct problem *problem)
{
	size_t regressions = gate_count(gate, GATE_REGRESSION);
	size_t missing = gate_count(gate, GATE_NOT_MEASURED);
	size_t open = gate_count(gate, GATE_UNDECIDED) + gate_count(gate, GATE_SLOWER) +
		      gate_count(gate, GATE_UNCONFIRMED);

	if (regressions > 0)
		problem_set(problem, EXIT_REGRESSION, "%zu of %zu are regressions", regressions,
			gate->rows_count);
	else if (missing > 0)
		problem_set(problem, EXIT_NOT_MEASURED,
			"%zu of %zu were not measured; what was not measured is not good", missing,
			gate->rows_count);
	else if (!gate->is_complete)
		problem_set(problem, EXIT_NOT_MEASURED,
			"session %lld ended before its plan was done", (long long)gate->session);
	else if (is_blind(gate))
		problem_set(problem, EXIT_NOT_MEASURED,
			"too few processes for any change to show: nothing was judged");
	else if (is_strict && open > 0)
		problem_set(problem, EXIT_UNDECIDED, "%zu of %zu are undecided", open,
			gate->rows_count);
	else
		return EXIT_GOOD;
	return problem->status;
}

bool gate_write(struct store *store, const struct gate *gate, int status, int64_t now_unix_ns,
	struct problem *problem)
{
	struct statement statement;
	bool is_good = statement_prepare(&statement, store,
		"INSERT INTO gates (session_id, created_unix_ns, baseline, status) VALUES (?, ?, "
		"?, ?)",
		problem);

	if (is_good) {
		statement_bind_integer(&statement, gate->session);
		statement_bind_integer(&statement, now_unix_ns);
		statement_bind_text(&statement, gate->asked);
		statement_bind_integer(&statement, status);
		is_good = statement_run(&statement, problem);
	}
	statement_close(&statement);
	return is_good;
}
