// SPDX-License-Identifier: GPL-2.0-or-later
// In which tenths of the four-second period do the caches' turns come, if a cache's address is
// folded in: as nanoseconds, or as milliseconds, which is about what the kernel's ticks are?
#include <slab/slab.h>
#include <stdint.h>
#include <stdio.h>

#define CACHES    64
#define TENTHS    40
#define PERIOD_MS 4000

static unsigned tenths_hit(struct kmem_cache *const *caches, uint64_t ticks_a_tenth)
{
	bool is_hit[TENTHS] = {false};
	unsigned count = 0;

	for (unsigned i = 0; i < CACHES; i++) {
		uint64_t tenth = (uintptr_t)caches[i] / ticks_a_tenth % TENTHS;

		count += !is_hit[tenth];
		is_hit[tenth] = true;
	}
	return count;
}

int main(void)
{
	struct kmem_cache *caches[CACHES];
	struct slab_options options;

	if (slab_options_default(&options))
		return 2;
	options.slab_nomerge = true;
	if (slab_init(&options))
		return 3;
	for (unsigned i = 0; i < CACHES; i++) {
		caches[i] = kmem_cache_create("spread", 100, 0, 0, NULL);
		if (!caches[i])
			return 3;
	}
	printf("%d caches, not folded in: all in 1 of %d tenths of a second\n", CACHES, TENTHS);
	printf("folded in as nanoseconds: in more than 2: %s\n",
		tenths_hit(caches, UINT64_C(100000000)) > 2 ? "yes" : "no");
	printf("folded in as milliseconds: in more than 20: %s\n",
		tenths_hit(caches, PERIOD_MS / TENTHS) > 20 ? "yes" : "no");
	return 0;
}
