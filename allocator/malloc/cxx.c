// SPDX-License-Identifier: GPL-2.0-or-later
// C++'s operators new and delete, in all their forms. Their rules are the standard's: an array form
// calls the form for one object, a form with a size the form without; so a program that replaces some
// of them gets its own. Where there is no memory, the C++ library's form calls the handler and throws.
// Its forms of new that do not throw call those here.
#include <dlfcn.h>
#include <stdlib.h>

#include "malloc/api.h"

struct nothrow;

// Names as the C++ ABI for 64-bit machines spells them.
void *_Znwm(size_t size);
void *_Znam(size_t size);
void *_ZnwmSt11align_val_t(size_t size, size_t align);
void *_ZnamSt11align_val_t(size_t size, size_t align);
void _ZdlPv(void *object);
void _ZdaPv(void *object);
void _ZdlPvm(void *object, size_t size);
void _ZdaPvm(void *object, size_t size);
void _ZdlPvSt11align_val_t(void *object, size_t align);
void _ZdaPvSt11align_val_t(void *object, size_t align);
void _ZdlPvmSt11align_val_t(void *object, size_t size, size_t align);
void _ZdaPvmSt11align_val_t(void *object, size_t size, size_t align);
void _ZdlPvRKSt9nothrow_t(void *object, const struct nothrow *tag);
void _ZdaPvRKSt9nothrow_t(void *object, const struct nothrow *tag);
void _ZdlPvSt11align_val_tRKSt9nothrow_t(void *object, size_t align, const struct nothrow *tag);
void _ZdaPvSt11align_val_tRKSt9nothrow_t(void *object, size_t align, const struct nothrow *tag);

// ---- new

static __attribute__((noinline, cold)) void *next_new(size_t size)
{
	void *(*next)(size_t) = NULL;

	*(void **)&next = dlsym(RTLD_NEXT, "_Znwm");
	if (!next)
		abort(); // nobody else to throw
	return next(size);
}

static __attribute__((noinline, cold)) void *next_aligned_new(size_t size, size_t align)
{
	void *(*next)(size_t, size_t) = NULL;

	*(void **)&next = dlsym(RTLD_NEXT, "_ZnwmSt11align_val_t");
	if (!next)
		abort();
	return next(size, align);
}

API void *_Znwm(size_t size)
{
	void *object = malloc(size);

	return __builtin_expect(object != NULL, 1) ? object : next_new(size);
}

API void *_ZnwmSt11align_val_t(size_t size, size_t align)
{
	void *object = aligned_alloc(align, size);

	return __builtin_expect(object != NULL, 1) ? object : next_aligned_new(size, align);
}

API void *_Znam(size_t size)
{
	return _Znwm(size);
}

API void *_ZnamSt11align_val_t(size_t size, size_t align)
{
	return _ZnwmSt11align_val_t(size, align);
}

// ---- delete

API void _ZdlPv(void *object)
{
	free(object);
}

API void _ZdaPv(void *object)
{
	_ZdlPv(object);
}

API void _ZdlPvm(void *object, size_t size)
{
	(void)size;
	_ZdlPv(object);
}

API void _ZdaPvm(void *object, size_t size)
{
	(void)size;
	_ZdaPv(object);
}

API void _ZdlPvSt11align_val_t(void *object, size_t align)
{
	(void)align;
	free(object);
}

API void _ZdaPvSt11align_val_t(void *object, size_t align)
{
	_ZdlPvSt11align_val_t(object, align);
}

API void _ZdlPvmSt11align_val_t(void *object, size_t size, size_t align)
{
	(void)size;
	_ZdlPvSt11align_val_t(object, align);
}

API void _ZdaPvmSt11align_val_t(void *object, size_t size, size_t align)
{
	(void)size;
	_ZdaPvSt11align_val_t(object, align);
}

API void _ZdlPvRKSt9nothrow_t(void *object, const struct nothrow *tag)
{
	(void)tag;
	_ZdlPv(object);
}

API void _ZdaPvRKSt9nothrow_t(void *object, const struct nothrow *tag)
{
	(void)tag;
	_ZdaPv(object);
}

API void _ZdlPvSt11align_val_tRKSt9nothrow_t(void *object, size_t align, const struct nothrow *tag)
{
	(void)tag;
	_ZdlPvSt11align_val_t(object, align);
}

API void _ZdaPvSt11align_val_tRKSt9nothrow_t(void *object, size_t align, const struct nothrow *tag)
{
	(void)tag;
	_ZdaPvSt11align_val_t(object, align);
}
