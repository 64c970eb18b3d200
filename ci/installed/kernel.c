// SPDX-License-Identifier: GPL-2.0-or-later
// Code that was written for a kernel, with the installed <slab/linux.h>, compiled as C and as C++.
#include <slab/linux.h>

struct entry {
	struct rcu_head rcu;
	char *text;
};

int main(void)
{
	struct kmem_cache *cache = KMEM_CACHE(entry, SLAB_HWCACHE_ALIGN | SLAB_ACCOUNT);
	struct entry *entry = (struct entry *)kmem_cache_zalloc(cache, GFP_KERNEL);
	void *large = kvzalloc(8u << 20, GFP_KERNEL);
	int is_good = entry && large && !entry->text;

	if (is_good) {
		entry->text = kasprintf(GFP_NOFS, "entry %d", 1);
		is_good = entry->text && strcmp(entry->text, "entry 1") == 0;
		kfree_sensitive(entry->text);
		kfree_rcu(entry, rcu);
	}
	kvfree(large);
	kvfree_rcu_barrier();
	kmem_cache_destroy(cache);
	return is_good ? 0 : 1;
}
