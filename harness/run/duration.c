// SPDX-License-Identifier: GPL-2.0-or-later
// Reads times as users type them. Entry: duration_read().
#include "duration.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double SECONDS_MOST = 10 * 365 * 86400.0;

// The seconds of a unit; 0: there is no such unit.
static double unit_seconds(const char *unit)
{
	static const struct {
		const char *name;
		double seconds;
	} units[] = {{"", 1}, {"s", 1}, {"m", 60}, {"min", 60}, {"h", 3600}, {"d", 86400}};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(units[i].name, unit) == 0)
			return units[i].seconds;
	return 0;
}

bool duration_read(const char *option, const char *text, double *seconds, struct problem *problem)
{
	char *end = NULL;
	double number = strtod(text, &end);
	bool is_number = end != text && (isdigit((unsigned char)*text) || *text == '.');

	*seconds = number * unit_seconds(end);
	if (is_number && isfinite(number) && *seconds > 0 && *seconds < SECONDS_MOST)
		return true;
	return problem_set(problem, EXIT_WRONG_USE,
		"--%s=%s: expected a time such as 90s, 10m or 2h", option, text);
}
