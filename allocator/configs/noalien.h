// SPDX-License-Identifier: GPL-2.0-or-later
// The default without alien arrays: what does collecting remote frees gain?
#define SLAB_CONFIG_DESCRIPTION                                                                    \
	"default without alien arrays: a remote free goes straight to the home node's slabs"

#define CONFIG_SLAB_COLOUR 1 // As default.
#define CONFIG_SLAB_SHARED 1 // As default.
#define CONFIG_SLAB_RSEQ   1 // As default.
