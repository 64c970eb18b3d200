// SPDX-License-Identifier: GPL-2.0-or-later
// A program of the system that measured processes run under.
#ifndef HARNESS_PROCESS_TOOL_H
#define HARNESS_PROCESS_TOOL_H

#include <stdbool.h>

enum { TOOL_PATH_SIZE = 1024 };

// Finds the program in PATH. False: it is not there.
bool tool_find(const char *name, char path[TOOL_PATH_SIZE]);

#endif
