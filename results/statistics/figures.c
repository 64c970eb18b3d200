// SPDX-License-Identifier: GPL-2.0-or-later
// Condenses samples to a figure a process. Entries: figures_add(), figures_mean().
#include "figures.h"

#include <math.h>

bool figures_begins(const struct figures *figures, int64_t process)
{
	return figures->samples == 0 || process != figures->process;
}

void figures_add(struct figures *figures, int64_t process, double real_time_ns)
{
	if (figures_begins(figures, process)) {
		figures_end(figures);
		figures->process = process;
		figures->count++;
	}
	figures->sum += log(real_time_ns);
	figures->samples++;
}

void figures_end(struct figures *figures)
{
	double figure;

	if (figures->samples == 0)
		return;
	figure = figures->sum / (double)figures->samples;
	figures->total += figure;
	if (figures->logs)
		figures->logs[figures->count - 1] = figure;
	figures->sum = 0;
	figures->samples = 0;
}

double figures_mean(struct figures *figures)
{
	figures_end(figures);
	return figures->count > 0 ? figures->total / (double)figures->count : NAN;
}
