// SPDX-License-Identifier: GPL-2.0-or-later
// What a distribution that fears attackers switches on.
#define SLAB_CONFIG_DESCRIPTION                                                                    \
	"random freelists, cache check and double-free check at free, zeroing at free"

#define CONFIG_SLAB_COLOUR             1 // As default.
#define CONFIG_SLAB_SHARED             1 // As default.
#define CONFIG_SLAB_ALIEN              1 // As default.
#define CONFIG_SLAB_FREELIST_RANDOM    1 // As random.
#define CONFIG_SLAB_FREELIST_HARDENED  1 // The wrong cache and a double free in a row are found.
#define CONFIG_INIT_ON_FREE_DEFAULT_ON 1 // What is freed cannot be read any more.
#define CONFIG_SLAB_RSEQ               1 // As default.
