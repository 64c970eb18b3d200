// SPDX-License-Identifier: GPL-2.0-or-later
// The first line of a file: how /sys and /proc say most of what they say.
#ifndef RESULTS_TEXT_FIRST_LINE_H
#define RESULTS_TEXT_FIRST_LINE_H

#include <stdbool.h>
#include <stddef.h>

// Puts the first line of the file at path into line, without its line break, cut at size - 1 bytes.
// False, with line empty, where the file cannot be opened or read (errno says why) and where it is
// empty (errno is 0). size is at least 1.
bool first_line(const char *path, char *line, size_t size);

#endif
