// SPDX-License-Identifier: GPL-2.0-or-later
// What every peer has in common: the public functions that can be made of the few a peer brings,
// and those that have nothing to do in one (-ENOTSUP).
#include "peers/peer.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>

#include "config.h"
#include "derived.h"
#include "host/options.h"
#include "host/rcu.h"

// kfree_rcu() of a child of fork(). Before the handlers of linux/grace.c, whose lock is taken first.
__attribute__((constructor)) static void guard_fork(void)
{
	pthread_atfork(rcu_lock, rcu_unlock, rcu_unlock_in_child);
}

int slab_init(const struct slab_options *options)
{
	return options_check(options);
}

int slab_set_cpu(unsigned cpu)
{
	(void)cpu;
	return -ENOTSUP;
}

const char *slab_config_name(void)
{
	return SLAB_CONFIG_NAME;
}

const char *slab_config_description(void)
{
	return SLAB_CONFIG_DESCRIPTION;
}

const char *slab_cpu_mode(void)
{
	return "none";
}

const char *slab_backing(void)
{
	return "none";
}

bool slab_is_available(void)
{
	return true;
}

// A peer has none: kmalloc() asks __kmalloc() for every size.
struct kmem_cache *slab_kmalloc_caches[NR_KMALLOC_TYPES][KMALLOC_SHIFT_HIGH + 1];

// ---- the rest of the interface, on what each peer has

struct kmem_cache *kmem_cache_create_usercopy(const char *name, unsigned size, unsigned align,
	slab_flags_t flags, unsigned useroffset, unsigned usersize, void (*ctor)(void *object))
{
	(void)useroffset;
	(void)usersize;
	return kmem_cache_create(name, size, align, flags, ctor);
}

bool kmem_check_usercopy(const void *from, size_t bytes)
{
	(void)from;
	(void)bytes;
	return false;
}

bool kmem_valid_obj(void *object)
{
	(void)object;
	return false;
}

void kmem_dump_obj(void *object)
{
	(void)fprintf(stderr, "slab: %p: the peer '" SLAB_CONFIG_NAME "' does not say what it is\n",
		object);
}

// A peer places memory as it does; the node is a wish.
void *kmem_cache_alloc_node(struct kmem_cache *cache, gfp_t flags, int node)
{
	(void)node;
	return kmem_cache_alloc(cache, flags);
}

void *kmalloc_node(size_t size, gfp_t flags, int node)
{
	(void)node;
	return kmalloc(size, flags);
}

// A peer cannot tell what is no object of its own.
bool object_room(const void *object, const char *function, size_t *bytes)
{
	(void)function;
	*bytes = ksize(object);
	return true;
}

// ---- what a peer does not have

int kmem_cache_shrink(struct kmem_cache *cache)
{
	(void)cache;
	return 1;
}

void slab_reap(void)
{
}

int slab_cpu_down(unsigned cpu)
{
	(void)cpu;
	return -ENOTSUP;
}

int slab_cpu_up(unsigned cpu)
{
	(void)cpu;
	return -ENOTSUP;
}

int slab_node_offline(unsigned node)
{
	(void)node;
	return -ENOTSUP;
}

int slab_node_online(unsigned node)
{
	(void)node;
	return -ENOTSUP;
}

int slab_reaper_start(void)
{
	return -ENOTSUP;
}

void slab_reaper_stop(void)
{
}

int slab_set_mempolicy(enum slab_mempolicy mode, unsigned long nodes)
{
	(void)mode;
	(void)nodes;
	return -ENOTSUP;
}

void slab_set_mem_spread(bool is_on)
{
	(void)is_on;
}

int slab_counts(struct slab_counts *counts)
{
	memset(counts, 0, sizeof(*counts));
	return -ENOTSUP;
}

int slab_node_counts(unsigned node, struct slab_node_counts *counts)
{
	(void)node;
	memset(counts, 0, sizeof(*counts));
	return -ENOTSUP;
}

int slab_nodes(void)
{
	return -ENOTSUP;
}

int slab_remote_frees(unsigned long *matrix, unsigned nodes)
{
	(void)matrix;
	(void)nodes;
	return -ENOTSUP;
}

int slab_geometry(const struct kmem_cache *cache, struct slab_geometry *geometry)
{
	(void)cache;
	memset(geometry, 0, sizeof(*geometry));
	return -ENOTSUP;
}

int slabinfo_show(FILE *output)
{
	(void)output;
	return -ENOTSUP;
}

ssize_t slabinfo_write(const char *text, size_t bytes)
{
	(void)text;
	(void)bytes;
	return -ENOTSUP;
}
