// SPDX-License-Identifier: GPL-2.0-or-later
// Keeps restartable sequences out of a CPU's array, whatever the system allows: by membarrier(2),
// else by going to the CPU, else by waiting and doing without sequences from then on.
#ifndef SLAB_HOST_FENCE_H
#define SLAB_HOST_FENCE_H

#include <stdbool.h>

// When it returns, no thread on the CPU is in a sequence that it began before the call. The caller
// holds the CPU's slot, so that none that begins later gets anywhere. errno is kept.
void fence_cpu(unsigned cpu);

// The same for every CPU, whose slots the caller holds.
void fence_all_cpus(void);

// Whether a fence and a visit were refused once: sequences had better end for good.
bool fence_is_helpless(void);

#endif
