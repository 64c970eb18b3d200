// SPDX-License-Identifier: GPL-2.0-or-later
// The background reaper.
#ifndef SLAB_RECLAIM_REAPER_H
#define SLAB_RECLAIM_REAPER_H

// In the child of a fork: the thread is the parent's.
void reaper_forget(void);

#endif
