// SPDX-License-Identifier: GPL-2.0-or-later
// Large blocks. Where one comes back whose size was wanted again before (regret.h), its mapping is
// kept a while: page faults cost more than everything else here. What is kept is bounded, and what
// nobody wants for a second goes back when the next large call, or the tick of the heap, looks.
//
// An entry is taken out of the table before its mapping is given back, because the next mmap(2) of
// another thread may get the same address and must find its place free.
#include "malloc/large.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>
#include <time.h>

#include "host/pages.h"
#include "malloc/large_table.h"
#include "malloc/mapping.h"
#include "malloc/regret.h"

#define KEPT_MAX        64
#define KEPT_BYTES_MAX  ((size_t)64 << 20)
#define KEPT_BLOCK_MAX  ((size_t)32 << 20) // as the C library's threshold at most
#define FIT_PART        8 // a kept block may be larger by so great a part of what is wanted
#define ROUND_PART_LOG2 4 // sizes are rounded up by a sixteenth at most

struct kept {
	char *address;
	size_t bytes;
	uint64_t since_ns;
};

static struct {
	pthread_mutex_t mutex; // guards the table and the rest
	struct kept kept[KEPT_MAX]; // [kept_count], the oldest first
	unsigned kept_count;
	size_t kept_bytes;
	struct regret regret;
	size_t blocks, bytes; // in use
} large = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

// Whole pages, a little rounder for large ones, so that blocks of nearly equal size serve each
// other. Nobody touches what is added. 0 when there are not so many addresses.
static size_t block_bytes(size_t size)
{
	size_t bytes = mapping_bytes(size), step;

	if (bytes < PAGE_SIZE << ROUND_PART_LOG2)
		return bytes;
	step = (size_t)1 << (63 - __builtin_clzl(bytes) - ROUND_PART_LOG2);
	return mapping_bytes((bytes + step - 1) & ~(step - 1));
}

// A mapping that the system does not take, for want of room for one more, gives its memory at least.
static void unmap(void *address, size_t bytes)
{
	if (munmap(address, bytes) != 0)
		madvise(address, bytes, MADV_DONTNEED);
}

// ---- what is kept; the mutex is held

static struct kept kept_take(unsigned i)
{
	struct kept taken = large.kept[i];

	large.kept_bytes -= taken.bytes;
	large.kept_count--;
	for (; i < large.kept_count; i++)
		large.kept[i] = large.kept[i + 1];
	return taken;
}

static size_t kept_drop_oldest(void)
{
	struct kept oldest = kept_take(0);

	unmap(oldest.address, oldest.bytes);
	return oldest.bytes;
}

static size_t kept_drop_all(void)
{
	size_t bytes = 0;

	while (large.kept_count > 0)
		bytes += kept_drop_oldest();
	return bytes;
}

// What nobody has wanted for a second.
static size_t kept_drop_unwanted(uint64_t now_ns)
{
	size_t bytes = 0;

	while (large.kept_count > 0 && large.kept[0].since_ns + REGRET_NS < now_ns) {
		regret_end(&large.regret, large.kept[0].bytes);
		bytes += kept_drop_oldest();
	}
	return bytes;
}

// false when the block is better given back.
static bool kept_add(void *address, size_t bytes)
{
	uint64_t now = now_ns();

	kept_drop_unwanted(now);
	if (bytes > KEPT_BLOCK_MAX || !regret_note_return(&large.regret, bytes, now))
		return false;
	while (large.kept_count == KEPT_MAX ||
		(large.kept_count > 0 && large.kept_bytes + bytes > KEPT_BYTES_MAX))
		kept_drop_oldest();
	large.kept[large.kept_count++] =
		(struct kept){.address = address, .bytes = bytes, .since_ns = now};
	large.kept_bytes += bytes;
	return true;
}

static size_t largest_fit(size_t bytes)
{
	return bytes + bytes / FIT_PART;
}

// The smallest that serves; the latest of equal ones. *bytes becomes the size it has.
static void *kept_find(size_t *bytes, size_t align)
{
	unsigned best = KEPT_MAX;

	for (unsigned i = large.kept_count; i-- > 0;) {
		const struct kept *kept = &large.kept[i];

		if (kept->bytes < *bytes || kept->bytes > largest_fit(*bytes) ||
			(uintptr_t)kept->address & (align - 1))
			continue;
		if (best == KEPT_MAX || kept->bytes < large.kept[best].bytes)
			best = i;
	}
	if (best == KEPT_MAX)
		return NULL;
	*bytes = large.kept[best].bytes;
	return kept_take(best).address;
}

// ---- blocks

// Where the system refuses, what is kept is in the way.
static void *map(size_t bytes, size_t align)
{
	void *made = mapping_make(bytes, align);

	while (!made && large.kept_count > 0) {
		kept_drop_oldest();
		made = mapping_make(bytes, align);
	}
	return made;
}

static void *obtain(size_t bytes, size_t align, bool *is_zeroed)
{
	void *block = kept_find(&bytes, align);

	*is_zeroed = !block;
	if (!block) {
		regret_note_use(&large.regret, bytes, largest_fit(bytes), now_ns());
		block = map(bytes, align);
	}
	if (!block)
		return NULL;
	large_table_add(block, bytes);
	large.blocks++;
	large.bytes += bytes;
	return block;
}

void *large_alloc(size_t size, size_t align, bool *is_zeroed)
{
	size_t bytes = block_bytes(size);
	void *block = NULL;

	pthread_mutex_lock(&large.mutex);
	if (bytes && align <= PTRDIFF_MAX - bytes && large_table_promise()) {
		block = obtain(bytes, align, is_zeroed);
		if (!block)
			large_table_drop_promise();
	}
	pthread_mutex_unlock(&large.mutex);
	if (!block)
		errno = ENOMEM;
	return block;
}

size_t large_size(const void *address)
{
	return large_table_bytes(address);
}

bool large_free(void *address)
{
	int error = errno;
	size_t bytes;

	pthread_mutex_lock(&large.mutex);
	bytes = address ? large_table_remove(address) : 0;
	if (bytes) {
		large_table_drop_promise();
		large.blocks--;
		large.bytes -= bytes;
		if (!kept_add(address, bytes))
			unmap(address, bytes);
	}
	pthread_mutex_unlock(&large.mutex);
	errno = error;
	return bytes > 0;
}

static void *move(void *address, size_t old, size_t bytes)
{
	void *moved = mremap(address, old, bytes, MREMAP_MAYMOVE);

	if (moved == MAP_FAILED && large.kept_count > 0) {
		kept_drop_all();
		moved = mremap(address, old, bytes, MREMAP_MAYMOVE);
	}
	return moved == MAP_FAILED ? NULL : moved;
}

void *large_resize(void *address, size_t size)
{
	size_t bytes = block_bytes(size), old;
	void *moved = NULL;

	pthread_mutex_lock(&large.mutex);
	old = large_table_bytes(address);
	if (bytes == old) {
		moved = address;
	} else if (bytes) {
		large_table_remove(address);
		moved = move(address, old, bytes);
		large_table_add(moved ? moved : address, moved ? bytes : old);
		large.bytes += moved ? bytes - old : 0;
	}
	pthread_mutex_unlock(&large.mutex);
	if (!moved)
		errno = ENOMEM;
	return moved;
}

// ---- giving back, and figures

size_t large_age(void)
{
	size_t bytes;

	if (__atomic_load_n(&large.kept_count, __ATOMIC_RELAXED) == 0)
		return 0;
	pthread_mutex_lock(&large.mutex);
	bytes = kept_drop_unwanted(now_ns());
	pthread_mutex_unlock(&large.mutex);
	return bytes;
}

size_t large_trim(void)
{
	size_t bytes;

	pthread_mutex_lock(&large.mutex);
	bytes = kept_drop_all();
	pthread_mutex_unlock(&large.mutex);
	return bytes;
}

void large_count(struct large_figures *figures)
{
	pthread_mutex_lock(&large.mutex);
	*figures = (struct large_figures){.blocks = large.blocks,
		.bytes = large.bytes,
		.kept_blocks = large.kept_count,
		.kept_bytes = large.kept_bytes};
	pthread_mutex_unlock(&large.mutex);
}
