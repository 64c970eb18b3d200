// SPDX-License-Identifier: GPL-2.0-or-later
// The default with per-CPU arrays under a lock a CPU, whatever the kernel offers.
#define SLAB_CONFIG_DESCRIPTION "default with each CPU's arrays under a lock"

#define CONFIG_SLAB_COLOUR 1 // As default.
#define CONFIG_SLAB_SHARED 1 // As default.
#define CONFIG_SLAB_ALIEN  1 // As default.
