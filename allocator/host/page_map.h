// SPDX-License-Identifier: GPL-2.0-or-later
// The map of all pages (struct page_map, host/pages.h): the arenas' range of addresses, and in a range of its own a
// descriptor a page, and behind those a place a page.
#ifndef SLAB_HOST_PAGE_MAP_H
#define SLAB_HOST_PAGE_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "host/pages.h"

// Reserves both ranges, for arenas of so many bytes together, or neither. What the map keeps of memory that was
// never used can be read, and says so; unless the map is to grow with what is committed. page_map is filled, but
// for node_shift. False: the system refuses.
bool page_map_reserve(size_t bytes, bool grows);

// What the map keeps of `count` pages from this one on can be written from now on. False: no memory.
bool page_map_commit(struct page *page, size_t count);

// It is to come from this node.
void page_map_bind(struct page *page, size_t count, unsigned node);

#endif
