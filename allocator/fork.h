// SPDX-License-Identifier: GPL-2.0-or-later
// Keeps the allocator usable in the child of a fork().
#ifndef SLAB_FORK_H
#define SLAB_FORK_H

// Registers the handlers, once, at the end of the start. Returns 0 or -ENOMEM.
int fork_init(void);

#endif
