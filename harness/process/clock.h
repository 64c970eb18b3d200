// SPDX-License-Identifier: GPL-2.0-or-later
// The two clocks: one for how long something takes, one for when it was.
#ifndef HARNESS_PROCESS_CLOCK_H
#define HARNESS_PROCESS_CLOCK_H

#include <stdint.h>

// Seconds of the monotonic clock.
double clock_now_s(void);

// The date and time, as the store keeps them.
int64_t clock_now_unix_ns(void);

#endif
