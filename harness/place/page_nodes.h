// SPDX-License-Identifier: GPL-2.0-or-later
// Where memory really lies: the node of the page at an address, asked of the kernel.
#ifndef HARNESS_PLACE_PAGE_NODES_H
#define HARNESS_PLACE_PAGE_NODES_H

// The node of the page that holds the address, by the operating system's number; -1 where the kernel
// does not tell, because the page is not there or there is no such call.
int page_node(const void *address);

#endif
