// SPDX-License-Identifier: GPL-2.0-or-later
// The start of the allocator under malloc().
#ifndef SLAB_MALLOC_START_H
#define SLAB_MALLOC_START_H

#include <stdbool.h>

// Starts the allocator with what SLAB_OPTIONS says, if no other thread has. false without memory,
// after a message. With options that are wrong the process ends, status 2: a program that ran on
// could not be told from one that runs as it was asked to.
bool malloc_start(void);

// Whether the calling thread is in malloc_start(): who calls malloc() then is what the start needs.
bool malloc_is_starting(void);

#endif
