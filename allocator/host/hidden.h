// SPDX-License-Identifier: GPL-2.0-or-later
// Variables that never leave the library: read without a detour through tables that the dynamic
// linker fills. -fvisibility=hidden speaks of definitions alone.
#ifndef SLAB_HOST_HIDDEN_H
#define SLAB_HOST_HIDDEN_H

#define SLAB_OWN     __attribute__((visibility("hidden")))
#define SLAB_OWN_TLS __attribute__((visibility("hidden"), tls_model("initial-exec")))

#endif
