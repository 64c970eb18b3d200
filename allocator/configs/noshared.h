// SPDX-License-Identifier: GPL-2.0-or-later
// The default without shared arrays: what does a stage between a CPU and the slabs gain?
#define SLAB_CONFIG_DESCRIPTION                                                                    \
	"default without shared arrays: a full or empty CPU array goes to the slabs at once"

#define CONFIG_SLAB_COLOUR 1 // As default.
#define CONFIG_SLAB_ALIEN  1 // As default.
#define CONFIG_SLAB_RSEQ   1 // As default.
