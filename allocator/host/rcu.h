// SPDX-License-Identifier: GPL-2.0-or-later
// What stands for the kernel's RCU: liburcu's "bp" flavour, whose readers need no registration. A
// user of a SLAB_TYPESAFE_BY_RCU cache reads between urcu_bp_read_lock() and urcu_bp_read_unlock().
#ifndef SLAB_HOST_RCU_H
#define SLAB_HOST_RCU_H

#include <stdbool.h>

#include <urcu/urcu-bp.h>

// Guards what waits here, and what rcu_call_locked()'s callers keep beside it. Nothing is taken under it.
void rcu_lock(void);
void rcu_unlock(void);

// Calls function(head) on a thread of the allocator's when every reader of now has left. May be called
// by a reader. head lies in the caller's structure. _locked: between rcu_lock() and rcu_unlock().
void rcu_call(struct rcu_head *head, void (*function)(struct rcu_head *head));
void rcu_call_locked(struct rcu_head *head, void (*function)(struct rcu_head *head));

// Begin and end of such a function: what happened before rcu_call() is visible in it, and what it
// did is visible after rcu_wait(). Nothing needs them but the thread sanitizer, which does not see
// into liburcu.
void rcu_call_begin(struct rcu_head *head);
void rcu_call_end(void);

// From now on no thread is made for the functions: they run where somebody waits for them.
void rcu_do_without_thread(void);

// Waits until every function handed to rcu_call() has run. Not for readers. False at once in a child
// that has no grace periods (see rcu_fork_begin): what waits there waits for ever.
bool rcu_wait(void);

// Waits for the readers of now. Not for readers. False at once in such a child.
bool rcu_synchronize(void);

// Whether the function of this head has not been begun yet. The lock is held.
bool rcu_is_waiting(const struct rcu_head *head);

// Around a fork(). begin waits until no thread of the allocator's is inside liburcu, whose locks a child
// would inherit, none is about to begin, and no function runs; before any lock that a reader or a function may take. Then the
// caller takes rcu_lock(), forks, and calls one of the ends, which release it. In the child what waited waits on, and a thread is made anew
// when one is needed. A fork() by a reader, or while one reads for longer than a second, does not wait:
// its child has no grace periods, and keeps what would wait for one.
// Readers of other threads are gone in a child; a program that has such, and forks, calls liburcu's own
// handlers, as liburcu asks for.
void rcu_fork_begin(void);
void rcu_fork_end(void);
void rcu_fork_end_in_child(void);

// Makes every fork() from now on call them, if none does yet. Defined beside the other locks that a fork()
// takes: fork.c of an own config, which starts so; peers/peer.c.
void rcu_guard_fork(void);

#endif
