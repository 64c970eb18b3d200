// SPDX-License-Identifier: GPL-2.0-or-later
// Fills the copies of the fast path's words.
#include <dlfcn.h>
#include <string.h>

#include "kmalloc.h"
#include "nonshared/copy.h"

static bool is_published;

// Two threads may fill a copy at once, one that starts the allocator and one that attaches the copy,
// which a third may use already. So each word goes from its first value to its last.

// Nobody who may find the sequences' area (rseq) finds the rest unwritten.
static void sequences_fill(struct cpu_sequences *copy)
{
	copy->area = cpu_sequences.area;
	copy->slots = cpu_sequences.slots;
	copy->slot_bytes = cpu_sequences.slot_bytes;
	copy->home_bytes = cpu_sequences.home_bytes;
	__atomic_store_n(&copy->cpus, cpu_sequences.cpus, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&cpu_sequences.cpus, __ATOMIC_SEQ_CST) == 0) // they ended meanwhile
		__atomic_store_n(&copy->cpus, 0, __ATOMIC_SEQ_CST);
	__atomic_store_n(&copy->rseq, cpu_sequences.rseq, __ATOMIC_RELEASE);
}

static void gates_fill(struct slab_gates *copy)
{
	__atomic_store_n(&copy->has_policies, slab_gates.has_policies, __ATOMIC_RELEASE);
	__atomic_store_n(&copy->kmalloc_limit, kmalloc_limit(), __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&slab_gates.has_policies, __ATOMIC_SEQ_CST)) { // since a moment ago
		copy->has_policies = true;
		__atomic_store_n(&copy->kmalloc_limit, 0, __ATOMIC_RELAXED);
	}
}

static void copy_fill(struct fast_copy *copy)
{
	*copy->pages = page_map;
	memcpy(copy->kmalloc_place, kmalloc_place, sizeof(kmalloc_place));
	sequences_fill(copy->sequences);
	gates_fill(copy->gates);
}

void fast_copies_fill(void)
{
	__atomic_store_n(&is_published, true, __ATOMIC_SEQ_CST);
	for_each_fast_copy(copy)
		copy_fill(copy);
}

// The kernel may read the descriptor of a thread's last sequence at any time.
static void stay_loaded(const struct fast_copy *copy)
{
	Dl_info info;

	if (dladdr(copy, &info))
		dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
}

void fast_copy_attach(struct fast_copy *copy)
{
	stay_loaded(copy);
	copy->next = __atomic_load_n(&fast_copies, __ATOMIC_RELAXED);
	while (!__atomic_compare_exchange_n(
		&fast_copies, &copy->next, copy, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
		;
	if (!__atomic_load_n(&is_published, __ATOMIC_SEQ_CST))
		return;
	pthread_mutex_lock(&slab_mutex); // no arrays move meanwhile
	copy_fill(copy);
	pthread_mutex_unlock(&slab_mutex);
}
FOR_PROGRAMS(fast_copy_attach);
