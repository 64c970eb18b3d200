// SPDX-License-Identifier: GPL-2.0-or-later
// The default without colouring: what does shifting the slabs' first objects gain?
#define SLAB_CONFIG_DESCRIPTION                                                                    \
	"default without colouring: each slab's first object is at its first byte"

#define CONFIG_SLAB_SHARED 1 // Shared arrays on every node.
#define CONFIG_SLAB_ALIEN  1 // Alien arrays where there are several nodes.
#define CONFIG_SLAB_RSEQ   1 // As default.
