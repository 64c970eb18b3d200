// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/page_map.h"

#include "host/reserve.h"
#include "host/topology.h"

struct page_map page_map;

#define MAP_ALIGN ((size_t)2 << 20) // a huge page

static bool ranges_reserve(size_t bytes, size_t map_bytes, bool grows)
{
	page_map.base = reserve(bytes, PAGE_SIZE << MAX_ORDER);
	if (!page_map.base)
		return false;
	page_map.page = reserve(map_bytes, MAP_ALIGN);
	if (page_map.page && (grows || reserve_read(page_map.page, map_bytes)))
		return true;
	if (page_map.page)
		reserve_release(page_map.page, map_bytes);
	reserve_release(page_map.base, bytes);
	return false;
}

bool page_map_reserve(size_t bytes, bool grows)
{
	size_t pages = bytes >> PAGE_SHIFT;
	size_t map_bytes = pages * (sizeof(*page_map.page) + sizeof(*page_map.place));
	uintptr_t first;

	if (!ranges_reserve(bytes, map_bytes, grows))
		return false;
	first = (uintptr_t)page_map.base >> PAGE_SHIFT;
	page_map.place = (uint32_t *)(page_map.page + pages);
	page_map.bytes = grows ? 0 : bytes;
	page_map.page_of_zero = (uintptr_t)page_map.page - first * sizeof(*page_map.page);
	page_map.place_of_zero = (uintptr_t)page_map.place - first * sizeof(*page_map.place);
	return true;
}

bool page_map_commit(struct page *page, size_t count)
{
	return reserve_commit(page, count * sizeof(*page)) &&
	       reserve_commit(page_place(page), count * sizeof(uint32_t));
}

void page_map_bind(struct page *page, size_t count, unsigned node)
{
	topology_bind(page, count * sizeof(*page), node);
	topology_bind(page_place(page), count * sizeof(uint32_t), node);
}
