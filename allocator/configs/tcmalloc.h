// SPDX-License-Identifier: GPL-2.0-or-later
// A peer: tcmalloc (gperftools, minimal) behind the same interface.
#define SLAB_CONFIG_DESCRIPTION "peer: tcmalloc (gperftools, minimal) behind the same interface"
