// SPDX-License-Identifier: GPL-2.0-or-later
// The files of asv's results tree, of the points that asv_tree.c gathered.
#ifndef RESULTS_EXCHANGE_ASV_FILES_H
#define RESULTS_EXCHANGE_ASV_FILES_H

#include <jansson.h>

// An object of path and content. `machines` is {NAME: machine.json}; `results` is {PATH: {"head":
// what stands beside the results, "points": {SERIES: {"name": as asv_name_split() gives it, "row":
// {COLUMN: value}}}}}. Owned by the caller; NULL when memory runs out.
json_t *asv_files(const json_t *machines, const json_t *results);

#endif
