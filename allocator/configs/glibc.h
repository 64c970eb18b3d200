// SPDX-License-Identifier: GPL-2.0-or-later
// A peer: the C library's malloc behind the same interface.
#define SLAB_CONFIG_DESCRIPTION "peer: the C library's malloc behind the same interface"
