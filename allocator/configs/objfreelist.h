// SPDX-License-Identifier: GPL-2.0-or-later
// The freelist inside a free object wherever that is possible. The rules try this placement first
// already, and drop it only by necessity, so this config differs from the default in name alone: a
// check on the harness as much as a config.
#define SLAB_CONFIG_DESCRIPTION                                                                    \
	"freelist inside a free object wherever possible (the rules' first choice as well)"

#define CONFIG_SLAB_COLOUR            1 // As default.
#define CONFIG_SLAB_FORCE_OBJFREELIST 1 // The index array lives in one of the slab's free objects.
#define CONFIG_SLAB_SHARED            1 // Shared arrays on every node.
#define CONFIG_SLAB_ALIEN             1 // Alien arrays where there are several nodes.
#define CONFIG_SLAB_RSEQ              1 // As default.
