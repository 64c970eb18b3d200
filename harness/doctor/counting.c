// SPDX-License-Identifier: GPL-2.0-or-later
// What figures need: counters, restartable sequences, a quick clock.
#include "look.h"

#include <errno.h>
#include <linux/membarrier.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <unistd.h>

// Counts the instructions of a short loop. Some machines let a counter be opened that then stays 0.
static bool counter_try(char *why, size_t size)
{
	struct perf_event_attr attributes = {
		.type = PERF_TYPE_HARDWARE,
		.size = sizeof(attributes),
		.config = PERF_COUNT_HW_INSTRUCTIONS,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};
	volatile int work = 0;
	uint64_t count = 0;
	int fd = (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0) {
		snprintf(why, size, "%s", strerror(errno));
		return false;
	}
	for (int i = 0; i < 10000; i++)
		work = work + i;
	bool is_read = read(fd, &count, sizeof(count)) == (ssize_t)sizeof(count);
	close(fd);
	snprintf(why, size, "%s", is_read ? "it opens and stays 0" : "it opens and cannot be read");
	return is_read && count > 0;
}

void look_counters(const struct machine *machine, struct finding *finding)
{
	char why[128];
	long paranoid;

	if (counter_try(why, sizeof(why))) {
		found(finding, FINDING_GOOD, "instructions can be counted");
		return;
	}
	if (number_read(machine, "/proc/sys/kernel/perf_event_paranoid", &paranoid) &&
		paranoid > 2) {
		found(finding, FINDING_BAD, "none: kernel.perf_event_paranoid is %ld", paranoid);
		advise(finding, "sysctl kernel.perf_event_paranoid=1");
	} else {
		found(finding, FINDING_NOTE,
			"none: %s; a virtual machine has them only if its host passes them on",
			why);
	}
}

void look_rseq(const struct machine *machine, struct finding *finding)
{
	const char *tunables = getenv("GLIBC_TUNABLES");

	(void)machine;
	if (__rseq_size > 0) {
		found(finding, FINDING_GOOD, "registered by the C library");
	} else {
		found(finding, FINDING_BAD, "not registered: per-CPU arrays need a lock");
		advise(finding, tunables && strstr(tunables, "glibc.pthread.rseq=0")
					? "take glibc.pthread.rseq=0 out of GLIBC_TUNABLES"
					: "a kernel with CONFIG_RSEQ and glibc 2.35 or newer");
	}
}

void look_clock(const struct machine *machine, struct finding *finding)
{
	char clock[LINE_SIZE];

	if (!line_read(machine, "/sys/devices/system/clocksource/clocksource0/current_clocksource",
		    clock)) {
		found(finding, FINDING_NOTE, "not to be seen");
	} else if (strcmp(clock, "hpet") == 0 || strcmp(clock, "acpi_pm") == 0 ||
		   strcmp(clock, "jiffies") == 0) {
		found(finding, FINDING_BAD, "%.100s: to read the time takes microseconds", clock);
		advise(finding, "look into the kernel's log for why it gave up on tsc");
	} else {
		found(finding, FINDING_GOOD, "%.100s", clock);
	}
}

void look_rights(const struct machine *machine, struct finding *finding)
{
	long paranoid;

	if (!number_read(machine, "/proc/sys/kernel/perf_event_paranoid", &paranoid)) {
		found(finding, FINDING_NOTE, "the kernel has no perf events");
	} else if (geteuid() == 0) {
		found(finding, FINDING_GOOD, "root may count everything");
	} else if (paranoid > 2) {
		found(finding, FINDING_BAD, "none: kernel.perf_event_paranoid is %ld", paranoid);
		advise(finding, "sysctl kernel.perf_event_paranoid=2");
	} else {
		found(finding, FINDING_GOOD, "%s: kernel.perf_event_paranoid is %ld",
			paranoid == 2 ? "user space may be counted"
				      : "the kernel may be counted, too",
			paranoid);
	}
}

void look_watchdog(const struct machine *machine, struct finding *finding)
{
	long value;

	if (!number_read(machine, "/proc/sys/kernel/nmi_watchdog", &value)) {
		found(finding, FINDING_GOOD, "the kernel has none");
	} else if (value != 0) {
		found(finding, FINDING_BAD,
			"on: it keeps a hardware counter of each CPU for itself");
		advise(finding, "sysctl kernel.nmi_watchdog=0");
	} else {
		found(finding, FINDING_GOOD, "off");
	}
}

void look_membarrier(const struct machine *machine, struct finding *finding)
{
	long commands = syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);

	(void)machine;
	if (commands < 0) {
		found(finding, FINDING_BAD, "refused: %s", strerror(errno));
		advise(finding, "let the sandbox (seccomp) allow membarrier(2)");
	} else if (!(commands & MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ)) {
		found(finding, FINDING_BAD, "the kernel is too old to restart sequences by it");
		advise(finding, "Linux 5.10 or newer");
	} else {
		found(finding, FINDING_GOOD, "restarts sequences on all CPUs");
	}
}
