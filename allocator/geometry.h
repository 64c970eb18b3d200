// SPDX-License-Identifier: GPL-2.0-or-later
// The layout of a cache's slabs, as a pure function: numbers in, numbers out. The test holds
// it against what a real kernel computed for tens of thousands of requests.
#ifndef SLAB_GEOMETRY_H
#define SLAB_GEOMETRY_H

#include <stdbool.h>

#include <slab/slab.h>

#include "config.h"

// Where a slab keeps the indices of its free objects.
enum placement {
	PLACEMENT_OBJFREELIST, // inside one of its free objects
	PLACEMENT_OFFSLAB, // in an object of a kmalloc cache
	PLACEMENT_ONSLAB, // in its last bytes
};

// Internal bits of a cache's flags, beside SLAB_*.
#define CFLGS_OBJFREELIST_SLAB 0x40000000u
#define CFLGS_OFF_SLAB         0x80000000u

// Added to the page allocation of every slab.
#define __GFP_DMA32 0x04u
#define __GFP_COMP  0x40000u

#define SLAB_OBJECTS_MAX 255 // an index is one byte
#define OBJECT_SIZE_MIN  16

#define LEFT_OVER_PART_USUAL 8 // the kernel's

// What the boot fixes for all caches.
struct geometry_rules {
	unsigned cache_line; // bytes
	unsigned slab_max_order; // the largest order taken for fit alone
	unsigned left_over_part; // a slab fits well if it leaves no more than one part in so many
	bool init_on_free; // objects are zeroed at free
	// Size of the kmalloc cache that would serve a freelist of so many bytes, 0 where there is
	// none yet or its own freelist is off its slabs.
	unsigned (*freelist_cache_size)(unsigned bytes);
};

struct geometry {
	unsigned object_size; // as requested
	unsigned size; // stride of the objects, with alignment and debug words
	unsigned align;
	unsigned num; // objects a slab
	unsigned gfporder;
	unsigned colour; // how many offsets; 0 and 1 both mean no shift
	unsigned colour_off; // bytes an offset
	unsigned left_over; // bytes used neither by objects nor by an index array
	enum placement placement;
	unsigned freelist_size; // bytes
	slab_flags_t flags; // the request's that hold, with the internal bits
	gfp_t allocflags;
	unsigned obj_offset; // from the start of the stride to the address handed out
	int redzone1; // offsets from the start of the stride, -1 without
	int redzone2;
	int userword;
};

// Flags that a request may have, and of these the ones this build knows.
slab_flags_t geometry_flags_permitted(void);
slab_flags_t geometry_flags_known(void);

// The alignment that SLAB_HWCACHE_ALIGN and a wish make: a multiple of 8.
unsigned calculate_alignment(
	slab_flags_t flags, unsigned align, unsigned size, unsigned cache_line);

// The layout for objects of `size` bytes at calculate_alignment()'s alignment. flags are known
// ones. Returns 0 or -E2BIG when no order holds an object.
int geometry_compute(struct geometry *geometry, const struct geometry_rules *rules, unsigned size,
	unsigned align, slab_flags_t flags, bool has_ctor);

#endif
