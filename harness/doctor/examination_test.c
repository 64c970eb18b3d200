// SPDX-License-Identifier: GPL-2.0-or-later
// The doctor's findings on made-up machines: a folder stands in for / .
#include "examination.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATH_SIZE = 512 };

static char root[] = "/tmp/slabmark-doctor-XXXXXX";
static struct machine machine = {.root = root};

static int remove_one(const char *path, const struct stat *facts, int type, struct FTW *walk)
{
	(void)facts;
	(void)type;
	(void)walk;
	return remove(path);
}

static int group_set_up(void **state)
{
	hwloc_topology_t topology;

	(void)state;
	if (!mkdtemp(root) || hwloc_topology_init(&topology) != 0 ||
		hwloc_topology_set_flags(topology, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED) != 0 ||
		hwloc_topology_set_synthetic(topology, "node:2 core:2 pu:1") != 0 ||
		hwloc_topology_load(topology) != 0)
		return -1;
	machine.topology = topology;
	machine.usable = hwloc_topology_get_topology_cpuset(topology);
	return 0;
}

static int group_tear_down(void **state)
{
	(void)state;
	hwloc_topology_destroy((hwloc_topology_t)machine.topology);
	return nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

// Writes a file below the root; NULL removes it.
static void write_file(const char *path, const char *text)
{
	char full[PATH_SIZE];

	snprintf(full, sizeof(full), "%s%s", root, path);
	if (!text) {
		(void)unlink(full);
		return;
	}
	for (char *slash = strchr(full + sizeof(root), '/'); slash;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(full, 0700);
		*slash = '/';
	}
	FILE *file = fopen(full, "we");
	assert_non_null(file);
	fprintf(file, "%s\n", text);
	assert_int_equal(fclose(file), 0);
}

static struct finding finding_of(const char *name)
{
	struct finding finding = {0};

	for (size_t row = 0; row < doctor_count(); row++) {
		doctor_examine(&machine, row, &finding);
		if (strcmp(finding.name, name) == 0)
			return finding;
	}
	fail_msg("no finding %s", name);
	return finding;
}

struct example {
	const char *name;
	const char *path;
	const char *text; // NULL: no such file
	enum finding_state state;
	const char *part; // of the text
};

static const struct example examples[] = {
	{"turbo", "/sys/devices/system/cpu/cpufreq/boost", "1", FINDING_BAD, "on"},
	{"turbo", "/sys/devices/system/cpu/cpufreq/boost", "0", FINDING_GOOD, "off"},
	{"turbo", "/sys/devices/system/cpu/cpufreq/boost", NULL, FINDING_NOTE, "no switch"},
	{"turbo", "/sys/devices/system/cpu/intel_pstate/no_turbo", "0", FINDING_BAD, "on"},
	{"turbo", "/sys/devices/system/cpu/intel_pstate/no_turbo", "1", FINDING_GOOD, "off"},
	{"SMT", "/sys/devices/system/cpu/smt/control", "on", FINDING_BAD, "on"},
	{"SMT", "/sys/devices/system/cpu/smt/control", "off", FINDING_GOOD, "off"},
	{"SMT", "/sys/devices/system/cpu/smt/control", NULL, FINDING_NOTE, "unknown"},
	{"large pages", "/sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never",
		FINDING_BAD, "always"},
	{"large pages", "/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never",
		FINDING_GOOD, "madvise"},
	{"NUMA balancing", "/proc/sys/kernel/numa_balancing", "1", FINDING_BAD, "on"},
	{"NUMA balancing", "/proc/sys/kernel/numa_balancing", "0", FINDING_GOOD, "off"},
	{"NUMA balancing", "/proc/sys/kernel/numa_balancing", NULL, FINDING_GOOD, "off"},
	{"address layout", "/proc/sys/kernel/randomize_va_space", "2", FINDING_GOOD, "on"},
	{"address layout", "/proc/sys/kernel/randomize_va_space", "0", FINDING_BAD, "one layout"},
	{"clock", "/sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc",
		FINDING_GOOD, "tsc"},
	{"clock", "/sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet",
		FINDING_BAD, "hpet"},
	{"load", "/proc/loadavg", "0.03 1.00 1.00 1/100 1", FINDING_GOOD, "4 CPUs"},
	{"load", "/proc/loadavg", "3.10 1.00 1.00 1/100 1", FINDING_BAD, "3.10"},
	{"stolen time", "/proc/stat", "cpu  900 0 50 0 0 0 0 50 0 0", FINDING_BAD, "5.00 %"},
	{"stolen time", "/proc/stat", "cpu  900 0 50 0 0 0 0 0 0 0", FINDING_GOOD, "no time"},
	{"stolen time", "/proc/stat", "cpu  900 0", FINDING_NOTE, "not to be seen"},
	{"isolated CPUs", "/sys/devices/system/cpu/isolated", "2-3", FINDING_GOOD, "2-3"},
	{"isolated CPUs", "/sys/devices/system/cpu/isolated", "", FINDING_NOTE, "none"},
	{"CPU quota", "/sys/fs/cgroup/cpu.max", "150000 100000", FINDING_BAD, "150000"},
	{"CPU quota", "/sys/fs/cgroup/cpu.max", "max 100000", FINDING_GOOD, "none"},
	{"memory limit", "/sys/fs/cgroup/memory.max", "1073741824", FINDING_NOTE,
		"1024 MiB (/sys/fs/cgroup/memory.max)"},
	{"memory limit", "/sys/fs/cgroup/memory.max", "max", FINDING_GOOD, "none"},
	{"throttling", "/sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count", "0",
		FINDING_GOOD, "never"},
	{"throttling", "/sys/devices/system/cpu/cpu1/thermal_throttle/core_throttle_count", "12",
		FINDING_BAD, "12 times"},
	{"same pages", "/sys/kernel/mm/ksm/run", "1", FINDING_BAD, "on"},
	{"same pages", "/sys/kernel/mm/ksm/run", "0", FINDING_GOOD, "off"},
	{"same pages", "/sys/kernel/mm/ksm/run", NULL, FINDING_GOOD, "has none"},
	{"swap", "/proc/meminfo", "SwapTotal: 0 kB\nSwapFree: 0 kB", FINDING_GOOD, "none"},
	{"swap", "/proc/meminfo", "SwapTotal: 20480 kB\nSwapFree: 20480 kB", FINDING_NOTE,
		"20 MiB, 0 MiB"},
	{"swap", "/proc/meminfo", "SwapTotal: 20480 kB\nSwapFree: 10240 kB", FINDING_BAD,
		"20 MiB, 10 MiB"},
	{"swap", "/proc/meminfo", NULL, FINDING_NOTE, "not to be seen"},
	{"huge pages", "/proc/meminfo", "HugePages_Total: 0", FINDING_NOTE, "hugetlb"},
	{"huge pages", "/proc/meminfo", "HugePages_Total: 8\nHugePages_Free: 3", FINDING_GOOD,
		"8 reserved, 3 free"},
	{"NMI watchdog", "/proc/sys/kernel/nmi_watchdog", "1", FINDING_BAD, "on"},
	{"NMI watchdog", "/proc/sys/kernel/nmi_watchdog", "0", FINDING_GOOD, "off"},
	{"NMI watchdog", "/proc/sys/kernel/nmi_watchdog", NULL, FINDING_GOOD, "has none"},
	{"counters' rights", "/proc/sys/kernel/perf_event_paranoid", NULL, FINDING_NOTE,
		"no perf events"},
};

static void each_setting_is_told_for_what_it_is(void **state)
{

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		const struct example *example = &examples[i];

		write_file(example->path, example->text);
		struct finding finding = finding_of(example->name);
		if (finding.state != example->state || !strstr(finding.text, example->part))
			fail_msg("example %zu, %s: %s: %s", i, example->name,
				finding_state_name(finding.state), finding.text);
		// Whatever is bad has a remedy, and every finding says why it matters.
		if (finding.state == FINDING_BAD)
			assert_true(*finding.advice);
		assert_true(*finding.why && *finding.better);
	}
}

static void the_quota_is_that_of_our_own_group(void **state)
{
	(void)state;
	write_file("/proc/self/cgroup", "0::/user/job");
	write_file("/sys/fs/cgroup/user/job/cpu.max", "50000 100000");
	assert_int_equal(finding_of("CPU quota").state, FINDING_BAD);
	write_file("/sys/fs/cgroup/user/job/cpu.max", NULL);
	write_file("/proc/self/cgroup", NULL);
}

// A limit binds all that lies below it; of several the tightest counts.
static void a_quota_of_an_outer_group_counts(void **state)
{
	(void)state;
	write_file("/proc/self/cgroup", "0::/user/job");
	write_file("/sys/fs/cgroup/user/cpu.max", "30000 100000");
	write_file("/sys/fs/cgroup/user/job/cpu.max", "80000 100000");
	assert_non_null(strstr(finding_of("CPU quota").text, "30000 microseconds of each 100000"));
	write_file("/sys/fs/cgroup/user/cpu.max", NULL);
	write_file("/sys/fs/cgroup/user/job/cpu.max", NULL);
	write_file("/proc/self/cgroup", NULL);
}

static void quotas_of_version_1_are_read_too(void **state)
{
	static const char own[] = "/sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.cfs_quota_us";
	static const char seen_inside[] = "/sys/fs/cgroup/cpu/cpu.cfs_quota_us";

	(void)state;
	write_file("/proc/self/cgroup", "5:memory:/docker/1\n4:cpu,cpuacct:/docker/1");
	write_file("/sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.cfs_period_us", "100000");
	write_file("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "50000");
	write_file(own, "-1");
	assert_int_equal(finding_of("CPU quota").state, FINDING_GOOD);
	write_file(own, "25000");
	assert_non_null(strstr(finding_of("CPU quota").text, "25000 microseconds of each 100000"));
	// A container sees its own group as the root, and the host's path to it.
	write_file(own, NULL);
	write_file(seen_inside, "10000");
	assert_non_null(strstr(finding_of("CPU quota").text, "10000 microseconds of each 50000"));
	write_file(seen_inside, NULL);
	write_file("/proc/self/cgroup", NULL);
}

static void cpus_without_memory_of_their_own_are_named(void **state)
{
	hwloc_obj_t node = hwloc_get_numanode_obj_by_os_index(machine.topology, 1);
	uint64_t memory = node->attr->numanode.local_memory;

	(void)state;
	assert_int_equal(finding_of("memory of nodes").state, FINDING_GOOD);
	node->attr->numanode.local_memory = 0;
	assert_int_equal(finding_of("memory of nodes").state, FINDING_NOTE);
	assert_non_null(strstr(finding_of("memory of nodes").text, "CPUs 2-3"));
	node->attr->numanode.local_memory = memory;
}

static void forbidden_nodes_are_named(void **state)
{
	hwloc_bitmap_t only = hwloc_bitmap_alloc();

	(void)state;
	hwloc_bitmap_only(only, 0);
	assert_int_equal(
		hwloc_topology_allow(machine.topology, NULL, only, HWLOC_ALLOW_FLAG_CUSTOM), 0);
	assert_non_null(strstr(finding_of("memory of nodes").text, "the memory of nodes 1"));
	assert_int_equal(
		hwloc_topology_allow(machine.topology, NULL, NULL, HWLOC_ALLOW_FLAG_ALL), 0);
	hwloc_bitmap_free(only);
}

// Leaves the made-up machine hybrid: last of all.
static void kinds_of_cpus_are_named(void **state)
{
	static struct hwloc_info_s slow = {"CoreType", "IntelAtom"};
	hwloc_bitmap_t cpus = hwloc_bitmap_alloc();

	(void)state;
	assert_int_equal(finding_of("CPU kinds").state, FINDING_GOOD);
	hwloc_bitmap_set_range(cpus, 0, 2);
	assert_int_equal(hwloc_cpukinds_register(machine.topology, cpus, 2, 0, NULL, 0), 0);
	hwloc_bitmap_only(cpus, 3);
	assert_int_equal(hwloc_cpukinds_register(machine.topology, cpus, 1, 1, &slow, 0), 0);
	assert_non_null(
		strstr(finding_of("CPU kinds").text, "IntelAtom, kind 0 of 0 to 1, CPUs 3"));
	hwloc_bitmap_free(cpus);
}

static void every_governor_has_to_be_performance(void **state)
{
	char path[PATH_SIZE];

	(void)state;
	for (int cpu = 0; cpu < 4; cpu++) {
		snprintf(path, sizeof(path),
			"/sys/devices/system/cpu/cpu%d/cpufreq/scaling_governor", cpu);
		write_file(path, "performance");
	}
	assert_int_equal(finding_of("governor").state, FINDING_GOOD);
	write_file(path, "powersave");
	assert_int_equal(finding_of("governor").state, FINDING_BAD);
	assert_non_null(strstr(finding_of("governor").text, "mixed"));
}

static void every_finding_says_something(void **state)
{
	(void)state;
	for (size_t row = 0; row < doctor_count(); row++) {
		struct finding finding;

		doctor_examine(&machine, row, &finding);
		assert_true(*finding.text);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_setting_is_told_for_what_it_is),
		cmocka_unit_test(the_quota_is_that_of_our_own_group),
		cmocka_unit_test(a_quota_of_an_outer_group_counts),
		cmocka_unit_test(quotas_of_version_1_are_read_too),
		cmocka_unit_test(cpus_without_memory_of_their_own_are_named),
		cmocka_unit_test(forbidden_nodes_are_named),
		cmocka_unit_test(every_governor_has_to_be_performance),
		cmocka_unit_test(every_finding_says_something),
		cmocka_unit_test(kinds_of_cpus_are_named),
	};

	return cmocka_run_group_tests(tests, group_set_up, group_tear_down);
}
