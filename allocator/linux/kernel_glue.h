// SPDX-License-Identifier: GPL-2.0-or-later
// All that kernel_code.c needs beside <slab/linux.h>: the few lines of glue that a port adds.
#ifndef SLAB_LINUX_KERNEL_GLUE_H
#define SLAB_LINUX_KERNEL_GLUE_H

#include <errno.h>
#include <slab/linux.h>
#include <stdlib.h>

#define __init
#define __exit
#define __read_mostly
#define pr_err(...)   ((void)fprintf(stderr, __VA_ARGS__))
#define BUG_ON(wrong) ((wrong) ? abort() : (void)0)

typedef unsigned int u32;

#endif
