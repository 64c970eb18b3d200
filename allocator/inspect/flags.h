// SPDX-License-Identifier: GPL-2.0-or-later
// Names of flags, as geometry tables and traces write them.
#ifndef SLAB_INSPECT_FLAGS_H
#define SLAB_INSPECT_FLAGS_H

#include <stdbool.h>
#include <stdint.h>

#include <slab/slab.h>

// A whole word as a number: decimal, or hexadecimal after 0x. false when it is none or above max.
bool number_parse(const char *text, uint64_t max, uint64_t *value);

// "0", "none", or names of SLAB_* and 0x… bits joined by "|". false when one is neither; *bad is
// then where it begins in text.
bool cache_flags_parse(const char *text, slab_flags_t *flags, const char **bad);

// "DMA" and "RECLAIMABLE", joined by "|". As cache_flags_parse().
bool gfp_flags_parse(const char *text, gfp_t *flags, const char **bad);

#endif
