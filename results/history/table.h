// SPDX-License-Identifier: GPL-2.0-or-later
// CSV as a table of texts: csv.c reads it, table.c makes series of its columns, but for those that
// numbering.c finds.
#ifndef RESULTS_HISTORY_TABLE_H
#define RESULTS_HISTORY_TABLE_H

#include "input.h"

struct table_row {
	size_t line; // in the file, from 1
	char **fields; // in the file's text; NULL: an empty line, where every value is missing
	double time; // by which rows are ordered
};

struct table {
	const char *source;
	struct table_row *rows;
	size_t rows_count;
	size_t columns; // of every row that has fields; 1 where none has
	bool has_fields; // any row has
	bool has_decimal_comma; // "1,5" may be a number
};

// Cuts the text, which is followed by a zero byte, into fields. table_free() afterwards, also after
// a failure (EXIT_WRONG_USE).
bool table_read(
	char *text, size_t size, const char *source, struct table *table, struct problem *problem);
void table_free(struct table *table);

// A field that is a decimal number; one too large becomes infinite.
bool table_number(const struct table *table, const char *field, double *value);

// Whether the column says when a row was, or which it is, and is no figure. name: NULL, it has none.
bool table_column_numbers_rows(const struct table *table, size_t column, const char *name);

#endif
