// SPDX-License-Identifier: GPL-2.0-or-later
// Reserving and committing address space with mmap and mprotect. A PROT_NONE mapping costs neither
// memory nor commit charge, whatever the overcommit policy. What is not committed is no part of a
// core: debuggers write whole mappings, whether anything is in them or not.
#include "host/reserve.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

static void trim(char *from, const char *to)
{
	if (to > from)
		munmap(from, (size_t)(to - from));
}

void *reserve(size_t bytes, size_t align)
{
	char *start, *aligned;

	if (bytes + align < bytes)
		return NULL;
	start = mmap(
		NULL, bytes + align, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (start == MAP_FAILED)
		return NULL;
	aligned = (char *)(((uintptr_t)start + align - 1) & ~(uintptr_t)(align - 1));
	trim(start, aligned);
	trim(aligned + bytes, start + bytes + align);
	madvise(aligned, bytes, MADV_DONTDUMP);
	return aligned;
}

bool reserve_again(void *start, size_t bytes)
{
	if (mmap(start, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED,
		    -1, 0) == MAP_FAILED)
		return false;
	madvise(start, bytes, MADV_DONTDUMP);
	return true;
}

void reserve_release(void *start, size_t bytes)
{
	munmap(start, bytes);
}

bool reserve_read(void *start, size_t bytes)
{
	return mprotect(start, bytes, PROT_READ) == 0;
}

// Both calls round the end up, but not the start down.
bool reserve_commit(void *start, size_t bytes)
{
	size_t before = (uintptr_t)start & ((uintptr_t)sysconf(_SC_PAGESIZE) - 1);
	char *first = (char *)start - before;

	if (mprotect(first, before + bytes, PROT_READ | PROT_WRITE) != 0)
		return false;
	madvise(first, before + bytes, MADV_DODUMP);
	return true;
}
