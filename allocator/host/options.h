// SPDX-License-Identifier: GPL-2.0-or-later
// The options in force, after start.
#ifndef SLAB_HOST_OPTIONS_H
#define SLAB_HOST_OPTIONS_H

#include <slab/slab.h>

// Returns 0, or -EINVAL after a message when a value is out of its range.
int options_check(const struct slab_options *options);

#endif
