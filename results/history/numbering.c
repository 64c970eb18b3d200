// SPDX-License-Identifier: GPL-2.0-or-later
// Columns that number a table's rows: other programs write one first, and its numbers would be a
// drift. Entry: table_column_numbers_rows().
#include <math.h>
#include <strings.h>

#include "table.h"

// A date since 2000 and before 2100 in Unix seconds, thousandths of them, and so on.
static bool is_unix_time(double number)
{
	while (number >= 4102444800)
		number /= 1000;
	return number >= 946684800;
}

// Whether whole numbers rise from each row to the next, and whether all are dates.
static bool rises(const struct table *table, size_t column, bool *are_dates)
{
	double before = -INFINITY;

	*are_dates = true;
	for (size_t i = 0; i < table->rows_count; i++) {
		char **fields = table->rows[i].fields;
		double number;

		if (!fields || !table_number(table, fields[column], &number) ||
			number != floor(number) || number <= before || isinf(number))
			return false;
		*are_dates = *are_dates && is_unix_time(number);
		before = number;
	}
	return true;
}

// What is called "time" may be what was measured, so that its numbers must be dates.
bool table_column_numbers_rows(const struct table *table, size_t column, const char *name)
{
	static const char *const NAMES[] = {"", "#", "date", "datetime", "epoch", "index",
		"timestamp", "ts", "unix_time", "unixtime", "Unnamed: 0"};
	bool are_dates;

	if (!name)
		return false;
	if (strcasecmp(name, "time") == 0)
		return rises(table, column, &are_dates) && are_dates;
	for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
		if (strcasecmp(name, NAMES[i]) == 0)
			return rises(table, column, &are_dates);
	}
	return false;
}
