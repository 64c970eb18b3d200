// SPDX-License-Identifier: GPL-2.0-or-later
// Functions that run when readers have left. Grace periods are liburcu's, with the order that they
// give spelt out to the thread sanitizer. Entries: rcu_call(), rcu_wait().
#include "host/rcu.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "host/sanitizer.h"

#if HAS_THREAD_SANITIZER
// From its run-time library; no header declares them.
void __tsan_acquire(void *address);
void __tsan_release(void *address);

// liburcu is not built with the sanitizer: what its own threads do looks like races.
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
	return "called_from_lib:liburcu-bp.so\n";
}
#else
static inline void __tsan_acquire(void *address)
{
	(void)address;
}
static inline void __tsan_release(void *address)
{
	(void)address;
}
#endif

enum {
	FORK_WAIT_S = 1, // how long a fork() waits for readers that somebody waits for
};

// ---- the queue

// Functions that wait for readers, and the thread that waits with them. liburcu's own thread for
// that (call_rcu) is gone in a child of fork(), unless the program calls liburcu's handlers, which
// may be called by nobody else then. This one is made anew when the child needs it.
static struct {
	pthread_mutex_t lock; // guards the rest; nothing is taken under it
	pthread_cond_t is_wanted; // a function came
	pthread_cond_t has_run; // `ran` grew
	struct rcu_head *first, *last; // wait for the readers of now
	struct rcu_head *batch; // its readers have left, or are waited for
	bool has_batch; // somebody is at it, maybe at its last function
	unsigned long handed, ran; // functions ever
	bool has_thread, needs_none;
	unsigned inside; // threads that liburcu lets wait for readers: they may hold its locks
	bool is_starting; // the thread: it, too, may hold any lock of the C library or of a malloc …
	bool is_running; // … and so may a function of the batch
	unsigned forks; // under way: nobody goes inside, and no function begins
	pthread_cond_t has_moved; // one of these four fell
	bool is_lost; // this process was forked while a thread was inside
} queue = {.lock = PTHREAD_MUTEX_INITIALIZER,
	.is_wanted = PTHREAD_COND_INITIALIZER,
	.has_run = PTHREAD_COND_INITIALIZER,
	.has_moved = PTHREAD_COND_INITIALIZER};

static char all_calls; // what rcu_wait() waits for, for the sanitizer

static struct rcu_head *next_of(const struct rcu_head *head)
{
	return (struct rcu_head *)head->next.next;
}

static void set_next(struct rcu_head *head, struct rcu_head *next)
{
	head->next.next = (struct cds_wfcq_node *)next;
}

// The lock is held, but not while it waits.
static void wait_for_forks(void)
{
	while (queue.forks)
		pthread_cond_wait(&queue.has_moved, &queue.lock);
}

// Waits for the readers of now. The lock is held, but not meanwhile.
static void readers_leave(void)
{
	wait_for_forks();
	queue.inside++;
	pthread_mutex_unlock(&queue.lock);
	urcu_bp_synchronize_rcu();
	pthread_mutex_lock(&queue.lock);
	queue.inside--;
	pthread_cond_broadcast(&queue.has_moved);
}

// The lock is held, but not while the function runs.
static void function_run(struct rcu_head *head)
{
	queue.is_running = true;
	pthread_mutex_unlock(&queue.lock);
	head->func(head);
	pthread_mutex_lock(&queue.lock);
	queue.is_running = false;
	queue.ran++;
	pthread_cond_broadcast(&queue.has_run);
	pthread_cond_broadcast(&queue.has_moved);
}

// All that waits becomes the batch, and runs when its readers have left. The lock is held, but not
// while readers or forks are waited for, nor while a function runs.
static void batch_run(void)
{
	queue.has_batch = true;
	queue.batch = queue.first;
	queue.first = queue.last = NULL;
	readers_leave();
	for (;;) {
		struct rcu_head *head;

		wait_for_forks();
		head = queue.batch;
		if (!head)
			break;
		queue.batch = next_of(head);
		function_run(head);
	}
	queue.has_batch = false;
	pthread_cond_broadcast(&queue.has_run); // who had no thread may take the next batch …
	pthread_cond_signal(&queue.is_wanted); // … and so may a thread that was made meanwhile
}

static void *thread_run(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&queue.lock);
	queue.is_starting = false;
	pthread_cond_broadcast(&queue.has_moved);
	for (;;) {
		while (!queue.first || queue.has_batch)
			pthread_cond_wait(&queue.is_wanted, &queue.lock);
		batch_run();
	}
	return NULL;
}

// The lock is held. Where no thread can be had, rcu_wait() does its work. The program's signals are
// not its business.
static void thread_start(void)
{
	sigset_t all, before;
	pthread_t thread;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&thread, NULL, thread_run, NULL) == 0) {
		pthread_detach(thread);
		queue.has_thread = queue.is_starting = true;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

// A fork() under way may have waited already; its end comes here again. The lock is held.
static void thread_start_if_wanted(void)
{
	if (queue.first && !queue.has_thread && !queue.needs_none && !queue.is_lost && !queue.forks)
		thread_start();
}

void rcu_lock(void)
{
	pthread_mutex_lock(&queue.lock);
}

void rcu_unlock(void)
{
	pthread_mutex_unlock(&queue.lock);
}

void rcu_call_locked(struct rcu_head *head, void (*function)(struct rcu_head *head))
{
	__tsan_release(head);
	head->func = function;
	set_next(head, NULL);
	if (queue.last)
		set_next(queue.last, head);
	else
		queue.first = head;
	queue.last = head;
	queue.handed++;
	thread_start_if_wanted();
	pthread_cond_signal(&queue.is_wanted);
}

void rcu_call(struct rcu_head *head, void (*function)(struct rcu_head *head))
{
	rcu_lock();
	rcu_call_locked(head, function);
	rcu_unlock();
}

void rcu_call_begin(struct rcu_head *head)
{
	__tsan_acquire(head);
}

void rcu_call_end(void)
{
	__tsan_release(&all_calls);
}

void rcu_do_without_thread(void)
{
	rcu_lock();
	queue.needs_none = true;
	rcu_unlock();
}

bool rcu_wait(void)
{
	unsigned long handed;
	bool has_run;

	rcu_lock();
	handed = queue.handed;
	while (queue.ran < handed && !queue.is_lost) {
		if (queue.has_thread || queue.has_batch)
			pthread_cond_wait(&queue.has_run, &queue.lock);
		else
			batch_run();
	}
	has_run = queue.ran >= handed;
	rcu_unlock();
	__tsan_acquire(&all_calls);
	return has_run;
}

bool rcu_synchronize(void)
{
	bool has_left;

	rcu_lock();
	has_left = !queue.is_lost;
	if (has_left)
		readers_leave();
	rcu_unlock();
	return has_left;
}

static bool is_in(const struct rcu_head *list, const struct rcu_head *head)
{
	while (list && list != head)
		list = next_of(list);
	return list;
}

bool rcu_is_waiting(const struct rcu_head *head)
{
	return is_in(queue.first, head) || is_in(queue.batch, head);
}

// ---- fork

// A child inherits every lock as it is: liburcu's, where a thread is inside, and those of an allocator that
// knows nothing of forks (mimalloc, a sanitizer's), where the thread begins or a function runs. A reader
// can wait for this very thread, or be it: then the fork goes on, and the child does without grace periods.
static bool must_fork_wait(void)
{
	return queue.is_starting || queue.is_running || (queue.inside && !urcu_bp_read_ongoing());
}

void rcu_fork_begin(void)
{
	struct timespec until;
	int problem = 0;

	rcu_lock();
	queue.forks++;
	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += FORK_WAIT_S;
	while (!problem && must_fork_wait())
		problem = pthread_cond_timedwait(&queue.has_moved, &queue.lock, &until);
	rcu_unlock();
}

// The lock is held.
void rcu_fork_end(void)
{
	queue.forks--;
	thread_start_if_wanted();
	pthread_cond_broadcast(&queue.has_moved);
	rcu_unlock();
}

// What the thread had taken waits again. A function that was running in the parent is not run
// twice: what it had not done yet is lost to the child. The lock is held.
void rcu_fork_end_in_child(void)
{
	unsigned long waiting = 0;

	while (queue.batch) {
		struct rcu_head *head = queue.batch;

		queue.batch = next_of(head);
		set_next(head, queue.first);
		queue.first = head;
		queue.last = queue.last ? queue.last : head;
	}
	for (struct rcu_head *head = queue.first; head; head = next_of(head))
		waiting++;
	queue.ran = queue.handed - waiting;
	queue.has_thread = queue.has_batch = false;
	queue.is_starting = queue.is_running = false;
	queue.is_lost |= queue.inside > 0;
	queue.inside = queue.forks = 0;
	pthread_cond_init(&queue.is_wanted, NULL);
	pthread_cond_init(&queue.has_run, NULL);
	pthread_cond_init(&queue.has_moved, NULL);
	rcu_unlock();
}
