// SPDX-License-Identifier: GPL-2.0-or-later
// How often the gate is right over nights: 60 series, 12 rounds, nights that do something to all
// that they measure, through gate_make() and gate_confirm() on stores that grow by a session a night.
// With fixed seeds. --full simulates more, and prints the table of METHOD.md.
#include "gate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "results/made/folder.h"
#include "results/made/nights.h"

enum { SERIES = 60, ROUNDS = 12, NIGHTS_FEW = 6 };

static bool is_full;

// How nights are, and how the gate is asked.
struct setting {
	double effect; // standard deviation of a night's log
	double scatter; // of a process's
	double margin; // 0: as the gate has it
	const char *baseline; // "last": the night before; else as gate_options has it
};

// Nights by what became of them.
struct tally {
	int nights;
	int candidates; // had any
	int by_nights; // red by nights alone
	int confirmed; // red when the candidates were measured side by side
	int beside; // red when all was
};

struct simulation {
	const struct setting *setting;
	struct store *store;
	gsl_rng *random;
	double slower; // log, of the judged build in one series
	int64_t before; // the session of the night before
	char commit_before[32];
};

static struct gate *make(const struct simulation *simulation, int64_t session, const char *baseline)
{
	const struct gate_options options = {.session = session,
		.baseline = baseline,
		.margin = simulation->setting->margin,
		.alpha = 0.05};
	struct problem problem = {0};
	struct gate *gate;

	if (!gate_make(simulation->store, &options, &gate, &problem))
		fail_msg("%s", problem.text);
	return gate;
}

static bool is_red(const struct gate *gate)
{
	return gate_count(gate, GATE_REGRESSION) > 0;
}

// The confirmation of a gate that has candidates: tonight, both builds.
static void confirm(const struct simulation *simulation, struct gate *gate, struct made_night night,
	struct tally *tally)
{
	const struct gate_options options = {
		.baseline = gate->asked, .margin = simulation->setting->margin, .alpha = 0.05};
	struct problem problem = {0};

	tally->by_nights += is_red(gate);
	tally->candidates += gate_candidates(gate, false) > 0;
	if (gate_candidates(gate, false) == 0)
		return;
	night.purpose = "confirmation";
	night.beside[0] = gate->baseline_commit;
	night.beside[1] = gate->anchor_commit;
	if (!gate_confirm(simulation->store, &options, gate,
		    made_night_session(simulation->store, &night, simulation->random), &problem))
		fail_msg("%s", problem.text);
	tally->confirmed += is_red(gate);
}

static void passed_write(const struct simulation *simulation, const struct gate *gate)
{
	struct problem problem = {0};

	assert_true(gate_write(
		simulation->store, gate, gate_status(gate, false, &problem), 1, &problem));
}

static void judge(const struct simulation *simulation, struct made_night night, int64_t session,
	struct tally *tally)
{
	char baseline[64];
	struct gate *gate;

	snprintf(baseline, sizeof(baseline), "%s", simulation->setting->baseline);
	if (strcmp(baseline, "last") == 0)
		snprintf(baseline, sizeof(baseline), "session:%lld", (long long)simulation->before);
	gate = make(simulation, session, baseline);
	confirm(simulation, gate, night, tally);
	if (strcmp(baseline, "last-good") == 0)
		passed_write(simulation, gate);
	gate_free(gate);
	// All of it side by side, as --side-by-side measures it.
	night.purpose = "confirmation";
	night.beside[0] = simulation->commit_before;
	snprintf(baseline, sizeof(baseline), "side:@%s", simulation->commit_before);
	gate = make(simulation, made_night_session(simulation->store, &night, simulation->random),
		baseline);
	tally->beside += is_red(gate);
	gate_free(gate);
	tally->nights++;
}

// A night: its session, which later ones are held against, and one of the judged build. Where that is
// no slower it is the same.
static void night_pass(struct simulation *simulation, int number, struct tally *tally)
{
	char commit[32];
	struct made_night night = {
		.night = number,
		.effect = gsl_ran_gaussian(simulation->random, simulation->setting->effect),
		.scatter = simulation->setting->scatter,
		.series = SERIES,
		.rounds = ROUNDS,
		.commit = commit,
	};
	struct made_night judged = night;
	int64_t session = 0;
	int64_t slower;

	snprintf(commit, sizeof(commit), "night%08d", number);
	session = made_night_session(simulation->store, &night, simulation->random);
	judged.slower = simulation->slower;
	judged.purpose = "profile"; // no result
	slower = judged.slower > 0 && number > 0
			 ? made_night_session(simulation->store, &judged, simulation->random)
			 : session;
	if (number > 0)
		judge(simulation, judged, slower, tally);
	else
		assert_true(
			gate_baseline_set(simulation->store, "last-good", session, NULL, 1, NULL));
	simulation->before = session;
	snprintf(simulation->commit_before, sizeof(simulation->commit_before), "%s", commit);
}

static struct tally simulate(const struct setting *setting, double slower, int stores, int nights)
{
	static int number;
	struct tally tally = {0};
	struct simulation simulation = {
		.setting = setting, .random = gsl_rng_alloc(gsl_rng_mt19937), .slower = slower};

	gsl_rng_set(simulation.random, 20261129);
	for (int i = 0; i < stores; i++) {
		char name[32];

		snprintf(name, sizeof(name), "rates%d.db", number++);
		simulation.store = made_store(made_path(name));
		for (int k = 0; k < nights; k++)
			night_pass(&simulation, k, &tally);
		store_close(simulation.store);
		remove(made_path(name));
	}
	gsl_rng_free(simulation.random);
	return tally;
}

static void row_print(const struct setting *setting, double slower, const struct tally *tally)
{
	double n = tally->nights;

	printf("| %s | %.1f %% | %.1f %% | %s | %d | %.1f %% | %.1f %% | %.1f %% | %.1f %% |\n",
		slower > 0 ? "+5 % in one" : "equal", 100 * setting->effect,
		setting->margin > 0 ? 100 * setting->margin : 2.0, setting->baseline, tally->nights,
		100 * tally->candidates / n, 100 * tally->by_nights / n, 100 * tally->confirmed / n,
		100 * tally->beside / n);
	(void)fflush(stdout);
}

static const double EFFECTS[] = {0, 0.005, 0.01, 0.02};
enum { EFFECTS_COUNT = sizeof(EFFECTS) / sizeof(EFFECTS[0]) };

// At most so many of n, where each happens with the probability: two standard deviations more.
static int most_of(int n, double probability)
{
	return (int)(n * probability + 2 * sqrt(n * probability * (1 - probability)));
}

static void assert_rates(const struct setting *like, int stores, int nights)
{
	for (size_t i = is_full ? 0 : EFFECTS_COUNT - 1; i < EFFECTS_COUNT; i++) {
		struct setting setting = *like;
		struct tally tally;

		setting.effect = EFFECTS[i];
		tally = simulate(
			&setting, 0, is_full ? stores : 1, is_full ? 1 + nights : 1 + NIGHTS_FEW);
		row_print(&setting, 0, &tally);
		assert_true(tally.confirmed <= most_of(tally.nights, 0.05));
		assert_true(tally.by_nights <= most_of(tally.nights, 0.05));
		assert_true(tally.beside <= most_of(tally.nights, 0.05));
	}
}

static void equal_builds_are_seldom_red(void **state)
{
	const struct setting last = {.scatter = 0.012, .baseline = "last"};
	const struct setting old = {.scatter = 0.012, .baseline = "session:1"};
	const struct setting rolling = {.scatter = 0.012, .baseline = "rolling:5"};
	const struct setting good = {.scatter = 0.012, .baseline = "last-good"};

	(void)state;
	assert_rates(&last, 4, 30);
	if (!is_full)
		return;
	assert_rates(&old, 8, 8); // nights of a store share the old one's luck
	assert_rates(&rolling, 2, 30);
	assert_rates(&good, 2, 30);
}

// Nothing but chance keeps them apart then.
static void nor_without_a_margin(void **state)
{
	const struct setting setting = {.scatter = 0.012, .margin = 0.0001, .baseline = "last"};

	(void)state;
	assert_rates(&setting, 3, 30);
}

static void a_slower_series_is_found_side_by_side(void **state)
{
	(void)state;
	for (size_t i = is_full ? 0 : EFFECTS_COUNT - 1; i < EFFECTS_COUNT; i++) {
		const struct setting setting = {
			.effect = EFFECTS[i], .scatter = 0.012, .baseline = "last"};
		struct tally tally = simulate(
			&setting, log(1.05), is_full ? 4 : 1, is_full ? 31 : 1 + NIGHTS_FEW);

		row_print(&setting, 1, &tally);
		assert_true(tally.nights - tally.beside <= most_of(tally.nights, 0.05));
	}
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(equal_builds_are_seldom_red),
		cmocka_unit_test(nor_without_a_margin),
		cmocka_unit_test(a_slower_series_is_found_side_by_side),
	};

	is_full = argc > 1 && strcmp(argv[1], "--full") == 0;
	puts("| builds | nights differ by | margin | baseline | nights | have candidates | red by "
	     "nights alone | red, candidates side by side | red, all side by side |");
	return cmocka_run_group_tests(TESTS, made_folder_create, made_folder_remove);
}
