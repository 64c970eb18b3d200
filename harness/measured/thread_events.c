// SPDX-License-Identifier: GPL-2.0-or-later
// Thread events from getrusage(RUSAGE_THREAD) and one perf software event. perf would read 0 for
// context switches: an ordinary user may count in user space only, and none happen there.
#include "thread_events.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <math.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// Kernel included where that is allowed: a migration happens there.
static int open_migrations(void)
{
	struct perf_event_attr attributes = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attributes),
		.config = PERF_COUNT_SW_CPU_MIGRATIONS,
	};
	int fd = (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd >= 0)
		return fd;
	attributes.exclude_kernel = 1;
	attributes.exclude_hv = 1;
	return (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

static double read_migrations(int fd)
{
	uint64_t count = 0;

	if (fd < 0 || read(fd, &count, sizeof(count)) != (ssize_t)sizeof(count))
		return NAN;
	return (double)count;
}

static struct thread_events read_events(int migrations_fd)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return (struct thread_events){
		.migrations = read_migrations(migrations_fd),
		.context_switches_voluntary = (double)usage.ru_nvcsw,
		.context_switches_involuntary = (double)usage.ru_nivcsw,
		.page_faults = (double)usage.ru_minflt,
	};
}

// The kernel may count an earlier move, such as that to the thread's CPU, only when it next gives
// the thread a CPU. A short sleep before the count gets that over with: without it 3 of 208 runs of
// a test beside three others counted such a move, with it none of 520.
void thread_watch_open(struct thread_watch *watch, bool counts_migrations)
{
	const struct timespec moment = {.tv_nsec = 1};

	watch->migrations_fd = counts_migrations ? open_migrations() : -1;
	if (watch->migrations_fd >= 0)
		nanosleep(&moment, NULL);
}

void thread_watch_start(struct thread_watch *watch)
{
	watch->before = read_events(watch->migrations_fd);
}

void thread_watch_close(struct thread_watch *watch)
{
	if (watch->migrations_fd >= 0)
		close(watch->migrations_fd);
	watch->migrations_fd = -1;
}

struct thread_events thread_watch_stop(const struct thread_watch *watch)
{
	struct thread_events after = read_events(watch->migrations_fd);

	return (struct thread_events){
		.migrations = after.migrations - watch->before.migrations,
		.context_switches_voluntary =
			after.context_switches_voluntary - watch->before.context_switches_voluntary,
		.context_switches_involuntary = after.context_switches_involuntary -
						watch->before.context_switches_involuntary,
		.page_faults = after.page_faults - watch->before.page_faults,
	};
}

// ---- the self-test

// Enough for the 8192 CPUs that Debian's kernel is built for.
enum { CPUS_MAX = 8192 };

// Runs the thread on the n-th CPU of the set.
static bool move_to_nth(const cpu_set_t *allowed, size_t size, unsigned n)
{
	cpu_set_t *one = CPU_ALLOC(CPUS_MAX);
	bool is_moved = false;

	for (unsigned cpu = 0; one && cpu < CPUS_MAX; cpu++) {
		if (!CPU_ISSET_S(cpu, size, allowed) || n-- > 0)
			continue;
		CPU_ZERO_S(size, one);
		CPU_SET_S(cpu, size, one);
		is_moved = sched_setaffinity(0, size, one) == 0;
		break;
	}
	CPU_FREE(one);
	return is_moved;
}

static bool sees_moves(
	int fd, const cpu_set_t *allowed, size_t size, char *reason, size_t reason_size)
{
	double before = read_migrations(fd);
	bool is_moved = move_to_nth(allowed, size, 0) && move_to_nth(allowed, size, 1) &&
			move_to_nth(allowed, size, 0);
	double seen = read_migrations(fd) - before;

	sched_setaffinity(0, size, allowed);
	if (!is_moved) {
		snprintf(reason, reason_size, "migrations: the counter can't be tested: %s",
			strerror(errno));
		return false;
	}
	if (seen >= 2)
		return true;
	snprintf(reason, reason_size, "migrations: the event opens but missed %d of 2 test moves",
		seen >= 0 ? 2 - (int)seen : 2);
	return false;
}

bool thread_events_test(char *reason, size_t reason_size)
{
	size_t size = CPU_ALLOC_SIZE(CPUS_MAX);
	cpu_set_t *allowed = CPU_ALLOC(CPUS_MAX);
	bool is_good = false;
	int fd = open_migrations();

	if (fd < 0)
		snprintf(reason, reason_size, "migrations: perf_event_open: %s", strerror(errno));
	else if (!allowed || sched_getaffinity(0, size, allowed) != 0)
		snprintf(reason, reason_size, "migrations: the counter can't be tested");
	else if (CPU_COUNT_S(size, allowed) < 2)
		snprintf(reason, reason_size,
			"migrations: one CPU only, so the counter can't be tested and nothing can "
			"move");
	else
		is_good = sees_moves(fd, allowed, size, reason, reason_size);
	if (fd >= 0)
		close(fd);
	CPU_FREE(allowed);
	return is_good;
}
