// SPDX-License-Identifier: GPL-2.0-or-later
// What the peers share: they have no options, no topology and no geometry of their own.
#ifndef SLAB_PEERS_PEER_H
#define SLAB_PEERS_PEER_H

#include <slab/slab.h>

// The alignment that SLAB_HWCACHE_ALIGN asks for: the cache line, halved while two objects fit in
// it.
static inline size_t peer_line_align(unsigned size)
{
	size_t align = 64;

	while (align > 8 && size <= align / 2)
		align /= 2;
	return align;
}

#endif
