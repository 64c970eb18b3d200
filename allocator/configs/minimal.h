// SPDX-License-Identifier: GPL-2.0-or-later
// Nothing but CPU arrays and slabs.
#define SLAB_CONFIG_DESCRIPTION "no colouring, no shared arrays, no alien arrays"

// Everything that has a config of its own is off.

#define CONFIG_SLAB_RSEQ 1 // As default.
