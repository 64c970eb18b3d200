// SPDX-License-Identifier: GPL-2.0-or-later
// What the table of facts promises to those that walk it.
#include "facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "document.h"
#include "results/made/results.h"

static void a_fact_has_one_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < facts_count; i++) {
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(facts[i].name, facts[k].name);
	}
}

static void what_sides_are_warned_of_has_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < facts_count; i++) {
		bool is_told = fact_is(&facts[i], FACT_SIDES) || fact_is(&facts[i], FACT_FILES);

		assert_true(is_told == (facts[i].differs != NULL));
	}
}

static void what_is_absent_is_unknown_or_none(void **state)
{
	struct store_build build = {.context = json_pack("{s:s}", "kernel", "Linux 5.10")};

	(void)state;
	assert_string_equal(context_fact(build.context, "kernel"), "Linux 5.10");
	assert_string_equal(context_fact(build.context, "microcode"), "unknown");
	assert_string_equal(context_fact(build.context, "slab_options"), "none");
	assert_string_equal(context_fact(build.context, "of no row"), "unknown");
	json_decref(build.context);
}

// Whatever the programs write is a text, and a document in which it is not is refused.
static void each_fact_of_ours_is_checked_in_documents(void **state)
{
	(void)state;
	for (size_t i = 0; i < facts_count; i++) {
		json_t *document = made_document("default");
		struct problem problem;

		made_sample(document, "pair", 10);
		json_object_set_new(
			json_object_get(document, "context"), facts[i].name, json_integer(7));
		if (fact_is(&facts[i], FACT_FOREIGN)) {
			assert_true(document_check(document, &problem));
		} else {
			assert_false(document_check(document, &problem));
			assert_non_null(strstr(problem.text, facts[i].name));
		}
		json_decref(document);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fact_has_one_row),
		cmocka_unit_test(what_sides_are_warned_of_has_words),
		cmocka_unit_test(what_is_absent_is_unknown_or_none),
		cmocka_unit_test(each_fact_of_ours_is_checked_in_documents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
