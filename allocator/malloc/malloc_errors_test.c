// SPDX-License-Identifier: GPL-2.0-or-later
// How libslabmalloc says no: what it refuses, what it leaves alone, and which pointers end the
// program.
#include "malloc/malloc_test.h"

#include <errno.h>
#include <malloc.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/resource.h>

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

// ---- wrong pointers

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

static size_t small_bytes;

static void free_small_twice(void)
{
	void *block = allocate(small_bytes);

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

// The second time right after the first, on the same CPU.
static void a_block_that_came_back_last_is_told(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET((size_t)sched_getcpu(), &one);
	CHECK(sched_setaffinity(0, sizeof(one), &one) == 0);
	for (small_bytes = 1; small_bytes <= 131072; small_bytes += small_bytes / 2 + 1)
		expect_abort(free_small_twice, "freed twice");
}

int main(void)
{
	static const struct test tests[] = {
		TEST(wrong_alignments_are_refused),
		TEST(what_cannot_be_is_refused),
		TEST(memory_that_runs_out_is_an_error),
		TEST(free_leaves_errno_alone),
		TEST(wrong_pointers_end_the_program),
		TEST(a_block_that_came_back_last_is_told),
	};

	return run_tests(tests, sizeof(tests) / sizeof(*tests));
}
