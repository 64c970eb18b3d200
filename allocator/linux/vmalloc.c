// SPDX-License-Identifier: GPL-2.0-or-later
// The kvmalloc family of <slab/linux.h>: kmalloc while it can serve, else pages straight from the
// system, which stand for the kernel's vmalloc. Entries: slab_kvmalloc_node, slab_kvfree.
//
// kvfree() is not told which of the two it gets. Areas of the system's pages are few and large, so
// a tree of their addresses answers; it is not asked for an address that begins no page, nor while
// there are no areas.
#include <pthread.h>
#include <search.h>
#include <slab/linux.h>
#include <stdint.h>
#include <sys/mman.h>

#define PAGE 4096

// In the page before what the user has.
struct area {
	size_t bytes; // of both
};

static pthread_mutex_t areas_mutex = PTHREAD_MUTEX_INITIALIZER; // guards areas
static void *areas; // tsearch(3)'s root
static unsigned long areas_count; // written under areas_mutex
static pthread_once_t fork_once = PTHREAD_ONCE_INIT;

static int compare(const void *one, const void *other)
{
	return (one > other) - (one < other);
}

// A child may use what its parent has: no lock is copied while another thread holds it.
static void lock(void)
{
	pthread_mutex_lock(&areas_mutex);
}

static void unlock(void)
{
	pthread_mutex_unlock(&areas_mutex);
}

static void register_fork(void)
{
	pthread_atfork(lock, unlock, unlock);
}

static bool areas_add(struct area *area)
{
	bool is_in;

	pthread_once(&fork_once, register_fork);
	lock();
	is_in = tsearch(area, &areas, compare) != NULL;
	if (is_in)
		__atomic_store_n(&areas_count, areas_count + 1, __ATOMIC_RELAXED);
	unlock();
	return is_in;
}

// The area that begins at this address, no longer listed; NULL where none does.
static struct area *areas_take(const void *address)
{
	struct area *area = (struct area *)((uintptr_t)address - PAGE);
	bool was_in;

	if ((uintptr_t)address % PAGE != 0 || __atomic_load_n(&areas_count, __ATOMIC_RELAXED) == 0)
		return NULL;
	lock();
	was_in = tdelete(area, &areas, compare) != NULL;
	if (was_in)
		__atomic_store_n(&areas_count, areas_count - 1, __ATOMIC_RELAXED);
	unlock();
	return was_in ? area : NULL;
}

// Zeroed, as the system gives it.
static void *area_alloc(size_t size)
{
	size_t bytes;
	struct area *area;

	if (__builtin_add_overflow(size, (size_t)2 * PAGE - 1, &bytes))
		return NULL;
	bytes -= bytes % PAGE;
	area = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED)
		return NULL;
	area->bytes = bytes;
	if (areas_add(area))
		return (char *)area + PAGE;
	munmap(area, bytes);
	return NULL;
}

void *slab_kvmalloc_node(size_t size, gfp_t flags, int node)
{
	bool may_map = size > PAGE && (flags & GFP_KERNEL) == GFP_KERNEL;
	void *object = kmalloc_node(size, may_map ? flags & ~__GFP_NOFAIL : flags, node);

	return object || !may_map ? object : area_alloc(size);
}

void slab_kvfree(const void *object)
{
	struct area *area = areas_take(object);

	if (area)
		munmap(area, area->bytes);
	else
		kfree(object);
}
