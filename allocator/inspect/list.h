// SPDX-License-Identifier: GPL-2.0-or-later
// Lists that grow at their end. A list has room for as many items as the power of two at or above
// its count, so that nothing but the count is kept.
#ifndef SLAB_INSPECT_LIST_H
#define SLAB_INSPECT_LIST_H

#include <stdlib.h>

// Room for one more item of `bytes` behind `count` of them. Returns the list, which may have moved;
// NULL without memory, and the list stays as it is.
static inline void *list_make_room(void *list, size_t count, size_t bytes)
{
	if ((count & (count - 1)) != 0)
		return list;
	return realloc(list, (count ? 2 * count : 1) * bytes);
}

#endif
