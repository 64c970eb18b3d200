// SPDX-License-Identifier: GPL-2.0-or-later
// A peer: jemalloc behind the same interface.
#define SLAB_CONFIG_DESCRIPTION "peer: jemalloc behind the same interface"
