// SPDX-License-Identifier: GPL-2.0-or-later
// Programs that have a fast path of their own, out of lib*_nonshared.a (fast.c), and with it copies of
// the words that it reads: a table of the linker's would cost a load for each, a tenth of a pair's time.
// The library writes the copies: all of them when it has started (copies.c), and afterwards whoever
// changes such a word.
#ifndef SLAB_NONSHARED_COPY_H
#define SLAB_NONSHARED_COPY_H

#include "host/cpu.h"
#include "host/pages.h"
#include "types.h"

// The name by which a program's part asks for something of the library. The number is that of the
// layout of all structures that the fast path knows: who changes one of them takes the next, so that a
// program that was linked before does not start, in place of going wrong.
#define NAME_FOR_PROGRAMS(name) slab_layout4_##name

// Gives a function of the library that name, too. Behind its definition.
#define FOR_PROGRAMS(name)                                                                         \
	extern __typeof__(name) NAME_FOR_PROGRAMS(name) LIKE(name)                                 \
		__attribute__((alias(#name), visibility("default")))
#ifdef __clang__
#define LIKE(name)
#else
#define LIKE(name) __attribute__((copy(name))) // its other attributes, which gcc misses in an alias
#endif

struct fast_copy {
	struct cpu_sequences *sequences; // rseq 0: nothing is known yet
	struct slab_gates *gates; // has_policies until then
	struct page_map *pages;
	size_t *kmalloc_place;
	struct fast_copy *next; // in fast_copies
};

// All that programs have attached; none ever goes. The newest first.
extern struct fast_copy *fast_copies SLAB_OWN;

#define for_each_fast_copy(copy)                                                                   \
	for (struct fast_copy *copy = __atomic_load_n(&fast_copies, __ATOMIC_SEQ_CST); copy;       \
		copy = copy->next)

// Fills all copies from now on: the allocator has started, but nobody knows yet.
void fast_copies_fill(void);

// Takes a program's, or a library's that is linked so: before anything else of it runs. It stays loaded.
void fast_copy_attach(struct fast_copy *copy);

#endif
