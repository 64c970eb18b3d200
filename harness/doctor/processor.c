// SPDX-License-Identifier: GPL-2.0-or-later
// What of the processor makes figures noisy: its clock, its threads, its cores.
#include "look.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/place/cpu_kind.h"
#include "results/text/first_line.h"

void look_governor(const struct machine *machine, struct finding *finding)
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

void look_turbo(const struct machine *machine, struct finding *finding)
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

void look_smt(const struct machine *machine, struct finding *finding)
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

void look_isolated(const struct machine *machine, struct finding *finding)
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

void look_kinds(const struct machine *machine, struct finding *finding)
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

// The sum of a number over all files of a pattern; negative: there is no such file.
static double numbers_sum(const struct machine *machine, const char *pattern)
{
	char full[PATH_SIZE];
	char line[LINE_SIZE];
	double sum = 0;
	glob_t files;

	snprintf(full, sizeof(full), "%s%s", machine->root, pattern);
	if (glob(full, 0, NULL, &files) != 0)
		return -1;
	for (size_t i = 0; i < files.gl_pathc; i++)
		if (first_line(files.gl_pathv[i], line, LINE_SIZE))
			sum += strtod(line, NULL);
	globfree(&files);
	return sum;
}

void look_throttling(const struct machine *machine, struct finding *finding)
{
	double times = numbers_sum(
		machine, "/sys/devices/system/cpu/cpu*/thermal_throttle/core_throttle_count");

	if (times < 0) {
		found(finding, FINDING_NOTE, "not to be seen");
	} else if (times > 0) {
		found(finding, FINDING_BAD, "heat lowered the clock of cores %.0f times since boot",
			times);
		advise(finding, "better cooling, or a lower limit of the clock");
	} else {
		found(finding, FINDING_GOOD, "heat never lowered the clock since boot");
	}
}
