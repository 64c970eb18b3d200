// SPDX-License-Identifier: GPL-2.0-or-later
// Chooses units and digits. Entries: time_text(), ratio_text().
#include "figure.h"

#include <math.h>
#include <stdio.h>

static const struct {
	const char *name;
	double ns;
} UNITS[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};
enum { UNITS_COUNT = sizeof(UNITS) / sizeof(UNITS[0]) };

// What four digits round up to the next unit is shown in that.
static const double ROUNDS_TO_THOUSAND = 999.95;

const char *time_text(double ns, char text[FIGURE_SIZE])
{
	size_t unit = 0;

	while (unit + 1 < UNITS_COUNT && fabs(ns) / UNITS[unit].ns >= ROUNDS_TO_THOUSAND)
		unit++;
	if (isnan(ns))
		(void)snprintf(text, FIGURE_SIZE, "-");
	else
		(void)snprintf(text, FIGURE_SIZE, "%.4g %s", ns / UNITS[unit].ns, UNITS[unit].name);
	return text;
}

// Behind the point, so that three digits count.
static int decimals_of(double ratio)
{
	if (ratio >= 1000)
		return 0;
	return ratio >= 0.1 ? 3 : 2 - (int)floor(log10(ratio));
}

const char *ratio_text(double ratio, char text[FIGURE_SIZE])
{
	static const double LEAST = 1e-4, MOST = 1e7; // beyond them the zeros are hard to count

	if (isnan(ratio))
		(void)snprintf(text, FIGURE_SIZE, "-");
	else if (ratio < LEAST || ratio >= MOST)
		(void)snprintf(text, FIGURE_SIZE, "%.3g", ratio);
	else
		(void)snprintf(text, FIGURE_SIZE, "%.*f", decimals_of(ratio), ratio);
	return text;
}
