// SPDX-License-Identifier: GPL-2.0-or-later
// The table of examinations. Entry: doctor_examine(). A look reads what Linux says below /proc and
// /sys (machine->root is put before it, for tests), and tries what can only be tried: hardware
// counters, restartable sequences.
#include "examination.h"

#include "look.h"

const char *finding_state_name(enum finding_state state)
{
	static const char *const names[] = {"good", "note", "bad"};

	return names[state];
}

static const struct {
	const char *name;
	look *examine;
	const char *better;
	const char *why;
} EXAMINATIONS[] = {
	{"load", look_load, "below 0.1 a CPU",
		"other programs take time and cache from what is measured"},
	{"stolen time", look_host, "none",
		"a host that runs other guests stops this one without telling it"},
	{"CPU quota", look_quota, "none", "a process beyond its quota stands still for a while"},
	{"memory limit", look_memory_limit, "none",
		"a process beyond its limit is killed, and near it the kernel takes pages back"},
	{"cpuset", look_cpuset, "every CPU", "only what may be used can be measured"},
	{"governor", look_governor, "performance",
		"a clock that follows the load is slow when a measurement begins"},
	{"turbo", look_turbo, "off", "the first seconds are quicker than the rest"},
	{"throttling", look_throttling, "none", "a hot core is slower than a cool one"},
	{"SMT", look_smt, "off, or one thread of each core",
		"two threads of a core share its caches and units"},
	{"isolated CPUs", look_isolated, "those that are measured",
		"the kernel moves other work onto a CPU that is not isolated"},
	{"CPU kinds", look_kinds, "one kind in a comparison",
		"efficiency cores are slower; a figure of both kinds says nothing"},
	{"memory of nodes", look_nodes, "each CPU has its node's memory",
		"memory of another node takes longer"},
	{"large pages", look_thp, "madvise", "a program with large pages misses the TLB less"},
	{"huge pages", look_huge_pages, "as many as backing=hugetlb needs",
		"without reserved pages that backing falls back to small ones"},
	{"same pages", look_merging, "off", "the kernel's search for equal pages takes time"},
	{"swap", look_swap, "none", "a page that comes back from the disk takes milliseconds"},
	{"NUMA balancing", look_numa_balancing, "off",
		"pages that move while they are measured change every figure"},
	{"address layout", look_aslr, "on",
		"processes that differ in layout show what is luck; equal ones hide it"},
	{"clock", look_clock, "tsc, or arch_sys_counter on Arm",
		"a slow clock is part of what it measures"},
	{"rseq", look_rseq, "registered", "per-CPU arrays need it, or take a lock"},
	{"membarrier", look_membarrier, "allowed",
		"without it another CPU's array is reached by visiting that CPU"},
	{"hardware counters", look_counters, "they count",
		"they say why a config is slower: cache misses, remote memory"},
	{"counters' rights", look_rights, "2 or less",
		"the kernel lets nobody but root count where it is 3 or more"},
	{"NMI watchdog", look_watchdog, "off", "with a counter less, events take turns earlier"},
};

size_t doctor_count(void)
{
	return sizeof(EXAMINATIONS) / sizeof(EXAMINATIONS[0]);
}

void doctor_examine(const struct machine *machine, size_t row, struct finding *finding)
{
	*finding = (struct finding){.name = EXAMINATIONS[row].name,
		.better = EXAMINATIONS[row].better,
		.why = EXAMINATIONS[row].why};
	EXAMINATIONS[row].examine(machine, finding);
}
