// SPDX-License-Identifier: GPL-2.0-or-later
// How every config lays the usual caches out, asked from the inspecting programs.
#ifndef HARNESS_COMMAND_GEOMETRIES_H
#define HARNESS_COMMAND_GEOMETRIES_H

#include <jansson.h>

// An array of {"config", "columns", "rows"}, with texts as the program writes them; the caller's. NULL:
// no inspecting program is there, or none answered.
json_t *geometries_ask(void);

#endif
