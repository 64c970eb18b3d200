// SPDX-License-Identifier: GPL-2.0-or-later
// Dates of many programs and years.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "date.h"

static void a_date_is_read_in_every_form(void **state)
{
	static const struct {
		const char *text;
		int64_t unix_ns;
	} CASES[] = {
		{"2026-01-01T00:00:00+00:00", 1767225600000000000},
		{"2026-01-01T01:00:00+01:00", 1767225600000000000},
		{"2025-12-31T19:00:00-0500", 1767225600000000000},
		{"2026-01-01T00:00:00Z", 1767225600000000000},
		{"2026-01-01 00:00:00", 1767225600000000000},
		{"2026-01-01 00:00:00.25", 1767225600250000000},
		{"2026-01-01 00:00:00.123456 +0000", 1767225600123456000},
		{"2026-01-01", 1767225600000000000},
		{"2016/08/02-19:45:47", 1470167147000000000},
		{"2016/08/02-19:45", 1470167100000000000},
		{"2019-11-29 21:26:59", 1575062819000000000},
		{"Fri Nov 29 21:26:59 2019", 1575062819000000000},
		{"1970-01-01T00:00:00Z", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		int64_t unix_ns = -1;

		if (!date_read(CASES[i].text, &unix_ns) || unix_ns != CASES[i].unix_ns)
			fail_msg("%s is %lld", CASES[i].text, (long long)unix_ns);
	}
}

static void what_is_no_date_is_refused(void **state)
{
	static const char *const TEXTS[] = {"", "x", "yesterday", "2026", "2026-13-01",
		"2026-01-01T", "2026-01-01 25:00:00", "2026-01-01 00:00:00 somewhere",
		"2026-01-01 00:00:00 x", "9999-01-01 00:00:00", "1600-01-01 00:00:00",
		"02/08/2016"};

	(void)state;
	for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
		int64_t unix_ns;

		if (date_read(TEXTS[i], &unix_ns))
			fail_msg("'%s' is read", TEXTS[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_date_is_read_in_every_form),
		cmocka_unit_test(what_is_no_date_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
