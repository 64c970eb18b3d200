// SPDX-License-Identifier: GPL-2.0-or-later
// Made-up results for tests: documents as a measured program writes them, and stores filled with
// them. Every failure ends the test.
#ifndef RESULTS_MADE_RESULTS_H
#define RESULTS_MADE_RESULTS_H

#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "folder.h"
#include "results/store/store.h"

// A document of this config without benchmarks yet, and one good sample for it.
json_t *made_document(const char *config);
void made_sample(json_t *document, const char *name, double real_time_ns);

int64_t made_session(struct store *store);

// Adds a process with this document, which it takes over.
void made_process(struct store *store, int64_t session, int round, const char *config,
	const char *workload, json_t *document);

// A session of `rounds` rounds with five workloads and five configs: equal, slower, faster, barely
// different and noisy ones, and names that try to break out of the page.
int64_t made_comparison(struct store *store, int rounds);
#define MADE_WORKLOADS 5

#endif
