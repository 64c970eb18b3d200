// SPDX-License-Identifier: GPL-2.0-or-later
// A moment as people read it: "2026-11-22 16:05:00 UTC". UTC, because results travel.
#ifndef RESULTS_TEXT_TIMESTAMP_H
#define RESULTS_TEXT_TIMESTAMP_H

#include <stdint.h>

enum { TIMESTAMP_SIZE = 64 };

// Writes its day, "16 November 2026", and returns it; "unknown" likewise.
const char *timestamp_day(int64_t unix_ns, char text[TIMESTAMP_SIZE]);

// Writes the moment into text and returns it; "unknown" for a moment outside of the calendar.
const char *timestamp(int64_t unix_ns, char text[TIMESTAMP_SIZE]);

#endif
