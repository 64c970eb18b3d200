// SPDX-License-Identifier: GPL-2.0-or-later
// A results file of asv as a document of Google Benchmark's form. Pure.
#ifndef RESULTS_EXCHANGE_ASV_DOCUMENT_H
#define RESULTS_EXCHANGE_ASV_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

// What a tree holds beside the results file; each may be NULL.
struct asv_beside {
	const json_t *benchmarks; // benchmarks.json: units and names of parameters
	const json_t *machine; // machine.json
};

// Whether it is a results file, of version 1 or 2.
bool asv_is_results(const json_t *json);

// Its times, each cell of a benchmark's grid as a row "NAME/KEY:VALUE/…"; cells without a result are
// left out. *others counts benchmarks that are no times (memory, sizes). The caller's; NULL: no
// memory.
json_t *asv_document(const json_t *results, const struct asv_beside *beside, size_t *others);

#endif
