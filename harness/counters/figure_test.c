// SPDX-License-Identifier: GPL-2.0-or-later
// Tests of the tables: each preset's figures exist, every candidate is an event of the processors it
// is for, and what is taken there is the right one. libpfm4 is told which processor it is on
// (LIBPFM_FORCE_PMU), so each is a process of its own; the kernel is a fake that takes everything.
// Processors that this libpfm4 does not know are named and left out.
#include "figure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "counters.h"
#include "fake.h"

enum { CHILD_GOOD = 0, CHILD_WRONG = 1, CHILD_UNKNOWN = 2 };

static void the_figures_of_every_preset_exist(void **state)
{
	char name[64];
	int used = 0;

	(void)state;
	for (const struct preset *preset = presets; preset->name; preset++)
		for (const char *at = preset->figures; sscanf(at, "%63s%n", name, &used) == 1;
			at += used)
			if (!figure_find(name))
				fail_msg("%s of preset %s", name, preset->name);
}

static void a_ratio_is_of_figures(void **state)
{
	(void)state;
	for (const struct figure *figure = figures; figure->name; figure++)
		for (size_t i = 0; figure->source == FIGURE_RATIO && i < 2; i++)
			assert_non_null(figure_find(figure->over[i]));
}

// Runs a check as if on another processor.
static int on_processor(
	const char *pmu, int (*check)(const char *pmu, const void *user), const void *user)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		setenv("LIBPFM_FORCE_PMU", pmu, 1);
		fake_reset();
		_exit(event_has_pmu(pmu) ? check(pmu, user) : CHILD_UNKNOWN);
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : CHILD_WRONG;
}

// ---- every candidate is an event

static bool is_for(const struct figure_candidate *row, const char *pmu)
{
	const char *at = strstr(row->pmus, pmu);

	return at && (at[strlen(pmu)] == ' ' || at[strlen(pmu)] == '\0') &&
	       (at == row->pmus || at[-1] == ' ');
}

static int check_candidates(const char *pmu, const void *user)
{
	int outcome = CHILD_GOOD;
	struct event event;

	(void)user;
	for (const struct figure *figure = figures; figure->name; figure++)
		for (const struct figure_candidate *row = figure->candidates; row && row->pmus;
			row++) {
			if (!is_for(row, pmu) || event_find(row->event, &event))
				continue;
			fprintf(stderr, "%s: %s has no %s\n", figure->name, pmu, row->event);
			outcome = CHILD_WRONG;
		}
	return outcome;
}

// Client processors have one socket, and so no remote events.
static void every_candidate_is_an_event_of_its_processors(void **state)
{
	static const char *const pmus[] = {"hsw_ep", "bdw_ep", "skx", "clx", "icx", "spr", "emr",
		"gnr", "amd64_fam17h_zen2", "amd64_fam19h_zen3", "amd64_fam19h_zen4",
		"amd64_fam1ah_zen5", "arm_n1", "arm_n2", "arm_n3", "arm_v1", "arm_v2", "arm_v3"};

	(void)state;
	for (size_t i = 0; i < sizeof(pmus) / sizeof(pmus[0]); i++) {
		int outcome = on_processor(pmus[i], check_candidates, NULL);

		if (outcome == CHILD_UNKNOWN)
			print_message("this libpfm4 does not know %s\n", pmus[i]);
		else
			assert_int_equal(outcome, CHILD_GOOD);
	}
}

// ---- what is taken for the question of nodes

struct taken {
	const char *pmu;
	const char *figure;
	uint64_t config; // event and umask, as the makers' manuals have them
};

static int check_taken(const char *pmu, const void *user)
{
	const struct exercise_places places = {.here = 0, .beside = -1, .remote = 0};
	const struct taken *taken = user;
	struct counters counters;
	struct problem problem;

	(void)pmu;
	if (!counters_choose(&counters, "numa", &problem))
		return CHILD_WRONG;
	counters_probe(&counters, &fake_calls, &places);
	const struct counter *counter = &counters.items[counters_index(&counters, taken->figure)];
	if (counter->state == COUNTER_AVAILABLE &&
		counter->event.attributes.config == taken->config &&
		counter->event.attributes.type == PERF_TYPE_RAW &&
		strstr(counter->event.taken, taken->pmu))
		return CHILD_GOOD;
	fprintf(stderr, "%s on %s: %s %s\n", taken->figure, taken->pmu, counter->event.taken,
		counter->reason);
	return CHILD_WRONG;
}

static void nodes_are_asked_about_by_the_processors_own_events(void **state)
{
	static const struct taken cases[] = {
		{"hsw_ep", "local-dram-loads", 0x1d3},
		{"hsw_ep", "remote-dram-loads", 0x4d3},
		{"bdw_ep", "remote-hitm", 0x10d3},
		{"bdw_ep", "remote-cache-hits", 0x20d3},
		{"skx", "local-dram-loads", 0x1d3},
		{"skx", "remote-dram-loads", 0x2d3},
		{"clx", "remote-hitm", 0x4d3},
		{"icx", "remote-cache-hits", 0x8d3},
		{"icx", "remote-dram-loads", 0x2d3},
		{"spr", "remote-dram-loads", 0x2d3},
		{"amd64_fam17h_zen2", "local-dram-loads", 0x843},
		{"amd64_fam17h_zen2", "remote-dram-loads", 0x4043},
		{"amd64_fam19h_zen3", "remote-cache-hits", 0x1043},
		{"amd64_fam19h_zen3", "remote-dram-loads", 0x4043},
		{"amd64_fam19h_zen4", "local-dram-loads", 0x843},
		{"amd64_fam19h_zen4", "remote-dram-loads", 0x4043},
		{"arm_n1", "remote-dram-loads", 0x31},
		{"arm_v1", "remote-dram-loads", 0x31},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_not_equal(
			on_processor(cases[i].pmu, check_taken, &cases[i]), CHILD_WRONG);
}

// One of them at least is of a processor that libpfm4 knows and that is not this one.
static void an_event_of_another_processor_is_unavailable_not_unknown(void **state)
{
	static const char *const names[] = {"skx::MEM_LOAD_L3_MISS_RETIRED:REMOTE_DRAM",
		"amd64_fam19h_zen4::OPS_QUEUE_EMPTY", "arm_n1::REMOTE_ACCESS",
		"arm_a64fx::CPU_CYCLES"};
	int count = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct counters counters;
		struct problem problem;

		if (!counters_choose(&counters, names[i], &problem))
			continue;
		count += counters.items[0].state == COUNTER_UNAVAILABLE &&
			 strstr(counters.items[0].reason, "another processor");
	}
	assert_true(count > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_figures_of_every_preset_exist),
		cmocka_unit_test(a_ratio_is_of_figures),
		cmocka_unit_test(every_candidate_is_an_event_of_its_processors),
		cmocka_unit_test(nodes_are_asked_about_by_the_processors_own_events),
		cmocka_unit_test(an_event_of_another_processor_is_unavailable_not_unknown),
	};

	return cmocka_run_group_tests_name("figures", tests, NULL, NULL);
}
