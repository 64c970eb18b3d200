// SPDX-License-Identifier: GPL-2.0-or-later
// What kernel_code.c offers: a table of routes, as a driver might keep one.
#ifndef SLAB_LINUX_KERNEL_CODE_H
#define SLAB_LINUX_KERNEL_CODE_H

#include <stdbool.h>
#include <stddef.h>

// Both return 0 or a negative errno.
int routes_init(unsigned int buckets);
int route_add(const char *name, const unsigned int *hops, size_t count);

// Copies the route's description, for kfree(). NULL where there is no such route or no memory.
char *route_describe(const char *name);

// Whether there was one.
bool route_remove(const char *name);

// Removes what is left.
void routes_exit(void);

#endif
