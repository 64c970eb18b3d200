// SPDX-License-Identifier: GPL-2.0-or-later
// Linux 5.10's SLAB as a NUMA distribution built it.
#define SLAB_CONFIG_DESCRIPTION                                                                    \
	"colouring and the rules' own choice of freelist placement, as Linux 5.10 built it"

#define CONFIG_SLAB_COLOUR 1 // Slabs of a cache start at different cache lines.
