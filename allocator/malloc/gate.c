// SPDX-License-Identifier: GPL-2.0-or-later
// The gate is a count of those inside, in parts, so that threads do not share a line of the cache,
// and a count of the forks under way. Whoever enters counts itself first and looks at the forks
// afterwards; a fork does it the other way round; so one of them sees the other.
//
// A handler of a signal may fork while its own thread is inside. In the child that thread goes on
// where it was, with all that it held. Only if others are inside as well, and wait for what this
// thread holds, they cannot leave: then the fork goes on after a while, and the child's heap is given
// up. The child has memory beside the heap alone.
#include "malloc/gate.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "fork.h"
#include "reclaim/reaper.h"
#include "types.h"

#define PARTS        64
#define PATIENCE_NS  2000000L // much longer than a fork takes that waits for nobody
#define WAITS_MAX    4 // one fork follows another
#define TURN_WAIT_NS 50000000L // for a thread that may want a lock of the one that waits
#define FORK_WAIT_NS UINT64_C(200000000) // for threads that may never leave
#define YIELDS_MAX   50
#define NAP_NS       100000L
#define NS_PER_S     UINT64_C(1000000000)

static struct {
	atomic_int inside;
} __attribute__((aligned(64))) part[PARTS];

static struct {
	atomic_int forks; // under way; who is kept out sleeps on it
	atomic_int
		turn; // whether a thread forks: they do it one after the other, if that does not take long
	atomic_bool is_stuck; // somebody has waited in vain for the forks of now
	bool is_given_up; // written in a child before it has threads
	_Atomic(void *) deferred; // a list
	atomic_uint threads; // numbered so far
} gate;

static __thread struct {
	unsigned number; // of the thread, from 1; 0: it has none yet
	bool is_inside; // or about to be, or about to have left
	bool is_counted;
	bool has_given_up; // a fork of its own has not waited to the end
	int forks; // of its own, under way: one inside the other, by signals
	int turns; // how many of them have the turn
} self __attribute__((tls_model("initial-exec")));

static atomic_int *own_part(void)
{
	if (unlikely(!self.number))
		self.number = 1 + atomic_fetch_add_explicit(&gate.threads, 1, memory_order_relaxed);
	return &part[self.number % PARTS].inside;
}

// ---- in and out

static void step_out(void)
{
	self.is_counted = false;
	atomic_signal_fence(memory_order_seq_cst);
	atomic_fetch_sub(own_part(), 1);
	atomic_signal_fence(memory_order_seq_cst);
	self.is_inside = false;
}

static bool step_in(void)
{
	self.is_inside = true;
	atomic_signal_fence(memory_order_seq_cst);
	atomic_fetch_add(own_part(), 1);
	atomic_signal_fence(memory_order_seq_cst);
	self.is_counted = true;
	if (likely(atomic_load(&gate.forks) == 0))
		return true;
	step_out();
	return false;
}

// Sleeps while the word has this value, for so long at most. Returns whether the time was up.
static bool sleep_on(atomic_int *word, int value, long ns)
{
	struct timespec most = {.tv_nsec = ns};

	return syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, &most, NULL, 0) != 0 &&
	       errno == ETIMEDOUT;
}

static void wake(atomic_int *word, int count)
{
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

// Sleeps until there is no fork under way. false when that takes too long, as it has for somebody
// before.
static bool wait_for_forks(void)
{
	int forks = atomic_load(&gate.forks);

	if (forks == 0)
		return true;
	if (self.forks > 0 || atomic_load(&gate.is_stuck))
		return false;
	if (!sleep_on(&gate.forks, forks, PATIENCE_NS))
		return true;
	atomic_store(&gate.is_stuck, true);
	return false;
}

static __attribute__((noinline)) bool enter_late(void)
{
	int error = errno;
	bool is_in = false;

	for (unsigned waits = 0; !is_in && waits < WAITS_MAX && wait_for_forks(); waits++)
		is_in = step_in();
	errno = error;
	return is_in;
}

bool gate_enter(void)
{
	if (unlikely(self.is_inside || gate.is_given_up))
		return false;
	return likely(step_in()) || enter_late();
}

void gate_leave(void)
{
	step_out();
}

// For the reaper's thread, which nobody waits for.
static void hold_off(void)
{
	struct timespec nap = {.tv_nsec = NAP_NS};

	while (!gate_enter())
		nanosleep(&nap, NULL);
}

// ---- blocks that wait

void gate_defer(void *block)
{
	void *next = atomic_load(&gate.deferred);

	do
		*(void **)block = next;
	while (!atomic_compare_exchange_weak(&gate.deferred, &next, block));
}

void *gate_take_deferred(void)
{
	if (likely(!atomic_load_explicit(&gate.deferred, memory_order_relaxed)))
		return NULL;
	return atomic_exchange(&gate.deferred, NULL);
}

// ---- fork

static bool others_are_inside(void)
{
	int inside = 0;

	for (unsigned i = 0; i < PARTS; i++)
		inside += atomic_load(&part[i].inside);
	return inside > self.is_counted;
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

// Those inside wait for nobody outside, but perhaps for this thread if it is inside as well. Returns
// whether they have left.
static bool wait_for_others(void)
{
	struct timespec nap = {.tv_nsec = NAP_NS};
	uint64_t start = now_ns();

	for (unsigned tries = 0; others_are_inside(); tries++) {
		if (self.is_inside && now_ns() - start > FORK_WAIT_NS)
			return false;
		if (tries < YIELDS_MAX)
			sched_yield();
		else
			nanosleep(&nap, NULL);
	}
	return true;
}

static bool take_turn(void)
{
	for (;;) {
		int others = 0;

		if (atomic_compare_exchange_strong(&gate.turn, &others, 1))
			return true;
		if (self.turns > 0 || sleep_on(&gate.turn, 1, TURN_WAIT_NS))
			return false;
	}
}

static void end_turn(void)
{
	self.turns--;
	if (self.turns > 0)
		return;
	atomic_store(&gate.turn, 0);
	wake(&gate.turn, 1);
}

static void prepare(void)
{
	int error = errno;

	if (take_turn() || self.turns > 0)
		self.turns++;
	self.forks++;
	atomic_fetch_add(&gate.forks, 1);
	self.has_given_up = !wait_for_others();
	errno = error;
}

static void open_in_parent(void)
{
	int error = errno;

	self.forks--;
	if (atomic_fetch_sub(&gate.forks, 1) == 1) {
		atomic_store(&gate.is_stuck, false);
		wake(&gate.forks, INT_MAX);
	}
	if (self.turns > self.forks)
		end_turn();
	errno = error;
}

// Others were about to step in or out, perhaps; they are gone.
static void open_in_child(void)
{
	for (unsigned i = 0; i < PARTS; i++)
		atomic_store(&part[i].inside, 0);
	if (self.is_counted)
		atomic_store(own_part(), 1);
	self.forks--;
	if (self.turns > self.forks)
		self.turns--;
	atomic_store(&gate.turn, self.turns > 0);
	atomic_store(&gate.forks, self.forks);
	atomic_store(&gate.is_stuck, false);
	gate.is_given_up = gate.is_given_up || self.has_given_up;
	reaper_forget();
}

int gate_init(void)
{
	return -pthread_atfork(prepare, open_in_parent, open_in_child);
}

// What the allocator's own start asks for: the handlers above are there already.
int fork_init(void)
{
	reaper_guard(hold_off, gate_leave);
	return 0;
}
