// SPDX-License-Identifier: GPL-2.0-or-later
// What malloc_test.c loads: a library that allocates while it is loaded, and has variables a
// thread.
#include <stdlib.h>
#include <string.h>

void *made_by_constructor(void);

static void *block;
static __thread char bytes[2000];

__attribute__((constructor)) static void load(void)
{
	memset(bytes, 0x5a, sizeof(bytes));
	block = malloc(1000);
	if (block)
		memcpy(block, bytes, 1000);
}

__attribute__((destructor)) static void unload(void)
{
	free(malloc(1000));
}

__attribute__((visibility("default"))) void *made_by_constructor(void)
{
	return block;
}
