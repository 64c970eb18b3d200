// SPDX-License-Identifier: GPL-2.0-or-later
// A filter of names.
#include "only.h"

#include <stddef.h>
#include <string.h>

void only_free(struct only *only)
{
	if (only->is_set)
		regfree(&only->expression);
	only->is_set = false;
}

bool only_read(struct only *only, const char *text, struct problem *problem)
{
	char why[128];
	const char *expression = text + (text[0] == '-');

	only_free(only);
	only->is_negative = text[0] == '-';
	if (strcmp(expression, "all") == 0)
		expression = ".";
	int status = regcomp(&only->expression, expression, REG_EXTENDED | REG_NOSUB);
	only->is_set = status == 0;
	if (status == 0)
		return true;
	regerror(status, &only->expression, why, sizeof(why));
	return problem_set(problem, EXIT_WRONG_USE,
		"--slabmark_only=%s: no regular expression as 'grep -E' takes it: %s", text, why);
}

bool only_matches(const struct only *only, const char *name)
{
	return !only->is_set ||
	       (regexec(&only->expression, name, 0, NULL, 0) == 0) != only->is_negative;
}
