// SPDX-License-Identifier: GPL-2.0-or-later
// How libslabmalloc starts: the options of the environment, with an arena that fits the machine and
// its limits.
#include "malloc/start.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "host/report.h"
#include "malloc/block_map.h"
#include "malloc/large.h"
#include "malloc/size_class.h"

#define ARENA_BYTES_USUAL ((size_t)64 << 30)
#define ARENA_BYTES_MOST  ((size_t)1 << 44)
#define ARENA_BYTES_LEAST ((size_t)64 << 20)

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER; // of the thread that starts
static __thread bool is_starting __attribute__((tls_model("initial-exec")));

// No less than all memory there is, so that a node's addresses do not end before its memory; but a
// part of what a limit allows, because stacks, files and large blocks count against it as well.
static size_t choose_arena_size(void)
{
	long pages = sysconf(_SC_PHYS_PAGES);
	size_t memory = pages > 0 ? (size_t)pages << PAGE_SHIFT : 0, size = ARENA_BYTES_USUAL;
	struct rlimit limit;

	while (size < memory && size < ARENA_BYTES_MOST)
		size *= 2;
	if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
		while (size > limit.rlim_cur / 4 && size > ARENA_BYTES_LEAST)
			size /= 2;
	return size;
}

static int start(void)
{
	struct slab_options options;
	int error = slab_options_default(&options);

	if (error)
		return error;
	if (!options.arena_size)
		options.arena_size = choose_arena_size();
	block_map_observe();
	error = slab_init(&options);
	if (!error)
		error = block_map_init();
	if (!error)
		error = -pthread_atfork(large_lock, large_unlock, large_unlock);
	if (!error)
		size_classes_init();
	return error;
}

bool malloc_start(void)
{
	int error = 0;

	pthread_mutex_lock(&turn);
	is_starting = true;
	if (!size_classes_are_there())
		error = start();
	is_starting = false;
	pthread_mutex_unlock(&turn);
	if (!error)
		return true;
	report("libslabmalloc cannot start: %s", strerrorname_np(-error));
	if (error != -ENOMEM)
		_exit(2);
	errno = ENOMEM;
	return false;
}

bool malloc_is_starting(void)
{
	return is_starting;
}
