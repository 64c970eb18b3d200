// SPDX-License-Identifier: GPL-2.0-or-later
// For threads whose sequences the kernel does not guard although others' are: the child of vfork(2),
// and a thread for which rseq(2) was refused. They leave the CPUs' arrays alone, as to keep sequences
// out of one would take a system call each time, and go to the slabs.
#ifndef SLAB_MALLOC_UNGUARDED_H
#define SLAB_MALLOC_UNGUARDED_H

#include <stdbool.h>

#include "host/cpu.h"
#include "types.h"

// Whether the calling thread is one of them. A new thread is given its area here, if need be.
static inline bool is_unguarded(void)
{
	if (!has_sequences() || likely(rseq_cpu(cpu_sequences.rseq) >= 0))
		return false;
	rseq_register_thread();
	return rseq_cpu(cpu_sequences.rseq) < 0;
}

// An object past all arrays, NULL without memory; and one that goes back. Inside the gate.
void *unguarded_alloc(struct kmem_cache *cache);
void unguarded_free(struct kmem_cache *cache, void *object);

#endif
