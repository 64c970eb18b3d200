// SPDX-License-Identifier: GPL-2.0-or-later
// Memory that every CPU has at the same offset of its slot: where the array caches lie.
#ifndef SLAB_HOST_PERCPU_H
#define SLAB_HOST_PERCPU_H

#include <stdbool.h>
#include <stddef.h>

// As the kernel's per-CPU allocator refuses larger ones.
#define PERCPU_BYTES_MAX 32768

// Takes over the slots that cpu_map describes: `used` bytes at the start of each become usable and
// stay taken, the rest is free. Returns 0 or -ENOMEM.
int percpu_init(size_t used);

// Memory at the same offset in every CPU's slot, zero-filled at first use, HOT_PLACE (cpu.h) into a
// cache line. Returns the offset, or 0 when there is none left or `bytes` is above
// PERCPU_BYTES_MAX. The caller holds slab_mutex.
size_t percpu_alloc(size_t bytes);

// Takes back what percpu_alloc(bytes) handed out. slab_mutex held.
void percpu_free(size_t offset, size_t bytes);

#endif
