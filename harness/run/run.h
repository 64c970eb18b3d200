// SPDX-License-Identifier: GPL-2.0-or-later
// A run: what is measured, how often, with what, for what, and where it is kept. Three commands
// measure (run, calibrate, and gate for what it measures side by side). Each fills a struct run, lets it select
// and plan, and hands it to session_measure() (session.h). This code knows no command line.
//
//	struct run run = {.command = "run", .rounds = 10, …};
//	is_good = run_select(&run, configs, workloads, problem) && run_plan(&run, problem) &&
//		  session_measure(&run, &session, problem);
//	…
//	run_free(&run);
#ifndef HARNESS_RUN_RUN_H
#define HARNESS_RUN_RUN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "callgrind.h"
#include "plan.h"
#include "profile.h"
#include "results/store/store.h"
#include "selection.h"
#include "texts.h"

// Somebody who looks at the results between rounds and decides what of the rest is still wanted.
struct run_watch {
	// The session calls it before each round but the first, when `rounds` rounds are done. False
	// ends the session with the problem.
	bool (*round)(void *context, int64_t session, int rounds, struct problem *problem);
	// Whether a step is still wanted; one that is not is left out.
	bool (*wants)(void *context, const struct plan_step *step);
	void *context;
	const json_t *looks; // when it looks: the record's member "until"
};

struct run {
	const char *command; // the subcommand, for messages
	struct texts words; // of the user's whole command line, for the session's record
	const char *
		purpose; // "calibration", "confirmation", "profile", "simulation", "trial"; NULL: the results themselves

	struct selection selection; // the sides and the workloads; run_select()
	size_t layouts; // that each side is linked in, one after the other by round; 0: as it is
	uint64_t layouts_seed; // draws them
	int rounds; // with layouts a multiple of them
	uint64_t seed;
	struct plan plan; // run_plan()

	// What each measured process is told besides its step.
	double min_time_s;
	double timeout_s;
	const struct profile *profile; // each process under perf; NULL: none
	const struct callgrind *callgrind; // each process under callgrind; NULL: none
	struct functions *
		functions; // with callgrind: a side each, what its processes ran; NULL: nobody asks
	const char *counters; // presets and events, as the user listed them; NULL: none
	struct texts settings; // "WORKLOAD.PARAMETER=VALUE"
	struct texts told; // further options: Google Benchmark's own, and ours; run_tell()

	bool refuses_busy; // ends where another session measures on this machine, in place of waiting
	double budget_s; // no process is started later than that after the first; 0: no end
	const struct run_watch *watch; // NULL: nobody watches
	const char *store_path; // as the user gave it
	struct store *store; // open for writing; the caller's
};

// Gives each measured process a further option, "--NAME=VALUE"; a NULL value is left out with its
// "=". Copied. Before run_select(), because the programs are asked what they offer so told.
bool run_tell(struct run *run, const char *option, const char *value, struct problem *problem);
// Puts each process under callgrind, with these caches and so many operations of each benchmark; is_dry as
// callgrind_open() has it. Before run_select(). The caller closes *callgrind in any case.
bool run_simulate(struct run *run, struct callgrind *callgrind,
	const struct simulated_caches *caches, const char *operations, bool is_dry,
	struct problem *problem);
// Chooses the sides (as struct selection_request has them) and the workloads (none: all), with
// run->settings. A commit that is not built yet is built first.
bool run_select(
	struct run *run, struct texts sides, struct texts workloads, struct problem *problem);
// Lays out the rounds, when the selection is complete.
bool run_plan(struct run *run, struct problem *problem);
// Frees the selection, the plan and what processes are told; all the rest is borrowed.
void run_free(struct run *run);

// A new seed, small enough to be typed again.
uint64_t run_seed_draw(void);

// The store as messages name it; the caller's. NULL: no memory.
char *run_store_name(const struct run *run);

// What was asked for, as JSON text, and the user's words, quoted as a shell needs them: both for
// the session's record. The caller's; NULL: no memory.
char *run_json_text(const struct run *run);
char *run_words_text(const struct run *run);

// One word as a shell needs it: quoted where it must be.
void run_word_write(FILE *stream, const char *word);

#endif
