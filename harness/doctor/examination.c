// SPDX-License-Identifier: GPL-2.0-or-later
// A table of examinations. Entry: doctor_examine(). They read what Linux says below /proc and /sys
// (machine->root is put before it, for tests), and try what can only be tried: hardware counters,
// restartable sequences.
#include "examination.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/measured/cpu_kind.h"
#include "harness/measured/nodes.h"
#include "quota.h"
#include "results/text/first_line.h"

enum { LINE_SIZE = 8192, PATH_SIZE = 4096 };

const char *finding_state_name(enum finding_state state)
{
	static const char *const names[] = {"good", "note", "bad"};

	return names[state];
}

// ---- saying it

__attribute__((format(printf, 3, 4))) static void found(
	struct finding *finding, enum finding_state state, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(finding->text, sizeof(finding->text), format, arguments);
	va_end(arguments);
	finding->state = state;
}

static void advise(struct finding *finding, const char *advice)
{
	snprintf(finding->advice, sizeof(finding->advice), "%s", advice);
}

// ---- reading it

static bool line_read(const struct machine *machine, const char *path, char line[LINE_SIZE])
{
	char full[PATH_SIZE];

	snprintf(full, sizeof(full), "%s%s", machine->root, path);
	return first_line(full, line, LINE_SIZE);
}

static bool number_read(const struct machine *machine, const char *path, long *number)
{
	char line[LINE_SIZE];
	char *end;

	if (!line_read(machine, path, line))
		return false;
	*number = strtol(line, &end, 10);
	return end != line;
}

// A fact as measured programs record it.
static void fact_read(const struct machine *machine, const char *key, char text[MACHINE_FACT_SIZE])
{
	for (const struct machine_fact *fact = machine_facts; fact->key; fact++)
		if (strcmp(fact->key, key) == 0)
			fact->read(machine, text);
}

static bool is_unknown(const char *fact)
{
	return strncmp(fact, "unknown", strlen("unknown")) == 0;
}

static int nodes_count(const struct machine *machine)
{
	return hwloc_get_nbobjs_by_type(machine->topology, HWLOC_OBJ_NUMANODE);
}

// ---- frequency and threads of a core

static void examine_governor(const struct machine *machine, struct finding *finding)
{
	char governor[MACHINE_FACT_SIZE];

	fact_read(machine, "governor", governor);
	if (is_unknown(governor)) {
		found(finding, FINDING_NOTE, "not to be seen here, as in most virtual machines");
	} else if (strcmp(governor, "performance") == 0) {
		found(finding, FINDING_GOOD, "performance");
	} else {
		found(finding, FINDING_BAD, "%.100s: the clock follows the load", governor);
		advise(finding, "cpupower frequency-set --governor performance");
	}
}

static void examine_turbo(const struct machine *machine, struct finding *finding)
{
	long value;
	bool is_on = false;
	bool is_intel =
		number_read(machine, "/sys/devices/system/cpu/intel_pstate/no_turbo", &value);

	if (is_intel)
		is_on = value == 0;
	else if (number_read(machine, "/sys/devices/system/cpu/cpufreq/boost", &value))
		is_on = value != 0;
	else {
		found(finding, FINDING_NOTE, "no switch to be seen");
		return;
	}
	found(finding, is_on ? FINDING_BAD : FINDING_GOOD,
		is_on ? "on: the clock depends on heat and on what the other cores do" : "off");
	if (is_on)
		advise(finding, is_intel ? "echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo"
					 : "echo 0 > /sys/devices/system/cpu/cpufreq/boost");
}

// The kernel's words of /sys/devices/system/cpu/smt/control, for people.
static const char *smt_words(const char *state)
{
	static const char *const WORDS[][2] = {{"off", "off"},
		{"forceoff", "off until the next boot"},
		{"notsupported", "the processor has none: one hardware thread a core"},
		{"notimplemented", "the kernel has no say in it here"}};

	for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++)
		if (strcmp(WORDS[i][0], state) == 0)
			return WORDS[i][1];
	return state;
}

static void examine_smt(const struct machine *machine, struct finding *finding)
{
	char smt[MACHINE_FACT_SIZE];

	fact_read(machine, "smt", smt);
	if (strcmp(smt, "on") == 0) {
		found(finding, FINDING_BAD, "on: whoever runs on a core's other thread slows it");
		advise(finding,
			"echo off > /sys/devices/system/cpu/smt/control, unless smt-sibling "
			"is to be measured");
	} else {
		found(finding, is_unknown(smt) ? FINDING_NOTE : FINDING_GOOD, "%.200s",
			smt_words(smt));
	}
}

// ---- memory

static void examine_thp(const struct machine *machine, struct finding *finding)
{
	char thp[MACHINE_FACT_SIZE];

	fact_read(machine, "thp", thp);
	if (strcmp(thp, "always") == 0) {
		found(finding, FINDING_BAD,
			"always: which memory gets large pages, and when, is luck");
		advise(finding, "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled");
	} else {
		found(finding, is_unknown(thp) ? FINDING_NOTE : FINDING_GOOD, "%.200s", thp);
	}
}

static void examine_numa_balancing(const struct machine *machine, struct finding *finding)
{
	char balancing[MACHINE_FACT_SIZE];

	fact_read(machine, "numa_balancing", balancing);
	if (is_unknown(balancing) || strcmp(balancing, "0") == 0) {
		found(finding, FINDING_GOOD, "off");
	} else if (nodes_count(machine) < 2) {
		found(finding, FINDING_GOOD, "on, with one node to balance");
	} else {
		found(finding, FINDING_BAD,
			"on: pages move between nodes, and are unmapped to see "
			"who uses them");
		advise(finding, "sysctl kernel.numa_balancing=0");
	}
}

static void examine_aslr(const struct machine *machine, struct finding *finding)
{
	long value;

	if (!number_read(machine, "/proc/sys/kernel/randomize_va_space", &value)) {
		found(finding, FINDING_NOTE, "not to be seen");
	} else if (value == 2) {
		found(finding, FINDING_GOOD, "on: processes differ in layout, as they should");
	} else {
		found(finding, FINDING_BAD,
			"%ld: all processes share one layout, and its luck is in every figure",
			value);
		advise(finding, "sysctl kernel.randomize_va_space=2");
	}
}

// Numbers as a list; "" where there are none.
static void list_write(hwloc_const_bitmap_t set, char *list, size_t size)
{
	list[0] = '\0';
	if (set && !hwloc_bitmap_iszero(set))
		hwloc_bitmap_list_snprintf(list, size, set);
}

// Usable CPUs whose own node has no memory, or has none that may be used.
static void cpus_without_memory(const struct machine *machine, hwloc_bitmap_t cpus)
{
	hwloc_obj_t pu = NULL;

	while ((pu = hwloc_get_next_obj_by_type(machine->topology, HWLOC_OBJ_PU, pu))) {
		hwloc_obj_t home = nodes_home(machine->topology, pu);

		if (hwloc_bitmap_isset(machine->usable, pu->os_index) &&
			!(home && node_is_usable(machine->topology, home)))
			hwloc_bitmap_set(cpus, pu->os_index);
	}
}

static void examine_memory(const struct machine *machine, struct finding *finding)
{
	hwloc_bitmap_t cpus = hwloc_bitmap_alloc();
	hwloc_bitmap_t forbidden =
		hwloc_bitmap_dup(hwloc_topology_get_topology_nodeset(machine->topology));
	char cpus_list[128] = "";
	char nodes_list[128] = "";

	if (cpus && forbidden) {
		cpus_without_memory(machine, cpus);
		hwloc_bitmap_andnot(forbidden, forbidden,
			hwloc_topology_get_allowed_nodeset(machine->topology));
		list_write(cpus, cpus_list, sizeof(cpus_list));
		list_write(forbidden, nodes_list, sizeof(nodes_list));
	}
	hwloc_bitmap_free(cpus);
	hwloc_bitmap_free(forbidden);
	if (cpus_list[0] == '\0' && nodes_list[0] == '\0') {
		found(finding, FINDING_GOOD, "every usable CPU has memory of its own node");
		return;
	}
	found(finding, FINDING_NOTE, "%s%s%s%s%s",
		cpus_list[0] ? "no memory of their own node for CPUs " : "", cpus_list,
		cpus_list[0] && nodes_list[0] ? "; " : "",
		nodes_list[0] ? "the cpuset forbids the memory of nodes " : "", nodes_list);
	if (nodes_list[0])
		advise(finding, "add these nodes to the cpuset's cpuset.mems");
}

static void examine_kinds(const struct machine *machine, struct finding *finding)
{
	int count = hwloc_cpukinds_get_nr(machine->topology, 0);
	size_t used = 0;

	if (count < 2) {
		found(finding, FINDING_GOOD, "all alike");
		return;
	}
	found(finding, FINDING_NOTE, "%s", "");
	for (int number = 0; number < count && used + 2 < sizeof(finding->text); number++) {
		snprintf(finding->text + used, sizeof(finding->text) - used, "%s",
			number > 0 ? "; " : "");
		used = strlen(finding->text);
		cpu_kind_describe(machine->topology, (unsigned)number, finding->text + used,
			sizeof(finding->text) - used);
		used = strlen(finding->text);
	}
	advise(finding,
		"the fastest kind is measured; slabmark run --cpu-kind=NUMBER takes another");
}

// ---- what can be measured

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

static void examine_counters(const struct machine *machine, struct finding *finding)
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

static void examine_rseq(const struct machine *machine, struct finding *finding)
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

static void examine_clock(const struct machine *machine, struct finding *finding)
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

// ---- who else is there

static void examine_load(const struct machine *machine, struct finding *finding)
{
	char line[LINE_SIZE];
	int cpus = hwloc_bitmap_weight(machine->usable);

	if (!line_read(machine, "/proc/loadavg", line)) {
		found(finding, FINDING_NOTE, "not to be seen");
		return;
	}
	double load = strtod(line, NULL);
	bool is_busy = load > 0.1 * cpus + 0.1;
	found(finding, is_busy ? FINDING_BAD : FINDING_GOOD,
		"%.2f in the last minute, %d CPU%s usable", load, cpus,
		cpus == 1 ? " is" : "s are");
	if (is_busy)
		advise(finding, "stop what else runs (top shows it), and wait a minute");
}

// The share of time that the host gave to others since boot; negative: unknown.
static double steal_share(const struct machine *machine)
{
	char line[LINE_SIZE];
	double all = 0;
	double steal = -1;

	if (!line_read(machine, "/proc/stat", line) || strncmp(line, "cpu ", 4) != 0)
		return -1;
	char *rest = line + 4;
	for (int field = 0; field < 8; field++) { // user nice system idle iowait irq softirq steal
		char *end;
		double ticks = strtod(rest, &end);

		if (end == rest)
			return -1;
		all += ticks;
		steal = ticks;
		rest = end;
	}
	return all > 0 ? steal / all : -1;
}

static void examine_host(const struct machine *machine, struct finding *finding)
{
	double share = steal_share(machine);

	if (share < 0) {
		found(finding, FINDING_NOTE, "not to be seen");
	} else if (share > 0.001) {
		found(finding, FINDING_BAD, "%.2f %% of the time since boot went to other guests",
			100 * share);
		advise(finding, "a machine, or CPUs, of its own");
	} else {
		found(finding, FINDING_GOOD, "no time was taken by other guests");
	}
}

static void examine_quota(const struct machine *machine, struct finding *finding)
{
	struct quota quota;

	if (!quota_read(machine->root, &quota)) {
		found(finding, FINDING_GOOD, "none to be seen");
		return;
	}
	found(finding, FINDING_BAD,
		"%.0f microseconds of each %.0f (%.200s): whoever exceeds it stands still",
		quota.microseconds, quota.period, quota.file + strlen(machine->root));
	advise(finding, "run outside of the container, or without its CPU limit");
}

static void examine_isolated(const struct machine *machine, struct finding *finding)
{
	char cpus[LINE_SIZE];

	if (line_read(machine, "/sys/devices/system/cpu/isolated", cpus) && *cpus) {
		found(finding, FINDING_GOOD, "CPUs %.200s", cpus);
		advise(finding, "taskset --cpu-list THESE slabmark run … measures on them alone");
	} else {
		found(finding, FINDING_NOTE,
			"none: the kernel's own work and others' share every CPU");
		advise(finding,
			"boot with isolcpus=LIST nohz_full=LIST, then taskset --cpu-list LIST");
	}
}

// ---- the table

static const struct {
	const char *name;
	void (*examine)(const struct machine *machine, struct finding *finding);
} EXAMINATIONS[] = {
	{"load", examine_load},
	{"stolen time", examine_host},
	{"CPU quota", examine_quota},
	{"governor", examine_governor},
	{"turbo", examine_turbo},
	{"SMT", examine_smt},
	{"isolated CPUs", examine_isolated},
	{"CPU kinds", examine_kinds},
	{"memory of nodes", examine_memory},
	{"large pages", examine_thp},
	{"NUMA balancing", examine_numa_balancing},
	{"address layout", examine_aslr},
	{"clock", examine_clock},
	{"rseq", examine_rseq},
	{"hardware counters", examine_counters},
};

size_t doctor_count(void)
{
	return sizeof(EXAMINATIONS) / sizeof(EXAMINATIONS[0]);
}

void doctor_examine(const struct machine *machine, size_t row, struct finding *finding)
{
	*finding = (struct finding){.name = EXAMINATIONS[row].name};
	EXAMINATIONS[row].examine(machine, finding);
}
