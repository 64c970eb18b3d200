// SPDX-License-Identifier: GPL-2.0-or-later
// Turns nanoseconds since 1970 into a date.
#include "timestamp.h"

#include <time.h>

static const char *write(int64_t unix_ns, const char *format, char text[TIMESTAMP_SIZE])
{
	time_t seconds = (time_t)(unix_ns / 1000000000);
	struct tm parts;

	if (!gmtime_r(&seconds, &parts) || !strftime(text, TIMESTAMP_SIZE, format, &parts))
		return "unknown";
	return text;
}

const char *timestamp(int64_t unix_ns, char text[TIMESTAMP_SIZE])
{
	return write(unix_ns, "%Y-%m-%d %H:%M:%S UTC", text);
}

const char *timestamp_day(int64_t unix_ns, char text[TIMESTAMP_SIZE])
{
	const char *day = write(unix_ns, "%d %B %Y", text);

	return *day == '0' ? day + 1 : day;
}
