// SPDX-License-Identifier: GPL-2.0-or-later
// The figures of the heap, and the calls that show them: mallinfo and its kin. A free object waits in
// a CPU's array, in an array of its node, or in its slab; whatever else a slab has, the program holds.
#include "malloc/figures.h"

#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <stdio.h>

#include "array/array_cache.h"
#include "host/cpu.h"
#include "host/pages.h"
#include "host/topology.h"
#include "malloc/api.h"
#include "malloc/block_map.h"
#include "malloc/gate.h"
#include "malloc/size_class.h"
#include "node.h"
#include "types.h"

static size_t array_avail(const struct array_cache *array)
{
	return array ? __atomic_load_n(&array->avail, __ATOMIC_RELAXED) : 0;
}

static void count_node(
	const struct kmem_cache *cache, struct kmem_cache_node *node, struct class_figures *figures)
{
	list_lock_take(node);
	figures->slab_bytes += node->total_slabs * (PAGE_SIZE << cache->gfporder);
	figures->in_use += node->total_slabs * cache->num; // the free ones go off later
	figures->in_slabs += node->free_objects;
	figures->in_arrays += array_avail(node->shared);
	for (unsigned home = 0; node->alien && home < topology.nr_nodes; home++)
		if (node->alien[home])
			figures->in_arrays += array_avail(&node->alien[home]->array);
	lock_release(&node->list_lock);
}

void class_count(struct kmem_cache *cache, struct class_figures *figures)
{
	size_t unused;

	*figures = (struct class_figures){.size = cache->object_size};
	for (unsigned node = 0; node < topology.nr_nodes; node++)
		count_node(cache, cache->node[node], figures);
	for_each_cpu(cpu)
		figures->in_arrays += array_avail(cpu_array(cache, cpu_slot(cpu)));
	unused = figures->in_slabs + figures->in_arrays;
	figures->in_use -= unused < figures->in_use ? unused : figures->in_use;
}

void heap_count(struct heap_figures *figures)
{
	struct kmem_cache *cache;

	*figures = (struct heap_figures){.used_bytes = 0};
	for (unsigned i = 0; (cache = size_class_number(i)); i++) {
		struct class_figures class;

		class_count(cache, &class);
		figures->used_bytes += class.in_use * class.size;
		figures->array_bytes += class.in_arrays * class.size;
		figures->slab_bytes += class.in_slabs * class.size;
		figures->free_objects += class.in_arrays + class.in_slabs;
	}
	for (unsigned node = 0; node < topology.nr_nodes; node++) {
		figures->page_bytes += pages_used(node) << PAGE_SHIFT;
		figures->idle_bytes += pages_idle(node);
	}
	large_count(&figures->large);
}

// All zero where the heap may not be looked at now.
static void look(struct heap_figures *figures)
{
	int error = errno;

	*figures = (struct heap_figures){.used_bytes = 0};
	if (size_classes_are_there() && gate_enter()) {
		heap_count(figures);
		gate_leave();
	}
	errno = error;
}

// ---- mallinfo

API struct mallinfo2 mallinfo2(void)
{
	struct heap_figures heap;

	look(&heap);
	return (struct mallinfo2){
		.arena = heap.page_bytes + heap.idle_bytes,
		.ordblks = heap.free_objects,
		.hblks = heap.large.blocks,
		.hblkhd = heap.large.bytes,
		.fsmblks = heap.array_bytes,
		.uordblks = heap.used_bytes,
		.fordblks = heap.page_bytes + heap.idle_bytes - heap.used_bytes,
		.keepcost = heap.idle_bytes + heap.large.kept_bytes,
	};
}

// The old one's fields are int; what does not fit is as large as they get.
static int as_int(size_t value)
{
	return value > INT_MAX ? INT_MAX : (int)value;
}

API struct mallinfo mallinfo(void)
{
	struct mallinfo2 info = mallinfo2();

	return (struct mallinfo){
		.arena = as_int(info.arena),
		.ordblks = as_int(info.ordblks),
		.hblks = as_int(info.hblks),
		.hblkhd = as_int(info.hblkhd),
		.fsmblks = as_int(info.fsmblks),
		.uordblks = as_int(info.uordblks),
		.fordblks = as_int(info.fordblks),
		.keepcost = as_int(info.keepcost),
	};
}

ALSO(__libc_mallinfo, mallinfo);

// ---- malloc_stats, malloc_info

API void malloc_stats(void)
{
	struct heap_figures heap;

	look(&heap);
	fprintf(stderr,
		"libslabmalloc: %zu bytes in objects in use, %zu in slabs, %zu of free memory\n"
		"libslabmalloc: %zu bytes in %zu large blocks in use, %zu in %zu kept ones\n",
		heap.used_bytes, heap.page_bytes, heap.idle_bytes, heap.large.bytes,
		heap.large.blocks, heap.large.kept_bytes, heap.large.kept_blocks);
}

// Counted before the first line is written: to write may be to allocate.
static unsigned look_at_classes(struct class_figures *figures)
{
	struct kmem_cache *cache;
	unsigned count = 0;

	if (!size_classes_are_there() || !gate_enter())
		return 0;
	for (; (cache = size_class_number(count)); count++)
		class_count(cache, &figures[count]);
	gate_leave();
	return count;
}

static void write_class(FILE *stream, const struct class_figures *class)
{
	if (class->slab_bytes == 0)
		return;
	fprintf(stream,
		"  <size bytes=\"%zu\" used=\"%zu\" arrays=\"%zu\" free=\"%zu\" slabs=\"%zu\"/>\n",
		class->size, class->in_use, class->in_arrays, class->in_slabs, class->slab_bytes);
}

API int malloc_info(int options, FILE *fp)
{
	struct class_figures class[BLOCK_CLASSES_MAX];
	struct heap_figures heap;
	unsigned count;

	if (options != 0)
		return EINVAL;
	look(&heap);
	count = look_at_classes(class);
	fprintf(fp, "<malloc version=\"1\">\n<heap nr=\"0\">\n<sizes>\n");
	for (unsigned i = 0; i < count; i++)
		write_class(fp, &class[i]);
	fprintf(fp,
		"</sizes>\n<system type=\"current\" size=\"%zu\"/>\n"
		"<total type=\"used\" size=\"%zu\"/>\n"
		"<total type=\"fast\" size=\"%zu\"/>\n"
		"<total type=\"rest\" count=\"%zu\" size=\"%zu\"/>\n"
		"<total type=\"mmap\" count=\"%zu\" size=\"%zu\"/>\n"
		"<total type=\"kept\" count=\"%zu\" size=\"%zu\"/>\n</heap>\n</malloc>\n",
		heap.page_bytes + heap.idle_bytes, heap.used_bytes, heap.array_bytes,
		heap.free_objects, heap.slab_bytes, heap.large.blocks, heap.large.bytes,
		heap.large.kept_blocks, heap.large.kept_bytes);
	return ferror(fp) ? EIO : 0;
}
