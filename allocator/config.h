// SPDX-License-Identifier: GPL-2.0-or-later
// Which of the allocator's features this build has. Each config's header (configs/<name>.h)
// switches features on; what it leaves out is 0 here, so that bodies can ask `if
// (IS_ENABLED(CONFIG_…))` and the dead branch vanishes, and a misspelt name does not compile.
#ifndef SLAB_CONFIG_H
#define SLAB_CONFIG_H

#include SLAB_CONFIG_HEADER

// Slabs start at shifting offsets, so that objects of equal index lie in different cache sets.
#ifndef CONFIG_SLAB_COLOUR
#define CONFIG_SLAB_COLOUR 0
#endif

// One freelist placement wherever it is possible at all; at most one of the three.
#ifndef CONFIG_SLAB_FORCE_OBJFREELIST
#define CONFIG_SLAB_FORCE_OBJFREELIST 0
#endif
#ifndef CONFIG_SLAB_FORCE_OFFSLAB
#define CONFIG_SLAB_FORCE_OFFSLAB 0
#endif
#ifndef CONFIG_SLAB_FORCE_ONSLAB
#define CONFIG_SLAB_FORCE_ONSLAB 0
#endif

// A shared array a node and cache between the CPUs' arrays and the slabs.
#ifndef CONFIG_SLAB_SHARED
#define CONFIG_SLAB_SHARED 0
#endif

// Objects of other nodes are collected in alien arrays before they go home.
#ifndef CONFIG_SLAB_ALIEN
#define CONFIG_SLAB_ALIEN 0
#endif

// The CPUs' arrays are used by restartable sequences where the system has them; without, always
// under a lock a CPU.
#ifndef CONFIG_SLAB_RSEQ
#define CONFIG_SLAB_RSEQ 0
#endif

// slabinfo's statistics columns.
#ifndef CONFIG_SLAB_STATS
#define CONFIG_SLAB_STATS 0
#endif

// The order in which a slab hands out its objects is random.
#ifndef CONFIG_SLAB_FREELIST_RANDOM
#define CONFIG_SLAB_FREELIST_RANDOM 0
#endif

// Cheap checks at every free: the right cache, not the newest entry of the array once more.
#ifndef CONFIG_SLAB_FREELIST_HARDENED
#define CONFIG_SLAB_FREELIST_HARDENED 0
#endif

// Objects are zeroed when they are freed, unless init_on_free=0 says otherwise.
#ifndef CONFIG_INIT_ON_FREE_DEFAULT_ON
#define CONFIG_INIT_ON_FREE_DEFAULT_ON 0
#endif

// Poison, red zones and last user, forced onto most caches; no merging.
#ifndef CONFIG_DEBUG_SLAB
#define CONFIG_DEBUG_SLAB 0
#endif

// The library is a program's malloc itself (malloc/): it starts in whatever memory there is, and gives
// back what is idle unless told otherwise. Set by that library's target alone.
#ifndef CONFIG_SLAB_UNDER_MALLOC
#define CONFIG_SLAB_UNDER_MALLOC 0
#endif

#define IS_ENABLED(option) (option)

#endif
