// SPDX-License-Identifier: GPL-2.0-or-later
// A block is what pairs processes: a round of a session, as one number. Blocks rise with time, and
// those of a session's rounds are consecutive.
#ifndef RESULTS_COMPARE_BLOCK_H
#define RESULTS_COMPARE_BLOCK_H

#include <stdint.h>

static inline int64_t block_of(int64_t session, int64_t round)
{
	return (session << 32) + round;
}

static inline int64_t block_session(int64_t block)
{
	return block >> 32;
}

static inline int64_t block_round(int64_t block)
{
	return block & UINT32_MAX;
}

#endif
