// SPDX-License-Identifier: GPL-2.0-or-later
// Linux 5.10 with CONFIG_DEBUG_SLAB: misuse is found and reported.
#define SLAB_CONFIG_DESCRIPTION                                                                    \
	"poison, red zones and last user on every cache that can bear them; no merging"

#define CONFIG_SLAB_COLOUR 1 // As default.
#define CONFIG_DEBUG_SLAB  1 // Misuse and corruption are found and reported.
#define CONFIG_SLAB_SHARED 1 // Shared arrays on every node.
#define CONFIG_SLAB_ALIEN  1 // Alien arrays where there are several nodes.
#define CONFIG_SLAB_STATS  1 // A debug build counts as well.
#define CONFIG_SLAB_RSEQ   1 // As default.
