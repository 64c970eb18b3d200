// SPDX-License-Identifier: GPL-2.0-or-later
// What stands in for a fence that the system refuses.
//
// Whoever runs on a CPU has preempted the thread that was in a sequence there, and that sequence is
// lost: so a thread that moves itself to the CPU and back does what a fence does. A CPU where it may
// not go runs no thread of this program either, as long as the answer is that there is none.
//
// Where moving is refused as well, time is left: a sequence is some twenty instructions, and whoever
// is interrupted in one loses it. One wait of many milliseconds is no proof, so it is made once:
// afterwards there are no sequences any more, and locks alone guard the arrays.
#include "host/fence.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "host/cpu.h"
#include "host/rseq.h"
#include "host/topology.h"

#define MASK_WORDS (CPUS_MAX / (8 * sizeof(unsigned long)))
#define WAIT_NS    20000000

static bool is_helpless; // a fence and a visit were refused; set by any thread, never cleared

static bool move_to(const unsigned long *mask)
{
	return syscall(SYS_sched_setaffinity, 0, MASK_WORDS * sizeof(*mask), mask) == 0;
}

// false when this thread must not move. One that does not come back to all of its CPUs would be a
// change that the program sees: so it asks first where it may run.
static bool visit(unsigned cpu)
{
	unsigned long home[MASK_WORDS] = {0}, there[MASK_WORDS] = {0};

	if (syscall(SYS_sched_getaffinity, 0, sizeof(home), home) <= 0)
		return false;
	there[cpu / 64] |= 1UL << (cpu % 64);
	if (!move_to(there))
		return errno == EINVAL; // the CPU is down, or not this program's
	return move_to(home);
}

static void wait_for_sequences(void)
{
	struct timespec left = {.tv_nsec = WAIT_NS};

	__atomic_store_n(&is_helpless, true, __ATOMIC_RELAXED);
	while (nanosleep(&left, &left) != 0 && errno == EINTR)
		;
}

void fence_cpu(unsigned cpu)
{
	int error = errno;

	if (!rseq_fence((int)cpu) && !visit(cpu))
		wait_for_sequences();
	errno = error;
}

static bool visit_all(void)
{
	for_each_cpu(cpu)
		if (!visit(cpu))
			return false;
	return true;
}

void fence_all_cpus(void)
{
	int error = errno;

	if (!rseq_fence(-1) && !visit_all())
		wait_for_sequences();
	errno = error;
}

bool fence_is_helpless(void)
{
	return __atomic_load_n(&is_helpless, __ATOMIC_RELAXED);
}
