// SPDX-License-Identifier: GPL-2.0-or-later
// What the tests of libslabmalloc share. No test framework: each test runs in a child, because some
// end their process, and the framework's own blocks would be among those that are tested.
#ifndef SLAB_MALLOC_TEST_H
#define SLAB_MALLOC_TEST_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MIB              ((size_t)1 << 20)
#define LARGE            (4 * MIB + 1) // the first size that is a mapping of its own
#define TEST_SECONDS_MAX 900 // then it hangs

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			printf("%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);           \
			fflush(stdout);                                                            \
			_exit(1);                                                                  \
		}                                                                                  \
	} while (0)

// Keeps the compiler from knowing what malloc() is.
static __attribute__((unused)) void *(*volatile allocate)(size_t) = malloc;
static __attribute__((unused)) void *(*volatile allocate_zeroed)(size_t, size_t) = calloc;
static __attribute__((unused)) void *(*volatile resize)(void *, size_t) = realloc;
static __attribute__((unused)) void *(*volatile resize_array)(
	void *, size_t, size_t) = reallocarray;
static __attribute__((unused)) void (*volatile release)(void *) = free;

static inline void fill(void *block, size_t size, unsigned seed)
{
	memset(block, (int)(seed & 0xff), size);
}

static inline bool is_filled(const void *block, size_t size, unsigned seed)
{
	const unsigned char *byte = block;

	for (size_t i = 0; i < size; i++)
		if (byte[i] != (unsigned char)seed)
			return false;
	return true;
}

struct test {
	const char *name;
	void (*function)(void);
};

#define TEST(name)                                                                                 \
	{                                                                                          \
#name, name                                                                        \
	}

// Whether the test passed, in a child of its own.
static inline bool test_passes(const struct test *test)
{
	pid_t child;
	int status;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		alarm(TEST_SECONDS_MAX);
		test->function();
		fflush(stdout);
		_exit(0);
	}
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

// Returns the exit status of the program.
static inline int run_tests(const struct test *tests, size_t count)
{
	unsigned failed = 0;

	for (size_t i = 0; i < count; i++) {
		bool has_passed = test_passes(&tests[i]);

		printf("%s %s\n", has_passed ? "passed" : "FAILED", tests[i].name);
		failed += !has_passed;
	}
	printf("%zu tests, %u failed\n", count, failed);
	return failed > 0;
}

#endif
