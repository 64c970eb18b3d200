// SPDX-License-Identifier: GPL-2.0-or-later
// Giving memory back when asked: malloc_trim(), and what mallopt() sets of it.
#include <errno.h>
#include <malloc.h>

#include <slab/slab.h>

#include "host/cpu.h"
#include "host/pages.h"
#include "malloc/api.h"
#include "malloc/gate.h"
#include "malloc/large.h"
#include "malloc/size_class.h"

// What waits in arrays goes to the slabs, and slabs without an object in use go. To reach other CPUs
// takes a fence; in a sandbox that kills whoever asks for one, the arrays stay as they are.
static void shrink_classes(void)
{
	struct kmem_cache *cache;

	if (has_sequences() && !rseq_may_fence())
		return;
	for (unsigned i = 0; (cache = size_class_number(i)); i++)
		kmem_cache_shrink(cache);
}

static size_t returned_bytes(void)
{
	struct slab_counts counts;

	slab_counts(&counts);
	return counts.memory_returned;
}

// Inside the gate. Returns the bytes that went back.
static size_t trim(size_t pad)
{
	size_t before = returned_bytes();

	shrink_classes();
	pages_trim(pad);
	return returned_bytes() - before + large_trim();
}

API int malloc_trim(size_t pad)
{
	int error = errno;
	size_t bytes = 0;

	if (size_classes_are_there() && gate_enter()) {
		bytes = trim(pad);
		gate_leave();
	}
	errno = error;
	return bytes > 0;
}

// M_TRIM_THRESHOLD has an effect; what else the C library knows is taken and means nothing here.
API int mallopt(int param, int val)
{
	switch (param) {
	case M_TRIM_THRESHOLD:
		if (size_classes_are_there())
			pages_keep_least(val < 0 ? SIZE_MAX : (size_t)val);
		return 1;
	case M_MXFAST:
	case M_TOP_PAD:
	case M_MMAP_THRESHOLD:
	case M_MMAP_MAX:
	case M_CHECK_ACTION:
	case M_PERTURB:
	case M_ARENA_TEST:
	case M_ARENA_MAX:
		return 1;
	default:
		return 0;
	}
}

ALSO(__libc_mallopt, mallopt);
