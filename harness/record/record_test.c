// SPDX-License-Identifier: GPL-2.0-or-later
// Tests of what recordings are made from: the text of perf script, and calls with addresses.
#include "record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { EVENTS_MAX = 64 };

static struct {
	struct recording_event items[EVENTS_MAX];
	size_t count;
	uint64_t passed_over;
	struct ledger ledger; // its numbers
	struct problem problem;
} got;

static void read_back(char *data, size_t size)
{
	static struct recording_reader reader;
	struct recording_problem bad;
	FILE *file = fmemopen(data, size, "r");
	bool is_end = false;

	got.count = 0;
	assert_true(recording_open(&reader, file, &bad));
	while (!is_end) {
		struct recording_event event;

		assert_true(recording_next(&reader, &event, &is_end));
		if (!is_end)
			got.items[got.count++] = event;
	}
	recording_close(&reader);
	fclose(file);
}

// Makes a recording of a text and reads it back into `got`.
static bool perf_text(const char *text)
{
	static struct recording_writer writer;
	const struct recording_header header = {RECORDING_PERF, "text"};
	FILE *input = fmemopen((void *)text, strlen(text), "r");
	char *data = NULL;
	size_t size = 0;
	FILE *output = open_memstream(&data, &size);

	recording_begin(&writer, output, &header);
	ledger_begin(&got.ledger, &writer);
	bool is_good = perf_script_read(&got.ledger, input, "text", &got.passed_over, &got.problem);
	ledger_end(&got.ledger);
	assert_true(recording_end(&writer));
	fclose(output);
	fclose(input);
	if (is_good)
		read_back(data, size);
	free(data);
	return is_good;
}

static void the_six_events_of_kmem_become_events_of_a_recording(void **state)
{
	(void)state;
	assert_true(perf_text(
		"# captured on: today\n"
		" ls  1234 [003] 100.000001: kmem:kmalloc: call_site=ffffffff81 ptr=0xffff888100 "
		"bytes_req=60 bytes_alloc=64 gfp_flags=GFP_KERNEL|__GFP_ZERO\n"
		"\tffffffff8123 kmalloc_trace+0x26 ([kernel.kallsyms])\n"
		" kworker/0:1 ev  77/78 [012] 100.000002:   kmem:kmem_cache_alloc_node: "
		"call_site=a+0x1 ptr=0xffff888200 bytes_req=192 bytes_alloc=192 gfp_flags=0 "
		"node=1\n"
		" ls  1234 [003] 100.000003: sched:sched_switch: prev_comm=ls\n"
		" swapper 0 [003] 100.000004: kmem:kfree: call_site=b ptr=0xffff888100\n"
		"ls-1234 [003] d..1 100.000005: kmem_cache_free: call_site=c ptr=ffff888200 "
		"name=dentry\n"
		" ls  1234 [003] 100.000006: kmem:kfree: call_site=b ptr=0xdead\n"
		" ls  1234 [003] 100.000007: kmem:kmalloc_node: call_site=b ptr=0xffff888300 "
		"bytes_req=8 bytes_alloc=8 gfp_flags=0 node=-1\n"
		" ls  1234 [003] 100.000008: kmem:kmem_cache_alloc: call_site=b ptr=0xffff888400 "
		"bytes_req=40 bytes_alloc=40 gfp_flags=0\n"));
	assert_int_equal(got.count, 6);
	assert_int_equal(got.passed_over, 1);
	assert_int_equal(got.ledger.unknown, 1);
	assert_int_equal(got.items[0].size, 60);
	assert_int_equal(got.items[0].cpu, 3);
	assert_true(got.items[0].is_zeroed && !got.items[0].is_of_cache);
	assert_int_equal(got.items[1].node, 1);
	assert_int_equal(got.items[1].cpu, 12);
	assert_int_equal(got.items[1].time_ns, 1000);
	assert_true(got.items[1].is_of_cache);
	assert_int_equal(got.items[2].verb, RECORDING_FREE);
	assert_int_equal(got.items[2].taken, 0);
	assert_int_equal(got.items[2].thread, 2);
	assert_int_equal(got.items[3].taken, 1);
	assert_int_equal(got.items[3].thread, 0); // ls-1234 is the thread of the first line
	assert_int_equal(got.items[4].node, -1);
	assert_true(got.items[5].is_of_cache);
	assert_int_equal(got.ledger.remote_frees, 2);
	assert_int_equal(got.ledger.live_objects, 2);
}

static void a_line_that_is_damaged_is_refused_by_its_number(void **state)
{
	(void)state;
	assert_false(
		perf_text(" ls 1 [0] 1.5: kmem:kfree: call_site=b ptr=0x10\n"
			  " ls 1 [0] 1.6: kmem:kmalloc: call_site=b ptr=0x10 bytes_req=many\n"));
	assert_non_null(strstr(got.problem.text, "line 2"));
	assert_non_null(strstr(got.problem.text, "bytes_req"));
	assert_false(perf_text(" ls 1 [0] 1.5: kmem:kfree: call_site=b\n"));
	assert_non_null(strstr(got.problem.text, "ptr="));
	assert_false(perf_text(" ls 1 1.5: kmem:kfree: call_site=b ptr=0x10\n"));
	assert_non_null(strstr(got.problem.text, "[CPU]"));
	assert_int_equal(got.problem.status, EXIT_WRONG_USE);
}

static void a_text_without_kmem_events_is_refused(void **state)
{
	(void)state;
	assert_false(perf_text("{\"benchmarks\": []}\n"));
	assert_non_null(strstr(got.problem.text, "no kmem event"));
}

static void an_address_that_comes_again_frees_the_object_that_was_there(void **state)
{
	(void)state;
	assert_true(perf_text(" a 1 [0] 1.5: kmem:kmalloc: ptr=0x10 bytes_req=8\n"
			      " a 1 [0] 1.6: kmem:kmalloc: ptr=0x10 bytes_req=9\n"
			      " a 1 [0] 1.7: kmem:kfree: call_site=b ptr=0x10\n"));
	assert_int_equal(got.count, 4);
	assert_int_equal(got.items[1].verb, RECORDING_FREE);
	assert_int_equal(got.items[1].taken, 0);
	assert_int_equal(got.items[3].taken, 1);
	assert_int_equal(got.ledger.replaced, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_six_events_of_kmem_become_events_of_a_recording),
		cmocka_unit_test(a_line_that_is_damaged_is_refused_by_its_number),
		cmocka_unit_test(a_text_without_kmem_events_is_refused),
		cmocka_unit_test(an_address_that_comes_again_frees_the_object_that_was_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
