// SPDX-License-Identifier: GPL-2.0-or-later
// move_pages(2) without a target moves nothing and only tells.
#include "page_nodes.h"

#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

int page_node(const void *address)
{
	uintptr_t size = (uintptr_t)sysconf(_SC_PAGESIZE);
	void *page = (void *)((uintptr_t)address / size * size);
	int status = -1;

	if (syscall(SYS_move_pages, 0, 1UL, &page, NULL, &status, 0) != 0)
		return -1;
	return status >= 0 ? status : -1;
}
