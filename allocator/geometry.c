// SPDX-License-Identifier: GPL-2.0-or-later
// How a cache's slabs are laid out: size and alignment first, then the first freelist placement
// that works, and for it the first page order that wastes little. Pure arithmetic; the caches are
// made from it in cache.c.
#include "geometry.h"

#include <errno.h>

#include "host/pages.h"

#define WORD              8
#define REDZONE_BYTES     8
#define DEBUG_WORDS_BYTES 24 // two red zones and the last user

#define FLAGS_DEBUG (SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER)
#define FLAGS_PLAIN                                                                                \
	(SLAB_HWCACHE_ALIGN | SLAB_CACHE_DMA | SLAB_CACHE_DMA32 | SLAB_PANIC |                     \
		SLAB_TYPESAFE_BY_RCU | SLAB_MEM_SPREAD | SLAB_NOLEAKTRACE | SLAB_RECLAIM_ACCOUNT)

slab_flags_t geometry_flags_permitted(void)
{
	return FLAGS_PLAIN | FLAGS_DEBUG | SLAB_TRACE | SLAB_CONSISTENCY_CHECKS;
}

slab_flags_t geometry_flags_known(void)
{
	return IS_ENABLED(CONFIG_DEBUG_SLAB) ? FLAGS_PLAIN | FLAGS_DEBUG : FLAGS_PLAIN;
}

static unsigned round_up(unsigned value, unsigned multiple)
{
	return (value + multiple - 1) / multiple * multiple;
}

static unsigned larger(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

static unsigned bits_used(unsigned value)
{
	return value ? 32 - (unsigned)__builtin_clz(value) : 0;
}

unsigned calculate_alignment(slab_flags_t flags, unsigned align, unsigned size, unsigned cache_line)
{
	unsigned line = 0;

	if ((flags & SLAB_HWCACHE_ALIGN) && size > 0)
		for (line = cache_line; size <= line / 2;)
			line /= 2;
	return round_up(larger(larger(align, line), WORD), WORD);
}

// Forces the debug words onto a cache unless they would double the memory of an object just below a
// power of two.
static slab_flags_t force_debug_flags(slab_flags_t flags, unsigned size)
{
	if (size < PAGE_SIZE || bits_used(size - 1) == bits_used(size - 1 + DEBUG_WORDS_BYTES))
		flags |= SLAB_RED_ZONE | SLAB_STORE_USER;
	if (!(flags & SLAB_TYPESAFE_BY_RCU))
		flags |= SLAB_POISON;
	return flags;
}

// The guard words stand around the object, the last user behind them; each takes eight bytes.
static void add_debug_words(struct geometry *geometry)
{
	geometry->redzone1 = geometry->redzone2 = geometry->userword = -1;
	if (geometry->flags & SLAB_RED_ZONE) {
		geometry->obj_offset = REDZONE_BYTES;
		geometry->redzone1 = 0;
		geometry->size += 2 * REDZONE_BYTES;
	}
	if (geometry->flags & SLAB_STORE_USER)
		geometry->size += WORD;
}

// Once the stride is final: the words stand at its end, whatever the alignment added before them.
static void place_debug_words(struct geometry *geometry)
{
	unsigned end = geometry->size;

	if (geometry->flags & SLAB_STORE_USER) {
		end -= WORD;
		geometry->userword = (int)end;
	}
	if (geometry->flags & SLAB_RED_ZONE)
		geometry->redzone2 = (int)(end - REDZONE_BYTES);
}

static void compute_stride(struct geometry *geometry, unsigned align)
{
	unsigned stride_align = larger(WORD, align);

	geometry->size = round_up(geometry->object_size, WORD);
	if (stride_align > WORD)
		geometry->flags &=
			~(SLAB_RED_ZONE | SLAB_STORE_USER); // they would break the alignment
	geometry->align = stride_align;
	add_debug_words(geometry);
	geometry->size = round_up(geometry->size, geometry->align);
	if (geometry->size < OBJECT_SIZE_MIN)
		geometry->size = round_up(OBJECT_SIZE_MIN, geometry->align);
	place_debug_words(geometry);
}

struct fit {
	unsigned num;
	unsigned left_over;
};

static struct fit fit_in(size_t bytes, unsigned size, enum placement placement)
{
	size_t each = placement == PLACEMENT_ONSLAB ? (size_t)size + 1 : size;

	return (struct fit){.num = (unsigned)(bytes / each), .left_over = (unsigned)(bytes % each)};
}

// Whether a freelist of so many bytes may come from a kmalloc cache. At most half the object's
// size, or allocating one could need a slab of this cache again, and would save nothing.
static bool freelist_cache_serves(
	const struct geometry *geometry, const struct geometry_rules *rules, unsigned num)
{
	unsigned size = rules->freelist_cache_size(num);

	return size > 0 && size <= geometry->object_size / 2;
}

static bool fits_well(const struct geometry *geometry, const struct geometry_rules *rules,
	unsigned order, size_t bytes, unsigned left_over)
{
	return (geometry->flags & SLAB_RECLAIM_ACCOUNT) || order >= rules->slab_max_order ||
	       (size_t)left_over * rules->left_over_part <= bytes;
}

// The page order for a placement: the first that fits well, else the last that fits.
// Sets num 0 when there is none.
static void calculate_slab_order(struct geometry *geometry, const struct geometry_rules *rules)
{
	geometry->num = 0;
	for (unsigned order = 0; order <= MAX_ORDER; order++) {
		size_t bytes = PAGE_SIZE << order;
		struct fit fit = fit_in(bytes, geometry->size, geometry->placement);

		if (fit.num == 0)
			continue;
		if (fit.num > SLAB_OBJECTS_MAX)
			return;
		if (geometry->placement == PLACEMENT_OFFSLAB &&
			!freelist_cache_serves(geometry, rules, fit.num))
			continue;
		geometry->num = fit.num;
		geometry->gfporder = order;
		geometry->left_over = fit.left_over;
		if (fits_well(geometry, rules, order, bytes, fit.left_over))
			return;
	}
}

static bool try_objfreelist(
	struct geometry *geometry, const struct geometry_rules *rules, bool has_ctor)
{
	if (rules->init_on_free || has_ctor || (geometry->flags & SLAB_TYPESAFE_BY_RCU))
		return false; // a free object's bytes are not ours to write to
	geometry->placement = PLACEMENT_OBJFREELIST;
	calculate_slab_order(geometry, rules);
	return geometry->num > 0 && geometry->num <= geometry->object_size;
}

// is_forced: also where the left-over bytes of the slab would do.
static bool try_offslab(
	struct geometry *geometry, const struct geometry_rules *rules, bool is_forced)
{
	if (geometry->flags & SLAB_NOLEAKTRACE)
		return false; // tracing a leak must not allocate
	geometry->placement = PLACEMENT_OFFSLAB;
	calculate_slab_order(geometry, rules);
	return geometry->num > 0 && (is_forced || geometry->left_over < geometry->num);
}

static bool try_onslab(struct geometry *geometry, const struct geometry_rules *rules)
{
	geometry->placement = PLACEMENT_ONSLAB;
	calculate_slab_order(geometry, rules);
	return geometry->num > 0;
}

static bool try_forced(struct geometry *geometry, const struct geometry_rules *rules, bool has_ctor)
{
	if (IS_ENABLED(CONFIG_SLAB_FORCE_OBJFREELIST))
		return try_objfreelist(geometry, rules, has_ctor);
	if (IS_ENABLED(CONFIG_SLAB_FORCE_OFFSLAB))
		return try_offslab(geometry, rules, true);
	if (IS_ENABLED(CONFIG_SLAB_FORCE_ONSLAB))
		return try_onslab(geometry, rules);
	return false;
}

static bool choose_placement(
	struct geometry *geometry, const struct geometry_rules *rules, bool has_ctor)
{
	return try_forced(geometry, rules, has_ctor) ||
	       try_objfreelist(geometry, rules, has_ctor) || try_offslab(geometry, rules, false) ||
	       try_onslab(geometry, rules);
}

static void finish(struct geometry *geometry)
{
	geometry->colour =
		IS_ENABLED(CONFIG_SLAB_COLOUR) ? geometry->left_over / geometry->colour_off : 0;
	geometry->freelist_size = geometry->num;
	if (geometry->placement == PLACEMENT_OBJFREELIST)
		geometry->flags |= CFLGS_OBJFREELIST_SLAB;
	if (geometry->placement == PLACEMENT_OFFSLAB)
		geometry->flags |= CFLGS_OFF_SLAB;
	geometry->allocflags = __GFP_COMP;
	if (geometry->flags & SLAB_CACHE_DMA)
		geometry->allocflags |= __GFP_DMA;
	if (geometry->flags & SLAB_CACHE_DMA32)
		geometry->allocflags |= __GFP_DMA32;
	if (geometry->flags & SLAB_RECLAIM_ACCOUNT)
		geometry->allocflags |= __GFP_RECLAIMABLE;
}

int geometry_compute(struct geometry *geometry, const struct geometry_rules *rules, unsigned size,
	unsigned align, slab_flags_t flags, bool has_ctor)
{
	if (size > KMALLOC_MAX_SIZE || align > KMALLOC_MAX_SIZE)
		return -E2BIG; // no order holds one, and the sums below stay within 32 bits
	*geometry = (struct geometry){.object_size = size, .flags = flags};
	if (IS_ENABLED(CONFIG_DEBUG_SLAB))
		geometry->flags = force_debug_flags(flags, size);
	compute_stride(geometry, align);
	geometry->colour_off = larger(rules->cache_line, geometry->align);
	if (!choose_placement(geometry, rules, has_ctor))
		return -E2BIG;
	finish(geometry);
	return 0;
}
