// SPDX-License-Identifier: GPL-2.0-or-later
// What stands for host/rcu.c: no cache of libslabmalloc is SLAB_TYPESAFE_BY_RCU, and a program that
// knows nothing of liburcu shall not load it. Its constructor asks for a membarrier(2), for which some
// sandboxes kill.
#include "host/rcu.h"
#include "host/report.h"

void rcu_call(struct rcu_head *head, void (*function)(struct rcu_head *head))
{
	(void)head;
	(void)function;
	report_fatal("libslabmalloc has no cache whose slabs wait for readers");
}

void rcu_call_begin(struct rcu_head *head)
{
	(void)head;
}

void rcu_call_end(void)
{
}

void rcu_do_without_thread(void)
{
}

bool rcu_wait(void)
{
	return true;
}

void rcu_lock(void)
{
}

void rcu_fork_begin(void)
{
}

void rcu_fork_end(void)
{
}

void rcu_fork_end_in_child(void)
{
}
