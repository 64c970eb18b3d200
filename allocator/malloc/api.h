// SPDX-License-Identifier: GPL-2.0-or-later
// What libslabmalloc shows to programs; slabmalloc.map names each.
#ifndef SLAB_MALLOC_API_H
#define SLAB_MALLOC_API_H

#define API __attribute__((visibility("default")))

// A second name of a function of the same file, for the linker; C would want all its attributes said
// again.
#define ALSO(name, call) __asm__(".globl " #name "\n\t.set " #name ", " #call "\n")

#endif
