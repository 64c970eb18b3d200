// SPDX-License-Identifier: GPL-2.0-or-later
// Turns nanoseconds since 1970 into a date.
#include "timestamp.h"

#include <time.h>

const char *timestamp(int64_t unix_ns, char text[TIMESTAMP_SIZE])
{
	time_t seconds = (time_t)(unix_ns / 1000000000);
	struct tm parts;

	if (!gmtime_r(&seconds, &parts) ||
		!strftime(text, TIMESTAMP_SIZE, "%Y-%m-%d %H:%M:%S UTC", &parts))
		return "unknown";
	return text;
}
