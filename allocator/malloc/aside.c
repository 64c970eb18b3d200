// SPDX-License-Identifier: GPL-2.0-or-later
// A table of addresses that threads fill and clear by single stores. An entry's bytes are written
// while nobody else may touch it: between claimed and named.
#include "malloc/aside.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>

#include "host/pages.h"
#include "malloc/mapping.h"

#define PLACES_MAX 4096
#define CLAIMED    ((uintptr_t)1)

static struct place {
	atomic_uintptr_t address; // 0: free; CLAIMED: about to be filled or cleared
	size_t bytes;
} place[PLACES_MAX];

static atomic_uint places_used; // those behind were never claimed

static struct place *claim(void)
{
	for (unsigned i = 0; i < PLACES_MAX; i++) {
		uintptr_t free_place = 0;
		unsigned used = atomic_load(&places_used);

		if (!atomic_compare_exchange_strong(&place[i].address, &free_place, CLAIMED))
			continue;
		while (used <= i && !atomic_compare_exchange_weak(&places_used, &used, i + 1))
			;
		return &place[i];
	}
	return NULL;
}

static struct place *find(const void *address)
{
	unsigned used = atomic_load_explicit(&places_used, memory_order_relaxed);

	if (!address || (uintptr_t)address % PAGE_SIZE)
		return NULL;
	for (unsigned i = 0; i < used; i++)
		if (atomic_load(&place[i].address) == (uintptr_t)address)
			return &place[i];
	return NULL;
}

void *aside_alloc(size_t size, size_t align)
{
	size_t bytes = mapping_bytes(size);
	struct place *mine = bytes && align <= PTRDIFF_MAX - bytes ? claim() : NULL;
	void *block = mine ? mapping_make(bytes, align) : NULL;

	if (mine) {
		mine->bytes = bytes;
		atomic_store(&mine->address, (uintptr_t)block);
	}
	if (!block)
		errno = ENOMEM;
	return block;
}

size_t aside_size(const void *address)
{
	const struct place *found = find(address);

	return found ? found->bytes : 0;
}

bool aside_free(void *address)
{
	int error = errno;
	struct place *found = find(address);
	uintptr_t wanted = (uintptr_t)address;

	if (!found || !atomic_compare_exchange_strong(&found->address, &wanted, CLAIMED))
		return false;
	munmap(address, found->bytes);
	atomic_store(&found->address, 0);
	errno = error;
	return true;
}
