// SPDX-License-Identifier: GPL-2.0-or-later
// A stranger's first program with the installed library, compiled as C and as C++: a cache, an
// object, kmalloc. Fails when the library is not the config that was asked for or does not keep its
// word.
#include <slab/slab.h>

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int complain(const char *what)
{
	(void)fprintf(stderr, "stranger: %s\n", what);
	return 1;
}

int main(void)
{
	struct kmem_cache *cache = kmem_cache_create("stranger", 200, 64, SLAB_HWCACHE_ALIGN, NULL);
	char *object, *bytes;

	if (strcmp(slab_config_name(), "default") != 0)
		return complain("another config than default was linked");
	if (!cache || kmem_cache_size(cache) < 200)
		return complain("no cache for objects of 200 bytes");
	object = (char *)kmem_cache_alloc(cache, GFP_KERNEL | __GFP_ZERO);
	if (!object || (uintptr_t)object % 64 != 0)
		return complain("no object, or not where it was to be aligned");
	for (size_t i = 0; i < 200; i++) {
		if (object[i] != 0)
			return complain("an object that was to be zero is not");
	}
	bytes = (char *)kmalloc(1000, GFP_KERNEL);
	if (!bytes || ksize(bytes) < 1000)
		return complain("kmalloc(1000) gave fewer bytes");
	memset(bytes, 0xa5, 1000);
	if (object[199] != 0)
		return complain("two objects overlap");
	kfree(bytes);
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
	return 0;
}
