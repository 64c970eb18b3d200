// SPDX-License-Identifier: GPL-2.0-or-later
// The trace language: what is read, and where a mistake is said to be.
#include "inspect/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define HEAD  "slabtrace 1\ntopology nodes=2 cpus_per_node=2\n"
#define CACHE HEAD "cache A size=8 align=0 flags=0 ctor=0\n"

static bool read_text(
	const char *text, size_t length, struct trace *trace, struct trace_problem *problem)
{
	FILE *input = fmemopen((void *)text, length, "r");
	bool is_good;

	assert_non_null(input);
	is_good = trace_read(trace, input, problem);
	fclose(input);
	return is_good;
}

static void read_good(const char *text, struct trace *trace)
{
	struct trace_problem problem;

	if (!read_text(text, strlen(text), trace, &problem))
		fail_msg("%u:%u: %s", problem.line, problem.column, problem.text);
}

static void refuses_at(
	unsigned line, unsigned column, const char *words, const char *text, size_t length)
{
	struct trace_problem problem;
	struct trace trace;

	if (read_text(text, length, &trace, &problem))
		fail_msg("accepted: %s", text);
	if (!strstr(problem.text, words))
		fail_msg("'%s' is not in '%s'", words, problem.text);
	assert_int_equal(problem.line, line);
	assert_int_equal(problem.column, column);
	assert_int_equal(trace.operations_count, 0);
}

static void refuses(unsigned line, unsigned column, const char *words, const char *text)
{
	refuses_at(line, column, words, text, strlen(text));
}

static void an_operation_has_its_cpu_cache_label_and_line(void **state)
{
	const struct trace_operation *alloc;
	struct trace trace;

	(void)state;
	read_good(CACHE "\n# a comment\non 3\talloc_node A x node=-1 exact=1 # and another\n",
		&trace);
	assert_int_equal(trace.nodes, 2);
	assert_int_equal(trace.cpus_per_node, 2);
	assert_int_equal(trace.operations_count, 2);
	alloc = &trace.operations[1];
	assert_int_equal(alloc->verb, TRACE_ALLOC_NODE);
	assert_int_equal(alloc->line, 6);
	assert_int_equal(alloc->cpu, 3);
	assert_int_equal(alloc->cache, 0);
	assert_string_equal(alloc->label, "x");
	assert_int_equal(alloc->node, -1);
	assert_int_equal(alloc->gfp, __GFP_THISNODE);
	assert_string_equal(trace.lines[4], "# a comment");
	trace_free(&trace);
}

static void a_cache_has_the_flags_that_its_names_mean(void **state)
{
	struct trace trace;

	(void)state;
	read_good(
		HEAD "cache A ctor=1 flags=RECLAIM_ACCOUNT|0x2000 align=0x40 size=100\r\n", &trace);
	assert_int_equal(trace.operations[0].flags, SLAB_RECLAIM_ACCOUNT | SLAB_HWCACHE_ALIGN);
	assert_int_equal(trace.operations[0].align, 64);
	assert_int_equal(trace.operations[0].size, 100);
	assert_true(trace.operations[0].has_ctor);
	trace_free(&trace);
}

static void a_group_stands_for_its_objects_and_its_members_for_one(void **state)
{
	const struct trace_operation *bulk;
	struct trace trace;

	(void)state;
	read_good(
		CACHE "on 0 alloc A x\non 0 alloc_bulk A 3 g\non 0 free_bulk - g.2 x g\n", &trace);
	assert_int_equal(trace.objects_count, 4);
	bulk = &trace.operations[3];
	assert_int_equal(bulk->cache, TRACE_NO_CACHE);
	assert_int_equal(bulk->ranges_count, 3);
	assert_int_equal(bulk->ranges[0].first, 3);
	assert_int_equal(bulk->ranges[0].count, 1);
	assert_int_equal(bulk->ranges[1].first, 0);
	assert_int_equal(bulk->ranges[2].first, 1);
	assert_int_equal(bulk->ranges[2].count, 3);
	trace_free(&trace);
}

static void a_label_given_again_names_the_new_object(void **state)
{
	struct trace trace;

	(void)state;
	read_good(CACHE "on 0 alloc A x\non 0 free x\non 0 alloc A x\non 0 free x\n", &trace);
	assert_int_equal(trace.operations[2].ranges[0].first, 0);
	assert_int_equal(trace.operations[3].objects_before.count, 1);
	assert_int_equal(trace.operations[3].objects_before.first, 0);
	assert_int_equal(trace.operations[4].ranges[0].first, 1);
	trace_free(&trace);
}

static void policies_and_nodes_become_masks(void **state)
{
	struct trace trace;

	(void)state;
	read_good(HEAD "policy interleave 0,1\npolicy preferred 1\npolicy -\nnomem 1\nnomem -\n",
		&trace);
	assert_int_equal(trace.operations[0].policy, TRACE_POLICY_INTERLEAVE);
	assert_int_equal(trace.operations[0].nodes, 3);
	assert_int_equal(trace.operations[1].policy, TRACE_POLICY_PREFERRED);
	assert_int_equal(trace.operations[1].nodes, 2);
	assert_int_equal(trace.operations[2].policy, TRACE_POLICY_NONE);
	assert_int_equal(trace.operations[3].nodes, 2);
	assert_int_equal(trace.operations[4].nodes, 0);
	trace_free(&trace);
}

static void negative_tunables_are_read(void **state)
{
	struct trace trace;

	(void)state;
	read_good(CACHE "on 0 tune A -2147483648 2147483647 -1\n", &trace);
	assert_int_equal(trace.operations[1].limit, INT32_MIN);
	assert_int_equal(trace.operations[1].batchcount, INT32_MAX);
	assert_int_equal(trace.operations[1].shared, -1);
	trace_free(&trace);
}

static void a_bad_field_is_said_at_its_column(void **state)
{
	(void)state;
	refuses(4, 10, "unknown operation 'allo'", CACHE "on 0     allo A x\n");
	refuses(3, 1, "unknown operation 'dumpp'", HEAD "dumpp A\n");
	refuses(4, 4, "no CPU '4'", CACHE "on 4 alloc A x\n");
	refuses(4, 4, "no CPU '-1'", CACHE "on -1 alloc A x\n");
	refuses(4, 4, "no CPU '18446744073709551616'", CACHE "on 18446744073709551616 reap\n");
	refuses(4, 26, "no node '2'", CACHE "on 0 alloc_node A x node=2\n");
	refuses(3, 9, "no node '2'", HEAD "nomem 0,2\n");
	refuses(4, 12, "no cache is called 'B'", CACHE "on 0 alloc B x\n");
	refuses(4, 11, "no object is called 'x'", CACHE "on 0 free x\n");
	refuses(4, 16, "'y-z' is no label", CACHE "on 0 alloc A  y-z\n");
	refuses(3, 14, "size '4294967296' is no whole number",
		HEAD "cache A size=4294967296 align=0 flags=0 ctor=0\n");
	refuses(3, 37, "ctor '2' is neither 0 nor 1",
		HEAD "cache A size=8 align=0 flags=0 ctor=2\n");
	refuses(3, 30, "flags 'POISO'",
		HEAD "cache A size=8 align=0 flags=POISO|RED_ZONE ctor=1\n");
	refuses(3, 14, "unknown option", HEAD "option       slub=1\n");
	refuses(4, 22, "gfp 'HIGH'", CACHE "on 0 kmalloc 8 x gfp=HIGH\n");
}

static void a_line_that_is_too_short_or_too_long_is_refused(void **state)
{
	(void)state;
	refuses(4, 13, "the line ends before the new label", CACHE "on 0 alloc A\n");
	refuses(3, 31, "the line ends without ctor=", HEAD "cache A size=8 flags=0 align=0\n");
	refuses(4, 19, "'5' is one word too many", CACHE "on 0 tune A 1 2 3 5\n");
	refuses(4, 11, "'now' is one word too many", CACHE "on 0 reap now\n");
	refuses(3, 16, "'size=9' does not belong here, or not twice",
		HEAD "cache A size=8 size=9 align=0 flags=0 ctor=0\n");
}

static void an_offline_cpu_runs_nothing_until_it_is_back(void **state)
{
	struct trace trace;

	(void)state;
	refuses(4, 4, "CPU 1 is offline since line 3", HEAD "cpu_down 1\non 1 reap\n");
	refuses(4, 10, "CPU 1 is offline already", HEAD "cpu_down 1\ncpu_down 1\n");
	refuses(3, 8, "CPU 1 is online", HEAD "cpu_up 1\n");
	refuses(3, 10, "CPU 0 carries this out", HEAD "cpu_down 0\n");
	read_good(HEAD "cpu_down 1\ncpu_up 1\non 1 reap\n", &trace);
	trace_free(&trace);
}

static void what_is_no_trace_is_refused(void **state)
{
	static const char with_nul[] = "slabtrace 1\ntopo\0logy\n";

	(void)state;
	refuses(1, 1, "a trace begins with 'slabtrace 1'", "topology nodes=1 cpus_per_node=1\n");
	refuses(1, 11, "version '2'", "slabtrace 2\n");
	refuses(2, 1, "the machine is needed", "slabtrace 1\ncache A size=8\n");
	refuses(2, 16, "nodes is 0", "slabtrace 1\ntopology nodes=0 cpus_per_node=1\n");
	refuses(2, 33, "is no whole number from 0 to 16",
		"slabtrace 1\ntopology nodes=64 cpus_per_node=17\n");
	refuses(0, 0, "no machine", "slabtrace 1\n");
	refuses(0, 0, "nothing to read", "# a comment only\n");
	refuses_at(2, 5, "a NUL byte", with_nul, sizeof(with_nul) - 1);
}

static void a_trace_cut_off_anywhere_is_read_or_refused(void **state)
{
	static const char text[] =
		CACHE "on 0 alloc_bulk A 3 g\non 1 free_bulk - g.1 g\npolicy bind 0,1\ndump A\n";

	(void)state;
	for (size_t length = 1; length < sizeof(text); length++) {
		struct trace_problem problem = {.text = ""};
		struct trace trace;

		if (read_text(text, length, &trace, &problem))
			trace_free(&trace);
		else
			assert_true(*problem.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_operation_has_its_cpu_cache_label_and_line),
		cmocka_unit_test(a_cache_has_the_flags_that_its_names_mean),
		cmocka_unit_test(a_group_stands_for_its_objects_and_its_members_for_one),
		cmocka_unit_test(a_label_given_again_names_the_new_object),
		cmocka_unit_test(policies_and_nodes_become_masks),
		cmocka_unit_test(negative_tunables_are_read),
		cmocka_unit_test(a_bad_field_is_said_at_its_column),
		cmocka_unit_test(a_line_that_is_too_short_or_too_long_is_refused),
		cmocka_unit_test(an_offline_cpu_runs_nothing_until_it_is_back),
		cmocka_unit_test(what_is_no_trace_is_refused),
		cmocka_unit_test(a_trace_cut_off_anywhere_is_read_or_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
