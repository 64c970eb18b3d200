// SPDX-License-Identifier: GPL-2.0-or-later
// libslabrecord: preloaded into a program, notes each call of malloc and its family and hands it on
// to the C library's. It never allocates by itself, and it holds no lock.
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "capture.h"

#define EXPORT __attribute__((visibility("default")))

// The C library's own, under names that nobody interposes.
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *object, size_t size);
void *__libc_memalign(size_t align, size_t size);
void __libc_free(void *object);

static const char *path; // of the file; NULL: nothing is noted. Written by capture_start() alone
static struct capture_head *head;
static _Atomic(struct capture_entry *) windows[CAPTURE_WINDOWS_MAX];
static uint32_t process; // written before the program's main, and by a child of fork()
static __thread uint32_t thread; // 0: not asked for yet

// ---- entries

// Maps a part of the file, which grows as needed. NULL: there is no room. The descriptor is closed
// again: a program may close all there are.
static void *part_map(uint64_t offset, uint64_t bytes)
{
	int file = open(path, O_RDWR | O_CLOEXEC);
	void *part = MAP_FAILED;

	if (file < 0)
		return NULL;
	if (fallocate(file, 0, (off_t)offset, (off_t)bytes) == 0)
		part = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, (off_t)offset);
	close(file);
	return part == MAP_FAILED ? NULL : part;
}

static struct capture_entry *window_of(uint64_t number)
{
	uint64_t index = number / CAPTURE_WINDOW_ENTRIES;
	struct capture_entry *window = NULL;
	struct capture_entry *mapped;

	if (index >= CAPTURE_WINDOWS_MAX)
		return NULL;
	window = atomic_load_explicit(&windows[index], memory_order_acquire);
	if (window)
		return window;
	mapped = part_map(CAPTURE_HEAD_BYTES + index * CAPTURE_WINDOW_BYTES, CAPTURE_WINDOW_BYTES);
	if (!mapped || atomic_compare_exchange_strong(&windows[index], &window, mapped))
		return mapped;
	munmap(mapped, CAPTURE_WINDOW_BYTES); // another thread was quicker
	return window;
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static unsigned power_of(size_t align)
{
	return align > 1 ? 63u - (unsigned)__builtin_clzll(align) : 0;
}

static void note(
	enum capture_verb verb, const void *object, size_t size, size_t align, bool is_zeroed)
{
	int kept = errno;
	uint64_t number;
	struct capture_entry *window;
	struct capture_entry *entry;

	if (!head)
		return;
	if (thread == 0)
		thread = (uint32_t)syscall(SYS_gettid);
	number = atomic_fetch_add_explicit(&head->taken, 1, memory_order_relaxed);
	window = window_of(number);
	errno = kept;
	if (!window) {
		atomic_fetch_add_explicit(&head->lost, 1, memory_order_relaxed);
		return;
	}
	entry = &window[number % CAPTURE_WINDOW_ENTRIES];
	entry->time_ns = now_ns();
	entry->address = (uint64_t)(uintptr_t)object;
	entry->size = size;
	entry->process = process;
	entry->thread = thread;
	entry->cpu = (uint16_t)sched_getcpu();
	entry->align = (uint8_t)power_of(align);
	entry->is_zeroed = is_zeroed;
	atomic_store_explicit(&entry->verb, verb, memory_order_release);
}

// ---- start

static void child_start(void)
{
	process = thread = (uint32_t)getpid();
}

__attribute__((constructor(101))) static void capture_start(void)
{
	struct capture_head *mapped;

	path = getenv(CAPTURE_VARIABLE);
	if (!path)
		return;
	process = (uint32_t)getpid();
	mapped = part_map(0, CAPTURE_HEAD_BYTES);
	if (!mapped || mapped->magic != CAPTURE_MAGIC)
		return;
	pthread_atfork(NULL, NULL, child_start);
	head = mapped;
}

// ---- malloc and its family

EXPORT void *malloc(size_t size)
{
	void *object = __libc_malloc(size);

	if (object)
		note(CAPTURE_ALLOC, object, size, 0, false);
	return object;
}

EXPORT void *calloc(size_t nmemb, size_t size)
{
	void *object = __libc_calloc(nmemb, size);

	if (object)
		note(CAPTURE_ALLOC, object, nmemb * size, 0, true);
	return object;
}

EXPORT void free(void *ptr)
{
	if (ptr)
		note(CAPTURE_FREE, ptr, 0, 0, false);
	__libc_free(ptr);
}

EXPORT void *realloc(void *ptr, size_t size)
{
	void *moved;

	if (!ptr)
		return malloc(size);
	if (size == 0) { // the C library frees it
		note(CAPTURE_FREE, ptr, 0, 0, false);
		return __libc_realloc(ptr, 0);
	}
	note(CAPTURE_RESIZE_BEGIN, ptr, 0, 0, false);
	moved = __libc_realloc(ptr, size);
	note(CAPTURE_RESIZE_END, moved, size, 0, false);
	return moved;
}

EXPORT void *reallocarray(void *ptr, size_t nmemb, size_t size)
{
	size_t bytes;

	if (!__builtin_mul_overflow(nmemb, size, &bytes))
		return realloc(ptr, bytes);
	errno = ENOMEM;
	return NULL;
}

EXPORT void *memalign(size_t alignment, size_t size)
{
	void *object = __libc_memalign(alignment, size);

	if (object)
		note(CAPTURE_ALLOC, object, size, alignment, false);
	return object;
}

EXPORT void *aligned_alloc(size_t alignment, size_t size)
{
	return memalign(alignment, size);
}

EXPORT int posix_memalign(void **memptr, size_t alignment, size_t size)
{
	void *object;
	int kept = errno;

	if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0)
		return EINVAL;
	object = memalign(alignment, size);
	errno = kept;
	if (!object)
		return ENOMEM;
	*memptr = object;
	return 0;
}

EXPORT void *valloc(size_t size)
{
	return memalign((size_t)sysconf(_SC_PAGESIZE), size);
}

EXPORT void *pvalloc(size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return memalign(page, (size + page - 1) / page * page);
}
