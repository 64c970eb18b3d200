// SPDX-License-Identifier: GPL-2.0-or-later
// The fast path once more, as a part of each program that is linked with the shared library
// (lib*_nonshared.a, as the C library has one): a call into a library is a jump through a table to far
// away, and two of them cost a third of what a pair takes. Whatever is not a hit goes on in the library,
// as if that had been called: it is jumped to, so that the caller is the user.
//
// The words that it reads are copies, in the program itself (copy.h). Nobody outside sees any of this.
#include "kmalloc.h"
#include "nonshared/copy.h"
#include "object_fast.h"

#define TEXT_OF(name)    #name
#define TEXT(name)       TEXT_OF(name)
#define OF_LIBRARY(name) __asm__(TEXT(NAME_FOR_PROGRAMS(name)))

extern void library_attach(struct fast_copy *copy) OF_LIBRARY(fast_copy_attach);
extern void *library_alloc(struct kmem_cache *cache, gfp_t flags) OF_LIBRARY(kmem_cache_alloc);
extern void library_free(struct kmem_cache *cache, void *object) OF_LIBRARY(kmem_cache_free);
extern void *library_kmalloc(size_t size, gfp_t flags) OF_LIBRARY(__kmalloc);
extern void library_kfree(const void *object) OF_LIBRARY(kfree);

__asm__(".hidden kmem_cache_alloc, kmem_cache_free, __kmalloc, kfree");

struct cpu_sequences cpu_sequences;
unsigned long cpu_sequences_lost; // of this program; nobody asks for it
struct slab_gates slab_gates = {.has_policies = true};
struct page_map page_map;
size_t kmalloc_place[KMALLOC_STEPS] __attribute__((aligned(64)));

static struct fast_copy fast_copy = {.sequences = &cpu_sequences,
	.gates = &slab_gates,
	.pages = &page_map,
	.kmalloc_place = kmalloc_place};

static __attribute__((constructor(101))) void attach(void)
{
	library_attach(&fast_copy);
}

// The thread sanitizer takes what a sequence guards for a race where there are two cpu_sequences.
#define HAS_FAST_PATH (!HAS_THREAD_SANITIZER)

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags)
{
	void *object;

	if (!HAS_FAST_PATH || unlikely((flags & __GFP_ZERO) || slab_gates.has_policies) ||
		unlikely(!pop_by_sequence(&cache->cpu_quick, &object)))
		return library_alloc(cache, flags);
	return object;
}

// A hardened build asks first whether the object is the cache's.
void kmem_cache_free(struct kmem_cache *cache, void *object)
{
	if (!HAS_FAST_PATH || !IS_FREE_QUICK || IS_ENABLED(CONFIG_SLAB_FREELIST_HARDENED) ||
		unlikely(!cpu_sequences.rseq) ||
		unlikely(!push_by_sequence(&cache->cpu_quick, object)))
		library_free(cache, object);
}

void *__kmalloc(size_t size, gfp_t flags)
{
	void *object;

	if (!HAS_FAST_PATH || unlikely(!kmalloc_is_quick(size, flags)) ||
		unlikely(!pop_by_sequence(kmalloc_quick_place(size), &object)))
		return library_kmalloc(size, flags);
	return object;
}

void kfree(const void *object)
{
	if (!HAS_FAST_PATH || !IS_FREE_QUICK || unlikely(!push_found_by_sequence(object)))
		library_kfree(object);
}
