// SPDX-License-Identifier: GPL-2.0-or-later
// Tests of the choice of a clock, on made-up machines: time passes there only when a clock is read.
#include "clock.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

enum { STEP_NS = 100 };

static struct {
	uint64_t ns;
	uint64_t ticks;
	double ticks_per_ns;
	bool is_steady;
	uint64_t changes_at_ns; // the counter's rate doubles then
} fake;

// Each look at a clock takes STEP_NS.
static void pass(void)
{
	bool is_faster = fake.ns >= fake.changes_at_ns;

	fake.ns += STEP_NS;
	fake.ticks += (uint64_t)(STEP_NS * fake.ticks_per_ns) * (is_faster ? 2 : 1);
}

static uint64_t fake_ns(void)
{
	pass();
	return fake.ns;
}

static uint64_t fake_ticks(void)
{
	pass();
	return fake.ticks;
}

static bool fake_is_steady(void)
{
	return fake.is_steady;
}

struct fixture {
	char root[64];
	char file[192];
	char words[CLOCK_WORDS_SIZE];
	struct clock_machine machine;
	struct workload_clock clock;
};

// Makes each folder of the path.
static void make_folders(char *path, size_t from)
{
	for (char *slash = strchr(path + from, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		assert_int_equal(mkdir(path, 0700), 0);
		*slash = '/';
	}
}

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	strcpy(fixture->root, "/tmp/slabmark-clock-XXXXXX");
	assert_non_null(mkdtemp(fixture->root));
	snprintf(fixture->file, sizeof(fixture->file),
		"%s/sys/devices/system/clocksource/clocksource0/current_clocksource",
		fixture->root);
	make_folders(fixture->file, strlen(fixture->root) + 1);
	fixture->machine =
		(struct clock_machine){"tsc", fake_is_steady, fake_ticks, fake_ns, fixture->root};
	memset(&fake, 0, sizeof(fake));
	fake.ticks_per_ns = 2.5;
	fake.is_steady = true;
	fake.changes_at_ns = UINT64_MAX;
	*state = fixture;
	return 0;
}

static int remove_entry(const char *path, const struct stat *status, int flag, struct FTW *walk)
{
	(void)status;
	(void)flag;
	(void)walk;
	return remove(path);
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	int status = nftw(fixture->root, remove_entry, 8, FTW_DEPTH | FTW_PHYS);

	free(fixture);
	return status;
}

static void clocksource_is(const struct fixture *fixture, const char *name)
{
	FILE *file = fopen(fixture->file, "we");

	assert_non_null(file);
	fputs(name, file);
	assert_int_equal(fclose(file), 0);
}

static void choose(struct fixture *fixture)
{
	clock_choose(&fixture->clock, &fixture->machine, fixture->words);
}

static void expect_system_clock(struct fixture *fixture, const char *why)
{
	choose(fixture);
	assert_false(fixture->clock.reads_register);
	assert_true(fixture->clock.ns_per_tick == 1);
	assert_int_equal(fixture->clock.cost_ticks, STEP_NS);
	assert_ptr_equal(strstr(fixture->words, "clock_gettime: "), fixture->words);
	assert_non_null(strstr(fixture->words, why));
}

static void a_steady_counter_that_the_kernel_uses_is_read_and_calibrated(void **state)
{
	struct fixture *fixture = *state;

	clocksource_is(fixture, "tsc\n");
	choose(fixture);
	assert_true(fixture->clock.reads_register);
	assert_string_equal(fixture->words, "tsc");
	assert_true(fixture->clock.ns_per_tick > 0.4 * 0.9999);
	assert_true(fixture->clock.ns_per_tick < 0.4 * 1.0001);
	assert_int_equal(fixture->clock.cost_ticks, 250);
	assert_true(clock_ns(&fixture->clock, 1000) > 399.9);
}

static void a_counter_that_is_not_invariant_is_left_alone(void **state)
{
	clocksource_is(*state, "tsc\n");
	fake.is_steady = false;
	expect_system_clock(*state, "does not say that its tsc counts at one rate");
}

static void a_counter_that_the_kernel_does_not_trust_is_left_alone(void **state)
{
	clocksource_is(*state, "hpet\n");
	expect_system_clock(*state, "the kernel's clocksource is hpet, not tsc");
	clocksource_is(*state, "tsc-early\n");
	expect_system_clock(*state, "is tsc-early, not tsc");
}

static void an_unknown_clocksource_says_why_it_is_unknown(void **state)
{
	expect_system_clock(*state, "current_clocksource: No such file");
	clocksource_is(*state, "");
	expect_system_clock(*state, "it is empty");
}

static void a_counter_that_changes_its_rate_is_left_alone(void **state)
{
	clocksource_is(*state, "tsc\n");
	fake.changes_at_ns = 5000000;
	expect_system_clock(*state, "counts at two rates");
}

static void a_counter_that_stands_still_is_left_alone(void **state)
{
	clocksource_is(*state, "tsc\n");
	fake.ticks_per_ns = 0;
	expect_system_clock(*state, "counts at two rates");
}

// Whatever this machine has, its clock goes on, and a second is a second.
static void the_real_clock_goes_forwards(void **state)
{
	struct fixture *fixture = *state;
	struct workload_clock *clock = &fixture->clock;

	clock_choose(clock, &clock_machine_real, fixture->words);
	uint64_t outside_ns = clock_system_ns();
	uint64_t begin = clock_ticks(clock);
	uint64_t inside_ns = clock_system_ns();
	while (clock_system_ns() - inside_ns < 2000000)
		;
	double ns = clock_ns(clock, clock_ticks(clock) - begin);
	outside_ns = clock_system_ns() - outside_ns;
	assert_true(ns > 2000000 * 0.99);
	assert_true(ns < (double)outside_ns * 1.01);
	print_message("timestamps: %s\n", fixture->words);
}

#define CLOCK_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CLOCK_TEST(a_steady_counter_that_the_kernel_uses_is_read_and_calibrated),
		CLOCK_TEST(a_counter_that_is_not_invariant_is_left_alone),
		CLOCK_TEST(a_counter_that_the_kernel_does_not_trust_is_left_alone),
		CLOCK_TEST(an_unknown_clocksource_says_why_it_is_unknown),
		CLOCK_TEST(a_counter_that_changes_its_rate_is_left_alone),
		CLOCK_TEST(a_counter_that_stands_still_is_left_alone),
		CLOCK_TEST(the_real_clock_goes_forwards),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
