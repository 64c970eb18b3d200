// SPDX-License-Identifier: GPL-2.0-or-later
// What happens when the per-CPU arrays can't be had: caches are created until a CPU's memory for
// arrays is used up, then a live cache is asked to take larger ones.
#include <errno.h>
#include <slab/slab.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CACHES_MAX 200000

// So that no cache is merged into another.
static void construct(void *object)
{
	(void)object;
}

static struct kmem_cache *create(void)
{
	return kmem_cache_create("many", 100, 0, 0, construct);
}

static unsigned create_all(struct kmem_cache **caches)
{
	unsigned count = 0;

	while (count < CACHES_MAX && (caches[count] = create()))
		count++;
	return count;
}

static void say(struct kmem_cache **caches, unsigned count)
{
	static const char larger[] = "many 4000 60 8";
	void *object = kmem_cache_alloc(caches[0], GFP_KERNEL);

	printf("more than ten thousand caches were created: %s\n", count > 10000 ? "yes" : "no");
	printf("the next one is refused: %s\n", strerrorname_np(errno));
	printf("an older one still hands out objects: %s\n", object ? "yes" : "no");
	printf("tuned to larger arrays: %s\n",
		strerrorname_np(-(int)slabinfo_write(larger, sizeof(larger) - 1)));
	kmem_cache_free(caches[0], object);
	object = kmem_cache_alloc(caches[count - 1], GFP_KERNEL);
	printf("and works on with those it has: %s\n", object ? "yes" : "no");
	kmem_cache_free(caches[count - 1], object);
	kmem_cache_destroy(caches[0]);
	caches[0] = create();
	printf("one destroyed, one created: %s\n", caches[0] ? "yes" : "no");
}

int main(void)
{
	struct kmem_cache **caches = calloc(CACHES_MAX, sizeof(struct kmem_cache *));
	struct slab_options options;
	unsigned count;

	if (!caches || slab_options_default(&options))
		return 2;
	options.topology = "node:1 core:1 pu:1";
	if (slab_init(&options))
		return 3;
	count = create_all(caches);
	if (count == 0)
		return 3;
	say(caches, count);
	free(caches);
	return 0;
}
