// SPDX-License-Identifier: GPL-2.0-or-later
// Takes a date apart: day, time, fraction, zone. Entry: date_read().
#include "date.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

// Each reads a day and a time; the longer ones first.
static const char *const FORMATS[] = {
	"%Y-%m-%dT%H:%M:%S",
	"%Y-%m-%dT%H:%M",
	"%Y-%m-%d %H:%M:%S",
	"%Y-%m-%d %H:%M",
	"%Y/%m/%d-%H:%M:%S",
	"%Y/%m/%d-%H:%M",
	"%Y/%m/%d %H:%M:%S",
	"%Y/%m/%d %H:%M",
	"%a %b %d %H:%M:%S %Y", // ctime()'s
	"%Y-%m-%d",
	"%Y/%m/%d",
};

static const char *day_and_time(const char *text, struct tm *parts)
{
	for (size_t i = 0; i < sizeof(FORMATS) / sizeof(FORMATS[0]); i++) {
		const char *end;

		*parts = (struct tm){0};
		end = strptime(text, FORMATS[i], parts);
		if (end)
			return end;
	}
	return NULL;
}

// ".123456" in nanoseconds; what is finer is dropped.
static const char *fraction(const char *text, int64_t *ns)
{
	int64_t unit = 100000000;

	*ns = 0;
	if ((*text != '.' && *text != ',') || !isdigit((unsigned char)text[1]))
		return text;
	for (text++; isdigit((unsigned char)*text); text++, unit /= 10)
		*ns += unit * (*text - '0');
	return text;
}

// "Z", "+01:00", " +0100" or nothing, in seconds east of Greenwich; NULL: none of them.
static const char *zone(const char *text, int64_t *offset_s)
{
	struct tm parts = {0};

	*offset_s = 0;
	while (*text == ' ')
		text++;
	if (!*text)
		return text;
	text = strptime(text, "%z", &parts);
	*offset_s = parts.tm_gmtoff;
	return text;
}

bool date_read(const char *text, int64_t *unix_ns)
{
	int64_t fraction_ns;
	int64_t offset_s;
	struct tm parts;
	const char *end = day_and_time(text, &parts);

	end = end ? fraction(end, &fraction_ns) : NULL;
	end = end ? zone(end, &offset_s) : NULL;
	return end && !*end &&
	       !__builtin_mul_overflow((int64_t)timegm(&parts) - offset_s, 1000000000, unix_ns) &&
	       !__builtin_add_overflow(*unix_ns, fraction_ns, unix_ns);
}

bool date_read_end(const char *text, int64_t *unix_ns)
{
	static const int64_t DAY_NS = 86400000000000;
	bool is_day = !strchr(text, ':');

	return date_read(text, unix_ns) &&
	       (!is_day || !__builtin_add_overflow(*unix_ns, DAY_NS - 1, unix_ns));
}
