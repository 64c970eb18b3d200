// SPDX-License-Identifier: GPL-2.0-or-later
// From readings to counts. Entry: count_between().
#include "count.h"

#include <math.h>

struct count count_between(const struct reading *before, const struct reading *after)
{
	uint64_t value = after->value - before->value;
	uint64_t enabled_ns = after->enabled_ns - before->enabled_ns;
	uint64_t running_ns = after->running_ns - before->running_ns;

	if (running_ns == 0)
		return (struct count){.events = NAN, .share = 0};
	if (running_ns >= enabled_ns)
		return (struct count){.events = (double)value, .share = 1};
	double share = (double)running_ns / (double)enabled_ns;
	return (struct count){.events = (double)value / share, .share = share};
}
