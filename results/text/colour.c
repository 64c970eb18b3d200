// SPDX-License-Identifier: GPL-2.0-or-later
// Entry: colour_is_wanted().
#include "colour.h"

#include <stdlib.h>
#include <unistd.h>

bool colour_is_wanted(FILE *output)
{
	const char *refused = getenv("NO_COLOR");

	return isatty(fileno(output)) && !(refused && *refused);
}
