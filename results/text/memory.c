// SPDX-License-Identifier: GPL-2.0-or-later
// What is said when memory runs out, and growing arrays. Entries: no_memory(), array_grown().
#include "memory.h"

#include <stdlib.h>

bool no_memory(struct problem *problem, const char *what)
{
	return problem_set(problem, EXIT_NOT_MEASURED, "no memory left for %s", what);
}

// An array is full at 0, 1, 2, 4, 8 … elements, so that nobody needs to keep its size.
void *array_grown(void *items, size_t count, size_t element_size)
{
	if (count & (count - 1))
		return items;
	return reallocarray(items, count ? count * 2 : 1, element_size);
}
