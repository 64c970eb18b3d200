// SPDX-License-Identifier: GPL-2.0-or-later
// A piece of code as kernel code is written, which compiles with <slab/linux.h> and the lines of
// kernel_glue.h: a hash table of routes, whose removed entries readers may still look at.
#include "linux/kernel_code.h"

#include "linux/kernel_glue.h"

struct route {
	struct route *next;
	struct rcu_head rcu;
	const char *name; // a constant of the caller's, or a copy
	u32 *hops;
	size_t count;
	char key[16]; // what user space may read
};

struct bucket {
	struct route *first;
};

static struct kmem_cache *route_cache __read_mostly;
static struct bucket *routes;
static u32 routes_mask;

int __init routes_init(u32 buckets)
{
	BUG_ON(buckets == 0 || (buckets & (buckets - 1)));
	route_cache = KMEM_CACHE_USERCOPY(route, SLAB_HWCACHE_ALIGN | SLAB_ACCOUNT, key);
	if (!route_cache)
		return -ENOMEM;
	routes = (struct bucket *)kvcalloc(buckets, sizeof(*routes), GFP_KERNEL);
	if (!routes) {
		pr_err("routes: no memory for %u buckets\n", buckets);
		kmem_cache_destroy(route_cache);
		return -ENOMEM;
	}
	routes_mask = buckets - 1;
	return 0;
}

static u32 route_hash(const char *name)
{
	u32 hash = 5381;

	while (*name)
		hash = hash * 33 + (u32)*name++;
	return hash & routes_mask;
}

static struct route **route_find(const char *name)
{
	struct route **at = &routes[route_hash(name)].first;

	while (*at && strcmp((*at)->name, name) != 0)
		at = &(*at)->next;
	return at;
}

int route_add(const char *name, const u32 *hops, size_t count)
{
	struct route **at = route_find(name), *route;

	if (*at)
		return -EEXIST;
	route = (struct route *)kmem_cache_zalloc(route_cache, GFP_KERNEL_ACCOUNT);
	if (!route)
		return -ENOMEM;
	route->name = kstrdup_const(name, GFP_KERNEL);
	route->hops = (u32 *)kmemdup(hops, count * sizeof(*hops), GFP_NOFS | __GFP_NOWARN);
	if (!route->name || !route->hops)
		goto free;
	route->count = count;
	(void)snprintf(route->key, sizeof(route->key), "%s", name);
	*at = route;
	return 0;
free:
	kfree(route->hops);
	kfree_const(route->name);
	kmem_cache_free(route_cache, route);
	return -ENOMEM;
}

char *route_describe(const char *name)
{
	struct route *route = *route_find(name);
	u32 last;

	if (!route)
		return NULL;
	last = route->count ? route->hops[route->count - 1] : 0;
	return kasprintf(
		GFP_ATOMIC, "%s: %zu hops, the last is %u", route->key, route->count, last);
}

static void route_drop(struct route **at)
{
	struct route *route = *at;

	*at = route->next;
	kfree_const(route->name);
	kfree_sensitive(route->hops);
	kfree_rcu(route, rcu);
}

bool route_remove(const char *name)
{
	struct route **at = route_find(name);

	if (!*at)
		return false;
	route_drop(at);
	return true;
}

void __exit routes_exit(void)
{
	for (u32 i = 0; i <= routes_mask; i++)
		while (routes[i].first)
			route_drop(&routes[i].first);
	kvfree_rcu_barrier();
	kmem_cache_destroy(route_cache);
	kvfree(routes);
}
