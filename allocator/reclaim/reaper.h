// SPDX-License-Identifier: GPL-2.0-or-later
// The background reaper.
#ifndef SLAB_RECLAIM_REAPER_H
#define SLAB_RECLAIM_REAPER_H

// What the thread calls before and after each pass, so that no fork happens meanwhile; unless this is
// called before there is a thread, nothing.
void reaper_guard(void (*hold_off)(void), void (*let_go)(void));

// In the child of a fork: the thread is the parent's.
void reaper_forget(void);

#endif
