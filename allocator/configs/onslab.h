// SPDX-License-Identifier: GPL-2.0-or-later
// The freelist in the slab's last bytes wherever that is possible.
#define SLAB_CONFIG_DESCRIPTION "freelist in the last bytes of the slab wherever possible"

#define CONFIG_SLAB_COLOUR       1 // As default.
#define CONFIG_SLAB_FORCE_ONSLAB 1 // The index array ends the slab.
#define CONFIG_SLAB_SHARED       1 // Shared arrays on every node.
#define CONFIG_SLAB_ALIEN        1 // Alien arrays where there are several nodes.
#define CONFIG_SLAB_RSEQ         1 // As default.
