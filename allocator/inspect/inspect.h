// SPDX-License-Identifier: GPL-2.0-or-later
// slabmark-inspect-<config>: a config's allocator, looked at from inside. One function a
// subcommand.
#ifndef SLAB_INSPECT_H
#define SLAB_INSPECT_H

#include <stdio.h>

#include <slab/slab.h>

// Exit statuses.
enum { INSPECT_GOOD = 0, INSPECT_FAILED = 1, INSPECT_WRONG_USE = 2, INSPECT_NOT_DONE = 3 };

// Reads rows of `size align flags ctor` from `input` (`name` is for messages), makes each cache and
// prints its geometry to `output`. The allocator has started. Every row that can't be read is said
// on standard error with its line; the others are printed all the same. Returns an exit status.
int inspect_geometry(FILE *input, const char *name, FILE *output);

#endif
