// SPDX-License-Identifier: GPL-2.0-or-later
// The buddy arenas against a plain table of what is out.
#include "slab_test.h"

#include <stdlib.h>
#include <string.h>

#define BLOCKS 300

static struct page *block[BLOCKS];

static size_t block_pages(unsigned i)
{
	return (size_t)1 << block[i]->order;
}

static void assert_apart(unsigned i, unsigned j)
{
	assert_true(block[i] + block_pages(i) <= block[j] || block[j] + block_pages(j) <= block[i]);
}

static void blocks_are_aligned_apart_and_on_their_node(void **state)
{
	(void)state;
	srandom(3);
	for (unsigned i = 0; i < BLOCKS; i++) {
		unsigned order = (unsigned)random() % 6, node = (unsigned)random() % 2;

		block[i] = pages_alloc(node, order);
		assert_non_null(block[i]);
		assert_int_equal((uintptr_t)page_address(block[i]) % (PAGE_SIZE << order), 0);
		assert_int_equal(address_to_node(page_address(block[i])), node);
		memset(page_address(block[i]), (int)i, PAGE_SIZE << order);
		for (unsigned j = 0; j < i; j++)
			assert_apart(i, j);
	}
	for (unsigned i = 0; i < BLOCKS; i++)
		for (size_t byte = 0; byte < PAGE_SIZE << block[i]->order; byte += 512)
			assert_int_equal(
				((unsigned char *)page_address(block[i]))[byte], (unsigned char)i);
	for (unsigned i = 0; i < BLOCKS; i++)
		pages_free(block[i]);
}

static void an_address_leads_to_the_first_page_of_its_block(void **state)
{
	struct page *page = pages_alloc(0, 3);

	(void)state;
	for (size_t offset = 0; offset < PAGE_SIZE << 3; offset += 1000)
		assert_ptr_equal(slab_page(address_to_slab(page_address(page) + offset)), page);
	pages_free(page);
}

static void freed_buddies_join_until_the_largest_block_is_back(void **state)
{
	size_t committed, used = pages_used(1);
	struct page *page[1 << MAX_ORDER];

	(void)state;
	pages_free(pages_alloc(1, MAX_ORDER)); // there is a whole one now
	committed = pages_committed(1);
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < 1 << MAX_ORDER; i++)
			page[i] = pages_alloc(1, 0);
		assert_int_equal(pages_used(1), used + (1 << MAX_ORDER));
		for (unsigned i = 0; i < 1 << MAX_ORDER;
			i++) // odd ones first, so that joins come late
			pages_free(
				page[(i * 2 + 1 - (i >= 1 << (MAX_ORDER - 1))) % (1 << MAX_ORDER)]);
		pages_free(pages_alloc(1, MAX_ORDER));
	}
	assert_int_equal(pages_used(1), used);
	assert_int_equal(pages_committed(1), committed);
}

static void an_exhausted_node_says_so_and_recovers(void **state)
{
	static struct page *all[32];
	unsigned count = 0;

	(void)state;
	while (count < 32 && (all[count] = pages_alloc(0, MAX_ORDER)))
		count++;
	assert_in_range(count, 14, 16); // 64 MiB, some of it in use
	while (count > 0)
		pages_free(all[--count]);
	pages_free(pages_alloc(0, MAX_ORDER));
}

static void what_lies_outside_is_told_apart(void **state)
{
	int local = 0;

	(void)state;
	assert_false(pages_contain(&local));
	assert_false(pages_contain(page_map.base - 1));
	assert_true(pages_contain(page_map.base));
	assert_true(pages_contain(page_map.base + page_map.bytes - 1));
	assert_false(pages_contain(page_map.base + page_map.bytes));
	assert_false(pages_contain(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_are_aligned_apart_and_on_their_node),
		cmocka_unit_test(an_address_leads_to_the_first_page_of_its_block),
		cmocka_unit_test(freed_buddies_join_until_the_largest_block_is_back),
		cmocka_unit_test(an_exhausted_node_says_so_and_recovers),
		cmocka_unit_test(what_lies_outside_is_told_apart),
	};

	start_virtual("node:2 core:1 pu:1");
	return cmocka_run_group_tests_name("pages", tests, NULL, NULL);
}
