// SPDX-License-Identifier: GPL-2.0-or-later
// Asks a measured program which CPUs each placement gets here, and draws them.
#ifndef HARNESS_RUN_PLACEMENT_LIST_H
#define HARNESS_RUN_PLACEMENT_LIST_H

#include <stdio.h>

#include <jansson.h>

#include "programs.h"
#include "results/text/problem.h"
#include "texts.h"

// What the program says: {"threads", "simulated", "cpus", "placements"}; the caller's. told: options
// as for program_ask(). Any program will do: placements are the same object code in all of them.
bool placement_list_ask(
	const struct program *program, struct texts told, json_t **list, struct problem *problem);

// For people, within 80 columns: of each placement the CPUs of the threads in their order and a map of
// the machine with the threads on it, or why there is none.
void placement_list_show(FILE *output, const json_t *list);

#endif
