// SPDX-License-Identifier: GPL-2.0-or-later
// Linux 5.10's SLAB as a NUMA distribution built it.
#define SLAB_CONFIG_DESCRIPTION                                                                    \
	"Linux 5.10 as a NUMA distribution built it: colouring, shared and alien arrays, "         \
	"freelists by the rules"

#define CONFIG_SLAB_COLOUR 1 // Slabs of a cache start at different cache lines.
#define CONFIG_SLAB_SHARED 1 // Shared arrays on every node.
#define CONFIG_SLAB_ALIEN  1 // Alien arrays where there are several nodes.
#define CONFIG_SLAB_RSEQ   1 // Arrays used by restartable sequences where there are any.
