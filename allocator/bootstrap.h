// SPDX-License-Identifier: GPL-2.0-or-later
// The start, as every public call that may be a process's first one asks for it. It is a door like
// own.h: the files below call up through it, because the allocator starts by itself.
#ifndef SLAB_BOOTSTRAP_H
#define SLAB_BOOTSTRAP_H

#include <stdbool.h>

// Starts the allocator if need be. false when that failed, with errno set; a message has been
// printed.
bool slab_start(void);

#endif
