// SPDX-License-Identifier: GPL-2.0-or-later
// Geometry as arithmetic: what must hold of every layout in every config, and what a forced
// placement forces. That the figures are a real kernel's is checked by geometry_rows_test.
#include "geometry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "host/pages.h"

// Kmalloc caches from 32 bytes, none of them off-slab up to 256.
static unsigned freelist_cache_size(unsigned bytes)
{
	static const unsigned sizes[] = {32, 64, 96, 128, 192, 256};

	for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		if (bytes <= sizes[i])
			return sizes[i];
	return 0;
}

static unsigned no_freelist_cache(unsigned bytes)
{
	(void)bytes;
	return 0;
}

static const struct geometry_rules rules = {.cache_line = 64,
	.slab_max_order = 1,
	.left_over_part = LEFT_OVER_PART_USUAL,
	.freelist_cache_size = freelist_cache_size};

static void assert_fits(const struct geometry *geometry)
{
	size_t bytes = PAGE_SIZE << geometry->gfporder;
	size_t used = (size_t)geometry->num * geometry->size + geometry->left_over;

	if (geometry->placement == PLACEMENT_ONSLAB)
		used += geometry->freelist_size;
	assert_in_range(geometry->num, 1, SLAB_OBJECTS_MAX);
	assert_true(geometry->size >= geometry->object_size);
	assert_int_equal(geometry->size % geometry->align, 0);
	assert_true(used <= bytes && bytes - used < geometry->size + geometry->num);
	assert_true((size_t)geometry->colour * geometry->colour_off <= geometry->left_over);
	if (geometry->placement == PLACEMENT_OBJFREELIST)
		assert_true(geometry->freelist_size <= geometry->object_size);
}

static void every_layout_fits_its_slab(void **state)
{
	static const unsigned aligns[] = {8, 16, 64, 256, 4096};
	static const slab_flags_t flags[] = {
		0, SLAB_RECLAIM_ACCOUNT, SLAB_TYPESAFE_BY_RCU, SLAB_NOLEAKTRACE};
	struct geometry geometry;

	(void)state;
	for (unsigned size = 1; size < 300000; size = size * 17 / 16 + 1)
		for (unsigned i = 0; i < sizeof(aligns) / sizeof(aligns[0]); i++)
			for (unsigned f = 0; f < sizeof(flags) / sizeof(flags[0]); f++) {
				assert_int_equal(geometry_compute(&geometry, &rules, size,
							 aligns[i], flags[f], f % 2),
					0);
				assert_fits(&geometry);
			}
}

static void more_than_the_largest_order_is_too_big(void **state)
{
	struct geometry geometry;

	(void)state;
	assert_int_equal(
		geometry_compute(&geometry, &rules, 1u << 22, 8, SLAB_NOLEAKTRACE, true), -E2BIG);
	assert_int_equal(geometry_compute(&geometry, &rules, (1u << 22) + 1, 8, 0, false), -E2BIG);
	assert_int_equal(geometry_compute(&geometry, &rules, UINT32_MAX, 8, 0, false), -E2BIG);
	assert_int_equal(geometry_compute(&geometry, &rules, 8, UINT32_MAX, 0, false), -E2BIG);
}

static void without_kmalloc_caches_nothing_is_off_slab(void **state)
{
	struct geometry_rules boot = rules;
	struct geometry geometry;

	(void)state;
	boot.freelist_cache_size = no_freelist_cache;
	for (unsigned size = 8; size < 100000; size = size * 9 / 8 + 1) {
		assert_int_equal(geometry_compute(&geometry, &boot, size, 8, 0, true), 0);
		assert_int_not_equal(geometry.placement, PLACEMENT_OFFSLAB);
	}
}

static enum placement placement_of(unsigned size, slab_flags_t flags, bool has_ctor)
{
	struct geometry geometry;

	assert_int_equal(geometry_compute(&geometry, &rules, size, 8, flags, has_ctor), 0);
	return geometry.placement;
}

static void a_forced_placement_is_taken_wherever_it_is_possible(void **state)
{
	(void)state;
	if (IS_ENABLED(CONFIG_SLAB_FORCE_OFFSLAB)) {
		assert_int_equal(placement_of(192, 0, false), PLACEMENT_OFFSLAB);
		assert_int_equal(placement_of(1000, 0, true), PLACEMENT_OFFSLAB);
		assert_int_equal(placement_of(192, SLAB_NOLEAKTRACE, true),
			PLACEMENT_ONSLAB); // never off the slab
		assert_int_equal(placement_of(24, 0, true),
			PLACEMENT_ONSLAB); // 32 bytes are over half of 24
	} else if (IS_ENABLED(CONFIG_SLAB_FORCE_ONSLAB)) {
		assert_int_equal(placement_of(192, 0, false), PLACEMENT_ONSLAB);
		assert_int_equal(placement_of(1024, 0, false), PLACEMENT_ONSLAB);
		assert_int_equal(placement_of(4096, 0, false), PLACEMENT_ONSLAB);
	} else {
		assert_int_equal(placement_of(192, 0, false), PLACEMENT_OBJFREELIST);
		assert_int_equal(placement_of(192, SLAB_TYPESAFE_BY_RCU, false), PLACEMENT_ONSLAB);
	}
}

static void without_colouring_every_slab_starts_at_its_first_byte(void **state)
{
	struct geometry geometry;
	unsigned colours = 0;

	(void)state;
	for (unsigned size = 8; size < 5000; size += 8) {
		assert_int_equal(geometry_compute(&geometry, &rules, size, 8, 0, false), 0);
		colours += geometry.colour;
	}
	if (IS_ENABLED(CONFIG_SLAB_COLOUR))
		assert_true(colours > 0);
	else
		assert_int_equal(colours, 0);
}

static void small_objects_are_aligned_to_a_part_of_a_line(void **state)
{
	(void)state;
	assert_int_equal(calculate_alignment(SLAB_HWCACHE_ALIGN, 0, 100, 64), 64);
	assert_int_equal(calculate_alignment(SLAB_HWCACHE_ALIGN, 0, 32, 64), 32);
	assert_int_equal(calculate_alignment(SLAB_HWCACHE_ALIGN, 0, 5, 64), 8);
	assert_int_equal(calculate_alignment(SLAB_HWCACHE_ALIGN, 128, 5, 64), 128);
	assert_int_equal(calculate_alignment(SLAB_HWCACHE_ALIGN, 0, 100, 128), 128);
	assert_int_equal(calculate_alignment(0, 12, 100, 64), 16);
	assert_int_equal(calculate_alignment(SLAB_HWCACHE_ALIGN, 0, 0, 64),
		8); // the kernel never returns from this one
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_layout_fits_its_slab),
		cmocka_unit_test(more_than_the_largest_order_is_too_big),
		cmocka_unit_test(without_kmalloc_caches_nothing_is_off_slab),
		cmocka_unit_test(a_forced_placement_is_taken_wherever_it_is_possible),
		cmocka_unit_test(without_colouring_every_slab_starts_at_its_first_byte),
		cmocka_unit_test(small_objects_are_aligned_to_a_part_of_a_line),
	};

	return cmocka_run_group_tests_name("geometry", tests, NULL, NULL);
}
