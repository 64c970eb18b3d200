// SPDX-License-Identifier: GPL-2.0-or-later
// Fingerprints, which must stay what they are: each store knows its machines by them.
#include "fingerprint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char MODEL[] = "AMD EPYC 7763 64-Core Processor";
static const char DIGEST[] = "0123456789abcdef";

static void the_same_facts_have_the_same_fingerprint_for_ever(void **state)
{
	char text[FINGERPRINT_SIZE];

	(void)state;
	fingerprint_make(MODEL, DIGEST, text);
	assert_string_equal(text, "9eccded3468bca8d");
}

static void each_fact_counts(void **state)
{
	static const char *const OTHERS[][2] = {
		{"AMD EPYC 7763 64-Core Processo", "r0123456789abcdef"},
		{"AMD EPYC 7763 64-Core Processo", DIGEST}, {MODEL, "0123456789abcdee"}};
	char text[FINGERPRINT_SIZE];
	char other[FINGERPRINT_SIZE];

	(void)state;
	fingerprint_make(MODEL, DIGEST, text);
	for (size_t i = 0; i < sizeof(OTHERS) / sizeof(OTHERS[0]); i++) {
		fingerprint_make(OTHERS[i][0], OTHERS[i][1], other);
		assert_string_not_equal(text, other);
	}
}

static void a_former_one_becomes_todays_once(void **state)
{
	char today[FINGERPRINT_SIZE];
	char again[FINGERPRINT_SIZE];

	(void)state;
	assert_true(fingerprint_is_former("feedfacecafebeef", MODEL, DIGEST, today));
	assert_false(fingerprint_is_former(today, MODEL, DIGEST, again));
}

static void what_no_slabmark_made_stays(void **state)
{
	char today[FINGERPRINT_SIZE];

	(void)state;
	assert_false(fingerprint_is_former("my laptop", MODEL, DIGEST, today));
	assert_false(fingerprint_is_former(NULL, MODEL, DIGEST, today));
	assert_false(fingerprint_is_former("feedfacecafebeef", NULL, DIGEST, today));
	assert_false(fingerprint_is_former("feedfacecafebeef", MODEL, NULL, today));
	assert_false(fingerprint_is_former("feedfacecafebeef", MODEL, "unknown: no memory", today));
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(the_same_facts_have_the_same_fingerprint_for_ever),
		cmocka_unit_test(each_fact_counts),
		cmocka_unit_test(a_former_one_becomes_todays_once),
		cmocka_unit_test(what_no_slabmark_made_stays),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
