// SPDX-License-Identifier: GPL-2.0-or-later
// Reads a date as other programs write it.
#ifndef RESULTS_TEXT_DATE_H
#define RESULTS_TEXT_DATE_H

#include <stdbool.h>
#include <stdint.h>

// "2026-01-01T12:00:00+01:00", "2026-01-01 12:00:00.5", "2016/08/02-19:45:47", with seconds or
// without. A date without a zone is taken for UTC. False: it is no date, or none that nanoseconds
// in 64 bits reach (1678 to 2262).
bool date_read(const char *text, int64_t *unix_ns);

// The same, but a day without a time means its last nanosecond.
bool date_read_end(const char *text, int64_t *unix_ns);

#endif
