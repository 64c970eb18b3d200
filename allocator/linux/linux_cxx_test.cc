// SPDX-License-Identifier: GPL-2.0-or-later
// <slab/linux.h> in C++: every inline and macro compiles and runs. Prints what is wrong.
#include "linux/kernel_code.c"

static int wrong;

#define CHECK(is_right)                                                                            \
	do {                                                                                       \
		if (!(is_right)) {                                                                 \
			fprintf(stderr, "line %d: not so: %s\n", __LINE__, #is_right);             \
			wrong = 1;                                                                 \
		}                                                                                  \
	} while (0)

static void check_inlines()
{
	void *bytes = kvmalloc(100, GFP_USER);
	char *text = kstrndup("a longer text", 8, GFP_NOIO);

	CHECK(bytes && text && strcmp(text, "a longer") == 0);
	CHECK(!kvmalloc_array(SIZE_MAX, 2, GFP_KERNEL));
	CHECK(!krealloc_array(text, SIZE_MAX, 2, GFP_KERNEL));
	CHECK(kmalloc_index(100) == 7 && kmalloc_index(96) == 1);
	kvfree_sensitive(bytes, 100);
	kfree(text);
	bytes = __kmalloc(50, GFP_NOWAIT);
	CHECK(__ksize(bytes) >= 50);
	kfree_rcu(bytes);
	kvfree(kvzalloc_node(50, GFP_KERNEL, NUMA_NO_NODE));
}

int main()
{
	const u32 hops[] = {3, 1, 4};
	char *text;

	CHECK(routes_init(64) == 0);
	CHECK(route_add("north", hops, 3) == 0);
	text = route_describe("north");
	CHECK(text && strcmp(text, "north: 3 hops, the last is 4") == 0);
	kfree(text);
	routes_exit();
	check_inlines();
	return wrong;
}
