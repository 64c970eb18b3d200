// SPDX-License-Identifier: GPL-2.0-or-later
// A plausible store for the tests of the site: three machines that measured the same configs night
// after night, with noise as such machines have it, with regressions that are known, and with all
// that a site must say of its figures: a machine that changed, a failure, a simulated config, names
// that try to become markup. Every figure comes from a seed. Every failure ends the program.
#ifndef RESULTS_MADE_YEAR_H
#define RESULTS_MADE_YEAR_H

#include <stddef.h>

#include "results/store/store.h"

struct made_year {
	int nights; // the last one has MADE_LAST_ROUNDS rounds, the others MADE_ROUNDS
	size_t machines; // up to MADE_MACHINES
	size_t configs; // up to MADE_CONFIGS, `default` first
	bool with_hostile_names; // a config and a workload more, on the first machine's last night
};

enum { MADE_MACHINES = 3, MADE_CONFIGS = 12, MADE_BENCHMARKS = 14 };
enum { MADE_ROUNDS = 3, MADE_LAST_ROUNDS = 12 };

#define MADE_HOSTILE "<img src=x onerror=alert(1)>"

// The first machine's last night brought these: its slab configs take MADE_SLOWER times as long in
// MADE_SLOWER_SERIES; `minimal` takes MADE_FASTER of the time in MADE_FASTER_SERIES.
#define MADE_SLOWER        1.12
#define MADE_SLOWER_SERIES "handover/size:192/relation:node-far/real_time/threads:2"
#define MADE_FASTER        0.93
#define MADE_FASTER_SERIES "pair/size:32/real_time"

void made_year(struct store *store, const struct made_year *wanted);

#endif
