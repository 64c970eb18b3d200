// SPDX-License-Identifier: GPL-2.0-or-later
// kfree_rcu() beside fork(), in a program that calls as little else as possible: of a static library
// it takes only the files that it names.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <slab/linux.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/sanitizer.h"

struct node {
	unsigned value;
	struct rcu_head rcu;
};

static void free_some(void)
{
	for (unsigned i = 0; i < 100; i++) {
		struct node *node = kmalloc(sizeof(*node), GFP_KERNEL);

		kfree_rcu(node, rcu);
	}
}

// The child's fork() comes while the parent's thread frees: no lock of any allocator may stay taken.
static void a_child_frees_what_its_parent_was_freeing(void **state)
{
	(void)state;
	if (HAS_THREAD_SANITIZER)
		skip(); // it lets no child of several threads make one
	for (unsigned i = 0; i < 100; i++) {
		pid_t child;
		int status;

		free_some();
		if (i % 3)
			usleep(10 * (i % 7));
		child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			alarm(60); // a wait that has no end is this test's failure
			free_some();
			kvfree_rcu_barrier();
			_exit(0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
	}
	kvfree_rcu_barrier();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_child_frees_what_its_parent_was_freeing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
