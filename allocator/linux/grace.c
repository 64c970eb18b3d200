// SPDX-License-Identifier: GPL-2.0-or-later
// kfree_rcu() of <slab/linux.h>: objects that are freed once every reader of now has left. Entries:
// slab_kvfree_rcu, slab_kvfree_rcu_wait, slab_kvfree_rcu_barrier.
//
// The two words of the object's rcu_head hold a list and the object's own address, so that nothing
// has to be allocated. One batch waits for its grace period at a time; what comes meanwhile is the
// next one. Readers are those of liburcu's "bp" flavour.
#include <pthread.h>
#include <slab/linux.h>

#include "host/rcu.h"

// What an object's rcu_head holds while it waits.
struct waiting {
	struct waiting *next;
	const void *object;
};
_Static_assert(sizeof(struct waiting) <= sizeof(struct rcu_head), "the head has two words");

// Guarded by rcu_lock(), which a fork() of any config takes.
static struct {
	struct waiting *next; // the batch to come
	struct waiting *now; // the batch whose grace period runs
	unsigned long begun, ended; // batches ever; at most one apart
	bool is_freeing; // the running batch
	struct rcu_head head; // of the running batch
} grace;

static pthread_once_t fork_once = PTHREAD_ONCE_INIT;

// The parent's thread may have been at the running batch. If it had begun to free it, what is left is
// lost to the child; if it had only been about to, the objects wait again.
static void mend_child(void)
{
	rcu_lock();
	if (grace.begun != grace.ended && !rcu_is_waiting(&grace.head)) {
		struct waiting **end = &grace.next;

		while (*end)
			end = &(*end)->next;
		*end = grace.is_freeing ? NULL : grace.now;
		grace.is_freeing = false;
		grace.ended = grace.begun;
	}
	rcu_unlock();
}

static void register_fork(void)
{
	rcu_guard_fork(); // before mend_child(), which mends what these handlers leave
	pthread_atfork(NULL, NULL, mend_child);
}

static void batch_ends(struct rcu_head *head);

// Lock held; no batch is running.
static void batch_begin(void)
{
	if (!grace.next)
		return;
	grace.now = grace.next;
	grace.next = NULL;
	grace.begun++;
	rcu_call_locked(&grace.head, batch_ends);
}

static void free_all(struct waiting *waiting)
{
	while (waiting) {
		struct waiting *next = waiting->next;

		slab_kvfree(waiting->object);
		waiting = next;
	}
}

// On the thread of host/rcu.c.
static void batch_ends(struct rcu_head *head)
{
	rcu_call_begin(head);
	rcu_lock();
	grace.is_freeing = true;
	rcu_unlock();
	free_all(grace.now); // nobody else reads or writes it while a batch is running
	rcu_lock();
	grace.is_freeing = false;
	grace.ended++;
	batch_begin();
	rcu_unlock();
	rcu_call_end();
}

void slab_kvfree_rcu(const void *object, struct rcu_head *head)
{
	struct waiting *waiting = (struct waiting *)head;

	pthread_once(&fork_once, register_fork);
	waiting->object = object;
	rcu_lock();
	waiting->next = grace.next;
	grace.next = waiting;
	if (grace.begun == grace.ended)
		batch_begin();
	rcu_unlock();
}

void slab_kvfree_rcu_wait(const void *object)
{
	if (rcu_synchronize())
		slab_kvfree(object);
}

// The number of the batch that takes everything until now along. In a child of fork() none may be running.
static unsigned long last_batch(void)
{
	unsigned long last;

	rcu_lock();
	if (grace.begun == grace.ended)
		batch_begin();
	last = grace.begun + (grace.next ? 1 : 0);
	rcu_unlock();
	return last;
}

static bool has_ended(unsigned long batch)
{
	bool has;

	rcu_lock();
	has = grace.ended >= batch;
	rcu_unlock();
	return has;
}

void slab_kvfree_rcu_barrier(void)
{
	unsigned long last = last_batch();

	while (!has_ended(last) && rcu_wait())
		continue;
}
