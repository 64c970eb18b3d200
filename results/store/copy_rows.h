// SPDX-License-Identifier: GPL-2.0-or-later
// Rows in COPY's binary format (PostgreSQL's manual, "COPY", File Formats), gathered in memory: no
// number is printed and parsed again on the way into the store.
#ifndef RESULTS_STORE_COPY_ROWS_H
#define RESULTS_STORE_COPY_ROWS_H

#include <stdbool.h>
#include <stdio.h>

#include "driver.h"

// All zero: no rows. text and size are good after copy_rows_end(), until copy_rows_free().
struct copy_rows {
	FILE *stream;
	char *text;
	size_t size;
};

// Adds a row; integers go into BIGINT columns only, reals into DOUBLE PRECISION, texts into TEXT.
// False: no memory.
bool copy_rows_append(struct copy_rows *rows, const struct store_value *values, int count);
// Ends what COPY will read. There is at least one row. False: no memory.
bool copy_rows_end(struct copy_rows *rows);
// Leaves it as no rows.
void copy_rows_free(struct copy_rows *rows);

#endif
