// SPDX-License-Identifier: GPL-2.0-or-later
// Who may be at work in the heap: whatever takes a lock or changes more than a sequence does is done
// between gate_enter() and gate_leave(). fork() closes the gate and waits until nobody is inside, so
// that the child finds every lock free and every list whole.
//
// No lock of the heap is held across a fork, and nobody waits behind the gate for long: whoever is
// kept out gets memory beside the heap (aside.h), and what it frees waits in a list. Otherwise a
// thread that allocates while it holds a lock which fork() wants, as those of stdio, would stop both
// for ever.
#ifndef SLAB_MALLOC_GATE_H
#define SLAB_MALLOC_GATE_H

#include <stdbool.h>

// Has fork() use the gate. Returns 0 or -ENOMEM.
int gate_init(void);

// false: the thread is inside already (a signal's handler has interrupted it there), or the gate is
// closed and stays it for longer than a fork takes.
bool gate_enter(void);
void gate_leave(void);

// Keeps a block until somebody enters; its first bytes are written to. Any thread, any time.
void gate_defer(void *block);

// Takes all that were kept, the newest first: each begins with the address of the next. NULL: none.
void *gate_take_deferred(void);

#endif
