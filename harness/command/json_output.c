// SPDX-License-Identifier: GPL-2.0-or-later
// Writes JSON for --format=json. Entry: json_output().
#include "json_output.h"

bool json_output(json_t *json, size_t flags, FILE *output, struct problem *problem)
{
	if (!json)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"no memory left for the JSON, or a name in it is not UTF-8");
	json_dumpf(json, output, flags);
	fputc('\n', output);
	json_decref(json);
	return true;
}
