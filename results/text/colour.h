// SPDX-License-Identifier: GPL-2.0-or-later
// Colours on a terminal.
#ifndef RESULTS_TEXT_COLOUR_H
#define RESULTS_TEXT_COLOUR_H

#include <stdbool.h>
#include <stdio.h>

// Whether what goes there may have colours: it is a terminal, and NO_COLOR is not set or empty
// (no-color.org).
bool colour_is_wanted(FILE *output);

#endif
