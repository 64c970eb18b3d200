// SPDX-License-Identifier: GPL-2.0-or-later
// What stands for the kernel's RCU: liburcu's "bp" flavour, whose readers need no registration. A
// user of a SLAB_TYPESAFE_BY_RCU cache reads between urcu_bp_read_lock() and urcu_bp_read_unlock().
#ifndef SLAB_HOST_RCU_H
#define SLAB_HOST_RCU_H

#include <stdbool.h>

#include <urcu/urcu-bp.h>

// Calls function(head) on a thread of the allocator's when every reader of now has left. May be called
// by a reader. head lies in the
// caller's structure.
void rcu_call(struct rcu_head *head, void (*function)(struct rcu_head *head));

// Begin and end of such a function: what happened before rcu_call() is visible in it, and what it
// did is visible after rcu_wait(). Nothing needs them but the thread sanitizer, which does not see
// into liburcu.
void rcu_call_begin(struct rcu_head *head);
void rcu_call_end(void);

// Waits until every function handed to rcu_call() has run. Not for readers.
void rcu_wait(void);

// Whether the function of this head has not been begun yet.
bool rcu_is_waiting(const struct rcu_head *head);

// Around a fork(): in the child what waited waits on, and a thread is made anew when one is needed.
// Readers of other threads are gone there; a program that has such, and forks, calls liburcu's own
// handlers, as liburcu asks for.
void rcu_lock(void);
void rcu_unlock(void);
void rcu_unlock_in_child(void);

#endif
