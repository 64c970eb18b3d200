// SPDX-License-Identifier: GPL-2.0-or-later
// A range of addresses, reserved at the first call and committed piece by piece. In front of each
// block stands its size.
#include "malloc/early.h"

#include <stdint.h>

#include "host/reserve.h"

#define RANGE_BYTES  ((size_t)8 << 20)
#define COMMIT_BYTES ((size_t)256 << 10)
#define BLOCK_ALIGN  16
#define COMMIT_ALIGN COMMIT_BYTES

struct header {
	size_t size;
} __attribute__((aligned(BLOCK_ALIGN)));

// Written by the thread that starts the allocator, while it does.
static struct {
	char *base;
	size_t used, committed; // bytes from the base
} range;

static bool commit(size_t bytes)
{
	size_t to = (bytes + COMMIT_BYTES - 1) & ~(COMMIT_BYTES - 1);

	if (to <= range.committed)
		return true;
	if (!reserve_commit(range.base + range.committed, to - range.committed))
		return false;
	range.committed = to;
	return true;
}

void *early_alloc(size_t size, size_t align)
{
	size_t start;

	if (!range.base)
		range.base = reserve(RANGE_BYTES, COMMIT_ALIGN);
	if (!range.base || size > RANGE_BYTES || align > COMMIT_ALIGN)
		return NULL;
	if (align < BLOCK_ALIGN)
		align = BLOCK_ALIGN;
	start = (range.used + sizeof(struct header) + align - 1) & ~(align - 1);
	if (start + size > RANGE_BYTES || !commit(start + size))
		return NULL;
	range.used = start + size;
	((struct header *)(range.base + start))[-1].size = size;
	return range.base + start;
}

bool early_contains(const void *address)
{
	return range.base && (uintptr_t)address - (uintptr_t)range.base < RANGE_BYTES;
}

size_t early_size(const void *address)
{
	return ((const struct header *)address)[-1].size;
}
