// SPDX-License-Identifier: GPL-2.0-or-later
// The default with freelist randomisation: what does an unpredictable order cost?
#define SLAB_CONFIG_DESCRIPTION                                                                    \
	"default with freelist randomisation: a slab hands out its objects in random order"

#define CONFIG_SLAB_COLOUR          1 // As default.
#define CONFIG_SLAB_SHARED          1 // As default.
#define CONFIG_SLAB_ALIEN           1 // As default.
#define CONFIG_SLAB_FREELIST_RANDOM 1 // A permutation a cache, a random start a slab.
#define CONFIG_SLAB_RSEQ            1 // As default.
