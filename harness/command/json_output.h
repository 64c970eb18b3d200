// SPDX-License-Identifier: GPL-2.0-or-later
// What --format=json writes.
#ifndef HARNESS_COMMAND_JSON_OUTPUT_H
#define HARNESS_COMMAND_JSON_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

#include "results/text/problem.h"

// Writes the JSON and a line break, and gives it up. flags: jansson's, such as JSON_INDENT(2).
// EXIT_NOT_MEASURED: it is NULL, since memory ran out while it was made, or a name in it is not
// UTF-8. main notices where the output cannot be written.
bool json_output(json_t *json, size_t flags, FILE *output, struct problem *problem);

#endif
