// SPDX-License-Identifier: GPL-2.0-or-later
// Two libraries that are no malloc, for malloc_test.sh: with BROKEN_MALLOC_CRASHES one that ends whoever
// calls it, else one that has all but malloc_usable_size.
#include <stddef.h>
#include <stdlib.h>

// The C library's, by its other names.
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t align, size_t size);
void __libc_free(void *block);

#define API __attribute__((visibility("default")))

API void *malloc(size_t size)
{
#if BROKEN_MALLOC_CRASHES
	abort();
#endif
	return __libc_malloc(size);
}

API void *calloc(size_t nmemb, size_t size)
{
	return __libc_calloc(nmemb, size);
}

API void *realloc(void *ptr, size_t size)
{
	return __libc_realloc(ptr, size);
}

API void *aligned_alloc(size_t alignment, size_t size)
{
	return __libc_memalign(alignment, size);
}

API void free(void *ptr)
{
	__libc_free(ptr);
}
