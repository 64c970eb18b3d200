// SPDX-License-Identifier: GPL-2.0-or-later
// Tests of raw codes against a PMU that a folder describes as the kernel does.
#include "raw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static char devices[] = "/tmp/raw_test.XXXXXX";

static void file_write(const char *name, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", devices, name);
	FILE *file = fopen(path, "we");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void folder_make(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", devices, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

static int pmu_make(void **state)
{
	(void)state;
	if (!mkdtemp(devices))
		return -1;
	folder_make("some_pmu");
	folder_make("some_pmu/format");
	file_write("some_pmu/type", "17\n");
	file_write("some_pmu/format/event", "config:0-7,32-35\n");
	file_write("some_pmu/format/umask", "config:8-15\n");
	file_write("some_pmu/format/edge", "config:18\n");
	file_write("some_pmu/format/ldlat", "config1:0-15\n");
	return 0;
}

static int pmu_remove(void **state)
{
	static const char *const names[] = {"some_pmu/format/event", "some_pmu/format/umask",
		"some_pmu/format/edge", "some_pmu/format/ldlat", "some_pmu/format", "some_pmu/type",
		"some_pmu", "."};
	char path[128];

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", devices, names[i]);
		remove(path);
	}
	return remove(devices);
}

static void expect(const char *name, uint32_t type, uint64_t config, uint64_t config1)
{
	struct raw_code code;

	assert_true(raw_is_code(name));
	if (!raw_find(name, devices, &code))
		fail_msg("%s is refused", name);
	assert_int_equal(code.type, type);
	assert_int_equal(code.config[0], config);
	assert_int_equal(code.config[1], config1);
}

static void expect_refused(const char *name)
{
	struct raw_code code;

	assert_true(raw_is_code(name));
	if (raw_find(name, devices, &code))
		fail_msg("%s is taken", name);
}

static void a_term_goes_into_the_bits_that_the_kernel_names(void **state)
{
	(void)state;
	expect("some_pmu/event=0xa8,umask=0x1/", 17, 0x1a8, 0);
	expect("some_pmu/event=0x3a8/", 17, UINT64_C(0x3000000a8), 0);
	expect("some_pmu/event=0xa8,edge,ldlat=30/", 17, 0x400a8, 30);
	expect("some_pmu/r1a8/", 17, 0x1a8, 0);
	expect("some_pmu/config=424,config1=3/", 17, 424, 3);
	expect("cpu/r1a8/", 4, 0x1a8, 0);
	expect("r1A8", 4, 0x1a8, 0);
	expect("0x1a8", 4, 0x1a8, 0);
}

static void what_the_kernel_does_not_name_or_hold_is_refused(void **state)
{
	(void)state;
	expect_refused("some_pmu/umask=0x100/");
	expect_refused("some_pmu/cmask=1/");
	expect_refused("some_pmu/event=/");
	expect_refused("some_pmu/event=x/");
	expect_refused("some_pmu/../type=1/");
	expect_refused("other_pmu/event=1/");
	expect_refused("some_pmu/event=1");
	expect_refused("some_pmu//");
	expect_refused("0x");
	expect_refused("r11112222333344445");
	assert_false(raw_is_code("ref-cycles"));
	assert_false(raw_is_code("r"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_term_goes_into_the_bits_that_the_kernel_names),
		cmocka_unit_test(what_the_kernel_does_not_name_or_hold_is_refused),
	};

	return cmocka_run_group_tests_name("raw", tests, pmu_make, pmu_remove);
}
