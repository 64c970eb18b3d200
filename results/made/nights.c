// SPDX-License-Identifier: GPL-2.0-or-later
// Makes nights up. For tests only: not part of the library.
#include "nights.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>

#include "results/store/driver.h"

static const int64_t DAY_NS = 86400LL * 1000000000;

static int64_t session_begin(struct store *store, const struct made_night *night)
{
	char plan[64] = "{}";
	struct store_session record = {
		.command = "test", .plan = plan, .started_unix_ns = (1 + night->night) * DAY_NS};
	int64_t session;

	if (night->purpose)
		snprintf(plan, sizeof(plan), "{\"purpose\":\"%s\"}", night->purpose);
	assert_true(store_session_begin(store, &record, &session, NULL));
	return session;
}

// One process of each side a round, with all series in it.
static void process_make(struct store *store, int64_t session, int round,
	const struct made_night *night, const char *beside, gsl_rng *random)
{
	json_t *document = made_document("default");
	char side[64] = "default";
	char name[32];

	if (beside)
		snprintf(side, sizeof(side), "default@%s", beside);
	json_object_set_new(json_object_get(document, "context"), "commit",
		json_string(beside ? beside : night->commit));
	for (int i = 0; i < night->series; i++) {
		double level = log(10 * (i + 1)) + night->effect +
			       (i == MADE_NIGHT_SLOWER && !beside ? night->slower : 0);

		snprintf(name, sizeof(name), "made/size:%02d", i);
		made_sample(document, name, exp(level + gsl_ran_gaussian(random, night->scatter)));
	}
	made_process(store, session, round, side, "made", document);
}

int64_t made_night_session(struct store *store, const struct made_night *night, gsl_rng *random)
{
	int64_t session;

	assert_true(store_begin(store, NULL)); // one transaction: a thousand of them take long
	session = session_begin(store, night);
	for (int round = 0; round < night->rounds; round++) {
		process_make(store, session, round, night, NULL, random);
		for (int i = 0; i < 2 && night->beside[i]; i++)
			process_make(store, session, round, night, night->beside[i], random);
	}
	assert_true(store_session_end(store, session, "complete", NULL));
	assert_true(store_commit(store, NULL));
	return session;
}
