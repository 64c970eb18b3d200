// SPDX-License-Identifier: GPL-2.0-or-later
// How libslabmalloc starts: the options of the environment, with an arena that fits the machine and
// its limits. It starts before any other constructor runs, so that its handlers of fork() are the
// first: they close the heap after all other handlers have run, and open it before.
#include "malloc/start.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "host/pages.h"
#include "host/report.h"
#include "malloc/block_map.h"
#include "malloc/gate.h"
#include "malloc/size_class.h"

#define ARENA_BYTES_USUAL ((size_t)64 << 30)
#define ARENA_BYTES_MOST  ((size_t)1 << 44)
#define ARENA_BYTES_LEAST ((size_t)4 << 20)

#define EXIT_WRONG_USE 2

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER; // of the thread that starts
static __thread bool is_starting __attribute__((tls_model("initial-exec")));

// Under `turn`.
static struct {
	bool has_handlers, is_up; // steps of the start that were done
	bool has_failed; // for want of memory: said once
	bool has_wrong_options; // said; the constructor ends the process
} progress;

// The address space that the process has taken; 0 where that is not known.
static size_t address_space_used(void)
{
	char text[64] = "";
	int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	ssize_t length = file >= 0 ? read(file, text, sizeof(text) - 1) : 0;

	if (file >= 0)
		close(file);
	return length > 0 ? (size_t)strtoul(text, NULL, 10) << PAGE_SHIFT : 0;
}

// No less than all memory there is, so that a node's addresses do not end before its memory; but at
// most half of what a limit leaves, because stacks, files and large blocks count against it as well.
static size_t choose_arena_size(void)
{
	long pages = sysconf(_SC_PHYS_PAGES);
	size_t memory = pages > 0 ? (size_t)pages << PAGE_SHIFT : 0, size = ARENA_BYTES_USUAL;
	size_t used;
	struct rlimit limit;

	while (size < memory && size < ARENA_BYTES_MOST)
		size *= 2;
	if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
		return size;
	used = address_space_used();
	while (size > ARENA_BYTES_LEAST &&
		(limit.rlim_cur < used || size > (limit.rlim_cur - used) / 2))
		size /= 2;
	return size;
}

// slab_init() takes no arena below 64 MiB as a wish; what the system refuses it halves.
static int start_allocator(void)
{
	struct slab_options options;
	int error = slab_options_default(&options);

	if (error)
		return error;
	block_map_observe();
	if (!options.arena_size)
		pages_limit_arena(choose_arena_size());
	return slab_init(&options);
}

static int start(void)
{
	int error = 0;

	if (!progress.has_handlers)
		error = gate_init();
	progress.has_handlers = !error;
	if (!error && !progress.is_up) {
		error = start_allocator();
		progress.is_up = !error;
	}
	if (!error)
		error = block_map_init();
	if (!error)
		size_classes_init();
	return error;
}

static void note_failure(int error)
{
	if (error != -ENOMEM && !progress.has_wrong_options) {
		report("libslabmalloc cannot start: %s", strerrorname_np(-error));
		progress.has_wrong_options = true;
	} else if (error == -ENOMEM && !progress.has_failed) {
		report("libslabmalloc has no memory for its heap; each block is a mapping of its "
		       "own");
		progress.has_failed = true;
	}
}

bool malloc_start(void)
{
	int error = 0;

	if (progress.has_failed || progress.has_wrong_options)
		return false;
	pthread_mutex_lock(&turn);
	is_starting = true;
	if (!size_classes_are_there())
		error = start();
	if (error)
		note_failure(error);
	is_starting = false;
	pthread_mutex_unlock(&turn);
	return !error;
}

bool malloc_is_starting(void)
{
	return is_starting;
}

// A program that ran on with wrong options could not be told from one that runs as it was asked to.
// The first constructor of all runs before the C library's own, which sets the environment.
__attribute__((constructor)) static void start_first(int argc, char **argv, char **envp)
{
	int error = errno;

	(void)argc;
	(void)argv;
	if (!environ)
		environ = envp;
	malloc_start();
	if (progress.has_wrong_options)
		_exit(EXIT_WRONG_USE);
	errno = error;
}
