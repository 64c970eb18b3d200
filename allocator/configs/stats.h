// SPDX-License-Identifier: GPL-2.0-or-later
// The default with slabinfo's statistics.
#define SLAB_CONFIG_DESCRIPTION "default with slabinfo's statistics columns"

#define CONFIG_SLAB_COLOUR 1 // As default.
#define CONFIG_SLAB_SHARED 1 // As default.
#define CONFIG_SLAB_ALIEN  1 // As default.
#define CONFIG_SLAB_STATS  1 // Counters a cache.
#define CONFIG_SLAB_RSEQ   1 // As default.
