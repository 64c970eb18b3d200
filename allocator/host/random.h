// SPDX-License-Identifier: GPL-2.0-or-later
// Numbers that an outsider cannot foresee, cheaply: for freelist randomisation.
#ifndef SLAB_HOST_RANDOM_H
#define SLAB_HOST_RANDOM_H

// Any 32 bits. From any thread.
unsigned random_number(void);

#endif
