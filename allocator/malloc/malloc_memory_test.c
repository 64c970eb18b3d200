// SPDX-License-Identifier: GPL-2.0-or-later
// When libslabmalloc takes memory and gives it back, what it says of itself, and that one block may
// come and go by any of malloc's names.
#include "malloc/malloc_test.h"

#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 // Linux 5.14
#endif

#define BLOCKS 4000

static void *block[BLOCKS];

static size_t resident(void)
{
	char text[128] = "";
	FILE *file = fopen("/proc/self/statm", "r");

	CHECK(file && fgets(text, sizeof(text), file));
	fclose(file);
	return strtoul(strchr(text, ' '), NULL, 10) * (size_t)sysconf(_SC_PAGESIZE);
}

static void allocate_all(size_t size)
{
	for (unsigned i = 0; i < BLOCKS; i++) {
		block[i] = allocate(size);
		CHECK(block[i]);
		memset(block[i], 1, size);
	}
}

static void release_all(void)
{
	for (unsigned i = 0; i < BLOCKS; i++)
		release(block[i]);
}

// ---- taking

static bool system_gives_beforehand(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return page != MAP_FAILED && madvise(page, 4096, MADV_POPULATE_WRITE) == 0;
}

static long faults(void)
{
	struct rusage usage;

	CHECK(getrusage(RUSAGE_SELF, &usage) == 0);
	return usage.ru_minflt;
}

// The allocator itself writes to one page of two.
static void small_blocks_come_with_their_memory(void)
{
	static const size_t size = 8000;
	long before;

	if (!system_gives_beforehand())
		return;
	for (unsigned i = 0; i < BLOCKS; i++) {
		block[i] = allocate(size);
		CHECK(block[i]);
	}
	before = faults();
	for (unsigned i = 0; i < BLOCKS; i++)
		memset(block[i], 1, size);
	CHECK((size_t)(faults() - before) < BLOCKS / 10);
	release_all();
}

static void fresh_blocks_come_in_ascending_order(void)
{
	unsigned ascending = 0;

	allocate_all(200);
	for (unsigned i = 1; i < BLOCKS; i++)
		ascending += block[i] > block[i - 1];
	CHECK(ascending > BLOCKS / 10 * 9);
	release_all();
}

// ---- giving back

static void idle_blocks_go_back(size_t size, size_t kept)
{
	size_t before = resident();

	allocate_all(size);
	CHECK(resident() - before >= BLOCKS * size);
	release_all();
	CHECK(resident() < before + kept);
}

static void idle_slabs_go_back_by_themselves(void)
{
	idle_blocks_go_back(50000, 24 * MIB);
}

static void idle_large_blocks_go_back_by_themselves(void)
{
	idle_blocks_go_back(200000, 65 * MIB);
}

static void trim_leaves_next_to_nothing(void)
{
	static const size_t sizes[] = {24, 500, 3000, 9000, 60000, 200000};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		size_t before = resident();

		allocate_all(sizes[i]);
		release_all();
		CHECK(malloc_trim(0) == 1);
		CHECK(resident() < before + MIB + BLOCKS * sizes[i] / 40); // descriptors stay
		malloc_trim(0);
		CHECK(malloc_trim(0) == 0);
	}
}

static void memory_that_is_wanted_again_stays(void)
{
	struct mallinfo2 info;

	for (unsigned round = 0; round < 30; round++) {
		allocate_all(10000);
		release_all();
	}
	info = mallinfo2();
	CHECK(info.keepcost >= 30 * MIB);
}

static void a_threshold_may_be_set(void)
{
	CHECK(mallopt(M_TRIM_THRESHOLD, 512 << 20) == 1);
	allocate_all(20000);
	release_all();
	CHECK(mallinfo2().keepcost >= 60 * MIB);
	CHECK(mallopt(M_ARENA_MAX, 1) == 1 && mallopt(-12345, 1) == 0);
}

// ---- zeros

static void calloc_touches_no_fresh_page(void)
{
	static const size_t sizes[] = {20000, 70000, 100000, 131072, 300000, MIB, 5 * MIB};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		size_t before = resident();
		unsigned count = (unsigned)(200 * MIB / sizes[i]);

		for (unsigned n = 0; n < count && n < BLOCKS; n++) {
			block[n] = allocate_zeroed(1, sizes[i]);
			CHECK(block[n]);
			*(volatile char *)block[n] = 1;
		}
		CHECK(resident() < before + 4 * MIB + (size_t)count * 3 * 4096);
	}
}

static void calloc_gives_zeros_whatever_was_there(void)
{
	unsigned seed = 3;

	for (unsigned step = 0; step < 30000; step++) {
		unsigned i = (unsigned)rand_r(&seed) % 200;
		size_t size = (size_t)rand_r(&seed) % (step % 10 ? 20000 : 150000);

		release(block[i]);
		block[i] = step % 2 ? allocate(size) : allocate_zeroed(size, 1);
		CHECK(step % 2 || is_filled(block[i], size, 0));
		memset(block[i], 0xa5, malloc_usable_size(block[i]));
		if (step % 1000 == 0)
			malloc_trim(0);
	}
}

// ---- large blocks

static void allocate_and_release(size_t size)
{
	release(allocate(size));
}

// Who grows has no use for the blocks he left.
static void what_nobody_asks_for_again_goes_back(void)
{
	size_t kept = mallinfo2().keepcost;

	for (size_t size = MIB; size < 30 * MIB; size += size / 2)
		allocate_and_release(size);
	CHECK(mallinfo2().keepcost <= kept);
}

static void hundred_blocks_come_and_go(size_t size)
{
	for (unsigned i = 0; i < 100; i++)
		block[i] = allocate(size);
	for (unsigned i = 0; i < 100; i++)
		release(block[i]);
}

static void a_large_block_is_used_again(void)
{
	void *first, *second;
	size_t large;

	allocate_and_release(5 * MIB);
	first = allocate(5 * MIB);
	release(first);
	CHECK(mallinfo2().keepcost >= 5 * MIB && mallinfo2().hblks == 0);
	second = allocate(5 * MIB - 100000);
	CHECK(second == first && mallinfo2().hblks == 1);
	large = mallinfo2().hblkhd;
	CHECK(large >= 5 * MIB && large < 6 * MIB);
	release(second);
	hundred_blocks_come_and_go(3 * MIB);
	hundred_blocks_come_and_go(3 * MIB);
	CHECK(mallinfo2().keepcost >= 60 * MIB);
	CHECK(mallinfo2().keepcost <= 64 * MIB + 20 * MIB); // bounded
	malloc_trim(0);
	CHECK(mallinfo2().keepcost < 20 * MIB);
}

static void a_large_block_grows_and_shrinks(void)
{
	unsigned char *grown = allocate(200000);

	for (size_t size = 200000; size < 40 * MIB; size += size / 3) {
		grown[0] = 1;
		grown[size - 1] = 2;
		grown = resize(grown, size + size / 3);
		CHECK(grown && grown[0] == 1 && grown[size - 1] == 2);
	}
	grown = resize(grown, 150000);
	CHECK(grown[0] == 1 && malloc_usable_size(grown) < 170000);
	grown = resize(grown, 100);
	CHECK(grown[0] == 1 && malloc_usable_size(grown) < 200);
	release(grown);
}

// Room for alignment costs no second page run.
static void aligned_blocks_have_no_holes_either(void)
{
	static const struct {
		size_t align, size, most;
	} cases[] = {{16, 4200, 4608}, {32, 4200, 4608}, {64, 2600, 3072}, {64, 4368, 4608},
		{64, 8300, 9216}, {64, 70000, 81920}, {4096, 9000, 12288}, {4096, 4200, 8192},
		{4096, 17000, 20480}, {4096, 40960, 40960}, {256, 1100, 1280},
		{65536, 300000, 327680}, {2 * MIB, 3 * MIB, 3 * MIB + 200000}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		void *made = aligned_alloc(cases[i].align, cases[i].size), *other = NULL;

		CHECK(made && (uintptr_t)made % cases[i].align == 0);
		CHECK(malloc_usable_size(made) >= cases[i].size);
		CHECK(malloc_usable_size(made) <= cases[i].most);
		CHECK(posix_memalign(&other, cases[i].align, cases[i].size) == 0);
		CHECK((uintptr_t)other % cases[i].align == 0);
		release(made);
		release(other);
	}
}

// ---- figures

#pragma GCC diagnostic ignored "-Wdeprecated-declarations" // mallinfo()
static void figures_are_true(void)
{
	struct mallinfo2 before = mallinfo2(), after;
	struct mallinfo old;

	allocate_all(1000);
	after = mallinfo2();
	CHECK(after.uordblks - before.uordblks >= BLOCKS * 1000);
	CHECK(after.uordblks - before.uordblks <= BLOCKS * 1024);
	CHECK(after.arena >= after.uordblks && after.arena - after.uordblks == after.fordblks);
	old = mallinfo();
	CHECK(old.uordblks >= BLOCKS * 1000 && (size_t)old.arena <= after.arena);
	release_all();
	after = mallinfo2();
	CHECK(after.uordblks == before.uordblks);
}

static void every_block_counts_while_it_is_held(void)
{
	for (size_t size = 1; size < 130000; size += size / 3 + 1) {
		size_t before = mallinfo2().uordblks;
		void *one = allocate(size);

		CHECK(mallinfo2().uordblks - before == malloc_usable_size(one));
		release(one);
		CHECK(mallinfo2().uordblks == before);
	}
}

static void info_is_written_as_xml(void)
{
	char text[20000] = "", *row;
	FILE *file = fmemopen(text, sizeof(text), "w");

	allocate_all(1000);
	CHECK(file && malloc_info(1, file) == EINVAL && malloc_info(0, file) == 0);
	fclose(file);
	CHECK(strstr(text, "<malloc version=\"1\">") && strstr(text, "</malloc>"));
	row = strstr(text, "<size bytes=\"1024\" used=\"");
	CHECK(row && strtol(row + strlen("<size bytes=\"1024\" used=\""), NULL, 10) >= BLOCKS);
}

// ---- names

// A block of one name is a block of the others.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t align, size_t size);
extern void *__libc_valloc(size_t size);
extern void *__libc_pvalloc(size_t size);
extern void __libc_free(void *freed);
extern void cfree(void *freed);
extern void free_sized(void *freed, size_t size);
extern void free_aligned_sized(void *freed, size_t align, size_t size);

static void every_name_is_of_this_heap(void)
{
	void *made[] = {allocate(100), __libc_malloc(100), __libc_calloc(1, 100),
		__libc_realloc(NULL, 100), __libc_memalign(64, 100), __libc_valloc(100),
		__libc_pvalloc(100)};

	for (size_t i = 0; i < sizeof(made) / sizeof(*made); i++) {
		CHECK(made[i] && malloc_usable_size(made[i]) >= 100);
		release(made[i]);
	}
	__libc_free(allocate(100));
	cfree(allocate(5 * MIB));
	free_sized(allocate(100), 100);
	free_aligned_sized(aligned_alloc(256, 1000), 256, 1000);
	free_sized(NULL, 0);
}

// By their names in the binary: as a C++ program has them.
static void operators_of_cxx_are_of_this_heap(void)
{
	void *(*make)(size_t) = NULL, *(*make_aligned)(size_t, size_t) = NULL;
	void (*drop_sized)(void *, size_t) = NULL, (*drop)(void *, size_t, size_t) = NULL;
	void *object;

	*(void **)&make = dlsym(RTLD_DEFAULT, "_Znam");
	*(void **)&make_aligned = dlsym(RTLD_DEFAULT, "_ZnwmSt11align_val_t");
	*(void **)&drop_sized = dlsym(RTLD_DEFAULT, "_ZdaPvm");
	*(void **)&drop = dlsym(RTLD_DEFAULT, "_ZdlPvmSt11align_val_t");
	CHECK(make && make_aligned && drop_sized && drop);
	object = make(1000);
	CHECK(malloc_usable_size(object) >= 1000);
	drop_sized(object, 1000);
	object = make_aligned(1000, 512);
	CHECK((uintptr_t)object % 512 == 0 && malloc_usable_size(object) >= 1000);
	drop(object, 1000, 512);
}

int main(void)
{
	static const struct test tests[] = {
		TEST(small_blocks_come_with_their_memory),
		TEST(fresh_blocks_come_in_ascending_order),
		TEST(idle_slabs_go_back_by_themselves),
		TEST(idle_large_blocks_go_back_by_themselves),
		TEST(trim_leaves_next_to_nothing),
		TEST(memory_that_is_wanted_again_stays),
		TEST(a_threshold_may_be_set),
		TEST(calloc_touches_no_fresh_page),
		TEST(calloc_gives_zeros_whatever_was_there),
		TEST(what_nobody_asks_for_again_goes_back),
		TEST(a_large_block_is_used_again),
		TEST(a_large_block_grows_and_shrinks),
		TEST(aligned_blocks_have_no_holes_either),
		TEST(figures_are_true),
		TEST(every_block_counts_while_it_is_held),
		TEST(info_is_written_as_xml),
		TEST(every_name_is_of_this_heap),
		TEST(operators_of_cxx_are_of_this_heap),
	};

	return run_tests(tests, sizeof(tests) / sizeof(*tests));
}
