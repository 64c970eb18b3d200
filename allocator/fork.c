// SPDX-License-Identifier: GPL-2.0-or-later
// fork(): the child may use the allocator, so no lock may be copied while another thread holds it.
// Before the fork every lock is taken, in the order of types.h; afterwards parent and child let
// go of them. Sequences need not be kept out, because a child sees each array as it was before or
// after one store.
#include "fork.h"

#include "host/rcu.h"
#include "host/topology.h"
#include "reclaim/reaper.h"
#include "types.h"

// Alien locks need none: they are only taken by who holds a slot or slab_mutex.
static void list_locks_for_each(void (*function)(struct lock *lock))
{
	struct kmem_cache *cache;

	cds_list_for_each_entry(cache, &slab_caches, list)
		for (unsigned node = 0; node < topology.nr_nodes; node++)
			function(&cache->node[node]->list_lock);
}

static void prepare(void)
{
	pthread_mutex_lock(&slab_mutex);
	rcu_fork_begin();
	cpus_lock_all();
	list_locks_for_each(lock_take);
	pages_lock();
	rcu_lock();
}

static void release_locks(void)
{
	pages_unlock();
	list_locks_for_each(lock_release);
	cpus_leave_all();
	pthread_mutex_unlock(&slab_mutex);
}

static void release(void)
{
	rcu_fork_end();
	release_locks();
}

static void release_in_child(void)
{
	rcu_fork_end_in_child();
	release_locks();
	reaper_forget();
}

// The reaper needs no guard: the locks above are enough.
int fork_init(void)
{
	return -pthread_atfork(prepare, release, release_in_child);
}

// fork_init() has.
void rcu_guard_fork(void)
{
}
