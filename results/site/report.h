// SPDX-License-Identifier: GPL-2.0-or-later
// The site: static pages that say what changed last night, how the configs compare, how every series
// went over time, and what was recorded of each process. A folder of plain files that opens from the
// file system, from any web server and without one; or the same as one file.
#ifndef RESULTS_SITE_REPORT_H
#define RESULTS_SITE_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "results/store/store.h"

struct report_options {
	const char *folder; // made when missing; its parent must exist; or NULL:
	const char *single_file; // everything in one HTML file
	const char *
		base; // the config that ratios refer to, where a session has it, else its first; NULL: default
	int64_t session; // shown in place of its machine's newest; 0: none
	const json_t *geometries; // array of {"config", "columns", "rows"}: how each config lays
	// caches out; borrowed. NULL: not known
	const char *version; // of slabmark
	int64_t now_unix_ns; // when it is written
};

// Writes the site. Refuses a folder that holds anything but an earlier one (EXIT_WRONG_USE). After a
// failure an earlier site is still the earlier site.
bool report_write(
	struct store *store, const struct report_options *options, struct problem *problem);

// Prints what a pull request should know, as Markdown: what moved in the newest session of each
// machine, by how much, how sure.
bool report_summary(struct store *store, const struct report_options *options, FILE *output,
	struct problem *problem);

// Prints one chart as SVG. EXIT_WRONG_USE: there is no chart of this name. Names are
//   "configs"            every config to the base, over all benchmarks
//   "configs:CONFIG"     one config to the base, benchmark by benchmark
//   "history:ID"         a series over time; its address on the page History, or the beginning of it
bool report_chart(struct store *store, const struct report_options *options, const char *name,
	FILE *output, struct problem *problem);

// Prints a dashboard for Grafana whose panels read a store in PostgreSQL.
void report_grafana(FILE *output);

#endif
