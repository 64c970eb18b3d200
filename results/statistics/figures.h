// SPDX-License-Identifier: GPL-2.0-or-later
// One process is one figure: the mean of the logs of its good samples. Repetitions within a process
// share its luck (statistics.h), so that a process counts once however many samples it has. Whatever
// condenses samples does it here.
#ifndef RESULTS_STATISTICS_FIGURES_H
#define RESULTS_STATISTICS_FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The figures of some processes, while their samples come in. Begins as zeros, but for `logs`.
struct figures {
	double *logs; // where the figures go, with room for all; NULL: only their mean is wanted
	size_t count; // of processes so far; the last one's figure is there after figures_end()
	int64_t process; // the one whose samples come in
	double sum; // of its logs
	size_t samples; // of it; 0: it has ended
	double total; // of the figures of those that ended
};

// Whether a sample of this process would begin a new figure.
bool figures_begins(const struct figures *figures, int64_t process);

// Adds a good sample. Those of a process come one after the other.
void figures_add(struct figures *figures, int64_t process, double real_time_ns);

// Ends the process whose samples came in.
void figures_end(struct figures *figures);

// Ends, and gives the mean of all figures; NaN where there is none.
double figures_mean(struct figures *figures);

#endif
