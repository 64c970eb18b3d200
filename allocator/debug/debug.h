// SPDX-License-Identifier: GPL-2.0-or-later
// The debug config's checks: poison, red zones, last user. In other configs every function is an
// empty stand-in.
#ifndef SLAB_DEBUG_H
#define SLAB_DEBUG_H

#include "types.h"

#if CONFIG_DEBUG_SLAB

// An object of a new slab: red zones, no user, poison. object: the start of the stride.
void debug_object_new(struct kmem_cache *cache, void *object);

// An object on its way to the user: reports what happened to it while it was free, marks it in use.
// object: the start of the stride; returns the address for the user.
void *debug_alloc(struct kmem_cache *cache, void *object, const void *caller);

// An object from the user: reports a pointer that is none of the cache's, a second free, an
// overrun; once, whatever was found. Returns the start of its stride, or NULL when it must be left
// alone. NULL gives NULL.
void *debug_free(struct kmem_cache *cache, void *pointer, const void *caller);

// Whether a user holds an object that he gave to `function`; reports it if not. pointer: an object
// of the cache, as users see it.
bool debug_is_held(const struct kmem_cache *cache, const void *pointer, const char *function);

// Prints who has an object, or had it last. pointer: an object of the cache, as users see it.
void debug_describe(const struct kmem_cache *cache, const void *pointer);

// The slab's next object leaves it. A freelist that does not name one that is free there is
// reported and written anew first. list_lock held, or the slab is on no list; both for the next one
// as well.
void debug_slab_gives(struct kmem_cache *cache, struct slab *slab);

// An object is back in its slab. object: the start of the stride.
void debug_slab_takes(void *object);

// The freelist has left the object it lay in, which is on its way out: poison again. list_lock
// held.
void debug_freelist_gone(struct kmem_cache *cache, struct slab *slab);

// A slab on its way out: reports what was written to its free objects and to its freelist.
void debug_slab_check(struct kmem_cache *cache, struct slab *slab);

// Names the first few objects that users still hold, for a destroy that was refused. Takes the
// list_locks one after the other; the arrays have been drained. Returns how many there are.
unsigned long debug_report_leaks(struct kmem_cache *cache);

#else

static inline void debug_object_new(struct kmem_cache *cache, void *object)
{
	(void)cache;
	(void)object;
}

static inline void *debug_alloc(struct kmem_cache *cache, void *object, const void *caller)
{
	(void)cache;
	(void)caller;
	return object;
}

static inline void *debug_free(struct kmem_cache *cache, void *object, const void *caller)
{
	(void)cache;
	(void)caller;
	return object;
}

static inline bool debug_is_held(
	const struct kmem_cache *cache, const void *pointer, const char *function)
{
	(void)cache;
	(void)pointer;
	(void)function;
	return true;
}

static inline void debug_describe(const struct kmem_cache *cache, const void *pointer)
{
	(void)cache;
	(void)pointer;
}

static inline void debug_slab_gives(struct kmem_cache *cache, struct slab *slab)
{
	(void)cache;
	(void)slab;
}

static inline void debug_slab_takes(void *object)
{
	(void)object;
}

static inline void debug_freelist_gone(struct kmem_cache *cache, struct slab *slab)
{
	(void)cache;
	(void)slab;
}

static inline void debug_slab_check(struct kmem_cache *cache, struct slab *slab)
{
	(void)cache;
	(void)slab;
}

static inline unsigned long debug_report_leaks(struct kmem_cache *cache)
{
	(void)cache;
	return 0;
}

#endif
#endif
