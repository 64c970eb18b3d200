// SPDX-License-Identifier: GPL-2.0-or-later
// The start of the allocator under malloc().
#ifndef SLAB_MALLOC_START_H
#define SLAB_MALLOC_START_H

#include <stdbool.h>

// Starts the allocator with what SLAB_OPTIONS says, if no other thread has. false without memory, or
// with options that are wrong, after a message; it is not tried again. With wrong options the
// library's constructor ends the process, status 2; malloc() itself never does.
bool malloc_start(void);

// Whether the calling thread is in malloc_start(): who calls malloc() then is what the start needs.
bool malloc_is_starting(void);

#endif
