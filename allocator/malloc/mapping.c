// SPDX-License-Identifier: GPL-2.0-or-later
// Mappings: what lies before and behind an aligned one is given back at once.
#include "malloc/mapping.h"

#include <stdint.h>
#include <sys/mman.h>

#include "host/pages.h"

size_t mapping_bytes(size_t size)
{
	if (size > PTRDIFF_MAX - PAGE_SIZE)
		return 0;
	return size ? (size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1) : PAGE_SIZE;
}

static void *map(size_t bytes)
{
	void *start = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return start == MAP_FAILED ? NULL : start;
}

void *mapping_make(size_t bytes, size_t align)
{
	char *start, *aligned;
	size_t before, after;

	if (align <= PAGE_SIZE)
		return map(bytes);
	start = map(bytes + align);
	if (!start)
		return NULL;
	aligned = (char *)(((uintptr_t)start + align - 1) & ~(uintptr_t)(align - 1));
	before = (size_t)(aligned - start);
	after = align - before;
	if (before)
		munmap(start, before);
	if (after)
		munmap(aligned + bytes, after);
	return aligned;
}
