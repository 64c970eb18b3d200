// SPDX-License-Identifier: GPL-2.0-or-later
// The static page: one session's ratios of every config to a base, as charts and as a table; of a
// session that has one config its figures; and what changed over time. A folder of plain files that
// opens from the file system.
#ifndef RESULTS_SITE_REPORT_H
#define RESULTS_SITE_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "results/compare/compare.h"
#include "results/store/store.h"

struct report_options {
	const char *folder; // made when missing; its parent must exist
	const char *base; // a config
	int64_t session; // 0: the newest that measured the base and another config, else the newest
	// with the base
	bool is_history; // no session: only what changed over time, of all machines
};

// Compares every other config of the session with the base and writes the page. Refuses a folder
// that holds anything but an earlier page (EXIT_WRONG_USE). After a failure an earlier page is
// still the earlier page.
bool report_write(
	struct store *store, const struct report_options *options, struct problem *problem);

// Writes the page of a comparison as compare_json() has it, borrowed, with what history_changes_json()
// says of its machine as its member "history". NULL: no memory is left, or a name is not UTF-8.
// chart_library is the file to copy as chart.js.
bool report_folder_write(
	json_t *data, const char *folder, const char *chart_library, struct problem *problem);

#endif
