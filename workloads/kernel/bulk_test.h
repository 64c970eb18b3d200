// SPDX-License-Identifier: GPL-2.0-or-later
// What the slab_bulk_tests share: one cache, a row of pointers, and the line that the originals
// print.
#ifndef WORKLOADS_KERNEL_BULK_TEST_H
#define WORKLOADS_KERNEL_BULK_TEST_H

#include <slab/slab.h>

#include "workloads/parts/parameter.h"
#include "workloads/pattern.h"
#include "workloads/workload.h"

enum { BULK_SIZE, BULK_COUNT }; // the parameters that all of them begin with

#define BULK_PARAMETER_SIZE PARAMETER("size", "size of an object", "bytes", 256, 8, 65536)
#define BULK_PARAMETER_COUNT                                                                       \
	PARAMETER("bulk", "objects a call; there 1 2 3 4 8 16 30 32 34 48 64 128 158 250",         \
		"objects", 32, 1, 100000)

struct bulk_test {
	struct kmem_cache *cache; // NULL: kmalloc()
	size_t held_count;
	void **objects; // of one call
	void **held; // others that are alive meanwhile
	size_t at; // in these
};

// Makes the state with room for `held` objects besides. False has set a failure; bulk_teardown() in
// any case.
bool bulk_setup(struct workload_context *context, const char *cache_name, size_t held);
void bulk_teardown(void *shared);
int64_t bulk_operations(const int64_t *values);

// Allocates objects to array[0 .. count) by single calls. On failure none is left.
bool bulk_singles(struct workload_context *context, void **array, int64_t count);

// Writes to each object, as a user does it.
static inline void bulk_touch(void **objects, int64_t count)
{
	for (int64_t i = 0; i < count; i++)
		*(volatile char *)objects[i] = 1;
}

// Writes a pattern to all objects, then reads all of it.
bool bulk_check(struct workload_context *context, void **objects, int64_t count);

// "Type:<name> Per elem: <n> cycles(tsc) <x.yyy> ns (step:<bulk>) - (measurement period …)".
void bulk_classic(const struct workload_context *contexts, struct workload_report *report,
	const char *name, int64_t bulk);

#endif
