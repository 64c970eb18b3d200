// SPDX-License-Identifier: GPL-2.0-or-later
// What libslabmalloc gives to one thread: sizes, contents, alignments, before main() and to
// libraries loaded later. The program is linked with the library, so that its own malloc() is
// meant. Usage: test-malloc MODULE, a library to load.
#include "malloc/malloc_test.h"

#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdint.h>

#include "malloc/early.h"

static void *from_constructor;

__attribute__((constructor(101))) static void before_main(void)
{
	from_constructor = resize(allocate(100), 5 * MIB);
	fill(from_constructor, 5 * MIB, 7);
}

static void malloc_works_before_main(void)
{
	CHECK(is_filled(from_constructor, 5 * MIB, 7));
	release(from_constructor);
}

static void the_library_is_ours(void)
{
	void *functions[] = {(void *)malloc, (void *)calloc, (void *)realloc, (void *)free,
		(void *)reallocarray, (void *)posix_memalign, (void *)aligned_alloc,
		(void *)memalign, (void *)valloc, (void *)pvalloc, (void *)malloc_usable_size};

	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++) {
		Dl_info info;

		CHECK(dladdr(functions[i], &info) && strstr(info.dli_fname, "libslabmalloc"));
	}
}

static size_t next_size(size_t size)
{
	return size < 5000 ? size + 1 : size + size / 7;
}

static void every_size_is_aligned_and_apart(void)
{
	enum { BLOCKS = 6000 };
	static unsigned char *block[BLOCKS];
	static size_t usable[BLOCKS];
	unsigned count = 0;

	for (size_t size = 0; size < 20 * MIB; size = next_size(size)) {
		block[count] = allocate(size);
		CHECK(block[count] && (uintptr_t)block[count] % 16 == 0);
		usable[count] = malloc_usable_size(block[count]);
		CHECK(usable[count] >= size);
		fill(block[count], usable[count], count);
		count++;
	}
	for (unsigned i = 0; i < count; i++) {
		CHECK(is_filled(block[i], usable[i], i));
		release(block[i]);
	}
}

static void no_bytes_are_a_block_too(void)
{
	void *one = allocate(0), *other = allocate(0);

	CHECK(one && other && one != other);
	release(one);
	release(other);
	release(NULL);
	CHECK(malloc_usable_size(NULL) == 0);
}

static void calloc_gives_zeros_where_others_have_been(void)
{
	for (size_t size = 1; size < 10 * MIB; size = size * 3 + 1) {
		for (unsigned i = 0; i < 8; i++) {
			void *block = allocate(size);

			fill(block, malloc_usable_size(block), 0xa5);
			release(block);
		}
		for (unsigned i = 0; i < 4; i++) {
			void *block = allocate_zeroed(size, 1);

			CHECK(block && is_filled(block, size, 0));
			fill(block, size, 0xa5);
			release(block);
		}
	}
}

static void realloc_keeps_the_contents(void)
{
	static const size_t sizes[] = {0, 1, 16, 17, 100, 1000, 1025, 5000, 100000, 4 * MIB, LARGE,
		9 * MIB, 30 * MIB, 6 * MIB, LARGE, 4 * MIB, 70000, 3000, 900, 33, 1};
	void *block = resize(NULL, sizes[0]);
	size_t kept;

	for (size_t i = 1; i < sizeof(sizes) / sizeof(*sizes); i++) {
		fill(block, sizes[i - 1], (unsigned)i);
		block = resize(block, sizes[i]);
		kept = sizes[i - 1] < sizes[i] ? sizes[i - 1] : sizes[i];
		CHECK(block && (uintptr_t)block % 16 == 0);
		CHECK(malloc_usable_size(block) >= sizes[i]);
		CHECK(is_filled(block, kept, (unsigned)i));
	}
	CHECK(resize(block, 0) == NULL);
}

static void a_block_that_shrinks_far_gives_memory_back(void)
{
	void *block = resize(allocate(3 * MIB), 100);

	CHECK(block && malloc_usable_size(block) < 1000);
	release(block);
	block = resize(allocate(64 * MIB), 8 * MIB);
	CHECK(block && malloc_usable_size(block) < 9 * MIB);
	release(block);
}

static void alignments_are_kept(void)
{
	for (size_t align = sizeof(void *); align <= 16 * MIB; align *= 2) {
		static const size_t sizes[] = {0, 1, 40, 96, 192, 1000, 5000, 300000, LARGE};

		for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
			void *block = NULL, *other = aligned_alloc(align, sizes[i]);

			CHECK(posix_memalign(&block, align, sizes[i]) == 0);
			CHECK(block && (uintptr_t)block % align == 0);
			CHECK(other && (uintptr_t)other % align == 0);
			fill(block, sizes[i], 1);
			fill(other, sizes[i], 2);
			CHECK(is_filled(block, sizes[i], 1));
			CHECK(malloc_usable_size(other) >= sizes[i]);
			release(block);
			release(resize(other, sizes[i] + 1));
		}
	}
}

static void the_old_calls_align_too(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	static volatile size_t odd = 48; // no power of two: rounded up
	void *block = memalign(odd, 10);

	CHECK(block && (uintptr_t)block % 64 == 0);
	release(block);
	block = valloc(10);
	CHECK(block && (uintptr_t)block % page == 0);
	release(block);
	block = pvalloc(page + 1);
	CHECK(block && (uintptr_t)block % page == 0 && malloc_usable_size(block) >= 2 * page);
	release(block);
}

static void many_large_blocks_are_told_apart(void)
{
	enum { BLOCKS = 1500 };
	static unsigned char *block[BLOCKS];
	unsigned seed = 5;

	for (unsigned i = 0; i < BLOCKS; i++) {
		block[i] = allocate(LARGE + i);
		CHECK(block[i] && malloc_usable_size(block[i]) >= LARGE + i);
		block[i][0] = (unsigned char)i;
	}
	for (unsigned step = 0; step < 4 * BLOCKS; step++) {
		unsigned i = (unsigned)rand_r(&seed) % BLOCKS;
		size_t size = LARGE + (size_t)rand_r(&seed) % (4 * MIB);

		CHECK(block[i][0] == (unsigned char)i);
		if (step % 2) {
			release(block[i]);
			block[i] = allocate(size);
		} else {
			block[i] = resize(block[i], size);
		}
		CHECK(block[i] && malloc_usable_size(block[i]) >= size);
		block[i][0] = (unsigned char)i;
	}
	for (unsigned i = 0; i < BLOCKS; i++)
		release(block[i]);
}

static const char *module_path;

static void a_library_that_is_loaded_later_allocates_here(void)
{
	for (unsigned i = 0; i < 3; i++) {
		void *module = dlopen(module_path, RTLD_NOW);
		void *(*made_by_constructor)(void);
		void *block;

		CHECK(module);
		*(void **)&made_by_constructor = dlsym(module, "made_by_constructor");
		CHECK(made_by_constructor);
		block = made_by_constructor();
		CHECK(block && is_filled(block, 1000, 0x5a));
		CHECK(malloc_usable_size(block) >= 1000);
		CHECK(dlclose(module) == 0);
		release(block);
	}
}

// The copy of early.c that this program is linked with.
static void the_start_has_memory_of_its_own(void)
{
	char *before = early_alloc(0, 1), *block;
	int local;

	CHECK(before && early_contains(before) && early_size(before) == 0);
	CHECK(!early_contains(&local) && !early_contains(allocate(10)) && !early_contains(NULL));
	for (size_t align = 1; align <= 65536; align *= 4) {
		block = early_alloc(1000, align);
		CHECK(block && (uintptr_t)block % align == 0 && (uintptr_t)block % 16 == 0);
		CHECK(block > before && early_size(block) == 1000);
		CHECK(is_filled(block, 1000, 0));
		fill(block, 1000, 1);
		before = block;
	}
	block = early_alloc(5 * MIB, 16);
	CHECK(block && is_filled(block, 5 * MIB, 0));
	CHECK(!early_alloc(64 * MIB, 16) && !early_alloc(SIZE_MAX, 16));
	CHECK(early_alloc(1, 16));
}

int main(int argc, char **argv)
{
	static const struct test tests[] = {
		TEST(the_library_is_ours),
		TEST(malloc_works_before_main),
		TEST(every_size_is_aligned_and_apart),
		TEST(no_bytes_are_a_block_too),
		TEST(calloc_gives_zeros_where_others_have_been),
		TEST(realloc_keeps_the_contents),
		TEST(a_block_that_shrinks_far_gives_memory_back),
		TEST(alignments_are_kept),
		TEST(the_old_calls_align_too),
		TEST(many_large_blocks_are_told_apart),
		TEST(a_library_that_is_loaded_later_allocates_here),
		TEST(the_start_has_memory_of_its_own),
	};

	if (argc != 2) {
		fprintf(stderr, "Usage: %s MODULE, a shared library to load\n", argv[0]);
		return 2;
	}
	module_path = argv[1];
	return run_tests(tests, sizeof(tests) / sizeof(*tests));
}
