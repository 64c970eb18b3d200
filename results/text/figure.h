// SPDX-License-Identifier: GPL-2.0-or-later
// Numbers as people read them: a time in the unit that suits its size, a ratio with three
// significant digits at least. Programs get numbers in full, in one unit.
#ifndef RESULTS_TEXT_FIGURE_H
#define RESULTS_TEXT_FIGURE_H

#include <stddef.h>

enum { FIGURE_SIZE = 32 };

// The word that goes with a count: "1 process", "2 processes".
static inline const char *plural(size_t count, const char *one, const char *many)
{
	return count == 1 ? one : many;
}

// "5.719 ns", "23.1 us", "1.5 ms", "12 s"; "-" where it is not known (NaN). Returns text.
const char *time_text(double ns, char text[FIGURE_SIZE]);

// "1.370", "0.984", "0.00123", "25.015", "12346"; "-" where it is not known. Returns text.
const char *ratio_text(double ratio, char text[FIGURE_SIZE]);

#endif
