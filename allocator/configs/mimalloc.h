// SPDX-License-Identifier: GPL-2.0-or-later
// A peer: mimalloc behind the same interface.
#define SLAB_CONFIG_DESCRIPTION "peer: mimalloc behind the same interface"
