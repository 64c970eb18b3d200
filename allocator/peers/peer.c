// SPDX-License-Identifier: GPL-2.0-or-later
// What every peer has in common: the public functions that can be made of the few a peer brings.
// absent.c answers for what none has.
#include "peers/peer.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>

#include "config.h"
#include "derived.h"
#include "host/options.h"
#include "host/rcu.h"

static void prepare_fork(void)
{
	rcu_fork_begin();
	rcu_lock();
}

static void guard_fork(void)
{
	pthread_atfork(prepare_fork, rcu_fork_end, rcu_fork_end_in_child);
}

void rcu_guard_fork(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, guard_fork);
}

int slab_init(const struct slab_options *options)
{
	return options_check(options);
}

const char *slab_config_name(void)
{
	return SLAB_CONFIG_NAME;
}

const char *slab_config_description(void)
{
	return SLAB_CONFIG_DESCRIPTION;
}

bool slab_is_available(void)
{
	return true;
}

// ---- the rest of the interface, on what each peer has

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

// A peer cannot tell what is no object of its own.
bool object_room(const void *object, const char *function, size_t *bytes)
{
	(void)function;
	*bytes = ksize(object);
	return true;
}

// ---- what only a slab allocator has

int slab_set_mempolicy(enum slab_mempolicy mode, unsigned long nodes)
{
	(void)mode;
	(void)nodes;
	return -ENOTSUP;
}
