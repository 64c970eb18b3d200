// SPDX-License-Identifier: GPL-2.0-or-later
// Which copies to user space a usercopy region lets pass: an object of 100 bytes whose bytes 32 to
// 63 may be copied, asked about from one end to the other.
#include <slab/slab.h>
#include <stdio.h>

static void ask(const char *object, unsigned offset, unsigned bytes)
{
	printf("%3u bytes from byte %2u: %s\n", bytes, offset,
		kmem_check_usercopy(object + offset, bytes) ? "pass" : "refused");
}

int main(void)
{
	struct kmem_cache *cache = kmem_cache_create_usercopy("region", 100, 0, 0, 32, 32, NULL);
	struct kmem_cache *closed = kmem_cache_create("closed", 100, 0, 0, NULL);
	char *object = cache ? kmem_cache_alloc(cache, GFP_KERNEL) : NULL;
	char *other = closed ? kmem_cache_alloc(closed, GFP_KERNEL) : NULL;

	if (!object || !other)
		return 3;
	ask(object, 32, 32);
	ask(object, 40, 8);
	ask(object, 31, 2);
	ask(object, 60, 5);
	ask(object, 0, 100);
	printf("of a cache without a region, ");
	ask(other, 0, 1);
	kmem_cache_free(closed, other);
	kmem_cache_free(cache, object);
	kmem_cache_destroy(closed);
	kmem_cache_destroy(cache);
	return 0;
}
