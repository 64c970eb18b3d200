// SPDX-License-Identifier: GPL-2.0-or-later
// libslabmalloc as a program sees it. The program is linked with the library, so that its own malloc() is meant, before
// main() too. Each test runs in a child, because some end their process.
#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "malloc/early.h"

#define MIB              ((size_t)1 << 20)
#define LARGE            (4 * MIB + 1) // the first size that is a mapping of its own
#define TEST_SECONDS_MAX 120 // then it hangs

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			printf("%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);           \
			fflush(stdout);                                                            \
			_exit(1);                                                                  \
		}                                                                                  \
	} while (0)

// Keeps the compiler from knowing what malloc() is.
static void *(*volatile allocate)(size_t) = malloc;
static void *(*volatile allocate_zeroed)(size_t, size_t) = calloc;
static void *(*volatile resize)(void *, size_t) = realloc;
static void *(*volatile resize_array)(void *, size_t, size_t) = reallocarray;
static void (*volatile release)(void *) = free;

static void fill(void *block, size_t size, unsigned seed)
{
	memset(block, (int)(seed & 0xff), size);
}

static bool is_filled(const void *block, size_t size, unsigned seed)
{
	const unsigned char *byte = block;

	for (size_t i = 0; i < size; i++)
		if (byte[i] != (unsigned char)seed)
			return false;
	return true;
}

// ---- one thread ---------------------------------------------------------------------------------

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

static void *volatile outcome;

#define CHECK_REFUSED(call, error)                                                                 \
	do {                                                                                       \
		errno = 0;                                                                         \
		outcome = (call);                                                                  \
		CHECK(!outcome && errno == (error));                                               \
	} while (0)

#define CHECK_NO_MEMORY(call) CHECK_REFUSED(call, ENOMEM)

static void wrong_alignments_are_refused(void)
{
	static volatile size_t zero = 0, odd = 24, small = sizeof(void *) / 2;
	void *untouched = &untouched, *block = untouched;

	errno = 0;
	CHECK(posix_memalign(&block, zero, 8) == EINVAL && block == untouched);
	CHECK(posix_memalign(&block, odd, 8) == EINVAL && block == untouched);
	CHECK(posix_memalign(&block, small, 8) == EINVAL && block == untouched);
	CHECK(errno == 0);
	CHECK_REFUSED(aligned_alloc(odd, 48), EINVAL);
	CHECK_REFUSED(memalign(SIZE_MAX - zero, 8), EINVAL);
}

static void what_cannot_be_is_refused(void)
{
	static volatile size_t most = SIZE_MAX, half = SIZE_MAX / 2;
	void *block = allocate(100), *large = allocate(LARGE), *place = NULL;

	fill(block, 100, 3);
	fill(large, LARGE, 4);
	CHECK_NO_MEMORY(allocate(most));
	CHECK_NO_MEMORY(allocate(half));
	CHECK_NO_MEMORY(allocate(half + 2));
	CHECK_NO_MEMORY(allocate_zeroed(half, 3));
	CHECK_NO_MEMORY(allocate_zeroed(most, 1));
	CHECK_NO_MEMORY(resize(block, most));
	CHECK_NO_MEMORY(resize(large, half));
	CHECK_NO_MEMORY(resize(large, most));
	CHECK_NO_MEMORY(resize_array(block, half, 3));
	CHECK_NO_MEMORY(aligned_alloc(64, most - 63));
	CHECK_NO_MEMORY(aligned_alloc(half + 1, 64));
	CHECK_NO_MEMORY(pvalloc(most));
	errno = 0;
	CHECK(posix_memalign(&place, 64, half) == ENOMEM && !place && errno == 0);
	CHECK(is_filled(block, 100, 3) && is_filled(large, LARGE, 4)); // unharmed
	release(block);
	release(large);
}

// Until there is none left, and then some.
static void use_up(size_t size)
{
	void **last = NULL;
	unsigned refused = 0;

	while (refused < 3) {
		void **block;

		errno = 0;
		block = allocate(size);
		if (!block) {
			CHECK(errno == ENOMEM);
			refused++;
			continue;
		}
		*block = last;
		last = block;
	}
	while (last) {
		void **next = *last;

		release(last);
		last = next;
	}
	release(allocate(size));
}

// Address space is limited after the start, so the arena itself is there.
static void memory_that_runs_out_is_an_error(void)
{
	struct rlimit limit = {.rlim_cur = 64 * MIB, .rlim_max = 64 * MIB};

	CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
	use_up(LARGE);
	CHECK_NO_MEMORY(allocate(65 * MIB));
}

static void free_leaves_errno_alone(void)
{
	enum { BLOCKS = 5000 };
	static void *block[BLOCKS];

	for (unsigned i = 0; i < BLOCKS; i++)
		block[i] = allocate(i % 10 == 0 ? 100000 : 100);
	errno = 4242;
	for (unsigned i = 0; i < BLOCKS; i++)
		release(block[i]);
	release(NULL);
	CHECK(errno == 4242);
	block[0] = allocate(LARGE);
	errno = 4242;
	release(block[0]);
	CHECK(errno == 4242);
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

// ---- wrong pointers -----------------------------------------------------------------------------

// What the child writes to standard error before it aborts contains `message`.
static void expect_abort(void (*function)(void), const char *message)
{
	char text[1000] = "";
	int output[2], status;
	ssize_t length;
	pid_t child;

	CHECK(pipe(output) == 0);
	child = fork();
	CHECK(child >= 0);
	if (child == 0) {
		struct rlimit none = {0, 0};

		setrlimit(RLIMIT_CORE, &none);
		dup2(output[1], STDERR_FILENO);
		function();
		_exit(0);
	}
	close(output[1]);
	length = read(output[0], text, sizeof(text) - 1);
	close(output[0]);
	CHECK(waitpid(child, &status, 0) == child);
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGABRT || length <= 0 ||
		!strstr(text, message)) {
		printf("wait status %#x, said '%s', not '%s'\n", (unsigned)status, text, message);
		CHECK(!"the program aborts with a message");
	}
}

static void free_on_the_stack(void)
{
	char local[64];

	release(local + 16);
}

static void free_inside(void)
{
	release((char *)allocate(100) + 16);
}

static void free_inside_large(void)
{
	release((char *)allocate(LARGE) + 4096);
}

static void free_large_twice(void)
{
	void *block = allocate(LARGE);

	release(block);
	release(block);
}

static void resize_on_the_stack(void)
{
	char local[64];

	release(resize(local, 100));
}

static void wrong_pointers_end_the_program(void)
{
	expect_abort(free_on_the_stack, "free(");
	expect_abort(free_inside, "not the start of an object");
	expect_abort(free_inside_large, "free(");
	expect_abort(free_large_twice, "free(");
	expect_abort(resize_on_the_stack, "realloc(");
}

// ---- threads ------------------------------------------------------------------------------------

#define TABLE_BLOCKS 512

static _Atomic(unsigned char *) table[TABLE_BLOCKS]; // blocks on their way from thread to thread
static atomic_bool is_over;

// The size stands in the block's first bytes, and all others are its low byte.
static unsigned char *made_block(size_t size)
{
	unsigned char *block = allocate(size);

	CHECK(block);
	fill(block, size, (unsigned)size);
	memcpy(block, &size, sizeof(size));
	return block;
}

static void take_block(unsigned char *block)
{
	size_t size;

	if (!block)
		return;
	memcpy(&size, block, sizeof(size));
	CHECK(is_filled(block + sizeof(size), size - sizeof(size), (unsigned)size));
	release(block);
}

static size_t some_size(unsigned *seed)
{
	unsigned kind = (unsigned)rand_r(seed) % 1000;

	if (kind == 0)
		return LARGE + (unsigned)rand_r(seed) % 10000;
	return sizeof(size_t) + (unsigned)rand_r(seed) % (kind < 50 ? 60000 : 1200);
}

static void exchange(unsigned *seed)
{
	unsigned char *block = made_block(some_size(seed));

	take_block(atomic_exchange(&table[(unsigned)rand_r(seed) % TABLE_BLOCKS], block));
}

static void empty_table(void)
{
	for (unsigned i = 0; i < TABLE_BLOCKS; i++)
		take_block(atomic_exchange(&table[i], NULL));
}

static pthread_key_t key;

// Runs while the thread ends, and once more for what it leaves.
static void end_of_thread(void *value)
{
	unsigned seed = 1;

	take_block(value);
	exchange(&seed);
	if (!atomic_exchange(&is_over, true))
		pthread_setspecific(key, made_block(1000));
}

static void *exchange_and_end(void *argument)
{
	unsigned seed = (unsigned)(uintptr_t)argument;

	pthread_setspecific(key, made_block(500));
	for (unsigned step = 0; step < 2000; step++)
		exchange(&seed);
	return NULL;
}

static void threads_come_and_go(void)
{
	CHECK(pthread_key_create(&key, end_of_thread) == 0);
	for (unsigned round = 0; round < 40; round++) {
		pthread_t thread[6];

		is_over = false;
		for (unsigned i = 0; i < 6; i++)
			CHECK(pthread_create(&thread[i], NULL, exchange_and_end,
				      (void *)(uintptr_t)(round * 6 + i + 1)) == 0);
		for (unsigned i = 0; i < 6; i++)
			CHECK(pthread_join(thread[i], NULL) == 0);
	}
	empty_table();
}

static void *exchange_until_over(void *argument)
{
	unsigned seed = (unsigned)(uintptr_t)argument;

	while (!is_over)
		exchange(&seed);
	return NULL;
}

// Registered after the library's own, so they run while it has nothing locked.
static void allocate_around_fork(void)
{
	unsigned seed = 9;

	exchange(&seed);
}

static void child_work(unsigned round)
{
	unsigned seed = round;

	alarm(TEST_SECONDS_MAX);
	for (unsigned step = 0; step < 3000; step++)
		exchange(&seed);
	empty_table();
	_exit(0);
}

static void fork_may_come_at_any_moment(void)
{
	pthread_t thread[3];

	CHECK(pthread_atfork(allocate_around_fork, allocate_around_fork, allocate_around_fork) ==
		0);
	for (unsigned i = 0; i < 3; i++)
		CHECK(pthread_create(&thread[i], NULL, exchange_until_over,
			      (void *)(uintptr_t)(i + 1)) == 0);
	for (unsigned round = 0; round < 60; round++) {
		pid_t child = fork();
		int status = -1;

		CHECK(child >= 0);
		if (child == 0)
			child_work(round);
		CHECK(waitpid(child, &status, 0) == child && status == 0);
	}
	is_over = true;
	for (unsigned i = 0; i < 3; i++)
		CHECK(pthread_join(thread[i], NULL) == 0);
	empty_table();
}

// ---- others -------------------------------------------------------------------------------------

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

#define TEST(name)                                                                                 \
	{                                                                                          \
#name, name                                                                        \
	}

static const struct {
	const char *name;
	void (*function)(void);
} tests[] = {
	TEST(the_library_is_ours),
	TEST(malloc_works_before_main),
	TEST(every_size_is_aligned_and_apart),
	TEST(no_bytes_are_a_block_too),
	TEST(calloc_gives_zeros_where_others_have_been),
	TEST(realloc_keeps_the_contents),
	TEST(a_block_that_shrinks_far_gives_memory_back),
	TEST(alignments_are_kept),
	TEST(the_old_calls_align_too),
	TEST(wrong_alignments_are_refused),
	TEST(what_cannot_be_is_refused),
	TEST(memory_that_runs_out_is_an_error),
	TEST(free_leaves_errno_alone),
	TEST(many_large_blocks_are_told_apart),
	TEST(wrong_pointers_end_the_program),
	TEST(threads_come_and_go),
	TEST(fork_may_come_at_any_moment),
	TEST(a_library_that_is_loaded_later_allocates_here),
	TEST(the_start_has_memory_of_its_own),
};

// Returns whether the test passed, in a child of its own.
static bool run(void (*function)(void))
{
	pid_t child;
	int status;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		alarm(TEST_SECONDS_MAX);
		function();
		fflush(stdout);
		_exit(0);
	}
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

int main(int argc, char **argv)
{
	unsigned failed = 0;

	if (argc != 2) {
		fprintf(stderr, "Usage: %s MODULE, a shared library to load\n", argv[0]);
		return 2;
	}
	module_path = argv[1];
	for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); i++) {
		bool has_passed = run(tests[i].function);

		printf("%s %s\n", has_passed ? "passed" : "FAILED", tests[i].name);
		failed += !has_passed;
	}
	printf("%zu tests, %u failed\n", sizeof(tests) / sizeof(*tests), failed);
	return failed > 0;
}
