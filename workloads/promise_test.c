// SPDX-License-Identifier: GPL-2.0-or-later
// What workloads do, counted by an allocator of the tests' own, against what their descriptors
// promise: objects made an operation, their sizes, whose caches they are of, how many are alive at a
// time, and how many are freed by another thread than the one that made them. A workload that does
// something else than its name says fails here.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tried/fake_slab.h"
#include "tried/performance.h"

enum { TURNS = 4 }; // times the smallest count of operations

static struct fake_slab counted; // when all threads have done their operations

static void count_begin(void)
{
	fake_counts_begin();
}

static void count_end(void)
{
	counted = fake;
}

// ---- one performance

static void expect(const struct performance *performance, const char *what, double counted_value,
	double least, double most)
{
	if (counted_value >= least && counted_value <= most)
		return;
	fail_msg("%s in %u threads: %s: %g counted, from %g to %g promised",
		performance->workload->name,
		workload_threads_count(performance->workload, performance->counts), what,
		counted_value, least, most);
}

static void expect_allocations(
	const struct performance *performance, const struct workload_promise *promise)
{
	double operations = (double)performance->operations *
			    workload_threads_count(performance->workload, performance->counts);
	double each = (double)counted.allocated / operations;

	// With a multiple of what the operations are a multiple of, the count is exact.
	if (promise->allocations == WORKLOAD_FEWER)
		expect(performance, "objects an operation", each, 0, 1);
	else
		expect(performance, "objects an operation", each, promise->allocations - 1e-9,
			promise->allocations + 1e-9);
	if (counted.allocated > 0)
		expect(performance, "share of objects of caches",
			(double)counted.by_cache / (double)counted.allocated, promise->is_by_cache,
			promise->is_by_cache || promise->is_mixed);
}

static void expect_promise(const struct performance *performance)
{
	struct workload_promise promise;
	double remote;

	performance->workload->promise(performance->values, performance->counts, &promise);
	expect_allocations(performance, &promise);
	if (counted.allocated > 0) {
		expect(performance, "smallest object", (double)counted.size_min,
			(double)promise.size_min, (double)promise.size_max);
		expect(performance, "largest object", (double)counted.size_max,
			(double)promise.size_min, (double)promise.size_max);
	}
	expect(performance, "most objects alive", (double)counted.live_max,
		(double)promise.live_min, (double)promise.live_max);
	remote = counted.freed > 0 ? (double)counted.remote / (double)counted.freed : 0;
	if (counted.freed > 0)
		expect(performance, "share of remote frees", remote, promise.remote_min - 1e-9,
			promise.remote_max + 1e-9);
}

static void perform_counted(struct performance *performance, bool is_checked)
{
	fake_reset();
	performance->is_checked = is_checked;
	performance->before_run = count_begin;
	performance->after_run = count_end;
	assert_true(
		perform(performance, TURNS * workload_operations(performance->workload,
						     performance->values, performance->counts)));
	expect_promise(performance);
	assert_int_equal(fake.live, 0);
}

// With this number of threads, where the workload has use for so many.
static void perform_threads(struct performance *performance, unsigned threads)
{
	char reason[256];

	if (!workload_threads_split(
		    performance->workload, threads, performance->counts, reason, sizeof(reason)))
		return;
	perform_counted(performance, false);
	perform_counted(performance, true);
}

static void perform_with(const char *name, const char *parameter, int64_t value)
{
	struct performance performance;

	performance_make_small(&performance, name);
	if (parameter)
		set_value(&performance, parameter, value);
	perform_threads(&performance, 1);
	perform_threads(&performance, 2);
	perform_threads(&performance, 4);
}

// ---- tests

static void every_workload_makes_promises_and_keeps_them(void **state)
{
	(void)state;
	for (size_t i = 0; workload_table[i]; i++) {
		if (!workload_table[i]->promise)
			fail_msg("%s promises nothing", workload_table[i]->name);
		perform_with(workload_table[i]->name, NULL, 0);
	}
}

static void promises_follow_the_parameters(void **state)
{
	static const struct {
		const char *workload;
		const char *parameter;
		int64_t value;
	} cases[] = {
		{"slab-test-single", "size", 4096},
		{"slab-bulk-test01", "arm", 0},
		{"slab-bulk-test01", "arm", 1},
		{"slab-bulk-test01", "arm", 2},
		{"qmempool-bench", "arm", 0},
		{"qmempool-bench", "bulk", 100},
		{"larson", "rounds", 1},
		{"xmalloc-test", "size", -1},
		{"rptest", "cross_rate", 0},
		{"rptest", "cross_rate", 1},
		{"rptest", "cross_rate", 5},
		{"rptest", "mode", 1},
		{"rptest", "size_mode", 0},
		{"rptest", "size_mode", 2},
		{"sh8bench", "cross", 3},
		{"numa-test", "mode", 0},
		{"shared-array", "remote", 0},
		{"alien-drain", "remote", 300},
		{"merge", "merged", 0},
		{"ctor", "ctor", 0},
		{"ctor", "ctor", 2},
		{"cold-start", "ctor", 1},
		{"trace", "by", 1},
		{"trace", "order", 1},
		{"trace", "speed", 1000000},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		perform_with(cases[i].workload, cases[i].parameter, cases[i].value);
}

// What a workload tells of itself, and how it prints what its published program prints.
static struct {
	char names[1024]; // of figures, each behind a blank
	char line[4096]; // the last one
} told;

static void tell(struct workload_report *report, const char *name, double value)
{
	size_t used = strlen(told.names);

	(void)report;
	assert_true(isfinite(value));
	snprintf(told.names + used, sizeof(told.names) - used, " %s", name);
}

static void classic(struct workload_report *report, const char *line)
{
	(void)report;
	snprintf(told.line, sizeof(told.line), "%s", line);
}

static struct performance reported;

static void report(void)
{
	struct workload_report report = {
		tell, classic, reported.operations * reported.contexts[0].threads, 1};

	memset(&told, 0, sizeof(told));
	for (unsigned i = 0; i < reported.contexts[0].threads; i++)
		for (unsigned j = 0; j < 2; j++) // what a clock would have shown
			reported.contexts[i].tallies[j] = reported.contexts[i].tallies[j + 2] * 7;
	reported.workload->report(reported.contexts, &report);
}

static void expect_report(const char *name, const char *names, const char *line)
{
	fake_reset();
	performance_make_small(&reported, name);
	reported.after_run = report;
	assert_true(perform(&reported,
		TURNS * workload_operations(reported.workload, reported.values, reported.counts)));
	if (strcmp(told.names, names) != 0 || strncmp(told.line, line, strlen(line)) != 0)
		fail_msg("%s tells '%s' and '%s', expected '%s' and '%s'", name, told.names,
			told.line, names, line);
}

static void kernel_suites_print_their_historical_lines(void **state)
{
	(void)state;
	expect_report("slab-test-single", " alloc_ns free_ns",
		"50 times kmalloc(256) -> 7 cycles kfree -> 7 cycles");
	expect_report("slab-test-pairs", "", "4096 times kmalloc(256)/kfree -> 7 cycles");
	expect_report("slab-test-concurrent", " alloc_ns free_ns",
		"Kmalloc N*alloc N*free(256): 0=7/7 1=7/7 Average=7/7");
	expect_report(
		"slab-test-concurrent-pairs", "", "Kmalloc N*(alloc free)(256): 0=7 1=7 Average=7");
	expect_report("slab-test-remote-free", " alloc_ns free_ns",
		"N*remote free, each object(256): 0=7/0 1=0/7 Average=3/3");
	expect_report("slab-test-one-allocates", " alloc_ns free_ns",
		"1 alloc N free(256): 0=7/0 1=0/7 Average=3/3");
	expect_report("slab-bulk-test01", "",
		"Type:kmem bulk_quick_reuse Per elem: 244141 cycles(tsc) 244140.625 ns (step:32) - "
		"(measurement period time:1.000000000 sec time_interval:1000000000) - (invoke "
		"count:4096 tsc_interval:1000000000)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_workload_makes_promises_and_keeps_them),
		cmocka_unit_test(promises_follow_the_parameters),
		cmocka_unit_test(kernel_suites_print_their_historical_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
