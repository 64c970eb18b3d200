// SPDX-License-Identifier: GPL-2.0-or-later
// Reads the clocks. Entries: clock_now_s(), clock_now_unix_ns().
#include "clock.h"

#include <time.h>

double clock_now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

int64_t clock_now_unix_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
